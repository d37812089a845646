"""Whom we believe, as a value: there is no default trust and no global one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from signing.revocation.fetch import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Roots, the moment of judgement and what may be consulted.

    `roots` (DER) anchor signer certificates, `timestamp_roots` (DER) anchor time-stamp authorities; neither stands in
    for the other. `moment` is timezone-aware. `crls` (DER) are revocation lists the operator fetched beforehand.
    `network` is the permission to fetch revocation data from the addresses certificates name; None: not allowed.
    """

    roots: tuple[bytes, ...]
    timestamp_roots: tuple[bytes, ...]
    moment: dt.datetime
    crls: tuple[bytes, ...] = ()
    network: Network | None = None

    def __post_init__(self) -> None:
        """Refuse a naive moment: it would be read as another hour elsewhere."""
        if self.moment.tzinfo is None:
            raise ValueError("the moment of judgement needs a time zone")
