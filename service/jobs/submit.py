"""Many forms received: files kept before, and the members of kept ZIP files, judged in confined children.

`asked`: `archives`, a list of `{"name", "digest"}` of ZIP files in content-addressed storage.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service.bootstrap import reading_limits, store_of
from service.config import Settings
from service.jobs.kind import Do, Done, Kind, brief, cause
from service.sandbox.inputs import LARGEST, Member, Refusal, Source, UnopenedFile, members, refused_archive, too_large
from service.sandbox.limits import GaveUp, Limits, run_within_limits
from service.sandbox.pool import SandboxPool, run_in_order
from service.store import Store
from service.store.errors import DocumentMissing, StoredDocumentDamaged
from service.store.jobs import Batch, Item, NewItem
from service.submissions.sandboxed import SubmitTask

# --- Kept ZIP files become kept files: members unpacked one by one in a confined child, within limits; others refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacking:
    """The work of a child: of no member, what is in the ZIP file at `path`; of one, its digest once it is kept."""

    path: Path
    called: str
    settings: Settings
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli", "service.jobs.submit", "service.store")

    @contextmanager
    def opened(self) -> Iterator[Callable[[Member | None], Any]]:
        with store_of(self.settings) as store:

            def unpack(member: Member | None) -> Any:
                if member is None:
                    return run_within_limits(lambda: members(self.path), limits=self.limits)
                source = Source(path=self.path, member=member, called=self.called)
                return store.keep_document(run_within_limits(source.read, limits=self.limits))

            yield unpack


def unpacked(name: str, digest: str, *, store: Store, settings: Settings) -> Iterator[NewItem]:
    """An item for each member of the ZIP file kept under `digest`, in its own order; those not to be read with why.

    The same ZIP file always gives the same items. Its bytes were kept before; the members' are when their item comes.
    """
    try:
        with store.document_file(digest) as path:
            yield from _unpacked(Unpacking(path=path, called=name, settings=settings))
    except (DocumentMissing, StoredDocumentDamaged) as error:
        yield _refused(name, ("cannot_open", "ZIP tidak dapat dibuka", error.message, error.hint))


def _unpacked(work: Unpacking) -> Iterator[NewItem]:
    count = len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(count) as front, SandboxPool[Any](work) as child:
        try:
            listed: tuple[Member, ...] = child(None)
        except GaveUp as error:
            listed = (refused_archive((error.code, "Belum dapat diperiksa", error.message, error.hint)),)

        def one(member: Member) -> NewItem:
            called = f"{work.called}!{member.name}" if member.name else work.called
            if member.refusal is not None:
                return _refused(called, member.refusal)
            try:
                return NewItem(name=called, digest=child(member))
            except UnopenedFile as error:
                return _refused(called, (error.code, error.title, error.message, error.hint))
            except GaveUp as error:
                return _refused(called, ("cannot_open", "Berkas tidak dapat dibuka", error.message, error.hint))

        yield from run_in_order(one, listed, executor=front, window=8 * count)


def _refused(name: str, refusal: Refusal) -> NewItem:
    reasons = [cause(*refusal)]
    answer = {"file": name, "sha256": None, "status": "refused", "verdict": "failed", "reasons": reasons}
    return NewItem(name=name, outcome="refused", answer=answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file by its digest in the storage; `name` is what people called it."""

    name: str
    kept_as: str
    store: Store

    def read(self) -> bytes:
        try:
            content = self.store.document(self.kept_as)
        except (DocumentMissing, StoredDocumentDamaged) as error:
            raise UnopenedFile("cannot_open", "Berkas tidak dapat dibuka", error.message, error.hint) from error
        if len(content) > LARGEST:
            raise too_large(len(content))
        return content

    def digest(self) -> str:
        return self.kept_as


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitting:
    """The work of a child: each item received for whoever asked for the batch."""

    settings: Settings
    actor: str
    limits: Limits
    modules: tuple[str, ...] = (
        "service.cli",
        "service.submissions.intake",
        "service.jobs.submit",
        "service.verification.result",
    )

    @contextmanager
    def opened(self) -> Iterator[Do]:
        receiving = SubmitTask(settings=self.settings, limits=self.limits)
        with receiving.opened() as receive, store_of(self.settings) as store:

            def do(item: Item, now: dt.datetime, gave_up: GaveUp | None = None) -> Done:
                source = Kept(name=item.name, kept_as=item.digest or "", store=store)
                answer = receive(source, now, self.actor, gave_up)
                return Done(outcome=str(answer["status"]), answer=brief(answer))

            yield do


def _lay_out(batch: Batch, store: Store, settings: Settings) -> Iterator[NewItem]:
    for archive in batch.asked.get("archives", ()):
        yield from unpacked(archive["name"], archive["digest"], store=store, settings=settings)


def _work(batch: Batch, settings: Settings) -> Submitting:
    return Submitting(settings=settings, actor=batch.asked_by, limits=reading_limits(settings))


SUBMIT = Kind(name="submit", lay_out=_lay_out, work=_work)
