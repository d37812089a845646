"""Progress for a person at a terminal: count, rate and time left, on standard error; silent anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(
    unit: str, total: Callable[[], int | None] = lambda: None, *, doing: str = "Memeriksa"
) -> Iterator[Callable[[], None]]:
    """Gives a function to be told of each one done. `total` (None: unknown) is only counted when somebody watches."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.text import Text

    class Left(ProgressColumn):
        def render(self, task: Task) -> Text:
            rate, left = task.speed, task.time_remaining
            pace = f"{rate:.1f} {unit} per detik".replace(".", ",") if rate else ""
            return Text(pace if left is None else f"{pace}, sisa {clock(left)}")

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), Left())
    console = Console(stderr=True)
    # Answers that go to a file or a pipe stay out of the terminal's hands.
    with Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as bar:
        task = bar.add_task("", total=total())
        yield lambda: bar.advance(task)


def clock(seconds: float) -> str:
    """`1.02.03`: hours, minutes and seconds, as one reads a time here."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}.{minutes:02}.{rest:02}" if hours else f"{minutes}.{rest:02}"
