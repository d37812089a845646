"""Kept ZIP files become kept files: members unpacked one by one in a confined child, within limits; others refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service.archives import Member, Refusal, members, refused_whole
from service.batch import run_in_order
from service.config import Settings
from service.confined import Confined
from service.limits import GaveUp, Limits, followed
from service.opening import store_of
from service.sources import Source, Unopened
from service.store import Store
from service.store.batch_rows import NewItem
from service.store.errors import DocumentMissing, StoredDocumentDamaged
from service.works.kind import cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacking:
    """The work of a child: of no member, what is in the ZIP file at `path`; of one, its digest once it is kept."""

    path: Path
    called: str
    settings: Settings
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli", "service.works.archive", "service.store")

    @contextmanager
    def opened(self) -> Iterator[Callable[[Member | None], Any]]:
        with store_of(self.settings) as store:

            def unpack(member: Member | None) -> Any:
                if member is None:
                    return followed(lambda: members(self.path), limits=self.limits)
                source = Source(path=self.path, member=member, called=self.called)
                return store.keep_document(followed(source.read, limits=self.limits))

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
    with ThreadPoolExecutor(count) as front, Confined[Any](work) as child:
        try:
            listed: tuple[Member, ...] = child(None)
        except GaveUp as error:
            listed = (refused_whole((error.code, "Belum dapat diperiksa", error.message, error.hint)),)

        def one(member: Member) -> NewItem:
            called = f"{work.called}!{member.name}" if member.name else work.called
            if member.refusal is not None:
                return _refused(called, member.refusal)
            try:
                return NewItem(name=called, digest=child(member))
            except Unopened as error:
                return _refused(called, (error.code, error.title, error.message, error.hint))
            except GaveUp as error:
                return _refused(called, ("cannot_open", "Berkas tidak dapat dibuka", error.message, error.hint))

        yield from run_in_order(one, listed, executor=front, window=8 * count)


def _refused(name: str, refusal: Refusal) -> NewItem:
    reasons = [cause(*refusal)]
    answer = {"file": name, "sha256": None, "status": "refused", "verdict": "failed", "reasons": reasons}
    return NewItem(name=name, outcome="refused", answer=answer)
