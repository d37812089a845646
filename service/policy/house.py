"""Our own decisions where the circular is silent, each named, reasoned, and cited as ours."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from service.policy.calendar import day_of, gather
from service.policy.rule import Citation, Entries, Entry, Outcome, Rule
from service.policy.se_bkn_3_2022 import IN_FORCE, INSTRUMENT

HOUSE = "Keputusan layanan"
# One JP is 45 minutes (attributed to Peraturan LAN 5/2018); only full blocks count: 60 minutes are 1 JP, 90 are 2.
# The sample card of Lampiran II agrees.
MINUTES_A_JP = 45


def _before(rule: Rule, entries: Entries) -> Entries:
    because = f"Surat edaran berlaku sejak {day_of(IN_FORCE)}; kegiatan sebelumnya tidak dihitung."
    return tuple(rule.settle(entry, Outcome.NOT_APPLICABLE, because) for entry in entries)


def _duplicate(rule: Rule, entries: Entries) -> Entries:
    """The same kind, date and start twice is one activity; the first given counts. Without a start nothing is known."""
    timed = [entry for entry in entries if entry.activity.begins is not None]
    firsts: dict[object, Entry] = {}
    judged = []
    for entry in sorted(timed, key=lambda each: each.place):
        activity = entry.activity
        first = firsts.setdefault((activity.kind, activity.date, activity.begins), entry)
        if first is not entry:
            because = f"Kegiatan yang sama pada {day_of(activity.date)} pukul {activity.begins:%H.%M} sudah ada."
            judged.append(rule.settle(entry, Outcome.DUPLICATE, because))
    return tuple(judged)


def _blocks(rule: Rule, entries: Entries) -> Entries:
    judged = []
    for entry in entries:
        if entry.activity.kind != "belajar_mandiri":
            continue
        minutes = entry.activity.minutes
        if minutes is None:
            judged.append(rule.settle(entry, Outcome.INCOMPLETE, "Lama belajar mandiri tidak disebut."))
        elif minutes < MINUTES_A_JP:
            because = f"{minutes} menit belum satu JP penuh (45 menit)."
            judged.append(rule.settle(entry, Outcome.LIMITED, because))
        else:
            whole = minutes // MINUTES_A_JP
            judged.append(rule.grant(entry, f"{minutes} menit adalah {whole} JP penuh.", Decimal(whole)))
    return tuple(judged)


def _overlap(rule: Rule, entries: Entries) -> Entries:
    """Activities of one employee that overlap in time go to a person; their JP stay until that person decides."""
    judged = []
    for day in gather(entries, lambda entry: entry.activity.date):
        spans = [(entry, *_span(entry)) for entry in day if entry.activity.begins and entry.activity.minutes]
        for entry, begins, ends in spans:
            if any(other is not entry and begins < until and since < ends for other, since, until in spans):
                because = f"Waktunya bertumpuk dengan kegiatan lain pada {day_of(entry.activity.date)}."
                judged.append(rule.note(entry, Outcome.REVIEW, because, entry.jp))
    return tuple(judged)


def _span(entry: Entry) -> tuple[int, int]:
    begins = entry.activity.begins or dt.time.min
    start = begins.hour * 60 + begins.minute
    return start, start + (entry.activity.minutes or 0)


def _ours(article: str, norm: str) -> Citation:
    return Citation(instrument=HOUSE, article=article, norm=norm)


BEFORE = Rule(
    id="in_force",
    sentence="Kegiatan sebelum surat edaran berlaku tidak dihitung.",
    citation=Citation(
        instrument=INSTRUMENT, article="angka 6", norm="Surat Edaran ini mulai berlaku pada tanggal ditetapkan"
    ),
    holds_from=dt.date.min,
    holds_until=IN_FORCE - dt.timedelta(days=1),
    judge=_before,
)
DUPLICATE = Rule(
    id="duplicate_activity",
    sentence="Kegiatan yang sama dihitung satu kali.",
    citation=_ours("kegiatan ganda", "Jenis, tanggal, dan waktu mulai yang sama adalah satu kegiatan."),
    holds_from=IN_FORCE,
    holds_until=None,
    judge=_duplicate,
)
BLOCKS = Rule(
    id="self_study_blocks",
    sentence="Belajar mandiri dihitung dalam JP penuh; satu JP adalah 45 menit.",
    citation=_ours("satuan JP", "1 JP adalah 45 menit; hanya kelipatan penuh yang dihitung."),
    holds_from=IN_FORCE,
    holds_until=None,
    judge=_blocks,
)
OVERLAP = Rule(
    id="overlapping_activity",
    sentence="Kegiatan yang waktunya bertumpuk diperiksa oleh Biro SDM.",
    citation=_ours("waktu bertumpuk", "Seseorang tidak dapat mengikuti dua kegiatan pada waktu yang sama."),
    holds_from=IN_FORCE,
    holds_until=None,
    judge=_overlap,
)
