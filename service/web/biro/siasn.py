"""How a year's certificates stand in the national register, and the file of what would be sent."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, abort, render_template

from service.config import local_day
from service.siasn.export import export_year
from service.siasn.settings import read_codes
from service.siasn.standing import standing_of
from service.web.desk import desk
from service.web.papers import XLSX, file_answer
from service.web.visitor import only
from service.web.years import year_of_request

_TYPES = {"jsonl": "application/x-ndjson", "xlsx": XLSX}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/siasn", "siasn", siasn)
    blueprint.add_url_rule("/siasn/<int:year>.<kind>", "siasn_file", siasn_file)


@only("biro_sdm")
def siasn() -> str:
    """Sending itself is the operator's (`cmb siasn send`): the tokens are not this page's to hold."""
    at = desk()
    today = local_day(at.clock(), at.settings)
    year = year_of_request(today.year - 1)
    return render_template("biro/siasn.html", year=year, today=today, listed=list(standing_of(year, at.store)))


@only("biro_sdm")
def siasn_file(year: int, kind: str) -> Response:
    """What would be sent; MissingResource or BadInput for codes that are not set."""
    at = desk()
    if kind not in _TYPES:
        abort(404)
    with TemporaryDirectory(prefix="cmb-siasn-") as folder:
        path = Path(folder) / f"siasn-{year}.{kind}"
        export_year(year, path, store=at.store, codes=read_codes(at.settings.home))
        return file_answer(path.read_bytes(), name=path.name, media_type=_TYPES[kind], save=True)
