"""Whose signer certificates are whose; an ended bond stays findable, since it held for what was signed before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, or_, select, update

from service.records import Enrolment, TrustRoot
from service.store.errors import UnknownRow
from service.store.queries import columns_of, insert_into
from service.store.schema import EMPLOYEES, ENROLMENTS, PROPOSALS, TRUST_ROOTS

# Asked for every file, so put together once.
_BY_FINGERPRINT = select(ENROLMENTS).where(ENROLMENTS.c.fingerprint == bindparam("wanted"))
_BY_FINGERPRINTS = select(ENROLMENTS).where(ENROLMENTS.c.fingerprint.in_(bindparam("wanted", expanding=True)))


class SignersRead:
    """Read enrolments."""

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
    """Read and write enrolments."""

    def enrol(self, enrolment: Enrolment) -> None:
        """Keep a new bond. RowExists when the certificate is bound already, UnknownRow for an unknown NIP."""
        self._connection.execute(insert(ENROLMENTS).values(columns_of(enrolment)))

    def end(self, fingerprint: str, at: dt.datetime) -> None:
        """End a bond from `at` on; one that has ended keeps the earlier end. UnknownRow when there is none."""
        if self.find(fingerprint) is None:
            raise UnknownRow("signer_not_enrolled", fingerprint=fingerprint)
        self._connection.execute(
            update(ENROLMENTS)
            .where(
                ENROLMENTS.c.fingerprint == fingerprint,
                or_(ENROLMENTS.c.ended_at.is_(None), ENROLMENTS.c.ended_at > at),
            )
            .values(ended_at=at)
        )


# --- Enrolment proposals, each decided once

_C = PROPOSALS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`der` seems to be the certificate of `nip`: the names are alike by so much (0 to 1), which proves nothing.

    `seen_in` is a submission, a form on its way, or a call to the gateway. `state`: open, confirmed or declined.
    """

    id: str
    fingerprint: str
    nip: str
    subject: str
    der: bytes
    likeness: Decimal
    seen_in: str
    proposed_at: dt.datetime
    state: str = "open"
    decided_at: dt.datetime | None = None
    decided_by: str | None = None


class ProposalsRead:
    """Read proposals."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, proposal_id: str) -> Proposal | None:
        found = self._all(_C.id == proposal_id)
        return found[0] if found else None

    def open(self, unit: str | None = None) -> Sequence[Proposal]:
        """Those nobody has decided, about people of a unit or all, oldest first."""
        of_unit = [] if unit is None else [_C.nip.in_(select(EMPLOYEES.c.nip).where(EMPLOYEES.c.unit == unit))]
        return self._all(_C.state == "open", *of_unit)

    def _all(self, *conditions: ColumnElement[bool]) -> list[Proposal]:
        query = select(PROPOSALS).where(*conditions).order_by(_C.proposed_at, _C.id)
        return [Proposal(**row._asdict()) for row in self._connection.execute(query)]


class Proposals(ProposalsRead):
    """Read and write proposals."""

    def add(self, proposal: Proposal) -> bool:
        """Keep a new one; False when the same was proposed before, whatever was decided. UnknownRow for a NIP."""
        statement = insert_into(self._connection, PROPOSALS).values(columns_of(proposal))
        statement = statement.on_conflict_do_nothing(index_elements=["fingerprint", "nip"]).returning(_C.id)
        return self._connection.scalar(statement) is not None

    def decide(self, proposal_id: str, state: str, *, at: dt.datetime, by: str) -> bool:
        """Confirmed or declined; False when it was decided before."""
        open_yet = (_C.id == proposal_id) & (_C.state == "open")
        statement = update(PROPOSALS).where(open_yet).values(state=state, decided_at=at, decided_by=by)
        return self._connection.execute(statement).rowcount == 1

    def decline_others(self, fingerprint: str, *, at: dt.datetime, by: str) -> None:
        """A certificate is one person's: what else was proposed of it is off."""
        others = (_C.fingerprint == fingerprint) & (_C.state == "open")
        self._connection.execute(update(PROPOSALS).where(others).values(state="declined", decided_at=at, decided_by=by))


# --- Trusted roots


class TrustRead:
    """Read the trusted roots."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[TrustRoot, ...]:
        """Every root, oldest first; one certificate may stand here for both uses."""
        query = select(TRUST_ROOTS).order_by(TRUST_ROOTS.c.added_at, TRUST_ROOTS.c.fingerprint, TRUST_ROOTS.c.use)
        return tuple(TrustRoot(**row._asdict()) for row in self._connection.execute(query))


class Trust(TrustRead):
    """Read and change the trusted roots."""

    def add(self, root: TrustRoot) -> None:
        """Trust a root for its use; adding it again changes nothing."""
        statement = insert_into(self._connection, TRUST_ROOTS).values(columns_of(root))
        self._connection.execute(statement.on_conflict_do_nothing())

    def remove(self, fingerprint: str) -> bool:
        """Stop trusting a root for every use; False when it was not trusted."""
        statement = delete(TRUST_ROOTS).where(TRUST_ROOTS.c.fingerprint == fingerprint)
        return self._connection.execute(statement).rowcount > 0
