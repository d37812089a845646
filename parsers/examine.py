"""Everything a received form says of itself, in one reading: its answers, whose page it is, what its page hides."""

from __future__ import annotations

from dataclasses import dataclass

from pikepdf import Pdf

from forms.alike import has_object_in_comment
from forms.static import genuine_in
from parsers.acroform import footing_of
from parsers.appearance import hidden_or_differing_in
from parsers.errors import Unreadable
from parsers.fields import terminals
from parsers.opening import looking_into
from parsers.parse import Reading, read_fields, read_print
from parsers.records import Problem
from parsers.stamps import OverSlot, over_slots


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
    return Examined(
        reading=reading,
        genuine=genuine_in(opened, reading.form) and not has_object_in_comment(pdf),
        hidden=hidden_or_differing_in(opened, reading.form, fields=fields),
        over_slots=over_slots(opened, reading.form),
        footing=footing_of(opened, fields),
    )
