"""Keeping yearly certificates: numbers without gaps, one living one and one intention per employee and year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import insert, select, update

from service.records import Certificate, CertificateState
from service.store.certificates_read import CertificatesRead, certificate_of
from service.store.errors import RowEnded, UnknownRow
from service.store.rows import columns_of, insert_into
from service.store.tables import CERTIFICATE_SERIES, CERTIFICATES

_C = CERTIFICATES.c
_S = CERTIFICATE_SERIES.c


class Certificates(CertificatesRead):
    """Finding and keeping certificates."""

    def reserve(self, nip: str, year: int, build: Callable[[int], Certificate]) -> Certificate:
        """Keep the intention `build(sequence)` under the year's next number and return it.

        Somebody else may have been faster: an intention already there is returned instead, and so is a living
        certificate with the same basis; then no number is used. A number taken back by a rollback is given out
        again, one that was committed never. UnknownRow for an unknown NIP.
        """
        first = insert_into(self._connection, CERTIFICATE_SERIES).values(year=year, last_sequence=0)
        self._connection.execute(first.on_conflict_do_nothing())
        # The lock on the year's row makes everything below happen for one at a time.
        last = self._connection.scalars(select(_S.last_sequence).where(_S.year == year).with_for_update()).one()
        intention = self.intention(nip, year)
        if intention is not None:
            return intention
        wanted = build(last + 1)
        if (wanted.nip, wanted.year, wanted.sequence, wanted.state) != (nip, year, last + 1, CertificateState.INTENDED):
            raise ValueError("the intention is not the one asked for")
        living = self.living(nip, year)
        if living is not None and living.basis == wanted.basis:
            return living
        self._connection.execute(update(CERTIFICATE_SERIES).where(_S.year == year).values(last_sequence=last + 1))
        self._connection.execute(insert(CERTIFICATES).values(columns_of(wanted) | {"content": dict(wanted.content)}))
        return wanted

    def keep_issued(self, number: str, digest: str, issued_at: dt.datetime) -> Certificate:
        """Turn an intention into the living certificate; the one living until now is superseded in the same breath.

        One that is issued already stays as it is, with its first digest, and is returned. Raises UnknownRow or
        RowEnded.
        """
        wanted = self._locked(number)
        if wanted.state is CertificateState.ISSUED:
            return wanted
        if wanted.state is not CertificateState.INTENDED:
            raise _ended(number)
        living = self.living(wanted.nip, wanted.year)
        if living is not None:
            reason = f"Digantikan oleh sertifikat {number}."
            self.end(living.number, CertificateState.SUPERSEDED, issued_at, reason, number)
        self._connection.execute(
            update(CERTIFICATES)
            .where(_C.number == number)
            .values(state=CertificateState.ISSUED, digest=digest, issued_at=issued_at)
        )
        return self._locked(number)

    def end(
        self, number: str, state: CertificateState, at: dt.datetime, reason: str | None, superseded_by: str | None
    ) -> None:
        """End a certificate or intention as REVOKED or SUPERSEDED. Raises UnknownRow, or RowEnded: ends are final."""
        if state not in {CertificateState.REVOKED, CertificateState.SUPERSEDED}:
            raise ValueError(f"{state} is no end")
        statement = (
            update(CERTIFICATES)
            .where(_C.number == number, _C.state.in_([CertificateState.INTENDED, CertificateState.ISSUED]))
            .values(state=state, ended_at=at, end_reason=reason, superseded_by=superseded_by)
        )
        if self._connection.execute(statement).rowcount == 0:
            raise _unknown(number) if self.find(number) is None else _ended(number)

    def _locked(self, number: str) -> Certificate:
        """The certificate, while nobody else changes any of the same employee and year."""
        found = self.find(number)
        if found is None:
            raise _unknown(number)
        query = select(CERTIFICATES).where(_C.nip == found.nip, _C.year == found.year).order_by(_C.sequence)
        rows = self._connection.execute(query.with_for_update())
        return next(each for each in map(certificate_of, rows) if each.number == number)


def _unknown(number: str) -> UnknownRow:
    return UnknownRow(f"Sertifikat {number} tidak ada.", "Periksa nomornya.")


def _ended(number: str) -> RowEnded:
    return RowEnded(f"Sertifikat {number} sudah berakhir.", "Lihat keadaannya dengan `cmb certificates check`.")
