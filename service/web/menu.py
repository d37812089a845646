"""What stands in the navigation for whom; an entry is there only when its page is, and its role may open it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request
from flask_babel import lazy_gettext as _

from service.web.visitor import visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place to go: `endpoint` of the page, what it is called, who sees it (nobody named: everybody signed in)."""

    endpoint: str
    label: object
    roles: tuple[str, ...] = ()

    @property
    def here(self) -> str:
        """`page` on that very page, `true` on another of an office's own pages, nothing elsewhere (aria-current)."""
        if request.endpoint == self.endpoint:
            return "page"
        return "true" if self.roles and request.blueprint == self.endpoint.partition(".")[0] else ""


ENTRIES = (
    Entry(endpoint="pegawai.home", label=_("Beranda")),
    Entry(endpoint="pegawai.activities", label=_("Kegiatan saya")),
    Entry(endpoint="signing.waiting", label=_("Menunggu tanda tangan saya")),
    Entry(endpoint="pegawai.certificates", label=_("Sertifikat")),
    Entry(endpoint="unit.overview", label=_("Unit saya"), roles=("pengelola", "pimpinan")),
    Entry(endpoint="biro.overview", label=_("Biro SDM"), roles=("biro_sdm",)),
    Entry(endpoint="admin.overview", label=_("Admin"), roles=("admin",)),
)


def menu() -> tuple[Entry, ...]:
    """The entries of whoever is at the door."""
    who = visitor()
    if who is None:
        return ()
    return tuple(
        each
        for each in ENTRIES
        if each.endpoint in current_app.view_functions and (not each.roles or who.holds(*each.roles))
    )
