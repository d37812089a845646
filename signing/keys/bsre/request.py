"""The contents of one sign call: who signs, which file, and where the visible stamp goes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import NoReturn

from signing.errors import Cause, SigningError

_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """The person who signs, for one action: NIK, and a passphrase or a one-time code; stored nowhere."""

    nik: Secret
    passphrase: Secret | None = None
    totp: Secret | None = None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return tuple(secret for secret in (self.nik, self.passphrase, self.totp) if secret is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StampPosition:
    """The stamp's place. `page` counts from 1; `height` of the page and `box` (left, bottom, right, top) are points."""

    page: int
    height: float
    box: tuple[float, float, float, float]

    @property
    def from_lower_left(self) -> tuple[int, int, int, int]:
        """x, y, width, height for v1: whole points up from the lower left, never outside the box."""
        left, bottom = math.ceil(self.box[0]), math.ceil(self.box[1])
        return left, bottom, math.floor(self.box[2]) - left, math.floor(self.box[3]) - bottom

    @property
    def from_top_left(self) -> tuple[float, float, float, float]:
        """x, y, width, height for v2: down from the top left, to the stamp's upper edge."""
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
    """The file that came back, not yet inspected. v1 keeps a copy for one download under `document_id`."""

    content: bytes = field(repr=False)
    document_id: str | None = None


def require_signatory(signatory: Signatory) -> None:
    """Raise SigningError for what the provider would refuse anyway, so that no secret is sent needlessly."""
    nik = signatory.nik.reveal()
    if len(nik) != _DIGITS or not (nik.isascii() and nik.isdecimal()):
        raise SigningError("wrong_nik")
    if bool(signatory.passphrase) == bool(signatory.totp):
        raise SigningError("one_secret")


# --- Errors of a call (each says whether the gateway may have signed)


# Refusals of the provider that have advice of their own: its numbers, and `access` for an installation it refused.
ADVISED = ("2011", "2021", "2031", "4014", "4015", "4044", "access")


class GatewayRefused(SigningError):
    """The provider refused, so nothing was signed. `provider` is its own message, `number` its code if it gave one.

    The message may repeat what was sent; secrets are removed from it before it gets here. `advice`: see `ADVISED`.
    """

    def __init__(self, provider: str, number: int | None, advice: str = "") -> None:
        shown = f" ({number})" if number is not None and str(number) not in provider else ""
        code = f"gateway_refused.{advice}" if advice in ADVISED else "gateway_refused"
        super().__init__(code, answer=f"“{provider}”{shown}")
        self.provider = provider
        self.number = number
        self.advice = advice

    def __reduce__(self) -> tuple[type[GatewayRefused], tuple[str, int | None, str]]:
        return GatewayRefused, (self.provider, self.number, self.advice)


class GatewayUnreachable(SigningError):
    """Nothing was sent, or the request signs nothing: it can be tried again."""


class OutcomeUnknown(SigningError):
    """A sign call went out and no usable answer came back: it may have signed. `document_id` if v1 gave one."""

    def __init__(self, why: Cause, document_id: str | None = None) -> None:
        super().__init__("outcome_unknown", why=why)
        self.why = why
        self.document_id = document_id

    def __reduce__(self) -> tuple[type[OutcomeUnknown], tuple[Cause, str | None]]:
        return OutcomeUnknown, (self.why, self.document_id)


# --- Secrets

_DOTS = "•••"


class Secret:
    """A passphrase, one-time code or identity number for one call.

    It prints as dots, is equal to nothing, and cannot be pickled to another process or file.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself, for the one request that needs it."""
        return self._text

    def hidden_in(self, text: str) -> str:
        """Return a text with this secret masked, also where spaces or line ends break it up."""
        letters = "".join(self._text.split())
        if not letters:
            return text
        return re.sub(r"\s*".join(map(re.escape, letters)), _DOTS, text)

    def __bool__(self) -> bool:
        """Tell whether there is any text."""
        return bool(self._text)

    def __repr__(self) -> str:
        """Return dots."""
        return _DOTS

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        raise TypeError("a secret is not written anywhere")
