"""Control cards (Lampiran II): one person's year, for the unit's file."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from forms.letters import Letters
from service.access import Act, Kind, may
from service.config import local_day
from service.monitoring.card import card_of, printed_at
from service.monitoring.card_paper import card_pdf, card_xlsx
from service.subjects import of_employee
from service.web.desk import desk
from service.web.papers import XLSX, file_answer, pdf_answer
from service.web.visitor import only, signed_in
from service.web.years import year_of_request


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/kartu/<nip>.<kind>", "card", card)


@only()
def card(nip: str, kind: str) -> Response:
    """`.pdf` or `.xlsx`; for the person, the supervisor, the unit's HR officer and head, and Biro SDM."""
    at = desk()
    today = local_day(at.clock(), at.settings)
    year = year_of_request(today.year)
    if kind not in {"pdf", "xlsx"}:
        abort(404)
    with at.store.reading() as tx:
        if not may(signed_in().viewer, Act.SEE, of_employee(tx, nip, Kind.CARD)):
            abort(404)
        content = card_of(nip, year, tx)
    printed, name = printed_at(at.clock(), at.settings.timezone), f"kartu-{nip}-{year}.{kind}"
    if kind == "xlsx":
        return file_answer(card_xlsx(content, printed), name=name, media_type=XLSX, save=True)
    return pdf_answer(card_pdf(content, Letters(), printed), name=name)
