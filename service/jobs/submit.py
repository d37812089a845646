"""Many forms received: files kept before, and the members of kept ZIP files, judged in confined children.

`asked`: `archives`, a list of `{"name", "digest"}` of ZIP files in content-addressed storage.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from service.config import Settings
from service.judging import Receiving
from service.limits import GaveUp, Limits
from service.opening import reading_limits, store_of
from service.sources import LARGEST, Unopened, too_large
from service.store import Store
from service.store.batch_rows import Batch, Item, NewItem
from service.store.errors import DocumentMissing, StoredDocumentDamaged
from service.works.archive import unpacked
from service.works.brief import brief
from service.works.kind import Do, Done, Kind


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
            raise Unopened("cannot_open", "Berkas tidak dapat dibuka", error.message, error.hint) from error
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
    modules: tuple[str, ...] = ("service.cli", "service.ingest", "service.works.submit", "service.proof.unread")

    @contextmanager
    def opened(self) -> Iterator[Do]:
        receiving = Receiving(settings=self.settings, limits=self.limits)
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
