"""Keeping submissions: received once, answered once, decided once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update

from service.records import ActivityFacts, Decision, Status, Submission
from service.store.assessed_months import AssessedMonths
from service.store.errors import UnknownRow
from service.store.past_activities import PastActivities
from service.store.rows import insert_into
from service.store.submission_rows import facts_columns
from service.store.submissions_read import SubmissionsRead
from service.store.tables import SUBMISSIONS

_C = SUBMISSIONS.c


class Submissions(SubmissionsRead):
    """Finding and keeping submissions."""

    def receive(self, digest: str, file_name: str, received_at: dt.datetime, new_id: str) -> tuple[Submission, bool]:
        """The submission of these bytes and whether it is new; whoever sends them at the same time gets the same."""
        statement = insert_into(self._connection, SUBMISSIONS).values(
            id=new_id,
            digest=digest,
            file_name=file_name,
            received_at=received_at,
            status=Status.RECEIVED,
            answer={},
            decision=Decision.PENDING,
        )
        statement = statement.on_conflict_do_nothing(index_elements=["digest"]).returning(_C.id)
        new = self._connection.scalar(statement) is not None
        kept = self.find_by_digest(digest)
        if kept is None:
            raise ValueError(f"{digest!r} is not a digest")
        return kept, new

    def complete(
        self, submission_id: str, status: Status, facts: ActivityFacts | None, answer: Mapping[str, Any]
    ) -> Submission:
        """Write the answer and return what is kept: an answer given before stays. UnknownRow for an unknown id."""
        if status is Status.RECEIVED:
            raise ValueError("an answer is verified, review or refused")
        self._connection.execute(
            update(SUBMISSIONS)
            .where(_C.id == submission_id, _C.status == Status.RECEIVED)
            .values(status=status, answer=dict(answer), **facts_columns(facts))
        )
        kept = self.get(submission_id)
        if kept is None:
            raise UnknownRow(f"Kiriman {submission_id} tidak ada.", "Periksa nomornya pada jawaban `cmb submit`.")
        return kept

    def reopen(self, submission_id: str) -> bool:
        """Take back an answer that sent the file to a person, so that it is given anew; False when decided already."""
        statement = (
            update(SUBMISSIONS)
            .where(_C.id == submission_id, _C.status == Status.REVIEW, _C.decision == Decision.PENDING)
            .values(status=Status.RECEIVED, answer={}, **facts_columns(None))
        )
        return self._connection.execute(statement).rowcount == 1

    def decide(self, submission_id: str, decision: Decision, at: dt.datetime, by: str, reason: str | None) -> bool:
        """Keep a decision on something undecided; False when there is nothing to decide.

        Only what passed or went to a person, with a record, is approved; what was not judged yet is not decided. What
        an approval does to its month (`assessed_months`) is kept with it.
        """
        if decision is Decision.PENDING:
            raise ValueError("a decision is approved or rejected")
        open_to = _C.status != Status.RECEIVED
        if decision is Decision.APPROVED:
            open_to = _C.status.in_([Status.VERIFIED, Status.REVIEW]) & _C.employee_nip.is_not(None)
        statement = (
            update(SUBMISSIONS)
            .where(_C.id == submission_id, _C.decision == Decision.PENDING, open_to)
            .values(decision=decision, decided_at=at, decided_by=by, decision_reason=reason)
            .returning(_C.employee_nip, _C.date)
        )
        decided = self._connection.execute(statement).one_or_none()
        if decided is not None and decision is Decision.APPROVED:
            # Two approvals side by side must not each write a month without the other.
            self._alone_with(decided.employee_nip)
            AssessedMonths(self._connection).refresh(decided.employee_nip, decided.date)
            PastActivities(self._connection).refresh(decided.employee_nip, decided.date)
        return decided is not None

    def same_activity(
        self, employee_nip: str, kind: str, date: dt.date, begins: dt.time, excluding_id: str | None
    ) -> Submission | None:
        """As when reading, and until the commit nobody else asks for this employee."""
        self._alone_with(employee_nip)
        return super().same_activity(employee_nip, kind, date, begins, excluding_id)

    def overlapping(
        self, employee_nip: str, date: dt.date, begins: dt.time, ends: dt.time, excluding_id: str | None
    ) -> Submission | None:
        """As when reading, and until the commit nobody else asks for this employee."""
        self._alone_with(employee_nip)
        return super().overlapping(employee_nip, date, begins, ends, excluding_id)

    def overlapping_all(self, facts: ActivityFacts, excluding_id: str | None) -> Sequence[Submission]:
        """As when reading, and until the commit nobody else asks for this employee."""
        self._alone_with(facts.employee_nip)
        return super().overlapping_all(facts, excluding_id)

    def _alone_with(self, nip: str) -> None:
        """Two files of one activity answered side by side must not both miss the other.

        SQLite has one writer at a time; PostgreSQL gets a lock on the person, since there may be no row to lock.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(nip, 0))))
