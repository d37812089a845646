"""People with roles on the pages of the tests' unit."""

from __future__ import annotations

from support.api_client import give_roles
from support.web_client import Visit, WebOffice

THIS_YEAR = {"tanggal": "3 September 2026", "tanggal_tanda_tangan": "3 September 2026"}


def visit_with_roles(web: WebOffice, nip: str, *roles: str, unit: str | None = None) -> Visit:
    """Give an employee these roles, and another unit if one is named; return a signed-in browser."""
    give_roles(web, nip, *roles, unit=unit)
    return web.visit(nip)
