"""Forms as frozen values. A question is named once, here; filling, locking and reading all use that name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# Left, bottom, right, top in points, from the lower left corner of the page.
Box = tuple[float, float, float, float]


class Kind(StrEnum):
    """How the text of a field is read; `parsers.values` has one reader per kind."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    DATE = "date"
    TIME = "time"
    NIP = "nip"
    GRADE = "grade"


class Role(StrEnum):
    """Who signs. The values are part of the outside contract."""

    PEGAWAI = "pegawai"
    PEMBIMBING = "pembimbing"
    ATASAN = "atasan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. `label` is what users read, `tooltip` becomes /TU, `options` are (value, shown) pairs."""

    name: str
    kind: Kind
    label: str
    tooltip: str
    required: bool = True
    prefilled: bool = False
    options: tuple[tuple[str, str], ...] = ()
    max_length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place to sign on page `page` (from 0); `locks` names the fields that its signature locks."""

    name: str
    role: Role
    label: str
    page: int
    box: Box
    locks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One published version of a form.

    `file` is the published blank in `forms/published/`; `static_digest` is the SHA-256 (hex) of its static content as
    `forms.genuine` computes it. A published version is never edited: a change is a new version.
    """

    id: str
    version: int
    title: str
    file: str
    static_digest: str
    fields: tuple[Field, ...]
    slots: tuple[Slot, ...]

    def field(self, name: str) -> Field:
        """Return the field of that name; KeyError when the form has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)
