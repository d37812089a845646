"""SE Kepala BKN Nomor 3 Tahun 2022: the circular's own rules, each under its norm."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from service.law.calendar import by_day, by_month, day_of, days_of, in_turn, month_of
from service.law.interpretation import (
    DAY_BEFORE_ADDITION,
    INTERNATIONAL_COACHING,
    MENTORING_TOGETHER,
    MOST_JP,
    DayLimit,
    best_self_study,
)
from service.law.rule import Citation, Entries, Entry, Judge, Outcome, Rule


def _angka(article: str, norm: str) -> Citation:
    return Citation(instrument="SE Kepala BKN Nomor 3 Tahun 2022", article=f"angka {article}", norm=norm)


# "... memiliki hak mendapat pengembangan kompetensi 20 (dua puluh) Jam Pelajaran (JP) setahun." (angka 1)
TARGET_JP = Decimal(20)

# "Ditetapkan di Jakarta pada tanggal 1 Februari 2022"
STARTS = _angka("6", "Surat Edaran ini mulai berlaku pada tanggal ditetapkan")
IN_FORCE = dt.date(2022, 2, 1)

COACHING_NORM = _angka("5.c.4) huruf a", "1 (satu) kali pertemuan setara dengan 2 (dua) JP.")
COACHING_JP = Decimal(2)

COACHING_LIMIT_NORM = _angka("5.c.1)c)", "Coaching paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan")
COACHING_A_MONTH = 2

MENTORING_NORM = _angka("5.d.4) Nasional huruf a", "1 (satu) kali pertemuan setara dengan 2 (dua) JP.")
MENTORING_JP = Decimal(2)

MENTORING_INTERNATIONAL_NORM = _angka("5.d.4) Internasional huruf a", "1 (satu) kali pertemuan dengan 4 (empat) JP.")
MENTORING_INTERNATIONAL_JP = Decimal(4)

MENTORING_LIMIT_NORM = _angka("5.d.1)e)", "Mentoring paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan")
MENTORING_A_MONTH = 2

SELF_STUDY_MONTH_NORM = _angka("5.e.1)b)", "Belajar Mandiri paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan.")
SELF_STUDY_A_MONTH = 2

SELF_STUDY_DAY_NORM = _angka(
    "5.e.3) Nasional huruf a", "Jumlah durasi Belajar Mandiri dihitung paling tinggi 2 (dua) JP sehari."
)
ADDITION_NORM = _angka(
    "5.e.3) Internasional huruf a",
    "Ditambahkan 20% (dua puluh persen) dari JP program belajar mandiri (self learning).",
)
DAY_LIMIT = DayLimit(most=Decimal(2), addition=Decimal("0.2"))


def _before(rule: Rule, entries: Entries) -> Entries:
    return tuple(rule.settle(entry, Outcome.NOT_APPLICABLE, _too_early(entry)) for entry in entries)


def _too_early(entry: Entry) -> str:
    day = day_of(entry.activity.date)
    return f"Surat edaran berlaku sejak {day_of(IN_FORCE)}; kegiatan pada {day} tidak dihitung."


def _coaching_meeting(rule: Rule, entries: Entries) -> Entries:
    because = f"Satu pertemuan coaching setara dengan {COACHING_JP} JP."
    return tuple(
        rule.grant(
            entry,
            because,
            *((INTERNATIONAL_COACHING,) if entry.activity.scope == "internasional" else ()),
            jp=COACHING_JP,
        )
        for entry in _of("coaching", entries)
    )


def _coaching_month(rule: Rule, entries: Entries) -> Entries:
    months = by_month(_of("coaching", entries))
    return tuple(entry for month in months for entry in _limited(rule, month, month[:COACHING_A_MONTH]))


def _mentoring_meeting(rule: Rule, entries: Entries) -> Entries:
    because = f"Satu pertemuan mentoring nasional setara dengan {MENTORING_JP} JP."
    mine = (entry for entry in _of("mentoring", entries) if entry.activity.scope == "nasional")
    return tuple(rule.grant(entry, because, jp=MENTORING_JP) for entry in mine)


def _mentoring_international(rule: Rule, entries: Entries) -> Entries:
    because = f"Satu pertemuan mentoring internasional setara dengan {MENTORING_INTERNATIONAL_JP} JP."
    mine = (entry for entry in _of("mentoring", entries) if entry.activity.scope == "internasional")
    return tuple(rule.grant(entry, because, jp=MENTORING_INTERNATIONAL_JP) for entry in mine)


def _mentoring_month(rule: Rule, entries: Entries) -> Entries:
    judged: list[Entry] = []
    for month in by_month(_of("mentoring", entries)):
        chosen = sorted(month, key=lambda entry: (-entry.jp, entry.turn))[:MENTORING_A_MONTH]
        mixed = len({entry.activity.scope for entry in month}) > 1
        also = (MENTORING_TOGETHER,) if mixed else ()
        judged += _limited(rule, month, in_turn(chosen), *also)
    return tuple(judged)


def _self_study_month(rule: Rule, entries: Entries) -> Entries:
    """Choose which of a month count, with the day's limit and the addition in view."""
    judged: list[Entry] = []
    for month in by_month(_of("belajar_mandiri", entries)):
        chosen = best_self_study(month, most=SELF_STUDY_A_MONTH, limit=DAY_LIMIT)
        # While the month has room, what is left out gains nothing because of its day, and the day's rule says so.
        mine = month if len(chosen) == SELF_STUDY_A_MONTH else chosen
        judged += _limited(rule, mine, chosen)
    return tuple(judged)


def _self_study_day(rule: Rule, entries: Entries) -> Entries:
    return tuple(
        _share(rule, entry, share)
        for day in by_day(_of("belajar_mandiri", entries))
        for entry, share in DAY_LIMIT.shares(day)
    )


def _share(rule: Rule, entry: Entry, share: Decimal) -> Entry:
    day = day_of(entry.activity.date)
    if share == entry.jp:
        return rule.grant(entry, f"Masih dalam batas {DAY_LIMIT.most} JP sehari pada {day}.")
    because = f"Belajar mandiri dihitung paling tinggi {DAY_LIMIT.most} JP sehari; "
    if share == 0:
        return rule.settle(entry, Outcome.LIMITED, f"{because}pada {day} sudah penuh.", MOST_JP)
    because += f"pada {day} dihitung {share} JP dari {entry.jp} JP kegiatan ini."
    return rule.note(entry, Outcome.LIMITED, because, jp=share)


def _self_study_international(rule: Rule, entries: Entries) -> Entries:
    return tuple(
        rule.grant(entry, f"Tingkat internasional: {entry.jp} JP ditambah 20 persen.", DAY_BEFORE_ADDITION, jp=grown)
        for entry in _of("belajar_mandiri", entries)
        if (grown := DAY_LIMIT.grown(entry, entry.jp)) != entry.jp
    )


def _of(kind: str, entries: Entries) -> Entries:
    return tuple(entry for entry in entries if entry.activity.kind == kind)


def _limited(rule: Rule, month: Entries, chosen: Entries, *also: Citation) -> list[Entry]:
    """Grant the chosen entries of one month and count the others out; both findings say which count."""
    in_month = month_of(month[0].activity.date) if month else ""
    places = [entry.place for entry in chosen]
    judged = []
    for entry in month:
        if entry.place in places:
            because = f"{rule.sentence} Kegiatan ini yang ke-{places.index(entry.place) + 1} pada {in_month}."
            judged.append(rule.grant(entry, because))
        else:
            because = f"{rule.sentence} Pada {in_month} sudah {len(chosen)}, yaitu tanggal {days_of(chosen)}."
            judged.append(rule.settle(entry, Outcome.LIMITED, because, *also, MOST_JP))
    return judged


def _rule(name: str, sentence: str, citation: Citation, judge: Judge) -> Rule:
    return Rule(id=name, sentence=sentence, citation=citation, holds_from=IN_FORCE, judge=judge)


BEFORE = Rule(
    id="in_force",
    sentence=f"Kegiatan sebelum {day_of(IN_FORCE)} tidak dihitung.",
    citation=STARTS,
    holds_from=dt.date.min,
    holds_until=IN_FORCE - dt.timedelta(days=1),
    judge=_before,
)
COACHING = (
    _rule("coaching_meeting", "Satu pertemuan coaching setara dengan 2 JP.", COACHING_NORM, _coaching_meeting),
    _rule(
        "coaching_month_limit",
        "Coaching dihitung paling tinggi 2 kali dalam satu bulan.",
        COACHING_LIMIT_NORM,
        _coaching_month,
    ),
)
MENTORING = (
    _rule(
        "mentoring_meeting",
        "Satu pertemuan mentoring nasional setara dengan 2 JP.",
        MENTORING_NORM,
        _mentoring_meeting,
    ),
    _rule(
        "mentoring_international",
        "Satu pertemuan mentoring internasional setara dengan 4 JP.",
        MENTORING_INTERNATIONAL_NORM,
        _mentoring_international,
    ),
    _rule(
        "mentoring_month_limit",
        "Mentoring dihitung paling tinggi 2 kali dalam satu bulan.",
        MENTORING_LIMIT_NORM,
        _mentoring_month,
    ),
)
SELF_STUDY = (
    _rule(
        "self_study_month_limit",
        "Belajar mandiri dihitung paling tinggi 2 kali dalam satu bulan.",
        SELF_STUDY_MONTH_NORM,
        _self_study_month,
    ),
    _rule(
        "self_study_day_limit",
        "Belajar mandiri dihitung paling tinggi 2 JP sehari.",
        SELF_STUDY_DAY_NORM,
        _self_study_day,
    ),
    _rule(
        "self_study_international",
        "Belajar mandiri tingkat internasional ditambah 20 persen.",
        ADDITION_NORM,
        _self_study_international,
    ),
)
