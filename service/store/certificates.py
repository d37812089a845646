"""Keeping yearly certificates: numbers without gaps, one living one and one intention per employee and year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, insert, select, tuple_, update

from service.records import Certificate, CertificateState
from service.store.errors import RowEnded, StaysRevoked, UnknownRow
from service.store.queries import columns_of, insert_into, stream
from service.store.schema import CERTIFICATE_COPIES, CERTIFICATE_SERIES, CERTIFICATES, CHECKS, SEALS, SHARES

_C = CERTIFICATES.c
_K = CERTIFICATE_COPIES.c
_COPY_COLUMNS = (_K.digest, _K.number, _K.level, _K.made_at)
_PORTION = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The certificate of a key that sealed, by its SHA-256 (hex); `anchor` (DER) ends its chain."""

    fingerprint: str
    anchor: bytes
    first_used_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One sealed file of a number: the issued one, or that with archive time stamps added.

    `level` is its PAdES level (`PAdES-B-LTA`); None for what was issued before levels were kept.
    """

    digest: str
    number: str
    level: str | None
    made_at: dt.datetime


# --- Certificates


class CertificatesRead:
    """Read certificates; lists come in portions."""

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

    def standing_revocation(self, nip: str, year: int) -> Certificate | None:
        """The last revoked one where none is living: what a person revoked stays revoked until a person reissues it."""
        return next(iter(self._standing((_C.nip == nip) & (_C.year == year))), None)

    def standing_revocations(self, year: int) -> Sequence[Certificate]:
        """As `standing_revocation`, of everybody in that year, by NIP."""
        return self._standing(_C.year == year)

    def _standing(self, condition: ColumnElement[bool]) -> Sequence[Certificate]:
        other = CERTIFICATES.alias()
        outlived = exists().where(
            other.c.nip == _C.nip,
            other.c.year == _C.year,
            (other.c.state == CertificateState.ISSUED)
            | ((other.c.state == CertificateState.REVOKED) & (other.c.sequence > _C.sequence)),
        )
        query = select(CERTIFICATES).where(condition, _C.state == CertificateState.REVOKED, ~outlived)
        return [certificate_of(row) for row in self._connection.execute(query.order_by(_C.nip))]

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

    def seals(self) -> Sequence[Seal]:
        """Every key this installation is known to have sealed with, oldest first."""
        query = select(SEALS).order_by(SEALS.c.first_used_at, SEALS.c.fingerprint)
        return [Seal(**row._asdict()) for row in self._connection.execute(query)]

    def copies(self, number: str) -> Sequence[Copy]:
        """The kept copies of a number, oldest first; empty for what was issued before copies were kept."""
        query = select(*_COPY_COLUMNS).where(_K.number == number).order_by(_K.id)
        return [Copy(**row._asdict()) for row in self._connection.execute(query)]

    def copy_of_digest(self, digest: str) -> Copy | None:
        row = self._connection.execute(select(*_COPY_COLUMNS).where(_K.digest == digest)).one_or_none()
        return Copy(**row._asdict()) if row else None

    def newest_copies(self, numbers: Sequence[str]) -> dict[str, Copy]:
        """The newest kept copy of each of these numbers, by number."""
        query = select(*_COPY_COLUMNS).where(_K.number.in_(numbers)).order_by(_K.id)
        return {row.number: Copy(**row._asdict()) for row in self._connection.execute(query)} if numbers else {}

    def living_copies(self) -> Iterator[tuple[Certificate, Copy]]:
        """Every valid certificate in order, with its newest copy, the issued one without another; in portions."""
        after = 0, 0
        query = select(CERTIFICATES).where(_C.state == CertificateState.ISSUED).order_by(_C.year, _C.sequence)
        while True:
            portion = query.where(tuple_(_C.year, _C.sequence) > tuple_(*after)).limit(_PORTION)
            found = [certificate_of(row) for row in self._connection.execute(portion)]
            numbers = [certificate.number for certificate in found]
            copies = self.newest_copies(numbers)
            yield from (
                (certificate, copies.get(certificate.number) or issued_copy(certificate)) for certificate in found
            )
            if len(found) < _PORTION:
                return
            after = found[-1].year, found[-1].sequence

    def intended(self) -> Iterator[Certificate]:
        """What a killed process left unfinished, in order."""
        return self._stream(_C.state == CertificateState.INTENDED)

    def _one(self, condition: ColumnElement[bool]) -> Certificate | None:
        row = self._connection.execute(select(CERTIFICATES).where(condition)).one_or_none()
        return certificate_of(row) if row else None

    def _stream(self, condition: ColumnElement[bool]) -> Iterator[Certificate]:
        query = select(CERTIFICATES).where(condition).order_by(_C.year, _C.sequence)
        return stream(self._connection, query, certificate_of)


def issued_copy(certificate: Certificate) -> Copy:
    """Return the copy that was issued, of unknown level. ValueError for an intention."""
    if certificate.digest is None or certificate.issued_at is None:
        raise ValueError("an intention has no copy")
    return Copy(digest=certificate.digest, number=certificate.number, level=None, made_at=certificate.issued_at)


def certificate_of(row: Row[Any]) -> Certificate:
    return Certificate(**row._asdict() | {"state": CertificateState(row.state)})


_S = CERTIFICATE_SERIES.c


class Certificates(CertificatesRead):
    """Read and write certificates."""

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

    def reissue(self, number: str, *, revoked: str, reason: str) -> Certificate:
        """Keep with an intention that a person decided to reissue `revoked`; one that was decided on stays so.

        Raises UnknownRow, or RowEnded when it is no intention any more.
        """
        wanted = self._locked(number)
        if wanted.state is not CertificateState.INTENDED:
            raise _ended(number)
        if wanted.reissues == revoked:
            return wanted
        values = {"reissues": revoked, "reissue_reason": reason}
        self._connection.execute(update(CERTIFICATES).where(_C.number == number).values(values))
        return self._locked(number)

    def keep_seal(self, seal: Seal) -> None:
        """Keep what a later check of a sealed document needs, for as long as the document; again changes nothing."""
        statement = insert_into(self._connection, SEALS).values(columns_of(seal))
        self._connection.execute(statement.on_conflict_do_nothing())

    def keep_copy(self, copy: Copy, *, after: Copy | None) -> bool:
        """Keep a copy of a valid certificate that was made from `after`, or the issued one (None).

        False when another copy has come since, or the certificate has ended: then nothing is kept.
        """
        certificate = self._locked(copy.number)
        kept = self.copies(copy.number)
        newest = kept[-1].digest if kept else certificate.digest
        if certificate.state is not CertificateState.ISSUED or (after is not None and after.digest != newest):
            return False
        if after is None and kept:
            return False
        self._connection.execute(insert(CERTIFICATE_COPIES).values(columns_of(copy)))
        return True

    def keep_issued(self, number: str, digest: str, issued_at: dt.datetime) -> Certificate:
        """Turn an intention into the living certificate; the one living until now is superseded at the same time.

        One that is issued already stays as it is, with its first digest, and is returned. Raises UnknownRow,
        RowEnded, or StaysRevoked where somebody revoked the year's certificate and nobody decided to reissue it.
        """
        wanted = self._locked(number)
        if wanted.state is CertificateState.ISSUED:
            return wanted
        if wanted.state is not CertificateState.INTENDED:
            raise _ended(number)
        revoked = self.standing_revocation(wanted.nip, wanted.year)
        if revoked is not None and revoked.number != wanted.reissues:
            raise StaysRevoked("certificate_stays_revoked", number=revoked.number)
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
        return next(certificate for certificate in map(certificate_of, rows) if certificate.number == number)


def _unknown(number: str) -> UnknownRow:
    return UnknownRow("certificate_unknown", number=number)


def _ended(number: str) -> RowEnded:
    return RowEnded("certificate_ended", number=number)


# --- Certificates their holders share

_SHARE = SHARES.c


class SharesRead:
    """Read which certificates are shared."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self, number: str) -> dt.datetime | None:
        """Since when everybody who knows the number may have the document; None: nobody may."""
        return self._connection.scalars(select(_SHARE.shared_at).where(_SHARE.number == number)).one_or_none()


class Shares(SharesRead):
    """Read and change which certificates are shared."""

    def share(self, number: str, at: dt.datetime) -> None:
        """Show the document from now on; again changes nothing. UnknownRow for an unknown number."""
        statement = insert_into(self._connection, SHARES).values(number=number, shared_at=at)
        self._connection.execute(statement.on_conflict_do_nothing())

    def unshare(self, number: str) -> bool:
        """Show it no more; False when it was not shown."""
        return self._connection.execute(delete(SHARES).where(_SHARE.number == number)).rowcount == 1


# --- Public look-ups, to notice somebody who walks through the register

_CHECK = CHECKS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One look-up. `by` is `number` or `file`, `asked` the number or the file's digest, `caller` a keyed digest."""

    at: dt.datetime
    by: str
    asked: str
    state: str
    caller: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownLookups:
    """One caller's look-ups of something unknown."""

    caller: str
    unknown: int


class ChecksRead:
    """Read the look-ups."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, asked: str) -> Sequence[Check]:
        """Those of one number or digest, newest first."""
        columns = [column for column in CHECKS.c if column is not _CHECK.id]
        query = select(*columns).where(_CHECK.asked == asked).order_by(_CHECK.id.desc())
        return [Check(**row._asdict()) for row in self._connection.execute(query)]

    def count(self, since: dt.datetime) -> int:
        """How many since then."""
        return self._connection.execute(select(func.count()).where(_CHECK.at >= since)).scalar_one()

    def unknown_by_caller(self, since: dt.datetime, at_least: int) -> Sequence[UnknownLookups]:
        """Callers who asked that often for what is not in the register, the busiest first."""
        unknown = func.count().label("unknown")
        query = (
            select(_CHECK.caller, unknown)
            .where(_CHECK.at >= since, _CHECK.state == "unknown")
            .group_by(_CHECK.caller)
            .having(unknown >= at_least)
            .order_by(unknown.desc(), _CHECK.caller)
        )
        return [UnknownLookups(**row._asdict()) for row in self._connection.execute(query)]


class Checks(ChecksRead):
    """Read look-ups and add one."""

    def append(self, check: Check) -> None:
        self._connection.execute(insert(CHECKS).values(columns_of(check)))
