"""The cards of a unit or of everybody: read in portions, drawn on every core, memory the same for ten and ten thousand.

What stands in the folder already and still says the same is left alone: running it again does what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context

from forms.card import CardContent, Printed
from forms.errors import FormsError
from forms.letters import Letters
from service.batch import run_in_order
from service.monitoring.card import cards_of
from service.monitoring.card_paper import card_pdf, card_xlsx
from service.monitoring.people import Person
from service.store import Store

_PORTION = 200
# So many cards of each core wait or are under way at any moment.
_WINDOW = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnOne:
    """One card of many. `file` is None when it stood there already (`kept`), or could not be drawn (`problem`)."""

    content: CardContent
    file: bytes | None
    kept: bool = False
    problem: str = ""


def draw_many(
    people: Sequence[Person],
    year: int,
    *,
    store: Store,
    printed: Printed,
    kind: str,
    jobs: int,
    kept: Callable[[CardContent], bool] = lambda _content: False,
) -> Iterator[DrawnOne]:
    """Cards as `kind` (`pdf` or `xlsx`), a portion in the order of NIPs after the other.

    Those that `kept` says are there come first in their portion and cost no drawing.
    """
    job = partial(_draw, printed=printed, kind=kind)
    with _pool(jobs) as pool:
        for portion in _portions(people, year, store):
            wanted = []
            for content in portion:
                if kept(content):
                    yield DrawnOne(content=content, file=None, kept=True)
                else:
                    wanted.append(content)
            if pool is None:
                yield from map(job, wanted)
            else:
                yield from run_in_order(job, wanted, executor=pool, window=_WINDOW * jobs)


def _pool(jobs: int) -> AbstractContextManager[ProcessPoolExecutor | None]:
    """Children start afresh, with the first card: none of them inherits a connection of ours."""
    return nullcontext() if jobs == 1 else ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def _portions(people: Sequence[Person], year: int, store: Store) -> Iterator[list[CardContent]]:
    in_order = sorted(people, key=lambda each: each.nip)
    for start in range(0, len(in_order), _PORTION):
        with store.reading() as tx:
            portion = list(cards_of(in_order[start : start + _PORTION], year, tx))
        yield portion


def _draw(content: CardContent, *, printed: Printed, kind: str) -> DrawnOne:
    try:
        drawn = card_xlsx(content, printed) if kind == "xlsx" else card_pdf(content, _letters(), printed)
    except FormsError as error:
        return DrawnOne(content=content, file=None, problem=str(error))
    return DrawnOne(content=content, file=drawn)


@cache
def _letters() -> Letters:
    """Read once in each child."""
    return Letters()
