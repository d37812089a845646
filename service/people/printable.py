"""Whether the forms can show what the register says of a person: characters without a glyph, texts without room."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forms.errors import FillProblem

Check = Callable[[str, str], "FillProblem | None"]
# Where the form shows what a person's row says: its column, and the field of the form.
SHOWN_IN = (("nama", "nama_pegawai"), ("jabatan", "jabatan"), ("unit_kerja", "unit_kerja"))
# On the forms of those whose supervisor, and so whose coach (5.a.2), the person is.
SHOWN_ABOVE = (("nama", "nama_pembimbing"), ("nama", "nama_atasan"))
TOO_LONG = "too_long"


def form_check() -> Check:
    """Return a function that says why the form's field of that name cannot show a text; each is asked once."""
    from forms.catalog import LAMPIRAN_I_V1, blank_bytes
    from forms.fill import value_check

    return lru_cache(maxsize=None)(value_check(LAMPIRAN_I_V1, blank_bytes(LAMPIRAN_I_V1)))


def unprintable(column: str, text: str, fields: Iterable[str], check: Check) -> tuple[str, bool] | None:
    """Return why one of the fields cannot show the text of a column, and whether it is only too long; None if all can.

    A text that is too long can be kept: it fits on another version of the form, or once it is shortened.
    """
    problem = next((found for field in fields if (found := check(field, text)) is not None), None)
    if problem is None:
        return None
    why = problem.message
    if problem.code == TOO_LONG:
        return f"kolom {column}: {why} Formulirnya belum dapat dibuat; singkatkan.", True
    why = f"{why} {problem.hint}"
    return f"kolom {column}: {why}", False
