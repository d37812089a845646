"""The exceptions of this package: codes and parameters, no sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from signing.report import Report


@dataclass(frozen=True, slots=True)
class Cause:
    """What stands inside the words of an error: a code and its parameters."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)


class SigningError(Exception):
    """Base of everything this package raises on purpose: a code and its parameters, which doors put into words."""

    def __init__(self, code: str, /, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Any] = params

    def __str__(self) -> str:
        """Return the code with its parameters, for the log."""
        told = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} ({told})" if told else self.code


class BadCertificate(SigningError):
    """The bytes are not one X.509 certificate."""

    def __init__(self) -> None:
        super().__init__("bad_certificate")

    def __reduce__(self) -> tuple[type[BadCertificate], tuple[()]]:
        return BadCertificate, ()


class WrongPassphrase(SigningError):
    """The passphrase does not open the key file."""

    def __init__(self) -> None:
        super().__init__("wrong_passphrase")

    def __reduce__(self) -> tuple[type[WrongPassphrase], tuple[()]]:
        return WrongPassphrase, ()


class BadKeyFile(SigningError):
    """The file is no PKCS#12 container, or holds no key with its certificate, or a key of a kind we do not use."""


class BadToken(SigningError):
    """The token (PKCS#11) or the key in it cannot be used: not there, not opened, or without its certificate."""


class CannotSign(SigningError):
    """The document cannot be signed with this key now."""


class TimestampUnavailable(SigningError):
    """The time-stamp authority gave no usable token; nothing was signed."""


class NotSound(SigningError):
    """A document whose signatures had to be accepted is not; `report` holds the facts, `faults` the reason codes."""

    def __init__(self, report: Report, faults: tuple[str, ...]) -> None:
        super().__init__("not_sound", faults=faults)
        self.report = report
        self.faults = faults

    def __reduce__(self) -> tuple[type[NotSound], tuple[Report, tuple[str, ...]]]:
        return NotSound, (self.report, self.faults)
