"""The import of a table: read it, name every wrong row at once, preview what it does or apply it in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.errors import BadRows, Unconfirmed
from service.spreadsheets.read import Layout, Reader, Row, rows_in
from service.store import Store, Transaction, WriteTransaction

Entry = TypeVar("Entry")
Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContext:
    """Where a table is imported to, when and by whom. `read_rows` reads its bytes; for uploads, in the sandbox."""

    store: Store
    now: dt.datetime
    today: dt.date
    actor: str
    read_rows: Reader = rows_in


class RowErrors:
    """Errors of the rows of one table, collected so that all of them are reported at once; and notes on sound rows."""

    def __init__(self) -> None:
        self._sentences: list[str] = []
        self._notes: list[str] = []
        self._questions: list[str] = []

    def add(self, line: int, *sentences: str) -> None:
        """Add what is wrong with the row on this line of the spreadsheet; a sentence names its column."""
        self._sentences += [f"Baris {line}: {sentence}" for sentence in sentences]

    def add_sentence(self, sentence: str) -> None:
        """Add a sentence that names its line itself."""
        self._sentences.append(sentence)

    def note(self, line: int, *sentences: str) -> None:
        """Add what people should know of the row on this line, though it can be imported."""
        self._notes += [f"Baris {line}: {sentence}" for sentence in sentences]

    def ask(self, line: int, question: str) -> None:
        """Add what people have to confirm before the table is written."""
        self._questions.append(f"Baris {line}: {question}")

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(self._notes)

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(self._questions)

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self._sentences)

    def require_none(self, message: Callable[[int], str]) -> None:
        """Raise BadRows with every error, in the order they were added, unless there is none."""
        if self._sentences:
            raise BadRows(message(len(self._sentences)), tuple(self._sentences))


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKind(Generic[Entry, Outcome]):
    """A kind of table that can be imported: its columns, what its rows mean, and what applying them does.

    `read_entries` returns what the rows say and adds what is wrong with them to the `RowErrors`; `error_message` heads
    the list of so many errors. `apply` writes the entries and returns what came of each; `preview` returns that without
    writing, for kinds where the entries alone do not show it. `lock` is taken before the register is read for writing.
    """

    layout: Layout
    error_message: Callable[[int], str]
    read_entries: Callable[[Sequence[Row], Transaction, ImportContext, RowErrors], Sequence[Entry]]
    apply: Callable[[Sequence[Entry], WriteTransaction, ImportContext], Sequence[Outcome]]
    preview: Callable[[Sequence[Entry], Transaction, ImportContext], Sequence[Outcome]] | None = None
    lock: Callable[[WriteTransaction], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult(Generic[Entry, Outcome]):
    """`entries` is what the table says, row by row; `outcomes` is what was written, or what a preview shows.

    `notes` say what was cleaned, what a spreadsheet hides, and what will not fit later; `questions` have to be
    confirmed before the table is written.
    """

    entries: tuple[Entry, ...]
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


def import_table(
    kind: TableKind[Entry, Outcome],
    content: bytes,
    file_name: str,
    *,
    context: ImportContext,
    preview: bool = False,
    confirmed: bool = False,
) -> ImportResult[Entry, Outcome]:
    """Import a table, all of it or nothing; a preview writes nothing.

    Raises BadInput for a table that cannot be read, BadRows naming every wrong row, and Unconfirmed when there are
    questions that were not `confirmed`.
    """
    rows = context.read_rows(content, kind.layout, file_name)
    if preview:
        with context.store.reading() as tx:
            entries, found = _entries(kind, rows, tx, context)
            outcomes = tuple(kind.preview(entries, tx, context)) if kind.preview else ()
        return _result(rows, entries, outcomes, found)
    with context.store.transaction() as writing:
        if kind.lock:
            kind.lock(writing)
        entries, found = _entries(kind, rows, writing, context)
        if found.questions and not confirmed:
            raise Unconfirmed(found.questions)
        outcomes = tuple(kind.apply(entries, writing, context))
    return _result(rows, entries, outcomes, found)


def _entries(
    kind: TableKind[Entry, Outcome], rows: Sequence[Row], tx: Transaction, context: ImportContext
) -> tuple[tuple[Entry, ...], RowErrors]:
    """Return what the rows say, and what was noted and asked about them."""
    found = RowErrors()
    entries = tuple(kind.read_entries(rows, tx, context, found))
    found.require_none(kind.error_message)
    return entries, found


def _result(
    rows: Sequence[Row], entries: tuple[Entry, ...], outcomes: tuple[Outcome, ...], found: RowErrors
) -> ImportResult[Entry, Outcome]:
    notes = (*(note for row in rows for note in row.notes), *found.notes)
    return ImportResult(entries=entries, outcomes=outcomes, notes=notes, questions=found.questions)
