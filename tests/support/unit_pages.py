"""Give the unit of the tests something to show on its pages."""

from __future__ import annotations

from dataclasses import replace

from support.web_client import Visit, WebDoor

THIS_YEAR = {"tanggal": "3 September 2026", "tanggal_tanda_tangan": "3 September 2026"}


def give(web: WebDoor, nip: str, *roles: str, unit: str | None = None) -> Visit:
    with web.office.store.transaction() as tx:
        entry = tx.employees.get(nip)
        assert entry is not None
        changed = replace(entry, roles=("pegawai", *roles), unit=unit or entry.unit)
        tx.employees.upsert([changed])
    return web.visit(nip)
