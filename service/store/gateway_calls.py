"""Calls to the signing gateway: kept before they go out, ended by what came of them, settled by what was seen later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, insert, or_, select, update

from service.store.circulations import OPEN
from service.store.queries import columns_of
from service.store.schema import CIRCULATIONS, GATEWAY_CALLS

_C = GATEWAY_CALLS.c


class CallOutcome(StrEnum):
    """STARTED: on its way, or its caller was killed. UNKNOWN: it may have signed. SETTLED: cleared up later."""

    STARTED = "started"
    SIGNED = "signed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayCall:
    """One call for one file. `nip` is who signs in `role`; digests are of the bytes sent and of those that came.

    It is for a form (`serial`) or a control card (`card_id`), never both.
    """

    id: str
    serial: str | None = None
    card_id: str | None = None
    role: str
    nip: str
    digest_before: str
    started_at: dt.datetime
    outcome: CallOutcome = CallOutcome.STARTED
    digest_after: str | None = None
    document_id: str | None = None
    ended_at: dt.datetime | None = None
    message: str | None = None

    @property
    def subject(self) -> str:
        """What is signed: the form's serial or the card's number."""
        return self.serial or self.card_id or ""


class GatewayCallsRead:
    """Read calls."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, call_id: str) -> GatewayCall | None:
        found = self._all(_C.id == call_id)
        return found[0] if found else None

    def of(self, subject: str) -> Sequence[GatewayCall]:
        """All calls for one form or card, oldest first."""
        return self._all(_about(subject))

    def unknown(self, subject: str | None = None) -> Sequence[GatewayCall]:
        """Those that may have signed, of one form or card, or all."""
        return self._all(_C.outcome == CallOutcome.UNKNOWN, *([] if subject is None else [_about(subject)]))

    def unmoved(self) -> Sequence[GatewayCall]:
        """Those whose signed file is kept and whose form did not move since: the caller was killed in between."""
        theirs = CIRCULATIONS.c
        form = exists().where(
            theirs.serial == _C.serial,
            theirs.state.in_(OPEN),
            theirs.changed_at < _C.ended_at,
            or_(theirs.unsettled_digest.is_(None), theirs.unsettled_digest != _C.digest_after),
        )
        ended = _C.outcome.in_([CallOutcome.SIGNED, CallOutcome.SETTLED])
        # What a file settled that somebody handed in says so; that form moved then.
        return self._all(ended, _C.digest_after.is_not(None), _C.message.is_(None), form)

    def _all(self, *conditions: ColumnElement[bool]) -> list[GatewayCall]:
        query = select(GATEWAY_CALLS).where(*conditions).order_by(_C.started_at, _C.id)
        rows = [row._asdict() for row in self._connection.execute(query)]
        return [GatewayCall(**row | {"outcome": CallOutcome(row["outcome"])}) for row in rows]


class GatewayCalls(GatewayCallsRead):
    """Read and write calls."""

    def begin(self, call: GatewayCall) -> None:
        """Keep the intention. RowExists while another call for the same form or card and role is on its way."""
        self._connection.execute(insert(GATEWAY_CALLS).values(columns_of(call)))

    def finish(self, call: GatewayCall) -> None:
        """Write the outcome of a call that was started or unknown; any other stays as it is."""
        open_yet = _C.outcome.in_([CallOutcome.STARTED, CallOutcome.UNKNOWN])
        self._connection.execute(update(GATEWAY_CALLS).where(_C.id == call.id, open_yet).values(columns_of(call)))

    def mark_unknown(self, before: dt.datetime, *, at: dt.datetime, message: str) -> int:
        """Calls on their way since before that moment lost their caller: their outcome is unknown; how many."""
        statement = (
            update(GATEWAY_CALLS)
            .where(_C.outcome == CallOutcome.STARTED, _C.started_at < before)
            .values(outcome=CallOutcome.UNKNOWN, ended_at=at, message=message)
        )
        return self._connection.execute(statement).rowcount

    def resolve_by_file(self, subject: str, roles: Mapping[str, Any], *, at: dt.datetime, digest: str) -> int:
        """Those that may have made the signatures a proved file shows are cleared up; how many.

        `roles` are those of `verify`: of each role its signer, or nothing.
        """
        signed = [role for role, signer in roles.items() if signer]
        return self.resolve(subject, signed, at=at, digest=digest, message="seen_in_file")

    def resolve(
        self, subject: str, roles: Collection[str], *, at: dt.datetime, digest: str | None, message: str
    ) -> int:
        """Unknown ones for these roles of a paper are cleared up (`digest`: the file that showed it); how many."""
        statement = (
            update(GATEWAY_CALLS)
            .where(_about(subject), _C.role.in_(roles), _C.outcome == CallOutcome.UNKNOWN)
            .values(outcome=CallOutcome.SETTLED, ended_at=at, digest_after=digest, message=message)
        )
        return self._connection.execute(statement).rowcount


def _about(subject: str) -> ColumnElement[bool]:
    return or_(_C.serial == subject, _C.card_id == subject)
