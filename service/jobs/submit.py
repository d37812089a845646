"""The job that takes in many forms: kept files, and the members of kept ZIP files, judged in sandboxed children.

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
from service.jobs.kind import DoItem, ItemResult, Kind, reason_json, short_answer
from service.language import Message
from service.sandbox.inputs import (
    HIDDEN,
    LARGEST,
    Member,
    Source,
    UnopenedFile,
    members,
    refused_archive,
    too_large,
)
from service.sandbox.limits import GaveUp, Limits, run_within_limits
from service.sandbox.pool import SandboxPool, run_in_order
from service.store import Store
from service.store.errors import DocumentMissing, StoredDocumentDamaged
from service.store.jobs import Batch, Item, NewItem
from service.submissions.sandboxed import SubmitTask

# --- ZIP files: members unpacked one by one in a sandboxed child, within limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacking:
    """The work of a child: for None, the members of the ZIP file at `path`; for a member, its digest when kept."""

    path: Path
    name: str
    settings: Settings
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli", "service.jobs.submit", "service.store")

    @contextmanager
    def opened(self) -> Iterator[Callable[[Member | None], Any]]:
        with store_of(self.settings) as store:

            def unpack(member: Member | None) -> Any:
                if member is None:
                    return run_within_limits(lambda: members(self.path), limits=self.limits)
                source = Source(path=self.path, member=member, called=self.name)
                return store.keep_document(run_within_limits(source.read, limits=self.limits))

            yield unpack


def zip_items(name: str, digest: str, *, store: Store, settings: Settings) -> Iterator[NewItem]:
    """Yield an item for each member of the ZIP file kept under `digest`, in its order; unreadable ones are refused.

    The same ZIP file always gives the same items. A member is kept before its item is yielded.
    """
    try:
        with store.document_file(digest) as path:
            yield from _members(Unpacking(path=path, name=name, settings=settings))
    except (DocumentMissing, StoredDocumentDamaged) as error:
        why = Message.of(error)
        yield _refused(name, Message("cannot_open.stored_zip", why=why))


def _members(work: Unpacking) -> Iterator[NewItem]:
    count = len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(count) as front, SandboxPool[Any](work) as child:
        try:
            contents: tuple[Member, ...] = child(None)
        except GaveUp as error:
            contents = (refused_archive(Message.of(error)),)

        def unpack_one(member: Member) -> NewItem:
            name = f"{work.name}!{member.name}" if member.name else work.name
            if member.refusal is not None:
                return _refused(name, member.refusal)
            if member.skipped:
                return _skipped(name, Message("skipped", member=member.name, why=member.skipped))
            try:
                return NewItem(name=name, digest=child(member))
            except UnopenedFile as error:
                return _refused(name, Message.of(error))
            except GaveUp as error:
                return _refused(name, Message("cannot_open.given_up", cause=error.params["cause"]))

        # Hidden files are the packing program's own; nobody packed them on purpose, so they are counted together.
        shown = [member for member in contents if member.skipped != HIDDEN]
        yield from run_in_order(unpack_one, shown, executor=front, window=8 * count)
        if hidden := len(contents) - len(shown):
            yield _skipped(work.name, Message("skipped.hidden", count=hidden))


def _refused(name: str, refusal: Message) -> NewItem:
    reasons = [reason_json(refusal)]
    answer = {"file": name, "sha256": None, "status": "refused", "verdict": "failed", "reasons": reasons}
    return NewItem(name=name, outcome="refused", answer=answer)


def _skipped(name: str, why: Message) -> NewItem:
    answer = {"file": name, "status": "skipped", "reasons": [reason_json(why)]}
    return NewItem(name=name, outcome="skipped", answer=answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A kept file; `name` is its name as uploaded."""

    name: str
    kept_digest: str
    store: Store

    def read(self) -> bytes:
        try:
            content = self.store.document(self.kept_digest)
        except (DocumentMissing, StoredDocumentDamaged) as error:
            why = Message.of(error)
            raise UnopenedFile("cannot_open.stored", why=why) from error
        if len(content) > LARGEST:
            raise too_large(len(content))
        return content

    def digest(self) -> str:
        return self.kept_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitting:
    """The work of a child: each item is submitted in the name of the person who requested the batch."""

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
    def opened(self) -> Iterator[DoItem]:
        receiving = SubmitTask(settings=self.settings, limits=self.limits)
        with receiving.opened() as receive, store_of(self.settings) as store:

            def do(item: Item, now: dt.datetime, gave_up: GaveUp | None = None) -> ItemResult:
                source = StoredFile(name=item.name, kept_digest=item.digest or "", store=store)
                answer = receive(source, now, self.actor, gave_up)
                return ItemResult(outcome=str(answer["status"]), answer=short_answer(answer))

            yield do


def _lay_out(batch: Batch, store: Store, settings: Settings) -> Iterator[NewItem]:
    for archive in batch.asked.get("archives", ()):
        yield from zip_items(archive["name"], archive["digest"], store=store, settings=settings)


def _work(batch: Batch, settings: Settings) -> Submitting:
    return Submitting(settings=settings, actor=batch.asked_by, limits=reading_limits(settings))


SUBMIT = Kind(name="submit", lay_out=_lay_out, work=_work)
