"""Biro SDM's decisions as a table: what each row asks, or every wrong row at once; then carried out one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from forms.indonesian import long_date
from service.access import Act, Viewer, may
from service.decisions import approve, reject
from service.errors import BadInput, BadRows
from service.overlaps import OverlapNeedsLook, overlaps, reasons_now
from service.records import Decision, Status, Submission
from service.store import Store, Transaction
from service.subjects import of_submission
from service.tables.layouts import APPROVALS
from service.tables.read import Reader, Row, rows_in

_WORDS = {
    **dict.fromkeys(("sah", "sahkan", "disahkan", "setuju", "approve", "approved"), Decision.APPROVED),
    **dict.fromkeys(("tolak", "ditolak", "reject", "rejected"), Decision.REJECTED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
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
) -> tuple[Wish, ...]:
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


def _carried_out(wish: Wish, *, store: Store, now: dt.datetime, actor: str) -> Wish:
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
    for each in tx.submissions.waiting():
        if each.facts is not None:
            employee = each.answer.get("record", {}).get("employee", {})
            yield {
                "kiriman": each.id,
                "nip": each.facts.employee_nip,
                "nama": str(employee.get("name", "")),
                "tanggal": long_date(each.facts.date),
                "kegiatan": each.facts.title,
                "catatan": " ".join(str(notice["message"]) for notice in reasons_now(each, overlaps(each, tx))),
            }


def _wishes(rows: list[Row], tx: Transaction, by: Viewer | None) -> tuple[Wish, ...]:
    wishes: dict[str, Wish] = {}
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


def _with_overlaps(wish: Wish, tx: Transaction, gone: Collection[str]) -> Wish:
    """The wish with what shares its time, but for what the same table rejects."""
    submission = tx.submissions.get(wish.submission)
    if submission is None or submission.decision is not Decision.PENDING:
        return wish
    return replace(wish, overlaps=tuple(other for other in overlaps(submission, tx) if other.id not in gone))


def _wish(row: Row, tx: Transaction, by: Viewer | None) -> tuple[Wish, list[str]]:
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
    return Wish(submission=number, decision=decision, reason=reason), wrong


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
