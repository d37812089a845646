"""One file judged by two at once, and files a killed process left: each is judged, and told of, once."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

from service.circulation.history import KEPT
from service.config import read_settings
from service.jobs.leftovers import Leftovers
from service.jobs.selfcheck import Tone, left_submissions
from service.language import Reader
from service.records import Event, Status
from service.store import Store
from service.submissions.intake import ingest
from service.verification.prove import prove
from support.office import NOW, Office


def actions(store: Store, subject: str) -> Counter[str]:
    with store.reading() as tx:
        return Counter(event.action for event in tx.events.list(subject))


def test_of_two_who_judge_one_file_at_once_one_writes_the_row_and_its_event(office: Office) -> None:
    content, both = office.signed("coaching"), Barrier(2)

    def prove_side_by_side(*given: Any, **context: Any) -> Any:
        answer = prove(*given, **context)
        both.wait()
        return answer

    def sends(actor: str) -> str:
        moment, new_id = office.moment, lambda: f"K-{secrets.token_hex(4)}"
        kept = ingest(
            content, "a.pdf", store=office.store, moment=moment, actor=actor, new_id=new_id, prover=prove_side_by_side
        )
        assert kept.status is Status.VERIFIED
        return kept.id

    with ThreadPoolExecutor(2) as workers:
        (submission_id,) = set(workers.map(sends, ("one", "other")))
    assert actions(office.store, submission_id) == {"submission.received": 1, "submission.verified": 1}
    with office.store.reading() as tx:
        assert len(tx.verifications.of(submission_id)) == 1


def test_what_two_hand_in_at_once_is_noted_as_kept_once(store: Store) -> None:
    both = Barrier(2)

    def hands_in(actor: str) -> bool:
        event = Event(at=NOW, actor=actor, action=f"circulation.{KEPT}", subject="L1-X", detail={"digest": "ab"})
        both.wait()
        with store.transaction() as tx:
            return tx.events.append_once(event)

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(hands_in, ("one", "other"))) == [False, True]
    assert actions(store, "L1-X") == {"circulation.kept": 1}


def test_what_a_killed_process_left_is_counted_and_the_worker_judges_it(
    office: Office, store: Store, database_url: str, tmp_path: Path
) -> None:
    settings = read_settings(tmp_path, {"CMB_DATABASE_URL": database_url})
    digest = store.keep_document(office.signed("coaching"))
    with store.transaction() as tx:
        tx.submissions.receive(digest, "a.pdf", NOW, "K-1")
    soon, late = NOW + dt.timedelta(seconds=119), NOW + dt.timedelta(seconds=121)
    assert not Leftovers(store, settings, lambda: soon).judge_left()
    assert left_submissions(store, settings, lambda: soon).tone is Tone.GOOD
    counted = left_submissions(store, settings, lambda: late)
    assert counted.tone is Tone.DOUBT
    assert counted.message(Reader()).startswith("1 kiriman")
    assert "K-1" in counted.message(Reader())
    leftovers = Leftovers(store, settings, lambda: late)
    assert leftovers.judge_left()
    assert not leftovers.judge_left()
    with store.reading() as tx:
        judged = tx.submissions.get("K-1")
    assert judged is not None
    assert judged.status is not Status.RECEIVED
    assert left_submissions(store, settings, lambda: late).tone is Tone.GOOD


def test_a_left_file_whose_bytes_are_gone_is_counted_and_not_tried_without_pause(store: Store, tmp_path: Path) -> None:
    settings, late = read_settings(tmp_path, {}), NOW + dt.timedelta(hours=1)
    with store.transaction() as tx:
        tx.submissions.receive("ab" * 32, "a.pdf", NOW, "K-1")
    leftovers = Leftovers(store, settings, lambda: late)
    assert [leftovers.judge_left() for _ in range(2)] == [True, False]
    assert left_submissions(store, settings, lambda: late).tone is Tone.DOUBT
