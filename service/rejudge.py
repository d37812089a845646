"""A submission that waited for a person is judged again when what it waited for is known; its answer is given anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from service.config import Settings
from service.ingest import Moment, complete
from service.opening import moment_of, store_of
from service.proof.answer import Answer
from service.records import Status, Submission
from service.store import Store


def rejudge(
    submission_id: str,
    *,
    store: Store,
    moment: Moment,
    actor: str,
    judge: Callable[..., Answer] | None = None,
) -> Submission | None:
    """Judge one in review again, keep the judgement beside the earlier ones, and let its answer be today's.

    None for what is not in review any more, or was decided: a decision stands. `judge` as for `ingest`.
    """
    with store.reading() as tx:
        submission = tx.submissions.get(submission_id)
    if submission is None or submission.status is not Status.REVIEW:
        return None
    content = store.document(submission.digest)
    return complete(content, submission, store=store, moment=moment, actor=actor, judge=judge, anew=True)


def rejudge_at(settings: Settings, submission_id: str, now: dt.datetime, actor: str) -> str | None:
    """The same for a confined child, which opens the store itself: the new status, None where there is none."""
    with store_of(settings) as store:
        moment = moment_of(store, settings, now)
        judged = rejudge(submission_id, store=store, moment=moment, actor=actor)
    return judged.status.value if judged else None
