"""The list of what waits for one, each document as it is, and taking a copy signed elsewhere."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from service.circulation.who import waiting as waiting_for
from service.web.desk import desk
from service.web.papers import pdf_answer
from service.web.signing.shown import note_shown
from service.web.signing.turns import content_of, turn_of
from service.web.signing.ways import offered
from service.web.visitor import only, signed_in


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/tanda-tangan", "waiting", waiting)
    blueprint.add_url_rule("/tanda-tangan/<serial>", "document", document)
    blueprint.add_url_rule("/tanda-tangan/<serial>/dokumen.pdf", "file", file)


@only()
def waiting() -> str:
    """Everything that waits for the visitor, longest waiting first."""
    who, means = signed_in(), desk().means
    with means.store.reading() as tx:
        listed = waiting_for(tx, who.nip, now=means.clock(), zone=means.zone)
    return render_template("signing/waiting.html", listed=listed, ways=offered())


@only()
def document(serial: str) -> str:
    """One document and the ways to sign it."""
    return render_template("signing/document.html", turn=turn_of(serial), ways=offered(), problem=None)


@only()
def file(serial: str) -> Response:
    """The document to be signed. Fetching it is what makes it signable in this session."""
    turn = turn_of(serial)
    answer = pdf_answer(content_of(turn), name=f"{serial}.pdf")
    note_shown(turn.mark, answer)
    return answer
