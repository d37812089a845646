"""The trust anchors as a value: there is no default trust and no global one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from signing.revocation.fetch import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Trust anchors, the moment of judgement, and which revocation data may be used.

    `roots` (DER) anchor signer certificates, `timestamp_roots` (DER) anchor time-stamp authorities; neither replaces
    the other. `moment` is timezone-aware. `crls` and `ocsps` (DER) are what the operator fetched beforehand, or was
    kept of an earlier judgement; `certificates` (DER) may be between a signer and a root.
    `existed_at` is when the whole file provably existed, by something outside of it; None when nothing proves that.
    `network` is the permission to fetch revocation data from the addresses certificates name; None: not allowed.
    """

    roots: tuple[bytes, ...]
    timestamp_roots: tuple[bytes, ...]
    moment: dt.datetime
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    certificates: tuple[bytes, ...] = ()
    existed_at: dt.datetime | None = None
    network: Network | None = None

    def __post_init__(self) -> None:
        """Refuse a naive moment: it would be read as another hour elsewhere."""
        if self.moment.tzinfo is None or (self.existed_at is not None and self.existed_at.tzinfo is None):
            raise ValueError("the moment of judgement needs a time zone")
