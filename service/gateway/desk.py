"""What the gateway's job works with, handed in by the door, and what it is asked to sign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from service.ingest import Moment
from service.store import Store
from service.store.delegations import Delegation
from service.store.gateway_calls import GatewayCall
from signing.signers.bsre import Gateway, Signatory

T = TypeVar("T")


class Apart(Protocol):
    """Does `job(*words)` where a stranger's bytes may be read; the door confines it to a child."""

    def __call__(self, job: Callable[..., T], /, *words: Any) -> T: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One door's gateway. `moment` tells the time, and whom the installation trusts then."""

    store: Store
    gateway: Gateway
    moment: Callable[[], Moment]
    randomness: Callable[[int], bytes]
    apart: Apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One form or card to be signed now by `actor` in `role`, by `delegation` where the form names somebody else.

    `again`: the person knows that an earlier call may have signed, and wants another one all the same.
    """

    content: bytes = field(repr=False)
    role: str
    actor: str
    signatory: Signatory
    delegation: Delegation | None = None
    image: bytes | None = field(default=None, repr=False)
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The signed bytes, kept already; sentences the signer should read; whose certificate it was when nobody knows."""

    call: GatewayCall
    content: bytes = field(repr=False)
    warnings: tuple[str, ...] = ()
    unknown_certificate: bytes | None = field(default=None, repr=False)
