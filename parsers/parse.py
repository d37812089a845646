"""Read a received form: its form, serial and answers (`read`), and what else a verdict needs (`examine`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pikepdf import Pdf

from forms.catalog import find_form
from forms.errors import FormsError
from forms.genuine import genuine_in, has_object_in_comment
from forms.pdf import KnownWidgets
from forms.schema import Form
from forms.serial import form_of_serial, is_serial, serial_in
from parsers.acroform import ANSWERS, SIGNATURE, answers_of, sources_of
from parsers.appearance import appearance_problems_in
from parsers.errors import Unreadable, flattened, no_text, unexpected_field, unknown_serial
from parsers.pdf import TerminalField, pages_of, read_with_qpdf, terminal_fields
from parsers.records import Problem
from parsers.safety import refuse_active
from parsers.stamps import StampOverSlot, over_slots, stamps_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read. `form` is None when no published form was recognised; `answers` are raw text, by field name.

    `source` is `acroform` when fields were read, `layout` when the file was only a print of them.
    """

    form: Form | None = None
    serial: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    source: Literal["acroform", "layout"] = "acroform"
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _FieldTree:
    """The fields of a file; `answers` is None for a file without fields to fill in."""

    names: tuple[str, ...]
    answers: Mapping[str, str] | None


def read(pdf: bytes, *, form: Form | None = None) -> Reading:
    """Read a received file. Never raises for a bad file: `problems` says what is wrong.

    The form is found by the serial if `form` is None. Codes: broken_pdf, encrypted, active_content, too_large,
    unknown_serial, altered_template, flattened, no_text, invalid_value.
    """
    try:
        return read_with_qpdf(pdf, lambda document: read_fields(document, form)) or read_print(pdf, form)
    except Unreadable as error:
        return Reading(problems=(error.problem,))


def read_fields(
    document: Pdf,
    form: Form | None = None,
    *,
    fields: tuple[TerminalField, ...] | None = None,
    known_widgets: KnownWidgets | None = None,
) -> Reading | None:
    """Read the fields of an open file; None for a file without fields to fill in. Unreadable as `read` says.

    `fields` are those of the file, if known. What is read of the widgets is added to `known_widgets`.
    """
    fields = tuple(terminal_fields(document)) if fields is None else fields
    tree = _field_tree(document, fields, {} if known_widgets is None else known_widgets)
    if tree.answers is None:
        return None
    serial = serial_in(document)
    form = form or _form_of(serial)
    if form is None:
        return Reading(serial=serial, answers=tree.answers, problems=(unknown_serial().problem,))
    known = {question.name for question in form.fields}
    problems = [unexpected_field(name).problem for name in tree.names if name not in known]
    if serial is None:
        problems.insert(0, unknown_serial().problem)
    answers = {name: tree.answers.get(name, "") for name in known}
    return Reading(form=form, serial=serial, answers=answers, problems=tuple(problems))


def find_form_of(pdf: bytes) -> Form:
    """Return the published form that a fillable file was made from. Unreadable when there is none."""
    reading = read(pdf)
    if reading.form is None or reading.source != "acroform":
        raise Unreadable(reading.problems[0])
    return reading.form


def _field_tree(document: Pdf, fields: tuple[TerminalField, ...], known: KnownWidgets) -> _FieldTree:
    refuse_active(document, pages_of(document), fields, known)
    names = tuple(question.name for question in fields if question.kind != SIGNATURE)
    fillable = any(question.kind in ANSWERS for question in fields)
    return _FieldTree(names=names, answers=answers_of(fields) if fillable else None)


def read_print(pdf: bytes, form: Form | None = None) -> Reading:
    """Read a print of a form. Unreadable as `read` says."""
    # pdfplumber is slow to load, and only prints need it.
    from parsers.layout import printed_answers, printed_text

    text = printed_text(pdf)
    if not text.strip():
        return Reading(source="layout", problems=(no_text().problem,))
    serial = _printed_serial(text)
    form = form or _form_of(serial)
    answers = printed_answers(pdf, form) if form is not None else {}
    return Reading(form=form, serial=serial, answers=answers, source="layout", problems=(flattened().problem,))


def _printed_serial(text: str) -> str | None:
    """Return the serial, which a print has as text only; the check character excludes a misread one."""
    return next((word for word in text.split() if is_serial(word)), None)


def _form_of(serial: str | None) -> Form | None:
    if serial is None:
        return None
    try:
        return find_form(*form_of_serial(serial))
    except FormsError:
        return None


# --- Everything a verdict needs from the file, read at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """`genuine`: the page is the published one. `hidden` are the problems of fields whose value is not what is shown.

    `over_slots` are stamps over slots of other names, `sources` the objects that hold the answers
    (`parsers.acroform.sources_of`).
    """

    reading: Reading
    genuine: bool = False
    hidden: tuple[Problem, ...] = ()
    over_slots: tuple[StampOverSlot, ...] = ()
    sources: frozenset[int] | None = None


def examine(pdf: bytes) -> Examination:
    """Read a received file, compare its page with the published one, and its values with what is shown.

    Never raises for a bad file: the problems say what is wrong. A print is read, but never genuine.
    """
    try:
        return read_with_qpdf(pdf, lambda document: _examine(document, pdf)) or Examination(reading=read_print(pdf))
    except Unreadable as error:
        return Examination(reading=Reading(problems=(error.problem,)))


def _examine(document: Pdf, pdf: bytes) -> Examination | None:
    fields = tuple(terminal_fields(document))
    known: KnownWidgets = {}
    reading = read_fields(document, fields=fields, known_widgets=known)
    if reading is None:
        return None
    if reading.form is None:
        return Examination(reading=reading)
    stamps = stamps_of(document, known)
    return Examination(
        reading=reading,
        genuine=genuine_in(document, reading.form, known) and not has_object_in_comment(pdf),
        hidden=appearance_problems_in(document, reading.form, fields=fields, stamps=stamps),
        over_slots=over_slots(stamps, reading.form),
        sources=sources_of(document, fields),
    )
