"""Finding yearly certificates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, tuple_

from service.records import Certificate, CertificateState
from service.store.rows import stream
from service.store.tables import CERTIFICATES

_C = CERTIFICATES.c


class CertificatesRead:
    """Finding certificates; lists come in portions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def living(self, nip: str, year: int) -> Certificate | None:
        """The one that holds now (ISSUED)."""
        return self._one((_C.nip == nip) & (_C.year == year) & (_C.state == CertificateState.ISSUED))

    def intention(self, nip: str, year: int) -> Certificate | None:
        """The one reserved but not issued yet; it may stand beside the living one it will supersede."""
        return self._one((_C.nip == nip) & (_C.year == year) & (_C.state == CertificateState.INTENDED))

    def find(self, number: str) -> Certificate | None:
        return self._one(_C.number == number)

    def find_by_digest(self, digest: str) -> Certificate | None:
        return self._one(_C.digest == digest)

    def of_year(self, year: int) -> Iterator[Certificate]:
        """The year's series in order, ended ones included."""
        return self._stream(_C.year == year)

    def of_nip(self, nip: str) -> Sequence[Certificate]:
        """One person's, newest year and number first."""
        query = select(CERTIFICATES).where(_C.nip == nip).order_by(_C.year.desc(), _C.sequence.desc())
        return [certificate_of(row) for row in self._connection.execute(query)]

    def list(
        self, limit: int, *, after_number: str | None = None, nip: str | None = None, year: int | None = None
    ) -> Sequence[Certificate]:
        """The newest `limit` that were issued, of one person or year when given, or those after `after_number`."""
        query = select(CERTIFICATES).where(_C.state != CertificateState.INTENDED)
        query = query.order_by(_C.year.desc(), _C.sequence.desc()).limit(limit)
        if nip is not None:
            query = query.where(_C.nip == nip)
        if year is not None:
            query = query.where(_C.year == year)
        if after_number is not None:
            last = select(_C.year, _C.sequence).where(_C.number == after_number).subquery()
            query = query.join(last, tuple_(_C.year, _C.sequence) < tuple_(last.c.year, last.c.sequence))
        return [certificate_of(row) for row in self._connection.execute(query)]

    def intended(self) -> Iterator[Certificate]:
        """What a killed process left unfinished, in order."""
        return self._stream(_C.state == CertificateState.INTENDED)

    def _one(self, condition: ColumnElement[bool]) -> Certificate | None:
        row = self._connection.execute(select(CERTIFICATES).where(condition)).one_or_none()
        return certificate_of(row) if row else None

    def _stream(self, condition: ColumnElement[bool]) -> Iterator[Certificate]:
        query = select(CERTIFICATES).where(condition).order_by(_C.year, _C.sequence)
        return stream(self._connection, query, certificate_of)


def certificate_of(row: Row[Any]) -> Certificate:
    return Certificate(**row._asdict() | {"state": CertificateState(row.state)})
