"""Many files through the same jobs, over the standard `concurrent.futures.Executor`; memory does not grow with them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def run_in_order(
    job: Callable[[Item], Result], items: Iterable[Item], *, executor: Executor, window: int
) -> Iterator[Result]:
    """`job` over `items`, results in the order given; at most `window` are under way or waiting at any moment.

    An exception of a job is raised at its place; jobs that must not stop a batch return their failure as a value.
    """
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(executor.submit(job, item))
            if len(waiting) >= window:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
