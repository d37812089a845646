"""Our own decisions where the circular is silent, each named, reasoned, and cited as ours."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from service.law.calendar import by_day, day_of, in_turn
from service.law.dated import Dated, value_on
from service.law.numbers import Numbers
from service.law.rule import ZERO, Entries, Entry, Outcome, Rule, number_text
from service.law.source import Citation

HOUSE = "Keputusan layanan"
# Our decisions read the circular and hold as long as it does: what is older is settled before any of them is asked.
HOLDS_FROM = dt.date.min
# One JP is 45 minutes (attributed to Peraturan LAN 5/2018); only full blocks count, which agrees with the sample card
# of Lampiran II: one hour is 1 JP there.
MINUTES_A_JP = 45


def _ours(*, article: str, norm: str) -> Citation:
    return Citation(instrument=HOUSE, article=f"({article})", norm=norm)


# The circular caps how many count and does not say which. Anything but the most would be an unfair refusal.
MOST_JP = _ours(
    article="pilihan yang dihitung",
    norm="Bila kegiatan melebihi batas, yang dihitung adalah yang memberi JP terbanyak; bila sama, yang paling awal.",
)
# 5.d.1)e) says "Mentoring" without distinction of scope.
MENTORING_TOGETHER = _ours(
    article="mentoring kedua tingkat",
    norm="Batas bulanan mentoring berlaku untuk tingkat nasional dan internasional bersama-sama.",
)
# The circular's table for coaching has no international column.
INTERNATIONAL_COACHING = _ours(
    article="coaching internasional", norm="Coaching tingkat internasional dihitung sebagai coaching."
)


# Otherwise the addition would vanish for everyone who studies up to the limit.
def day_before_addition(numbers: Numbers) -> Citation:
    """Return our decision that the limit of a day holds before the addition, with the numbers of that day."""
    most, percent = numbers.a_day.value, number_text(numbers.addition.value * 100)
    highest = number_text(numbers.most_of_one("belajar_mandiri", "internasional"))
    return _ours(
        article=f"urutan tambahan {percent} persen",
        norm=f"Batas {number_text(most)} JP sehari berlaku sebelum tambahan {percent} persen, jadi paling tinggi "
        f"{highest} JP.",
    )


# 5.f.5 asks for an evaluation every four months and names no measure; thirds of the year go with its thirds.
PRO_RATA = _ours(
    article="target berkala",
    norm="Pada akhir tiap masa empat bulan, target adalah target setahun menurut bagian tahun yang sudah lewat: "
    "target setahun x bulan / 12.",
)
# Angka 1 gives everybody the same JP a year, also who came late; but nobody is behind for months before coming.
CAME_LATER = _ours(
    article="pegawai yang masuk di tengah tahun",
    norm="Target berkala dihitung sejak bulan pegawai masuk; target setahun tetap utuh.",
)
# Months of other agencies or of study are not ours to judge: who is not here is not evaluated.
NOT_HERE = _ours(
    article="pegawai yang tidak ada", norm="Pegawai yang belum masuk atau sudah keluar pada akhir masa tidak dinilai."
)
# 5.f.6 names other learning as a way to the target; 5.b.8 lets only verified CMB into the certificate.
OTHER_LEARNING = _ours(
    article="pembelajaran lain",
    norm="Pelatihan, workshop, sosialisasi, dan seminar yang disahkan Biro SDM ditambahkan hanya pada penilaian "
    "pemenuhan target setahun; sertifikat CMB tidak memuatnya.",
)

# A paper record has no signature anybody can verify: it must never take the place of one that was verified.
PAST_LAST = _ours(
    article="CMB sebelum layanan ini",
    norm="Kegiatan CMB dari catatan kertas dihitung dalam sisa batas setelah kegiatan yang diverifikasi layanan, dan "
    "ditampilkan sebagai pembelajaran lain; kartu, rekapitulasi, dan sertifikat CMB tidak memuatnya.",
)

# The circular says that the form is signed after the activity (5.b.4) and not how soon. Units send their recaps every
# three months (5.f.3): 90 days later the quarter of the activity is over wherever in it the day lies, its recap is
# sent, and nobody remembers what was done that day as well as they did then.
SIGNED_LATE = _ours(
    article="ditandatangani lama sesudahnya",
    norm="Formulir yang ditandatangani lama sesudah kegiatannya diberi catatan bagi yang mengesahkan; "
    "kegiatannya tetap dihitung.",
)
_SIGNING_DAYS = (Dated(value=90, holds_from=HOLDS_FROM),)


def signing_days(day: dt.date) -> int:
    """Return after how many days a form about an activity of that day is signed unusually late (`SIGNED_LATE`)."""
    return value_on(_SIGNING_DAYS, day)


def _duplicate(rule: Rule, entries: Entries) -> Entries:
    """Count out all but the first of equal activities; without a start time nothing is called a duplicate."""
    firsts: dict[object, Entry] = {}
    judged = []
    for entry in entries:
        activity = entry.activity
        if activity.begins is None:
            continue
        first = firsts.setdefault((activity.kind, activity.date, activity.begins), entry)
        if first is not entry:
            because = (
                f"Kegiatan ini sudah ada: jenis yang sama pada {day_of(activity.date)} pukul {activity.begins:%H.%M}. "
                "Yang pertama yang dihitung."
            )
            judged.append(rule.settle(entry, Outcome.DUPLICATE, because))
    return tuple(judged)


def _overlap(rule: Rule, entries: Entries) -> Entries:
    """Find overlaps in one pass: compare each entry with the one before it that ended last."""
    timed = in_turn(entry for entry in entries if entry.activity.begins is not None and entry.activity.minutes)
    met: dict[int, Entry] = {}
    longest: Entry | None = None
    for entry in timed:
        if longest is not None and _begins(entry) < _ends(longest):
            met.setdefault(entry.place, longest)
            met.setdefault(longest.place, entry)
        if longest is None or _ends(entry) > _ends(longest):
            longest = entry
    return tuple(_overlapping(rule, entry, met[entry.place]) for entry in timed if entry.place in met)


def _overlapping(rule: Rule, entry: Entry, other: Entry) -> Entry:
    begins = other.activity.begins or dt.time.min
    because = (
        f"Waktunya bertumpuk dengan kegiatan lain yang mulai {day_of(other.activity.date)} pukul {begins:%H.%M}. "
        "Biro SDM akan memeriksanya."
    )
    return rule.note(entry, Outcome.REVIEW, because)


def _begins(entry: Entry) -> int:
    """Return minutes since the calendar began, so that an activity past midnight meets the next day's."""
    begins = entry.activity.begins or dt.time.min
    return (entry.activity.date.toordinal() * 24 + begins.hour) * 60 + begins.minute


def _ends(entry: Entry) -> int:
    return _begins(entry) + (entry.activity.minutes or 0)


def _blocks(rule: Rule, entries: Entries) -> Entries:
    return tuple(_block(rule, entry) for entry in entries if entry.activity.kind == "belajar_mandiri")


def _block(rule: Rule, entry: Entry) -> Entry:
    minutes = entry.activity.minutes
    if minutes is None:
        because = "Lama belajar mandiri tidak disebut, sehingga JP-nya tidak dapat dihitung. Lengkapi lamanya."
        return rule.settle(entry, Outcome.INCOMPLETE, because)
    whole = minutes // MINUTES_A_JP
    if whole == 0:
        because = f"{minutes} menit belum mencapai 1 JP ({MINUTES_A_JP} menit)."
        return rule.settle(entry, Outcome.LIMITED, because)
    return rule.grant(entry, f"{minutes} menit memuat {whole} JP penuh ({MINUTES_A_JP} menit).", jp=Decimal(whole))


DUPLICATE = Rule(
    id="duplicate_activity",
    sentence="Kegiatan yang sama dihitung satu kali.",
    citation=_ours(article="kegiatan ganda", norm="Jenis, tanggal, dan waktu mulai yang sama adalah satu kegiatan."),
    holds_from=HOLDS_FROM,
    judge=_duplicate,
)
OVERLAP = Rule(
    id="overlapping_activity",
    sentence="Kegiatan yang waktunya bertumpuk diperiksa oleh Biro SDM.",
    citation=_ours(
        article="waktu bertumpuk",
        norm="Dua kegiatan seorang pegawai yang waktunya bertumpuk diperiksa oleh Biro SDM.",
    ),
    holds_from=HOLDS_FROM,
    judge=_overlap,
)
BLOCKS = Rule(
    id="self_study_blocks",
    sentence="Belajar mandiri dihitung dalam JP penuh; 1 JP adalah 45 menit.",
    citation=_ours(article="satuan JP", norm="1 JP adalah 45 menit; hanya kelipatan penuh yang dihitung."),
    holds_from=HOLDS_FROM,
    judge=_blocks,
)


# --- Best choice of self-study in a month


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLimit:
    """At most `most` JP in a day; what then counts of an international activity grows by `addition` (0.2: 20 %)."""

    most: Decimal
    addition: Decimal

    def shares(self, day: Entries) -> list[tuple[Entry, Decimal]]:
        """Return what counts of each entry of one day, before the addition: international first, then the earliest.

        Only an international JP grows, so no other division of the day gives more.
        """
        room = self.most
        shares = []
        for entry in sorted(day, key=lambda found: (found.activity.scope != "internasional", found.turn)):
            share = min(entry.jp, room)
            room -= share
            shares.append((entry, share))
        return shares

    def grown(self, entry: Entry, share: Decimal) -> Decimal:
        """Return the share with its addition."""
        return share + share * self.addition if entry.activity.scope == "internasional" else share


@dataclass(frozen=True, slots=True)
class _Choice:
    entries: Entries = ()
    worth: Decimal = ZERO

    def __add__(self, later: _Choice) -> _Choice:
        return _Choice(self.entries + later.entries, self.worth + later.worth)


def day_limit(numbers: Numbers) -> DayLimit:
    """Return the limit of a day under these numbers."""
    return DayLimit(most=numbers.a_day.value, addition=numbers.addition.value)


def best_self_study(month: Entries, *, most: int, limit: DayLimit) -> Entries:
    """Return at most `most` entries of one month, each giving something under the day's limit; in order.

    Exact: days do not touch each other, so for every number of activities still allowed the best of the later days is
    found once and joined with the best of the day before. Work grows with the number of entries, not of their pairs.
    """
    best = [_Choice()] * (most + 1)
    for day in reversed(by_day(month)):
        today = _best_of_day(day, most, limit)
        best = [
            min((first + best[allowed - size] for size, first in today.items() if size <= allowed), key=_rank)
            for allowed in range(most + 1)
        ]
    return best[most].entries


def _best_of_day(day: Entries, most: int, limit: DayLimit) -> dict[int, _Choice]:
    """Return the best choice of each size, the empty one included. Days add up, so no other choice is needed."""
    candidates = _candidates(day, most, limit)
    found = {0: _Choice()}
    for size in range(1, most + 1):
        choices = [choice for chosen in combinations(candidates, size) if (choice := _choose(chosen, limit))]
        if choices:
            found[size] = min(choices, key=_rank)
    return found


def _choose(chosen: Entries, limit: DayLimit) -> _Choice | None:
    """Return what these entries of one day are worth; None when one of them would give nothing."""
    shares = limit.shares(chosen)
    if any(share == 0 for _, share in shares):
        return None
    return _Choice(chosen, sum((limit.grown(entry, share) for entry, share in shares), ZERO))


def _candidates(day: Entries, most: int, limit: DayLimit) -> Entries:
    """Drop entries that cannot be in the best choice: of one scope and worth, only the earliest `most` can."""
    seen: Counter[tuple[str, Decimal]] = Counter()
    kept = []
    for entry in day:
        alike = (entry.activity.scope, min(entry.jp, limit.most))
        seen[alike] += 1
        if entry.jp > 0 and seen[alike] <= most:
            kept.append(entry)
    return tuple(kept)


def _rank(choice: _Choice) -> tuple[Decimal, tuple[object, ...]]:
    """Sort key whose smallest is best: most JP first, then the earliest."""
    return -choice.worth, tuple(entry.turn for entry in choice.entries)
