"""What the circulation works with, handed in by the door: store, clock, and whatever reads strangers' files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from service.prepare import Press
from service.store import Store
from service.store.delegations import Delegation

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOrder:
    """One signature to make with a key file that lives in memory for this one action.

    `enrolled`: fingerprints of the signer certificates that are the actor's; `delegation`: by which they stand in for
    the official the form names.
    """

    content: bytes = field(repr=False)
    role: str
    actor: str
    actor_name: str
    delegation: Delegation | None
    key: bytes = field(repr=False)
    passphrase: bytes = field(repr=False)
    enrolled: frozenset[str]
    at: dt.datetime
    zone: ZoneInfo


class Signing(Protocol):
    """Makes the signature; the signed bytes, and sentences the signer should read."""

    def __call__(self, order: KeyOrder, /) -> tuple[bytes, tuple[str, ...]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """One door's circulation. `judge`, `submit`, `read` and `sign` see strangers' bytes: the door confines them.

    `judge(content, file_name)` gives the answer of `verify` and keeps nothing, `submit(content, file_name, actor)` that
    of `submit` (contract); `read(content)` gives the raw answers of a form that was filled elsewhere.
    """

    store: Store
    press: Press
    zone: ZoneInfo
    clock: Callable[[], dt.datetime]
    randomness: Callable[[int], bytes]
    judge: Callable[[bytes, str], Json]
    submit: Callable[[bytes, str, str], Json]
    read: Callable[[bytes], Mapping[str, str]]
    sign: Signing
