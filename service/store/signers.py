"""Whose signer certificates are whose; an ended bond stays findable, since it held for what was signed before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from service.records import Enrolment
from service.store.errors import UnknownRow
from service.store.rows import columns_of
from service.store.tables import ENROLMENTS

# Asked for every file, so put together once.
_BY_FINGERPRINT = select(ENROLMENTS).where(ENROLMENTS.c.fingerprint == bindparam("wanted"))
_BY_FINGERPRINTS = select(ENROLMENTS).where(ENROLMENTS.c.fingerprint.in_(bindparam("wanted", expanding=True)))


class SignersRead:
    """Finding enrolments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, fingerprint: str) -> Enrolment | None:
        """The bond of a signer certificate (SHA-256, lower-case hex), also when it has ended."""
        row = self._connection.execute(_BY_FINGERPRINT, {"wanted": fingerprint}).one_or_none()
        return Enrolment(**row._asdict()) if row else None

    def find_these(self, fingerprints: Collection[str]) -> Mapping[str, Enrolment]:
        """The same for several certificates, in one question; nothing for one nobody is bound to."""
        rows = self._connection.execute(_BY_FINGERPRINTS, {"wanted": tuple(fingerprints)})
        return {row.fingerprint: Enrolment(**row._asdict()) for row in rows}

    def of(self, nip: str) -> list[Enrolment]:
        """Every bond of this person, ended ones included, by time."""
        query = select(ENROLMENTS).where(ENROLMENTS.c.nip == nip)
        found = self._connection.execute(query.order_by(ENROLMENTS.c.enrolled_at, ENROLMENTS.c.fingerprint))
        return [Enrolment(**row._asdict()) for row in found]

    def newest(self) -> dt.datetime | None:
        """When somebody was last enrolled."""
        query = select(ENROLMENTS.c.enrolled_at).order_by(ENROLMENTS.c.enrolled_at.desc()).limit(1)
        return self._connection.scalar(query)

    def all(self) -> list[Enrolment]:
        """Every bond, by NIP, then by time."""
        query = select(ENROLMENTS).order_by(ENROLMENTS.c.nip, ENROLMENTS.c.enrolled_at, ENROLMENTS.c.fingerprint)
        return [Enrolment(**row._asdict()) for row in self._connection.execute(query)]


class Signers(SignersRead):
    """Finding and keeping enrolments."""

    def enrol(self, enrolment: Enrolment) -> None:
        """Keep a new bond. RowExists when the certificate is bound already, UnknownRow for an unknown NIP."""
        self._connection.execute(insert(ENROLMENTS).values(columns_of(enrolment)))

    def end(self, fingerprint: str, at: dt.datetime) -> None:
        """End a bond from `at` on; one that has ended keeps the earlier end. UnknownRow when there is none."""
        if self.find(fingerprint) is None:
            raise UnknownRow(f"Sertifikat penanda tangan {fingerprint} tidak terdaftar.", "Lihat `cmb signers list`.")
        self._connection.execute(
            update(ENROLMENTS)
            .where(
                ENROLMENTS.c.fingerprint == fingerprint,
                or_(ENROLMENTS.c.ended_at.is_(None), ENROLMENTS.c.ended_at > at),
            )
            .values(ended_at=at)
        )
