"""Reads what the fields of a PDF hold (qpdf): full names, and text and choice values word for word."""

from __future__ import annotations

from pikepdf import Array, Object, Pdf, String

from parsers.errors import not_text, twice
from parsers.pdf import Terminal, acroform_of, listed, looking_into, terminals

CHOICE = "/Ch"
ANSWERS = ("/Tx", CHOICE)
SIGNATURE = "/Sig"


def raw_answers(pdf: bytes) -> dict[str, str]:
    """Read the /V of every text and choice field by full name, '' where there is none; {} for a file without a form.

    Unreadable for a file that cannot be read, a name that stands twice, or a value that is no text.
    """
    return looking_into(pdf, _answers)


def field_names(pdf: bytes) -> tuple[str, ...]:
    """List the full names of all fields that are not signatures, in document order."""
    return looking_into(pdf, lambda opened: tuple(each.name for each in terminals(opened) if each.kind != SIGNATURE))


def answers_of(fields: tuple[Terminal, ...]) -> dict[str, str]:
    """Read the answers out of fields already walked."""
    answers: dict[str, str] = {}
    for field in fields:
        if field.kind not in ANSWERS:
            continue
        if field.name in answers:
            raise twice(field.name)
        answers[field.name] = _text(field.name, field.value)
    return answers


def footing_of(opened: Pdf, fields: tuple[Terminal, ...]) -> frozenset[int] | None:
    """Number the objects the answers of `fields` (all of the file) rest on, signature fields aside.

    Where none of them was written anew, the answers are what they were. None for a form of more than one level, or
    one whose answers, names or kinds are objects of their own.
    """
    form = acroform_of(opened)
    if form is None:
        return None
    numbers = {each.objgen[0] for each in (opened.Root, form, form.get("/Fields")) if each is not None}
    if {each.objgen for each in listed(form.get("/Fields"))} != {each.source.objgen for each in fields}:
        return None
    for field in fields:
        source = field.source
        if "/Kids" in source or "/Parent" in source or not source.is_indirect:
            return None
        if field.kind != SIGNATURE:
            parts = [source[key] for key in ("/V", "/T", "/FT") if key in source]
            if any(isinstance(each, Object) and each.is_indirect for each in parts):
                return None
            numbers.add(source.objgen[0])
    return frozenset(numbers)


def _answers(opened: Pdf) -> dict[str, str]:
    return answers_of(tuple(terminals(opened)))


def _text(name: str, value: object) -> str:
    """Read one text; a choice may be an array of the chosen options (ISO 32000-1 12.7.4.4), here of one."""
    if isinstance(value, Array) and len(value) == 1:
        value = value[0]
    if value is None:
        return ""
    if not isinstance(value, String):
        raise not_text(name)
    return str(value)
