"""Revocation material, and what it can say of a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Status(Enum):
    """GOOD also for a certificate that announces no way to ask; UNKNOWN when a way exists but gave nothing usable.

    UNKNOWN as well for one that is suspended: nobody can tell yet whether it will come back (EN 319 102-1 5.2.6).
    """

    GOOD = auto()
    REVOKED = auto()
    CA_REVOKED = auto()
    UNKNOWN = auto()

    @property
    def sub_indication(self) -> str | None:
        """The word of EN 319 102-1 for it."""
        return {
            Status.GOOD: None,
            Status.UNKNOWN: "TRY_LATER",
            Status.REVOKED: "REVOKED_NO_POE",
            Status.CA_REVOKED: "REVOKED_CA_NO_POE",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Revocation material at hand: CRLs and OCSP responses, DER, unchecked."""

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(crls=self.crls + other.crls, ocsps=self.ocsps + other.ocsps)
