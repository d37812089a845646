"""A table of other learning brought in as a job: previewed when asked, kept whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from service.learning.draft import Draft
from service.learning.enter import keep, learning_of
from service.learning.table import LEARNING, read_learning
from service.store import Store
from service.store.other_learning import OtherLearning
from service.tables.read import Reader, rows_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What the table says, row by row; `kept` is empty for a preview."""

    drafts: tuple[Draft, ...]
    kept: tuple[OtherLearning, ...]


def bring_in(
    content: bytes,
    file_name: str,
    *,
    store: Store,
    now: dt.datetime,
    today: dt.date,
    randomness: Callable[[int], bytes],
    actor: str,
    preview: bool = False,
    read: Reader = rows_in,
) -> Brought:
    """Take in a table; everything in it awaits Biro SDM. BadInput or BadRows: then nothing of it is kept."""
    told = read(content, LEARNING, file_name)
    with store.reading() as tx:
        nips = {entry.nip for entry in tx.employees.all()}
        known = tx.other_learning.known()
    drafts = read_learning(told, nips=nips, known=known, today=today)
    if preview:
        return Brought(drafts=drafts, kept=())
    rows = tuple(learning_of(draft, now=now, randomness=randomness, actor=actor) for draft in drafts)
    with store.transaction() as tx:
        for row in rows:
            keep(row, tx, now=now, actor=actor)
    return Brought(drafts=drafts, kept=rows)
