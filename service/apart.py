"""One thing done with a stranger's bytes in a confined child: filled, signed, checked, looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from service.confined import Confined
from service.limits import Limits, followed

T = TypeVar("T")
# What the children of all doors need, for a program that starts many of them.
READERS = (
    *("service.cli", "service.ingest", "service.store", "service.signatory"),
    *("service.proof.unread", "service.confirm"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alone(Generic[T]):
    job: Callable[..., T]
    limits: Limits
    modules: tuple[str, ...]

    @contextmanager
    def opened(self) -> Iterator[Callable[..., T]]:
        yield lambda *words: followed(lambda: self.job(*words), limits=self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """For a door that stays open: each item is a job (a function of a module) and its words."""

    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = READERS

    @contextmanager
    def opened(self) -> Iterator[Callable[..., object]]:
        yield lambda job, *words: followed(lambda: job(*words), limits=self.limits)


def read_apart(job: Callable[..., T], *words: object, modules: tuple[str, ...], limits: Limits | None = None) -> T:
    """`job(*words)` in a child of its own, within limits; raises what it raised, or GaveUp."""
    with Confined(_Alone(job=job, limits=limits or Limits(), modules=modules)) as confined:
        return confined(*words)
