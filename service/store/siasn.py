"""Every answer of the national register to a certificate we sent; the intention stands before anything is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from service.records import Certificate, CertificateState
from service.store.queries import stream
from service.store.schema import CERTIFICATES, SENDINGS

_S = SENDINGS.c
_C = CERTIFICATES.c


class Outcome(StrEnum):
    """STARTED and UNKNOWN may or may not have been kept over there; only a look-up at the register can tell."""

    STARTED = "started"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One attempt. `register_id` is the register's own id of the course, once accepted."""

    id: int
    number: str
    at: dt.datetime
    request: Mapping[str, Any]
    outcome: Outcome
    status: int | None
    answer: Any
    register_id: str | None


class SendingsRead:
    """Read attempts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, number: str) -> Sequence[Sending]:
        """Every attempt for a certificate, oldest first."""
        query = select(SENDINGS).where(_S.number == number).order_by(_S.id)
        return [_sending(row) for row in self._connection.execute(query)]

    def latest(self, number: str) -> Sending | None:
        """The last attempt for a certificate."""
        query = select(SENDINGS).where(_S.number == number).order_by(_S.id.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return _sending(row) if row else None

    def of_year(self, year: int) -> Iterator[tuple[Certificate, Sending | None]]:
        """Every certificate of the year that was issued, ended ones included, each with its last attempt."""
        last = select(func.max(_S.id)).where(_S.number == _C.number).correlate(CERTIFICATES).scalar_subquery()
        query = (
            select(*CERTIFICATES.c, *(column.label(f"sending_{column.name}") for column in SENDINGS.c))
            .select_from(CERTIFICATES.outerjoin(SENDINGS, _S.id == last))
            .where(_C.year == year, _C.issued_at.is_not(None))
            .order_by(_C.sequence)
        )
        return stream(self._connection, query, _pair)


class Sendings(SendingsRead):
    """Read and write attempts."""

    def begin(self, number: str, request: Mapping[str, Any], at: dt.datetime) -> int | None:
        """Keep the intention to send; None when another attempt was accepted, is under way or is not cleared up.

        Of two that begin at the same time one gets None.
        """
        self._connection.execute(select(_C.number).where(_C.number == number).with_for_update())
        last = self.latest(number)
        if last is not None and last.outcome is not Outcome.REFUSED:
            return None
        return self._insert(number, request, at, Outcome.STARTED, {}, None)

    def add_found(self, number: str, at: dt.datetime, answer: Any, register_id: str) -> None:
        """The register has the certificate already, though no attempt of ours is known to have brought it."""
        self._insert(number, {}, at, Outcome.ACCEPTED, answer, register_id)

    def end(
        self, sending_id: int, outcome: Outcome, *, status: int | None, answer: Any, register_id: str | None = None
    ) -> None:
        """What became of an attempt that is under way or unknown; a settled one stays as it is."""
        self._connection.execute(
            update(SENDINGS)
            .where(_S.id == sending_id, _S.outcome.in_([Outcome.STARTED, Outcome.UNKNOWN]))
            .values(outcome=outcome, status=status, answer=answer, register_id=register_id)
        )

    def _insert(  # noqa: PLR0917 - the columns in their order
        self,
        number: str,
        request: Mapping[str, Any],
        at: dt.datetime,
        outcome: Outcome,
        answer: Any,
        register_id: str | None,
    ) -> int:
        columns = {"number": number, "request": dict(request), "at": at, "outcome": outcome, "answer": answer}
        made: int = self._connection.scalars(
            insert(SENDINGS).values(**columns, register_id=register_id).returning(_S.id)
        ).one()
        return made


def _sending(row: Row[Any], prefix: str = "") -> Sending:
    columns = {column.name: row._mapping[f"{prefix}{column.name}"] for column in SENDINGS.c}  # noqa: SLF001 - SQLAlchemy's public name
    return Sending(**columns | {"outcome": Outcome(columns["outcome"])})


def _pair(row: Row[Any]) -> tuple[Certificate, Sending | None]:
    columns = {column.name: row._mapping[column.name] for column in CERTIFICATES.c}  # noqa: SLF001 - SQLAlchemy's public name
    sending = _sending(row, "sending_") if row.sending_id is not None else None
    return Certificate(**columns | {"state": CertificateState(columns["state"])}), sending
