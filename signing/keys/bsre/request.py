"""What one sign call asks for: who, which file, and where the visible stamp goes, in both versions' coordinates."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from signing.errors import SigningError
from signing.signers.bsre.secret import Secret

_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """The person who signs, for one action: NIK, and a passphrase or a one-time code; kept nowhere."""

    nik: Secret
    passphrase: Secret | None = None
    totp: Secret | None = None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return tuple(each for each in (self.nik, self.passphrase, self.totp) if each is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the stamp goes: page (from 1) of a size in points, and a box (left, bottom, right, top) on it."""

    page: int
    height: float
    box: tuple[float, float, float, float]

    @property
    def from_lower_left(self) -> tuple[int, int, int, int]:
        """x, y, width, height as v1 counts: whole points up from the lower left, never outside the box."""
        left, bottom = math.ceil(self.box[0]), math.ceil(self.box[1])
        return left, bottom, math.floor(self.box[2]) - left, math.floor(self.box[3]) - bottom

    @property
    def from_top_left(self) -> tuple[float, float, float, float]:
        """x, y, width, height as v2 counts: down from the top left, to the stamp's upper edge."""
        left, bottom, right, top = self.box
        return round(left, 2), round(self.height - top, 2), round(right - left, 2), round(top - bottom, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignRequest:
    """One file to sign. `image` (PNG) is drawn at `place`; without a place the signature is invisible."""

    pdf: bytes = field(repr=False)
    reason: str
    location: str
    place: Place | None = None
    image: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFile:
    """What came back, unexamined. `document_id` is the number under which v1 keeps a copy for one download."""

    content: bytes = field(repr=False)
    document_id: str | None = None


def require_signatory(signatory: Signatory) -> None:
    """SigningError for what the provider would refuse anyway, so that nothing secret is sent for nothing."""
    nik = signatory.nik.reveal()
    if len(nik) != _DIGITS or not (nik.isascii() and nik.isdecimal()):
        raise SigningError("NIK terdiri atas 16 angka.", "Periksa NIK Anda; NIP tidak dapat dipakai di sini.")
    if bool(signatory.passphrase) == bool(signatory.totp):
        raise SigningError("Isi passphrase atau kode TOTP, salah satu.", "Passphrase diketik untuk setiap tindakan.")
