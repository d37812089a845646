"""The report of one verification, as a page, a PDF, JSON or the ETSI report, even if the file stops its reader."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forms.catalog import find_form
from forms.report import Picture
from parsers.comparison import ComparedAnswer, compared_answers
from parsers.errors import ParsersError
from service.bootstrap import moment_of, store_of
from service.config import Settings
from service.errors import BadInput
from service.language import Message, Reader, words
from service.records import Verification
from service.sandbox.inputs import Source, UnopenedFile
from service.sandbox.limits import GaveUp, Limits
from service.sandbox.pool import run_sandboxed

if TYPE_CHECKING:
    from parsers.pictures import PagePair, Pages
    from service.store import Store
    from service.verification.prove import Moment

# Drawing pages takes a renderer besides the readers; nothing of it is kept. Whatever the file, both tries together end
# within 20 seconds.
_LIMITS = Limits(memory=512 * 2**20, cpu=8, wall=12.0)
_SHORTER = Limits(cpu=3, wall=4.0)
_MODULES = ("service.submissions.report", "service.store")
KINDS = (".html", ".pdf", ".json", ".xml")


def report_of(
    subject: str, number: int | None, settings: Settings, now: dt.datetime, kind: str
) -> tuple[ReportSubject, bytes]:
    """Return the subject and its report as `kind` (`.html`, `.pdf`, `.json`, `.xml`).

    Strangers' bytes are read in a sandbox child; if it ends, only that part is missing. BadInput as `subject_of`.
    """
    try:
        found, changes, written = run_sandboxed(
            _in_child, subject, number, settings, now, kind, modules=_MODULES, limits=_LIMITS
        )
    except (GaveUp, UnopenedFile) as error:
        # Again without drawing anything; a file that still cannot be read is reported as unread.
        found, changes, written = _without_pictures(subject, number, settings, now, error), None, b""
        if kind == ".xml":
            raise
    if kind == ".json":
        written = json.dumps(report_json(found), ensure_ascii=False, indent=2).encode()
    elif kind != ".xml":
        written = _for_people(found, changes, settings, kind)
    return found, written


def _in_child(
    subject: str, number: int | None, settings: Settings, now: dt.datetime, kind: str
) -> tuple[ReportSubject, ChangePictures | None, bytes]:
    found = _subject_of(subject, number, settings, now)
    changes, written = None, b""
    if kind == ".xml":
        written = _xml(found)
    elif kind != ".json":
        changes = change_pictures(found.content, found.answer)
    # The bytes stay in the child: nobody outside needs a stranger's file.
    return replace(found, content=b""), changes, written


def _without_pictures(
    subject: str, number: int | None, settings: Settings, now: dt.datetime, error: GaveUp | UnopenedFile
) -> ReportSubject:
    from service.verification.result import answer_json, answer_unread

    try:
        return run_sandboxed(_subject_of, subject, number, settings, now, modules=_MODULES, limits=_SHORTER)
    except (GaveUp, UnopenedFile):
        source = Source(path=Path(subject))
        return ReportSubject(
            answer=answer_json(answer_unread(source.name, error, source.digest())), at=now, content=b""
        )


def _subject_of(subject: str, number: int | None, settings: Settings, now: dt.datetime) -> ReportSubject:
    with store_of(settings) as store:
        return subject_of(subject, number, store=store, moment=moment_of(store, settings, now))


def _xml(found: ReportSubject) -> bytes:
    from service.verification.policy import CURRENT
    from service.verification.result import signatures_of
    from signing.validation.etsi_report import DocumentVerdict, validation_report

    answer: Mapping[str, Any] = found.answer
    policy = found.kept[found.number - 1].policy if found.number else CURRENT.id
    reasons = tuple(dict.fromkeys(reason["code"] for reason in answer["reasons"]))
    return validation_report(
        found.content,
        signatures_of(answer),
        document=DocumentVerdict(verdict=answer["verdict"], reasons=reasons, policy=policy, moment=found.at),
    )


def _for_people(found: ReportSubject, changes: ChangePictures | None, settings: Settings, kind: str) -> bytes:
    from forms.render import Renderer
    from service.verification.explanation import account_of

    reader = Reader(zone=settings.timezone)
    seen = changes or ChangePictures(notes=())
    account = account_of(
        found.answer,
        at=found.at,
        zone=settings.timezone,
        pictures=[Picture(caption=words(picture.caption, reader), png=picture.png) for picture in seen.pictures],
        note=" ".join(words(note, reader) for note in seen.notes),
        changes=seen.answers,
        submission=found.submission,
        kept=found.kept,
        number=found.number,
    )
    renderer = Renderer()
    return renderer.report(account) if kind == ".pdf" else renderer.report_page(account).encode()


def report_json(found: ReportSubject) -> dict[str, Any]:
    """Return the JSON report."""
    place = {"submission": found.submission, "number": found.number, "of": len(found.kept)} if found.submission else {}
    return {**found.answer, **place, "verified_at": found.at.isoformat()}


# --- Subjects of a report


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSubject:
    """A file proved now, or a kept verification. `answer` is that of `verify` (contract), given `at` that time.

    For a submission `kept` are all its verifications, oldest first, and `number` says which of them this is (from 1).
    """

    answer: Mapping[str, Any]
    at: dt.datetime
    content: bytes
    submission: str | None = None
    kept: tuple[Verification, ...] = ()
    number: int | None = None


def subject_of(subject: str, number: int | None, *, store: Store, moment: Moment) -> ReportSubject:
    """Return verification `number` (None: the last) of a submission as it was kept, or prove the file at that path.

    BadInput when there is neither, UnopenedFile for a file that is not read at all.
    """
    from service.verification.prove import prove
    from service.verification.result import answer_json

    with store.reading() as tx:
        submission = tx.submissions.get(subject)
        kept = tuple(tx.verifications.of(subject)) if submission else ()
        if submission is None:
            content = Source(path=_file(subject, number)).read()
            return ReportSubject(
                answer=answer_json(prove(content, subject, tx=tx, moment=moment)), at=moment.now, content=content
            )
    place = number or len(kept)
    if not 0 < place <= len(kept):
        raise BadInput("report_number_unknown", subject=subject, number=place, kept=len(kept))
    chosen = kept[place - 1]
    return ReportSubject(
        answer=chosen.answer,
        at=chosen.at,
        content=store.document(submission.digest),
        submission=submission.id,
        kept=kept,
        number=place,
    )


def _file(subject: str, number: int | None) -> Path:
    path = Path(subject)
    if not path.is_file():
        raise BadInput("report_subject_unknown", subject=subject)
    if number is not None:
        raise BadInput("report_number_of_file", subject=subject)
    return path


# --- Pictures of changes after signing

_DRAWN_OTHERWISE = frozenset({"drawing_not_plain", "value_differs_from_appearance"})
_UNTOUCHED = Message("pages_untouched")


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePicture:
    """A page as PNG, and what it shows."""

    caption: Message
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePictures:
    """Pictures of the pages, notes about them, and the answers that differ: column, as signed, as received.

    `untouched`: nothing came after the last signature, so the pages are those of the file as it is. `compared`: answers
    whose drawing proves nothing, for a person to compare with the value.
    """

    pictures: tuple[PagePicture, ...] = ()
    notes: tuple[Message, ...] = (Message("pages_undrawn"),)
    answers: tuple[tuple[str, str, str], ...] = ()
    untouched: bool = False
    compared: tuple[ComparedAnswer, ...] = ()


def change_pictures(content: bytes, answer: Mapping[str, Any]) -> ChangePictures:
    """Return pictures and answers of a file as signed and as received; `answer` is that of `verify`.

    Never raises for a bad file: `notes` say what cannot be drawn. Only the bytes of an intact signature are shown as
    signed, for nobody saw those of a broken one.
    """
    from parsers.pictures import page_pictures
    from service.verification.revisions import differing_answers

    made = answer["signatures"]
    intact = [
        signature
        for signature in made
        if signature["intact"] and signature["valid"] and signature.get("covered", 0) > 0
    ]
    signed = max(
        (signature for signature in intact if not signature["permitted"]),
        key=lambda signature: int(signature["covered"]),
        default=None,
    )
    then = content[: signed["covered"]] if signed else None
    later = [signature["field"] for signature in intact if signed and signature["covered"] > signed["covered"]]
    try:
        pages = page_pictures(content, then, aside=later)
        compared = _compared(content, answer)
    except ParsersError:
        return ChangePictures(answers=differing_answers(content, then, answer))
    name = signed["signer"]["name"] if signed and signed["signer"] else Message("page_signer")
    pictures = tuple(picture for pair in pages.pairs for picture in _pictures(pair, name, compared=then is not None))
    notes = _notes(pages, signed, made)
    answers = differing_answers(content, then, answer)
    return ChangePictures(
        pictures=pictures, notes=notes, answers=answers, untouched=_UNTOUCHED in notes, compared=compared
    )


def _compared(content: bytes, answer: Mapping[str, Any]) -> tuple[ComparedAnswer, ...]:
    if answer["form"] is None or not {reason["code"] for reason in answer["reasons"]} & _DRAWN_OTHERWISE:
        return ()
    return compared_answers(content, find_form(answer["form"]["id"], answer["form"]["version"]))


def _notes(pages: Pages, signed: Mapping[str, Any] | None, made: list[Mapping[str, Any]]) -> tuple[Message, ...]:
    if any(pair.differs for pair in pages.pairs):
        notes = [Message("pages_differ")]
    elif signed:
        notes = [Message("pages_look_the_same")]
    elif not made:
        notes = [Message("pages_unsigned")]
    elif all(signature["intact"] and signature["valid"] and signature["permitted"] for signature in made):
        notes = [_UNTOUCHED]
    else:
        notes = [Message("pages_then_unknown")]
    if signed and pages.compared < pages.count:
        notes.append(Message("pages_compared", count=pages.compared))
    if len(pages.pairs) < pages.count:
        notes.append(Message("pages_shown", shown=len(pages.pairs), all=pages.count))
    return tuple(notes)


def _pictures(pair: PagePair, name: str | Message, *, compared: bool) -> tuple[PagePicture, ...]:
    page, pictures = pair.number, []
    if pair.signed is not None:
        then = Message("page_then", page=page, name=name)
        gone = Message("page_then.gone", page=page, name=name)
        pictures.append(PagePicture(caption=gone if pair.received is None else then, png=pair.signed))
    if pair.received is not None:
        added = compared and pair.differs and pair.signed is None
        now = Message("page_now", page=page)
        new = Message("page_now.added", page=page, name=name)
        pictures.append(PagePicture(caption=new if added else now, png=pair.received))
    return tuple(pictures)
