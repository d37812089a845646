"""What Biro SDM decides on submissions (circular 5.b.6: "melakukan verifikasi/validasi"); each decision once, kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from forms.indonesian import long_date
from service.access import Act, Viewer, may
from service.access_lookup import of_submission
from service.errors import BadInput, BadRows, NotGranted
from service.notifications.messages import notify_decision
from service.records import Decision, Event, Status, Submission
from service.spreadsheets.read import Reader, Row, rows_in
from service.spreadsheets.templates import APPROVALS
from service.store import Store, Transaction
from service.verification.overlaps import OverlapNeedsLook, overlaps, reasons_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """What became of many: the ids `approved`, what was `left_out` because a person has to see it first.

    `noticed`: by the title of a notice, those approved whose answer carries it.
    """

    approved: tuple[str, ...]
    left_out: tuple[OverlapNeedsLook, ...]
    noticed: Mapping[str, Sequence[str]]


def approve(submission_id: str, *, store: Store, now: dt.datetime, actor: str, seen: Collection[str] = ()) -> str:
    """Approve one submission, once; NotGranted when it was refused or decided otherwise.

    OverlapNeedsLook (a NotGranted) when it shares time with another standing activity of the person whose id is not
    among `seen`: those which the one who decides has been shown beside it.
    """
    return _approve(_find(submission_id, store), store=store, now=now, actor=actor, seen=seen)


def approve_many(ids: Iterable[str], *, store: Store, now: dt.datetime, actor: str) -> Approvals:
    """Approve those of which nothing needs a look; NotGranted at the first that cannot be approved at all."""
    approved: list[str] = []
    left_out: list[OverlapNeedsLook] = []
    noticed: dict[str, list[str]] = {}
    for submission_id in ids:
        submission = _find(submission_id, store)
        try:
            approved.append(_approve(submission, store=store, now=now, actor=actor, seen=()))
        except OverlapNeedsLook as held:
            left_out.append(held)
            continue
        notices = reasons_now(submission, ())
        for title in dict.fromkeys(str(notice.get("title") or notice["message"]) for notice in notices):
            noticed.setdefault(title, []).append(submission.id)
    return Approvals(approved=tuple(approved), left_out=tuple(left_out), noticed=noticed)


def approve_verified(*, store: Store, now: dt.datetime, actor: str) -> Approvals:
    """Approve everything that passed and waits; what is in review, and what needs a look, is left alone."""
    with store.reading() as tx:
        waiting = [submission.id for submission in tx.submissions.waiting()]
    return approve_many(waiting, store=store, now=now, actor=actor)


def overlaps_of(submission_id: str, *, store: Store) -> Sequence[Submission]:
    """What one has to see before approving that submission: every other standing activity that shares its time."""
    submission = _find(submission_id, store)
    with store.reading() as tx:
        return overlaps(submission, tx)


def reject(submission_id: str, reason: str, *, store: Store, now: dt.datetime, actor: str) -> str:
    """Reject one submission with a reason the employee reads; a decision already made stays."""
    if not reason.strip():
        raise BadInput("Alasan penolakan kosong.", "Tuliskan apa yang kurang, supaya pegawai tahu langkah berikutnya.")
    submission = _find(submission_id, store)
    return _decide(submission, Decision.REJECTED, reason.strip(), store=store, now=now, actor=actor)


def _find(submission_id: str, store: Store) -> Submission:
    with store.reading() as tx:
        submission = tx.submissions.get(submission_id.strip().upper())
    if submission is None:
        raise BadInput(f"Kiriman {submission_id} tidak ada.", "Periksa nomornya pada jawaban `cmb submit`.")
    return submission


def _approve(submission: Submission, *, store: Store, now: dt.datetime, actor: str, seen: Collection[str]) -> str:
    if submission.decision is Decision.APPROVED:
        return submission.id
    if submission.status not in {Status.VERIFIED, Status.REVIEW} or submission.facts is None:
        raise NotGranted(
            f"Kiriman {submission.id} tidak lulus pemeriksaan, sehingga tidak dapat disahkan.",
            "Lihat alasannya pada jawaban `cmb submit`; pegawai perlu mengirim formulir yang benar.",
        )
    return _decide(submission, Decision.APPROVED, None, store=store, now=now, actor=actor, seen=seen)


def _decide(
    submission: Submission,
    decision: Decision,
    reason: str | None,
    *,
    store: Store,
    now: dt.datetime,
    actor: str,
    seen: Collection[str] = (),
) -> str:
    with store.transaction() as tx:
        if not tx.submissions.decide(submission.id, decision, now, actor, reason):
            raise NotGranted(
                f"Kiriman {submission.id} sudah diputuskan.", "Keputusan tidak diubah; lihat riwayat kiriman itu."
            )
        # After the decision, which holds the person: no other file of theirs is answered until the commit. What is
        # raised here takes the decision back with it.
        others = overlaps(submission, tx) if decision is Decision.APPROVED else ()
        if any(other.id not in seen for other in others):
            raise OverlapNeedsLook(submission, others)
        detail = {"reason": reason} if reason else {}
        event = Event(at=now, actor=actor, action=f"submission.{decision.value}", subject=submission.id, detail=detail)
        tx.events.append(event)
        notify_decision(tx, submission, decision, now)
    return submission.id


# --- Biro SDM's decisions as a table: what each row asks, or every wrong row at once; then carried out one by one

_WORDS = {
    **dict.fromkeys(("sah", "sahkan", "disahkan", "setuju", "approve", "approved"), Decision.APPROVED),
    **dict.fromkeys(("tolak", "ditolak", "reject", "rejected"), Decision.REJECTED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDecision:
    """One decision somebody wants; `reason` is empty for an approval.

    `overlaps`: the activities that share its time and still stand after the table. With any, an approval is left out: a
    person looks at them together first.
    """

    submission: str
    decision: Decision
    reason: str
    overlaps: tuple[Submission, ...] = ()

    @property
    def left_out(self) -> bool:
        return self.decision is Decision.APPROVED and bool(self.overlaps)


def decide_table(
    content: bytes,
    file_name: str,
    *,
    store: Store,
    now: dt.datetime,
    actor: str,
    by: Viewer | None = None,
    preview: bool = False,
    read: Reader = rows_in,
) -> tuple[TableDecision, ...]:
    """What a table decides; carried out unless it is a preview. Rows without a decision are passed over.

    An approval of what shares time with another standing activity is left out, and says so (`Wish.left_out`).

    `by`: who decides, held to what that person may decide; None: the operator of the installation.
    Raises BadInput, or BadRows naming every row that cannot be carried out; then nothing of the table is.
    """
    rows = read(content, APPROVALS, file_name)
    with store.reading() as tx:
        wishes = _wishes(rows, tx, by)
    if preview:
        return wishes
    # What the table rejects stands in nobody's way any more.
    for wish in wishes:
        if wish.decision is not Decision.APPROVED:
            reject(wish.submission, wish.reason, store=store, now=now, actor=actor)
    return tuple(_carried_out(wish, store=store, now=now, actor=actor) for wish in wishes)


def _carried_out(wish: TableDecision, *, store: Store, now: dt.datetime, actor: str) -> TableDecision:
    """Approve what the wish approves; what came to overlap since the table was looked at is left out too."""
    if wish.decision is not Decision.APPROVED or wish.left_out:
        return wish
    try:
        approve(wish.submission, store=store, now=now, actor=actor)
    except OverlapNeedsLook as held:
        return replace(wish, overlaps=held.others)
    return wish


def waiting_rows(tx: Transaction) -> Iterator[Mapping[str, str]]:
    """Everything that awaits a decision, as rows of the table, the decision left open."""
    for submission in tx.submissions.waiting():
        if submission.facts is not None:
            employee = submission.answer.get("record", {}).get("employee", {})
            yield {
                "kiriman": submission.id,
                "nip": submission.facts.employee_nip,
                "nama": str(employee.get("name", "")),
                "tanggal": long_date(submission.facts.date),
                "kegiatan": submission.facts.title,
                "catatan": " ".join(
                    str(notice["message"]) for notice in reasons_now(submission, overlaps(submission, tx))
                ),
            }


def _wishes(rows: list[Row], tx: Transaction, by: Viewer | None) -> tuple[TableDecision, ...]:
    wishes: dict[str, TableDecision] = {}
    lines: dict[str, int] = {}
    problems: list[str] = []
    for row in rows:
        if not row.cells.get("keputusan"):
            continue
        wish, wrong = _wish(row, tx, by)
        if wish.submission in wishes:
            wrong.append(f"kiriman {wish.submission} sudah ada pada baris {lines[wish.submission]}.")
        problems += [f"Baris {row.line}: {sentence}" for sentence in wrong]
        wishes.setdefault(wish.submission, wish)
        lines.setdefault(wish.submission, row.line)
    if problems:
        raise BadRows(f"{len(problems)} masalah pada tabel pengesahan.", tuple(problems))
    if not wishes:
        raise BadInput("Tidak ada keputusan pada tabel itu.", "Isi kolom keputusan dengan sah atau tolak.")
    gone = {wish.submission for wish in wishes.values() if wish.decision is Decision.REJECTED}
    return tuple(_with_overlaps(wish, tx, gone) for wish in wishes.values())


def _with_overlaps(wish: TableDecision, tx: Transaction, gone: Collection[str]) -> TableDecision:
    """The wish with what shares its time, but for what the same table rejects."""
    submission = tx.submissions.get(wish.submission)
    if submission is None or submission.decision is not Decision.PENDING:
        return wish
    return replace(wish, overlaps=tuple(other for other in overlaps(submission, tx) if other.id not in gone))


def _wish(row: Row, tx: Transaction, by: Viewer | None) -> tuple[TableDecision, list[str]]:
    wrong = list(row.wrong)
    number, reason = row.cells.get("kiriman", "").upper(), row.cells.get("alasan", "")
    decision = _WORDS.get(row.cells["keputusan"].lower())
    if decision is None:
        wrong.append(f"kolom keputusan: “{row.cells['keputusan']}” bukan sah atau tolak.")
        decision = Decision.PENDING
    submission = tx.submissions.get(number)
    if submission is None:
        wrong.append(f"kiriman “{number}” tidak ada.")
    else:
        wrong += _hindrance(submission, decision)
        if by is not None and not may(by, Act.DECIDE, of_submission(tx, submission)):
            wrong.append(f"kiriman {submission.id} tidak boleh Anda putuskan; milik sendiri diputuskan orang lain.")
    if decision is Decision.REJECTED and not reason:
        wrong.append("kolom alasan kosong; pegawai perlu tahu apa yang kurang.")
    return TableDecision(submission=number, decision=decision, reason=reason), wrong


def _hindrance(submission: Submission, decision: Decision) -> list[str]:
    if submission.decision is not Decision.PENDING:
        done = "disahkan" if submission.decision is Decision.APPROVED else "ditolak"
        # The same decision again is no mistake: a table may be handed in twice.
        same = submission.decision is decision is Decision.APPROVED
        return [] if same else [f"kiriman {submission.id} sudah {done}."]
    passed = submission.status in {Status.VERIFIED, Status.REVIEW} and submission.facts is not None
    if decision is Decision.APPROVED and not passed:
        return [f"kiriman {submission.id} tidak lulus pemeriksaan, sehingga tidak dapat disahkan."]
    return []
