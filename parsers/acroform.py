"""Read the fields of a PDF: full names, and the values of text and choice fields as they are."""

from __future__ import annotations

from pikepdf import Array, Object, Pdf, String

from parsers.errors import duplicate_field, not_text
from parsers.pdf import TerminalField, acroform_of, as_list, read_with_qpdf, terminal_fields

CHOICE = "/Ch"
ANSWERS = ("/Tx", CHOICE)
SIGNATURE = "/Sig"


def raw_answers(pdf: bytes) -> dict[str, str]:
    """Return the /V of every text and choice field by full name, '' where there is none; {} for a file without a form.

    Unreadable for a file that cannot be read, a duplicate name, or a value that is not text.
    """
    return read_with_qpdf(pdf, _answers)


def field_names(pdf: bytes) -> tuple[str, ...]:
    """Return the full names of all fields that are not signatures, in document order."""
    return read_with_qpdf(
        pdf, lambda document: tuple(field.name for field in terminal_fields(document) if field.kind != SIGNATURE)
    )


def answers_of(fields: tuple[TerminalField, ...]) -> dict[str, str]:
    """Return the values of text and choice fields by full name."""
    answers: dict[str, str] = {}
    for field in fields:
        if field.kind not in ANSWERS:
            continue
        if field.name in answers:
            raise duplicate_field(field.name)
        answers[field.name] = _text(field.name, field.value)
    return answers


def sources_of(document: Pdf, fields: tuple[TerminalField, ...]) -> frozenset[int] | None:
    """Return the numbers of the objects that determine the answers of `fields` (all of the file).

    While none of them is written again, the answers are unchanged. Signature fields are left out. None for a form of
    more than one level, or with answers, names or kinds that are objects of their own.
    """
    form = acroform_of(document)
    if form is None:
        return None
    numbers = {part.objgen[0] for part in (document.Root, form, form.get("/Fields")) if part is not None}
    if {field.objgen for field in as_list(form.get("/Fields"))} != {field.source.objgen for field in fields}:
        return None
    for field in fields:
        source = field.source
        if "/Kids" in source or "/Parent" in source or not source.is_indirect:
            return None
        if field.kind != SIGNATURE:
            parts = [source[key] for key in ("/V", "/T", "/FT") if key in source]
            if any(isinstance(part, Object) and part.is_indirect for part in parts):
                return None
            numbers.add(source.objgen[0])
    return frozenset(numbers)


def _answers(document: Pdf) -> dict[str, str]:
    return answers_of(tuple(terminal_fields(document)))


def _text(name: str, value: object) -> str:
    """Return a text; a choice may be an array of selected options (ISO 32000-1 12.7.4.4), here of one."""
    if isinstance(value, Array) and len(value) == 1:
        value = value[0]
    if value is None:
        return ""
    if not isinstance(value, String):
        raise not_text(name)
    return str(value)
