"""The year a page is about, as its address names it."""

from __future__ import annotations

from flask import abort, request

# As the command has it: years of this service's papers, within what calendars know.
YEARS = range(2000, 3000)


def year_of_request(default: int) -> int:
    """The year in the address, else `default`; 404 for one that no calendar of ours has."""
    year = request.args.get("tahun", default, type=int)
    if year not in YEARS:
        abort(404)
    return year
