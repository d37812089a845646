"""What became of a file somebody handed in for a form on its way; whatever it is, the file is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.store.circulations import Circulation


class Outcome(StrEnum):
    """ADVANCED and COMPLETE (everybody has signed; see `submission`) moved the form, ALREADY was known before.

    UNKNOWN_SIGNER waits for an enrolment by itself. The others moved nothing: REFUSED (see `reasons`), UNREAD (the
    reader gave up), UNSIGNED (no new signature), OUT_OF_TURN, UNKNOWN_NEXT (who should sign next is not in the staff
    register), OTHER_FORM (another serial than asked for), NOT_CIRCULATING (no form on its way has this serial: it may
    be submitted directly), ENDED (submitted or withdrawn).
    """

    ADVANCED = "advanced"
    COMPLETE = "complete"
    ALREADY = "already"
    UNKNOWN_SIGNER = "unknown_signer"
    REFUSED = "refused"
    UNREAD = "unread"
    UNSIGNED = "unsigned"
    OUT_OF_TURN = "out_of_turn"
    UNKNOWN_NEXT = "unknown_next"
    OTHER_FORM = "other_form"
    NOT_CIRCULATING = "not_circulating"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """`digest` is what the file is kept under, `reasons` those of `verify` (contract) that speak about it.

    `circulation` as it is now; `submission` the answer of `submit`, once the form was handed in; `warnings` what the
    signer should read.
    """

    outcome: Outcome
    digest: str
    serial: str | None = None
    circulation: Circulation | None = None
    reasons: tuple[Mapping[str, Any], ...] = ()
    submission: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        return self.outcome in {Outcome.ADVANCED, Outcome.COMPLETE}
