"""What one sign call asks for: who, which file, and where the visible stamp goes, in both versions' coordinates."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import NoReturn

from signing.errors import SigningError

_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """The person who signs, for one action: NIK, and a passphrase or a one-time code; kept nowhere."""

    nik: Secret
    passphrase: Secret | None = None
    totp: Secret | None = None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return tuple(secret for secret in (self.nik, self.passphrase, self.totp) if secret is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StampPosition:
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
    place: StampPosition | None = None
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


# --- What may come of a call to the gateway instead of an answer; who reads it must know whether it can have signed

_LOST_HINT = (
    "Jangan menandatangani ulang dahulu: layanan BSrE mungkin sudah membubuhkan tanda tangan. Periksa riwayat pada "
    "layanan itu, atau unggah berkas yang sudah bertanda tangan bila Anda memperolehnya."
)


class GatewayRefused(SigningError):
    """The provider said no, so nothing was signed. `provider` are its own words, `code` its number, where it gave one.

    The words may repeat what was sent; secrets are taken out of them before they get here.
    """

    def __init__(self, provider: str, code: int | None, hint: str) -> None:
        said = f" ({code})" if code is not None and str(code) not in provider else ""
        super().__init__(f"Layanan BSrE menjawab: “{provider}”{said}.", hint)
        self.provider = provider
        self.code = code

    def __reduce__(self) -> tuple[type[GatewayRefused], tuple[str, int | None, str]]:
        return GatewayRefused, (self.provider, self.code, self.hint)


class GatewayUnreachable(SigningError):
    """Nothing was sent, or something was asked that signs nothing: it can be tried again."""


class OutcomeUnknown(SigningError):
    """A sign call went out and no usable answer came back: it may have signed. `document_id` where v1 gave one."""

    def __init__(self, why: str, document_id: str | None = None) -> None:
        super().__init__(f"Hasil penandatanganan belum diketahui: {why}.", _LOST_HINT)
        self.why = why
        self.document_id = document_id

    def __reduce__(self) -> tuple[type[OutcomeUnknown], tuple[str, str | None]]:
        return OutcomeUnknown, (self.why, self.document_id)


# --- A text that is used and never shown: a passphrase, a one-time code, an identity number

_SHOWN = "•••"


class Secret:
    """Holds a text for one call. It prints as dots, is equal to nothing, and travels to no other process or file."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one request that needs it."""
        return self._text

    def hidden_in(self, words: str) -> str:
        """Other people's words without this text in them, also where they broke it over spaces or lines."""
        letters = "".join(self._text.split())
        if not letters:
            return words
        return re.sub(r"\s*".join(map(re.escape, letters)), _SHOWN, words)

    def __bool__(self) -> bool:
        """Whether there is any text."""
        return bool(self._text)

    def __repr__(self) -> str:
        """Dots."""
        return _SHOWN

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        """Never written anywhere."""
        raise TypeError("a secret is not written anywhere")
