"""The two questions asked of a file: what does it answer (`read`), and what record is that (`build`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pikepdf import Pdf

from forms.catalog import find_form
from forms.errors import FormsError
from forms.genuine import genuine_in, has_object_in_comment
from forms.schema import Form
from forms.serial import form_of_serial, is_serial, serial_in
from parsers.acroform import ANSWERS, SIGNATURE, answers_of, footing_of
from parsers.appearance import hidden_or_differing_in
from parsers.errors import Unreadable, flattened, no_text, stranger, unknown_serial
from parsers.pdf import Terminal, looking_into, pages_of, terminals
from parsers.records import Problem
from parsers.safety import refuse_active
from parsers.stamps import OverSlot, over_slots, stamps_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read. `form` is None when no published form was recognised; `answers` are raw, by field name.

    `source`: `acroform` when the fields were read, `layout` when only a print of them was left.
    """

    form: Form | None = None
    serial: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    source: Literal["acroform", "layout"] = "acroform"
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fields:
    """The field tree of one file; `answers` is None when there is nothing left to fill in."""

    names: tuple[str, ...]
    answers: Mapping[str, str] | None


def read(pdf: bytes, *, form: Form | None = None) -> Reading:
    """Read a received file. Never raises for a bad file: what is wrong with it is in `problems`.

    The form is found by the serial unless it is given. Codes: broken_pdf, encrypted, active_content, too_large,
    unknown_serial, altered_template, flattened, no_text, invalid_value.
    """
    try:
        return looking_into(pdf, lambda opened: read_fields(opened, form)) or read_print(pdf, form)
    except Unreadable as error:
        return Reading(problems=(error.problem,))


def read_fields(opened: Pdf, form: Form | None = None, *, fields: tuple[Terminal, ...] | None = None) -> Reading | None:
    """Read the fields of an opened file; None when there is nothing left to fill in. Unreadable as `read` says.

    `fields` are its fields where they were walked before.
    """
    told = _fields(opened, tuple(terminals(opened)) if fields is None else fields)
    if told.answers is None:
        return None
    serial = serial_in(opened)
    found = form or _form_of(serial)
    if found is None:
        return Reading(serial=serial, answers=told.answers, problems=(unknown_serial().problem,))
    known = {each.name for each in found.fields}
    problems = [stranger(name).problem for name in told.names if name not in known]
    if serial is None:
        problems.insert(0, unknown_serial().problem)
    answers = {name: told.answers.get(name, "") for name in known}
    return Reading(form=found, serial=serial, answers=answers, problems=tuple(problems))


def find_form_of(pdf: bytes) -> Form:
    """Find the published form a fillable file was made from. Unreadable when there is none."""
    found = read(pdf)
    if found.form is None or found.source != "acroform":
        raise Unreadable(found.problems[0])
    return found.form


def _fields(opened: Pdf, fields: tuple[Terminal, ...]) -> _Fields:
    pages = pages_of(opened)
    refuse_active(opened, pages, fields)
    names = tuple(each.name for each in fields if each.kind != SIGNATURE)
    fillable = any(each.kind in ANSWERS for each in fields)
    return _Fields(names=names, answers=answers_of(fields) if fillable else None)


def read_print(pdf: bytes, form: Form | None = None) -> Reading:
    """Read a print of a form. Unreadable as `read` says."""
    # pdfplumber is slow to load and only prints need it.
    from parsers.layout import printed_answers, printed_text

    text = printed_text(pdf)
    if not text.strip():
        return Reading(source="layout", problems=(no_text().problem,))
    serial = _printed_serial(text)
    found = form or _form_of(serial)
    answers = printed_answers(pdf, found) if found is not None else {}
    return Reading(form=found, serial=serial, answers=answers, source="layout", problems=(flattened().problem,))


def _printed_serial(text: str) -> str | None:
    """Find the serial, which a print keeps as text only; the check character tells a misread one."""
    return next((word for word in text.split() if is_serial(word)), None)


def _form_of(serial: str | None) -> Form | None:
    if serial is None:
        return None
    try:
        return find_form(*form_of_serial(serial))
    except FormsError:
        return None


# --- Everything a received form says of itself, in one reading: its answers, whose page it is, what its page hides


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """`genuine`: the page is the published one. `hidden` are the fields that hold something else than is shown.

    `over_slots` are stamps over slots of other names. `footing` are the objects its answers rest on
    (`parsers.acroform.footing_of`).
    """

    reading: Reading
    genuine: bool = False
    hidden: tuple[Problem, ...] = ()
    over_slots: tuple[OverSlot, ...] = ()
    footing: frozenset[int] | None = None


def examine(pdf: bytes) -> Examined:
    """Read a received file, compare its page with the published one, and its values with what is shown.

    Never raises for a bad file: what is wrong with it is in the problems. A print is read, but never genuine.
    """
    try:
        return looking_into(pdf, lambda opened: _examine(opened, pdf)) or Examined(reading=read_print(pdf))
    except Unreadable as error:
        return Examined(reading=Reading(problems=(error.problem,)))


def _examine(opened: Pdf, pdf: bytes) -> Examined | None:
    fields = tuple(terminals(opened))
    reading = read_fields(opened, fields=fields)
    if reading is None:
        return None
    if reading.form is None:
        return Examined(reading=reading)
    stamps = stamps_of(opened)
    return Examined(
        reading=reading,
        genuine=genuine_in(opened, reading.form) and not has_object_in_comment(pdf),
        hidden=hidden_or_differing_in(opened, reading.form, fields=fields, stamps=stamps),
        over_slots=over_slots(stamps, reading.form),
        footing=footing_of(opened, fields),
    )
