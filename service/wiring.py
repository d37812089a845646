"""The circulation's means for a door that stays open: everything strangers sent is read in confined children."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from service.blanks import BlankContext, open_blank_context
from service.bootstrap import gateway_of, moment_of, reading_limits
from service.circulation.maintenance import Recovery, Upkeep
from service.circulation.signing import raw_answers, sign_with_file
from service.circulation.turns import CirculationContext, Json, KeyOrder
from service.config import Settings
from service.gateway.calls import GatewayContext
from service.identifiers import submission_id
from service.language import Message
from service.sandbox.inputs import FileInMemory
from service.sandbox.limits import PATIENT, GaveUp
from service.sandbox.pool import PRELOADED_MODULES, SandboxPool, run_sandboxed
from service.store import Store
from service.submissions.intake import ingest_proved, submission_json
from service.submissions.sandboxed import ProofTask
from service.verification.result import ProofPayload, answer_unread, payload_of

if TYPE_CHECKING:
    from service.gateway.calls import RunSandboxed


@contextmanager
def open_circulation_context(
    settings: Settings,
    *,
    store: Store,
    blank_context: BlankContext,
    clock: Callable[[], dt.datetime],
    randomness: Callable[[int], bytes],
) -> Iterator[CirculationContext]:
    """The context for all threads of a program; its children end with it."""
    modules = (*PRELOADED_MODULES, "signing.timestamps", "signing.keys.pkcs12")
    with SandboxPool(ProofTask(settings=settings, limits=reading_limits(settings))) as prover:

        def prove(content: bytes, file_name: str) -> ProofPayload:
            return prover(FileInMemory.of(content, file_name), clock())

        def submit(content: bytes, file_name: str, actor: str, proof: ProofPayload | GaveUp) -> Json:
            if isinstance(proof, GaveUp):
                # Kept and answered without reading it again; a person looks, or it is sent once more.
                digest = hashlib.sha256(content).hexdigest()
                proof = payload_of(answer_unread(file_name, proof, digest))
            submission = ingest_proved(
                content,
                file_name,
                proof,
                store=store,
                now=clock(),
                zone=settings.timezone,
                actor=actor,
                new_id=lambda: submission_id(randomness),
            )
            return submission_json(submission, file_name)

        def sign(order: KeyOrder) -> tuple[bytes, tuple[Message, ...]]:
            return run_sandboxed(sign_with_file, settings, order, modules=modules, limits=PATIENT)

        def read(content: bytes) -> Mapping[str, str]:
            return run_sandboxed(raw_answers, content, modules=modules)

        yield CirculationContext(
            store=store,
            blank_context=blank_context,
            zone=settings.timezone,
            clock=clock,
            randomness=randomness,
            prove=prove,
            submit=submit,
            read=read,
            sign=sign,
        )


def upkeep_of(
    settings: Settings, *, store: Store, clock: Callable[[], dt.datetime], randomness: Callable[[int], bytes]
) -> Upkeep:
    """A worker's upkeep; readers are only started when there is something to do."""
    return Upkeep(
        store=store,
        clock=clock,
        opened=lambda: _context_of_a_worker(settings, store=store, clock=clock, randomness=randomness),
    )


def recovery_of(
    settings: Settings, *, store: Store, clock: Callable[[], dt.datetime], randomness: Callable[[int], bytes]
) -> Recovery | None:
    """A worker's recovery of lost signatures; None where no gateway is set up."""
    if settings.gateway is None:
        return None

    @contextmanager
    def opened() -> Iterator[tuple[CirculationContext, GatewayContext]]:
        with _context_of_a_worker(settings, store=store, clock=clock, randomness=randomness) as context:
            yield context, open_gateway_context(settings, store=store, clock=clock, randomness=randomness)

    return Recovery(store=store, clock=clock, opened=opened)


@contextmanager
def _context_of_a_worker(
    settings: Settings, *, store: Store, clock: Callable[[], dt.datetime], randomness: Callable[[int], bytes]
) -> Iterator[CirculationContext]:
    with open_circulation_context(
        settings, store=store, blank_context=open_blank_context(), clock=clock, randomness=randomness
    ) as context:
        yield context


# --- The gateway's desk for a door: what strangers sent, and what the gateway sends back, is read in confined
# children

T = TypeVar("T")
_MODULES = (*PRELOADED_MODULES, "service.gateway.signing", "service.gateway.calls")


def open_gateway_context(
    settings: Settings,
    *,
    store: Store,
    clock: Callable[[], dt.datetime],
    randomness: Callable[[int], bytes],
    sandboxed: RunSandboxed | None = None,
) -> GatewayContext:
    """A desk at the installation's gateway. MissingResource where none is set up, or its password lies open.

    `apart`: a `SandboxPool(service.sandbox.pool.Apart())` that stays ready; without it each reading starts a child.
    """
    from service.gateway.calls import GatewayContext

    return GatewayContext(
        store=store,
        gateway=gateway_of(settings),
        moment=lambda: moment_of(store, settings, clock()),
        randomness=randomness,
        sandboxed=sandboxed or _in_a_new_child,
    )


def _in_a_new_child(job: Callable[..., T], /, *words: Any) -> T:
    return run_sandboxed(job, *words, modules=_MODULES, limits=PATIENT)
