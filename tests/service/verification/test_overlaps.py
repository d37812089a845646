"""Overlapping activities of one person: left out of every approval of many, approved one by one beside the other."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.language import Reader
from service.records import ActivityFacts, Decision, Status, Submission
from service.submissions.decisions import (
    Approvals,
    approve,
    approve_many,
    approve_verified,
    decide_table,
    overlaps_of,
    reject,
    waiting_rows,
)
from service.verification.overlaps import OverlapNeedsLook, overlaps, reasons_now
from service.verification.wording import shown_reason
from support.circulating_forms import CirculatingForms
from support.office import CAHYA, NOW, Office
from support.web_client import Visit, WebOffice, readable


def submitted(office: Office, begins: str, ends: str, day: str = "4 Maret 2025", kind: str = "coaching") -> Submission:
    words = {"tanggal": day, "tanggal_tanda_tangan": "6 Maret 2025", "waktu_mulai": begins, "waktu_selesai": ends}
    return office.submit(office.signed(kind, **words))


def decisions(office: Office, *submissions: Submission) -> list[str]:
    with office.store.reading() as tx:
        return [found.decision.value for submission in submissions if (found := tx.submissions.get(submission.id))]


def verified(office: Office) -> Approvals:
    return approve_verified(store=office.store, now=NOW, actor="biro")


def left_out(came: Approvals) -> dict[str, list[str]]:
    return {held.submission.id: [other.id for other in held.others] for held in came.left_out}


@pytest.mark.parametrize("later_first", [False, True])
def test_all_verified_leaves_out_both_of_two_that_overlap(office: Office, *, later_first: bool) -> None:
    times = [("09.00", "10.30"), ("10.00", "11.00")]
    one, two = (submitted(office, *span) for span in (reversed(times) if later_first else times))
    alone = submitted(office, "13.00", "14.00")
    came = verified(office)
    assert came.approved == (alone.id,)
    assert left_out(came) == {one.id: [two.id], two.id: [one.id]}
    assert decisions(office, one, two, alone) == ["pending", "pending", "approved"]


def test_one_that_was_approved_before_the_other_came_still_holds_the_other_back(office: Office) -> None:
    one = submitted(office, "09.00", "10.30")
    assert verified(office).approved == (one.id,)
    two = submitted(office, "10.00", "11.00")
    assert left_out(verified(office)) == {two.id: [one.id]}


def test_what_was_rejected_holds_nobody_back(office: Office) -> None:
    one, two = submitted(office, "09.00", "10.30"), submitted(office, "10.00", "11.00")
    reject(two.id, "Tidak diikuti.", store=office.store, now=NOW, actor="biro")
    assert verified(office).approved == (one.id,)


def test_an_evening_past_midnight_and_the_next_morning_are_left_out(office: Office) -> None:
    night = submitted(office, "22.30", "00.30", day="4 Maret 2025")
    morning = submitted(office, "00.10", "01.00", day="5 Maret 2025")
    free = submitted(office, "00.30", "24.00", day="6 Maret 2025")
    assert [reason["code"] for reason in morning.answer["reasons"]] == ["overlapping_activity"]
    assert free.answer["reasons"] == []
    assert left_out(verified(office)) == {night.id: [morning.id], morning.id: [night.id]}


def test_several_ids_leave_out_those_that_overlap_and_one_by_one_needs_the_other_seen(office: Office) -> None:
    one, two, alone = (
        submitted(office, *span) for span in (("09.00", "10.30"), ("10.00", "11.00"), ("13.00", "14.00"))
    )
    came = approve_many([one.id, alone.id, two.id], store=office.store, now=NOW, actor="biro")
    assert (came.approved, set(left_out(came))) == ((alone.id,), {one.id, two.id})
    with pytest.raises(OverlapNeedsLook) as caught:
        approve(one.id, store=office.store, now=NOW, actor="biro")
    assert [submission.id for submission in caught.value.others] == [two.id]
    assert decisions(office, one) == ["pending"]
    seen = [submission.id for submission in overlaps_of(one.id, store=office.store)]
    assert approve(one.id, store=office.store, now=NOW, actor="biro", seen=seen) == one.id
    assert decisions(office, one, two) == ["approved", "pending"]


def test_what_came_after_the_look_stops_the_approval_and_leaves_no_trace(office: Office) -> None:
    one, two = submitted(office, "09.00", "10.30"), submitted(office, "10.00", "11.00")
    seen = [submission.id for submission in overlaps_of(one.id, store=office.store)]
    three = submitted(office, "08.00", "09.30")
    with pytest.raises(OverlapNeedsLook) as caught:
        approve(one.id, store=office.store, now=NOW, actor="biro", seen=seen)
    assert {submission.id for submission in caught.value.others} == {two.id, three.id}
    with office.store.reading() as tx:
        assert "submission.approved" not in [event.action for event in tx.events.list(one.id)]
        assert tx.submissions.approved(CAHYA, 2025) == []


def test_reasons_are_those_of_now_and_both_directions_say_the_same(office: Office) -> None:
    one, two = submitted(office, "09.00", "10.30"), submitted(office, "22.00", "23.00")
    three = submitted(office, "22.30", "00.30")
    with office.store.reading() as tx:
        shown = {submission.id: reasons_now(submission, overlaps(submission, tx)) for submission in (one, two, three)}
    assert {name: [reason["code"] for reason in reasons] for name, reasons in shown.items()} == {
        one.id: [],
        two.id: ["overlap_needs_look"],
        three.id: ["overlap_needs_look"],
    }
    assert shown_reason(shown[two.id][0], Reader())["message"] == (
        "Waktunya bertumpuk dengan “Coaching pemahaman pola karier” tanggal 4 Maret 2025 pukul 22.30–00.30 hari "
        f"berikutnya (kiriman {three.id}, belum diputuskan)."
    )
    reject(two.id, "Tidak diikuti.", store=office.store, now=NOW, actor="biro")
    with office.store.reading() as tx:
        assert reasons_now(three, overlaps(three, tx)) == []


def table(*rows: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([("kiriman", "keputusan", "alasan"), *rows])
    return out.getvalue().encode()


def decided(office: Office, content: bytes, *, preview: bool = False) -> dict[str, list[str]]:
    wishes = decide_table(content, "k.csv", store=office.store, now=NOW, actor="biro", preview=preview)
    return {wish.submission: [other.id for other in wish.overlaps] for wish in wishes if wish.left_out}


def test_a_table_leaves_out_what_overlaps_in_preview_and_when_carried_out(office: Office) -> None:
    one, two, alone = (
        submitted(office, *span) for span in (("09.00", "10.30"), ("10.00", "11.00"), ("13.00", "14.00"))
    )
    content = table((one.id, "sah", ""), (alone.id, "sah", ""))
    assert decided(office, content, preview=True) == {one.id: [two.id]}
    assert decided(office, content) == {one.id: [two.id]}
    assert decisions(office, one, two, alone) == ["pending", "pending", "approved"]
    with office.store.reading() as tx:
        notes = {row["kiriman"]: row["catatan"] for row in waiting_rows(tx)}
    assert two.id in notes[one.id]
    assert one.id in notes[two.id]


@pytest.mark.parametrize("rejected_first", [False, True])
def test_a_table_that_rejects_one_of_two_approves_the_other(office: Office, *, rejected_first: bool) -> None:
    one, two = submitted(office, "09.00", "10.30"), submitted(office, "10.00", "11.00")
    rows = [(one.id, "sah", ""), (two.id, "tolak", "Tidak diikuti.")]
    content = table(*(reversed(rows) if rejected_first else rows))
    assert decided(office, content, preview=True) == {}
    assert decided(office, content) == {}
    assert decisions(office, one, two) == [Decision.APPROVED.value, Decision.REJECTED.value]


def test_the_web_leaves_out_what_overlaps_and_approves_it_from_its_own_page(web: WebOffice, biro: Visit) -> None:
    one, two = submitted(web.office, "09.00", "10.30"), submitted(web.office, "22.30", "00.30")
    three, alone = submitted(web.office, "10.00", "11.00"), submitted(web.office, "13.00", "14.00")
    queue = readable(biro.get("/biro/antrean"))
    assert queue.count("Waktu kegiatan bertumpuk") == 2
    ids = [submission.id for submission in (one, two, three, alone)]
    page = readable(biro.post("/biro/antrean/sahkan", at="/biro/antrean", id=ids))
    assert "2 formulir disahkan." in page
    assert "2 kegiatan tidak ikut disahkan karena waktunya bertumpuk dengan kegiatan lain" in page
    assert f"{one.id}, {three.id}" in page
    assert decisions(web.office, one, two, three, alone) == ["pending", "approved", "pending", "approved"]
    # Chosen alone in the list, without having seen the other: its page opens instead.
    page = readable(biro.post("/biro/antrean/sahkan", at="/biro/antrean", id=one.id))
    assert "Kegiatan lain pada waktu yang sama" in page
    assert decisions(web.office, one) == ["pending"]
    look = biro.get(f"/biro/antrean/{one.id}")
    assert f'name="seen" value="{three.id}"' in look
    assert "4 Maret 2025, 10.00–11.00" in readable(look)
    biro.post("/biro/antrean/sahkan", at=f"/biro/antrean/{one.id}", id=one.id, seen=three.id)
    assert decisions(web.office, one, three) == ["approved", "pending"]
    assert "sudah disahkan" in readable(biro.get(f"/biro/antrean/{three.id}"))


def test_the_web_s_table_says_what_it_left_out(web: WebOffice, biro: Visit) -> None:
    one, two = submitted(web.office, "09.00", "10.30"), submitted(web.office, "10.00", "11.00")
    alone = submitted(web.office, "13.00", "14.00")
    content = table((one.id, "sah", ""), (alone.id, "sah", ""))
    shown = biro.post("/biro/pengesahan", file=(io.BytesIO(content), "k.csv"))
    assert f"Bertumpuk dengan {two.id}" in readable(shown)
    assert "1 disahkan, 0 ditolak" in readable(shown)
    digest = shown.split('name="digest" value="')[1].split('"')[0]
    done = readable(biro.post("/biro/pengesahan/laksanakan", at="/biro/pengesahan", digest=digest, name="k.csv"))
    assert "1 formulir disahkan, 0 ditolak." in done
    assert "1 kegiatan tidak ikut disahkan karena waktunya bertumpuk dengan kegiatan lain" in done
    assert decisions(web.office, one, alone) == ["pending", "approved"]


def test_a_page_shows_on_which_day_an_activity_past_midnight_ended(web: WebOffice, biro: Visit) -> None:
    sent = submitted(web.office, "22.30", "24.00", kind="belajar_mandiri")
    assert sent.answer["record"]["minutes"] == 90
    assert sent.answer["assessment"]["jp"] == "2"
    assert (sent.answer["record"]["date"], sent.answer["record"]["ends"]) == ("2025-03-04", "00:00")
    assert "4 Maret 2025, 22.30–00.00 hari berikutnya" in readable(web.visit(CAHYA).get(f"/kiriman/{sent.id}"))
    report = readable(biro.get(f"/kiriman/{sent.id}/laporan.html"))
    assert "22.30–00.00 hari berikutnya (90 menit)" in report


def test_on_either_database_a_form_that_arrives_meanwhile_is_seen_by_one_of_the_two(rounds: CirculatingForms) -> None:
    """Approved and answered side by side, two activities that overlap never both miss the other."""
    office = rounds.office
    night = submitted(office, "22.30", "00.30")
    content = office.signed(tanggal="5 Maret 2025", waktu_mulai="00.10", waktu_selesai="01.00")
    with ThreadPoolExecutor(2) as people:
        came, morning = people.submit(verified, office), people.submit(office.submit, content)
    noticed = [reason["code"] for reason in morning.result().answer["reasons"]]
    assert noticed == ["overlapping_activity"]
    assert set(came.result().approved) <= {night.id}
    assert morning.result().id in left_out(verified(office))


_MINUTES = st.sampled_from([0, 10, 30, 60, 540, 600, 630, 1320, 1350, 1410])
_SPANS = st.tuples(st.integers(0, 2), _MINUTES, st.sampled_from([10, 30, 60, 120, 480]))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=st.lists(_SPANS, min_size=1, max_size=5, unique=True), already=st.integers(0, 2))
def test_all_verified_approves_exactly_what_shares_no_moment_with_another(
    office: Office, spans: list[tuple[int, int, int]], already: int
) -> None:
    """Whichever came first, and whatever was approved before; a person of its own for every example."""
    nip, kept = f"{secrets.randbelow(10**18):018}", {}
    for place, (day, begin, minutes) in enumerate(spans):
        first = dt.datetime.combine(dt.date(2025, 3, 30), dt.time()) + dt.timedelta(days=day, minutes=begin)
        last = first + dt.timedelta(minutes=minutes)
        number = f"K-{nip}-{place}"
        facts = ActivityFacts(
            employee_nip=nip,
            kind="coaching",
            scope="nasional",
            date=first.date(),
            begins=first.time(),
            ends=last.time(),
            minutes=minutes,
            title="Contoh",
            source=None,
            pembimbing_name=None,
            serial=number,
        )
        with office.store.transaction() as tx:
            tx.submissions.receive(number, "a.pdf", NOW, number)
            tx.submissions.complete(number, Status.VERIFIED, facts, {"verdict": "passed", "reasons": []})
            if place < already:
                tx.submissions.decide(number, Decision.APPROVED, NOW, "biro", None)
        kept[number] = (first, last)
    shared = {
        one
        for one, other in itertools.permutations(kept, 2)
        if kept[one][0] < kept[other][1] and kept[other][0] < kept[one][1]
    }
    came = verified(office)
    waiting = set(list(kept)[already:])
    assert {number for number in came.approved if nip in number} == waiting - shared
    assert {number for number in left_out(came) if nip in number} == waiting & shared
