"""What goes wrong while reading a file, as one family of exceptions that carries the words for the person."""

from __future__ import annotations

from parsers.records import Problem


class ParsersError(Exception):
    """Base of everything this package raises on purpose."""


class Unreadable(ParsersError):
    """The file cannot be read as a form; `problem` says why and what to do, in Indonesian."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem

    def __reduce__(self) -> tuple[type[Unreadable], tuple[Problem]]:
        """Travel between worker threads and child machines whole."""
        return Unreadable, (self.problem,)

    @property
    def hint(self) -> str:
        """What the person can do now."""
        return self.problem.hint
