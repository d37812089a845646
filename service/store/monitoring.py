"""Control cards, sent recaps and assignments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select, update

from service.store.errors import RowEnded, UnknownRow
from service.store.queries import columns_of, stream
from service.store.schema import ASSIGNMENTS, CARDS, RECAPS

_CARD = CARDS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card of one employee and year. `basis` is the digest of what it says, `digest` that of its unsigned bytes.

    `officer_nip` is who is named on it to sign.
    """

    id: str
    nip: str
    year: int
    officer_nip: str | None
    basis: str
    digest: str
    made_at: dt.datetime
    made_by: str
    signed_digest: str | None = None
    signed_at: dt.datetime | None = None
    signed_by: str | None = None


class CardsRead:
    """Read cards."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, card_id: str) -> Card | None:
        found = self._all(_CARD.id == card_id)
        return found[0] if found else None

    def of(self, nip: str, year: int) -> Sequence[Card]:
        """Every card made for this employee and year, newest first."""
        return self._all(_CARD.nip == nip, _CARD.year == year)

    def with_basis(self, nip: str, year: int, basis: str) -> Card | None:
        """The newest card that says just this; a signed one before one that waits for its signature."""
        found = self._all(_CARD.nip == nip, _CARD.year == year, _CARD.basis == basis)
        return next((card for card in found if card.signed_digest), found[0] if found else None)

    def _all(self, *conditions: ColumnElement[bool]) -> Sequence[Card]:
        query = select(CARDS).where(*conditions).order_by(_CARD.made_at.desc(), _CARD.id.desc())
        return [Card(**row._asdict()) for row in self._connection.execute(query)]


class Cards(CardsRead):
    """Read and write cards."""

    def add(self, card: Card) -> None:
        """Keep a new one. RowExists for an id given out before, UnknownRow for an unknown NIP."""
        self._connection.execute(insert(CARDS).values(columns_of(card)))

    def keep_signed(self, card_id: str, digest: str, at: dt.datetime, by: str) -> None:
        """Keep the digest of the signed bytes, once. Raises UnknownRow, or RowEnded when it was signed before."""
        statement = (
            update(CARDS)
            .where(_CARD.id == card_id, _CARD.signed_digest.is_(None))
            .values(signed_digest=digest, signed_at=at, signed_by=by)
        )
        if self._connection.execute(statement).rowcount == 0:
            if self.get(card_id) is None:
                raise UnknownRow("card_unknown", card=card_id)
            raise RowEnded("card_signed", card=card_id)


# --- Recaps units sent; a sent version is never changed

_RECAP = RECAPS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRecap:
    """One version of a unit's recap of a quarter. `content` is what it said, `digest` the SHA-256 of just that."""

    unit: str
    year: int
    quarter: int
    version: int
    content: Mapping[str, Any]
    digest: str
    sent_at: dt.datetime
    sent_by: str


class RecapsRead:
    """Read recaps."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def versions(self, unit: str, year: int, quarter: int) -> Sequence[SentRecap]:
        """All of one unit and quarter, the newest first."""
        query = select(RECAPS).where(_RECAP.unit == unit, _RECAP.year == year, _RECAP.quarter == quarter)
        return list(self._stream(query.order_by(_RECAP.version.desc())))

    def latest(self, unit: str, year: int, quarter: int) -> SentRecap | None:
        found = self.versions(unit, year, quarter)
        return found[0] if found else None

    def of_year(self, year: int) -> Iterator[SentRecap]:
        """The newest version of every unit and quarter, by quarter and unit."""
        newest = self._newest(_RECAP.year == year)
        query = select(RECAPS).join(
            newest,
            (_RECAP.unit == newest.c.unit)
            & (_RECAP.year == newest.c.year)
            & (_RECAP.quarter == newest.c.quarter)
            & (_RECAP.version == newest.c.version),
        )
        yield from self._stream(query.order_by(_RECAP.quarter, _RECAP.unit))

    def sent(self, year: int) -> frozenset[tuple[str, int]]:
        """Which units sent which quarters of that year."""
        query = select(_RECAP.unit, _RECAP.quarter).where(_RECAP.year == year).distinct()
        return frozenset((row.unit, row.quarter) for row in self._connection.execute(query))

    def _newest(self, condition: ColumnElement[bool]) -> Any:
        query = select(_RECAP.unit, _RECAP.year, _RECAP.quarter, func.max(_RECAP.version).label("version")).where(
            condition
        )
        return query.group_by(_RECAP.unit, _RECAP.year, _RECAP.quarter).subquery()

    def _stream(self, query: Select[Any]) -> Iterator[SentRecap]:
        return stream(self._connection, query, lambda row: SentRecap(**row._asdict()))


class Recaps(RecapsRead):
    """Read and write recaps."""

    def add(self, recap: SentRecap) -> None:
        """Keep a new version; RowExists when somebody else sent that version first."""
        self._connection.execute(insert(RECAPS).values(columns_of(recap) | {"content": dict(recap.content)}))


# --- Assignments (5.f.6)

_ASSIGNMENT = ASSIGNMENTS.c


class State(StrEnum):
    """State of an assignment."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One assignment. `digest` is that of its document in the store; `unit` is the employee's when it was made."""

    id: str
    nip: str
    unit: str
    year: int
    period: int
    kind: str
    title: str
    due: dt.date
    reason: str
    digest: str
    made_at: dt.datetime
    made_by: str
    state: State = State.OPEN
    ended_at: dt.datetime | None = None


class AssignmentsRead:
    """Read assignments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, assignment_id: str) -> Assignment | None:
        found = self._connection.execute(select(ASSIGNMENTS).where(_ASSIGNMENT.id == assignment_id)).one_or_none()
        return Assignment(**found._asdict() | {"state": State(found.state)}) if found else None

    def list(
        self, *, year: int, unit: str | None = None, nip: str | None = None, state: State | None = None
    ) -> Sequence[Assignment]:
        """A year's assignments by due day; of a unit, a person, in a state, where given."""
        query = select(ASSIGNMENTS).where(_ASSIGNMENT.year == year).order_by(_ASSIGNMENT.due, _ASSIGNMENT.id)
        for column, value in ((_ASSIGNMENT.unit, unit), (_ASSIGNMENT.nip, nip), (_ASSIGNMENT.state, state)):
            query = query if value is None else query.where(column == value)
        return [Assignment(**row._asdict() | {"state": State(row.state)}) for row in self._connection.execute(query)]

    def open_counts(self, year: int) -> Mapping[str, int]:
        """By NIP: how many of the year are still open."""
        query = select(_ASSIGNMENT.nip, func.count().label("open")).where(
            _ASSIGNMENT.year == year, _ASSIGNMENT.state == State.OPEN
        )
        return {row.nip: row.open for row in self._connection.execute(query.group_by(_ASSIGNMENT.nip))}


class Assignments(AssignmentsRead):
    """Read, make and end assignments."""

    def add(self, assignment: Assignment) -> None:
        """Keep it; UnknownRow when its person is not in the register."""
        self._connection.execute(insert(ASSIGNMENTS).values(columns_of(assignment)))

    def end(self, assignment_id: str, state: State, at: dt.datetime) -> bool:
        """Done or cancelled; False when it was not open (any more)."""
        if state is State.OPEN:
            raise ValueError("an assignment ends done or cancelled")
        statement = update(ASSIGNMENTS).where(_ASSIGNMENT.id == assignment_id, _ASSIGNMENT.state == State.OPEN)
        return self._connection.execute(statement.values(state=state, ended_at=at)).rowcount == 1
