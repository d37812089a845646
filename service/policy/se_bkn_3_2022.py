"""SE Kepala BKN Nomor 3 Tahun 2022: the circular's own rules, each under the norm it carries out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from service.policy.calendar import by_month, day_of, month_of
from service.policy.choice import best_self_study
from service.policy.rule import Citation, Entries, Entry, Outcome, Rule

INSTRUMENT = "SE Kepala BKN Nomor 3 Tahun 2022"
# "Surat Edaran ini mulai berlaku pada tanggal ditetapkan" (angka 6): "pada tanggal 1 Februari 2022"
IN_FORCE = dt.date(2022, 2, 1)
# "Regulasi mengamanatkan bahwa ASN memiliki hak mendapat pengembangan kompetensi 20 (dua puluh) Jam Pelajaran (JP)
# setahun." (angka 1)
TARGET_JP = Decimal(20)
# "1 (satu) kali pertemuan setara dengan 2 (dua) JP." (angka 5.c.4.a)
COACHING_JP = Decimal(2)
# "Coaching paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan" (angka 5.c.1)c))
COACHING_A_MONTH = 2
# "1 (satu) kali pertemuan setara dengan 2 (dua) JP." (angka 5.d.4, Nasional)
MENTORING_JP = Decimal(2)
# "1 (satu) kali pertemuan dengan 4 (empat) JP." (angka 5.d.4, Internasional)
MENTORING_INTERNATIONAL_JP = Decimal(4)
# "Mentoring paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan" (angka 5.d.1)e))
MENTORING_A_MONTH = 2
# "Jumlah durasi Belajar Mandiri dihitung paling tinggi 2 (dua) JP sehari." (angka 5.e.3)a)
SELF_STUDY_A_DAY = Decimal(2)
# "Belajar Mandiri paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan." (angka 5.e.3)b)
SELF_STUDY_A_MONTH = 2
# "Ditambahkan 20% (dua puluh persen) dari JP program belajar mandiri (self learning)." (angka 5.e.3, Internasional)
INTERNATIONAL_ADDITION = Decimal("0.2")


def _cite(article: str, norm: str) -> Citation:
    return Citation(instrument=INSTRUMENT, article=f"angka {article}", norm=norm)


def _coaching_meeting(rule: Rule, entries: Entries) -> Entries:
    because = "Satu kali pertemuan coaching setara dengan 2 JP."
    return tuple(rule.grant(entry, because, COACHING_JP) for entry in _kind(entries, "coaching"))


def _coaching_month(rule: Rule, entries: Entries) -> Entries:
    judged: list[Entry] = []
    for month in by_month(_kind(entries, "coaching")):
        judged += _first(rule, month, month, COACHING_A_MONTH, "Coaching")
    return tuple(judged)


def _mentoring_meeting(rule: Rule, entries: Entries) -> Entries:
    because = "Satu kali pertemuan mentoring nasional setara dengan 2 JP."
    mine = (entry for entry in _kind(entries, "mentoring") if entry.activity.scope == "nasional")
    return tuple(rule.grant(entry, because, MENTORING_JP) for entry in mine)


def _mentoring_international(rule: Rule, entries: Entries) -> Entries:
    because = "Satu kali pertemuan mentoring internasional setara dengan 4 JP."
    mine = (entry for entry in _kind(entries, "mentoring") if entry.activity.scope == "internasional")
    return tuple(rule.grant(entry, because, MENTORING_INTERNATIONAL_JP) for entry in mine)


def _mentoring_month(rule: Rule, entries: Entries) -> Entries:
    judged: list[Entry] = []
    for month in by_month(_kind(entries, "mentoring")):
        # Most JP first, among equals the earliest (house rule most_jp).
        chosen = sorted(month, key=lambda entry: (-entry.jp, entry.turn))[:MENTORING_A_MONTH]
        judged += _first(rule, month, tuple(chosen), MENTORING_A_MONTH, "Mentoring")
    return tuple(judged)


def _self_study_month(rule: Rule, entries: Entries) -> Entries:
    """Which two of a month count is chosen with the day's limit and the addition in view (house rule most_jp)."""
    judged: list[Entry] = []
    for month in by_month(_kind(entries, "belajar_mandiri")):
        chosen = best_self_study(
            month, most=SELF_STUDY_A_MONTH, a_day=SELF_STUDY_A_DAY, addition=INTERNATIONAL_ADDITION
        )
        if len(chosen) < SELF_STUDY_A_MONTH:
            # The month has room: what is left out gains nothing because of the day, and that rule says so.
            judged += [rule.grant(entry, _within(rule, month)) for entry in month]
        else:
            judged += _first(rule, month, chosen, SELF_STUDY_A_MONTH, "Belajar mandiri")
    return tuple(judged)


def _self_study_day(rule: Rule, entries: Entries) -> Entries:
    judged: list[Entry] = []
    left: dict[dt.date, Decimal] = {}
    # International ones first: the addition follows the JP, so this gives the most (house rule most_jp).
    ordered = sorted(
        _kind(entries, "belajar_mandiri"),
        key=lambda entry: (entry.activity.date, entry.activity.scope == "nasional", -entry.jp, entry.turn),
    )
    for entry in ordered:
        day = entry.activity.date
        room = left.get(day, SELF_STUDY_A_DAY)
        counted = min(entry.jp, room)
        left[day] = room - counted
        if counted == entry.jp:
            judged.append(rule.grant(entry, f"Masih dalam batas 2 JP sehari pada {day_of(day)}."))
            continue
        because = f"Belajar mandiri dihitung paling tinggi 2 JP sehari; pada {day_of(day)} "
        if counted > 0:
            judged.append(rule.note(entry, Outcome.LIMITED, f"{because}dihitung {counted} JP.", counted))
        else:
            judged.append(rule.settle(entry, Outcome.LIMITED, f"{because}sudah penuh."))
    return tuple(judged)


def _self_study_international(rule: Rule, entries: Entries) -> Entries:
    mine = (entry for entry in _kind(entries, "belajar_mandiri") if entry.activity.scope == "internasional")
    because = "Belajar mandiri internasional ditambah 20 persen."
    return tuple(rule.grant(entry, because, entry.jp + entry.jp * INTERNATIONAL_ADDITION) for entry in mine)


def _kind(entries: Entries, kind: str) -> Entries:
    return tuple(entry for entry in entries if entry.activity.kind == kind)


def _within(rule: Rule, month: Entries) -> str:
    return f"{rule.sentence} Bulan {month_of(month[0].activity.date)} masih dalam batas."


def _first(rule: Rule, month: Entries, chosen: Entries, most: int, label: str) -> list[Entry]:
    """The chosen ones granted, the others counted out."""
    places = {entry.place for entry in chosen[:most]}
    because = (
        f"{label} dihitung paling tinggi {most} kali sebulan; bulan {month_of(month[0].activity.date)} sudah {most}."
    )
    return [
        rule.grant(entry, _within(rule, month))
        if entry.place in places
        else rule.settle(entry, Outcome.LIMITED, because)
        for entry in month
    ]


def _rule(rule_id: str, sentence: str, citation: Citation, judge: object) -> Rule:
    if not callable(judge):
        raise TypeError(judge)
    return Rule(id=rule_id, sentence=sentence, citation=citation, holds_from=IN_FORCE, holds_until=None, judge=judge)


COACHING = (
    _rule(
        "coaching_meeting",
        "Satu kali pertemuan coaching setara dengan 2 JP.",
        _cite("5.c.4.a", "1 (satu) kali pertemuan setara dengan 2 (dua) JP."),
        _coaching_meeting,
    ),
    _rule(
        "coaching_month_limit",
        "Coaching dihitung paling tinggi 2 kali sebulan.",
        _cite("5.c.1)c)", "Coaching paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan"),
        _coaching_month,
    ),
)
MENTORING = (
    _rule(
        "mentoring_meeting",
        "Satu kali pertemuan mentoring nasional setara dengan 2 JP.",
        _cite("5.d.4 (Nasional)", "1 (satu) kali pertemuan setara dengan 2 (dua) JP."),
        _mentoring_meeting,
    ),
    _rule(
        "mentoring_international",
        "Satu kali pertemuan mentoring internasional setara dengan 4 JP.",
        _cite("5.d.4 (Internasional)", "1 (satu) kali pertemuan dengan 4 (empat) JP."),
        _mentoring_international,
    ),
    _rule(
        "mentoring_month_limit",
        "Mentoring dihitung paling tinggi 2 kali sebulan.",
        _cite("5.d.1)e)", "Mentoring paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan"),
        _mentoring_month,
    ),
)
SELF_STUDY = (
    _rule(
        "self_study_month_limit",
        "Belajar mandiri dihitung paling tinggi 2 kali sebulan.",
        _cite("5.e.1)b)", "Belajar Mandiri paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan"),
        _self_study_month,
    ),
    _rule(
        "self_study_day_limit",
        "Belajar mandiri dihitung paling tinggi 2 JP sehari.",
        _cite("5.e.3)", "Jumlah durasi Belajar Mandiri dihitung paling tinggi 2 (dua) JP sehari."),
        _self_study_day,
    ),
    _rule(
        "self_study_international",
        "Belajar mandiri internasional ditambah 20 persen.",
        _cite(
            "5.e.3) (Internasional)",
            "Ditambahkan 20% (dua puluh persen) dari JP program belajar mandiri (self learning).",
        ),
        _self_study_international,
    ),
)
