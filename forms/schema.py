"""Forms as frozen values: a question is named once here, and maker, lock and reader all use that name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the text of a field is to be understood; one coercer per kind lives in `parsers.values`."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    DATE = "date"
    TIME = "time"
    NIP = "nip"
    GRADE = "grade"


class Role(StrEnum):
    """Who signs. The values are the words of the outside contract."""

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
    """One place to sign; `box` is (left, bottom, right, top) in points, `locks` names what its signer vouches for."""

    name: str
    role: Role
    label: str
    page: int
    box: tuple[float, float, float, float]
    locks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One published version of a form.

    `file` names the published blank beside `forms/published/`; `static_digest` is the SHA-256 (hex) of its static
    content as `forms.genuine` computes it. Never edited once published: a change is a new version.
    """

    id: str
    version: int
    title: str
    file: str
    static_digest: str
    fields: tuple[Field, ...]
    slots: tuple[Slot, ...]

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when the form has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)
