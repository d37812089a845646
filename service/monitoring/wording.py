"""How the monitoring speaks: kinds, marks, JP, suggestions; plain Indonesian, a decimal comma."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from forms.dossier import as_cell
from forms.indonesian import MONTHS, comma
from service.law.outlook import Suggestion, Way
from service.monitoring.evaluation import STEPS, Evaluated, Mark

KINDS = {"coaching": "Coaching", "mentoring": "Mentoring", "belajar_mandiri": "Belajar Mandiri"}
MARKS = {
    Mark.REACHED: "Tercapai",
    Mark.BEHIND: "Tertinggal",
    Mark.OUT_OF_REACH: "Tidak dapat lagi 20 JP",
}
LEARNING = {
    "pelatihan": "Pelatihan",
    "workshop": "Workshop",
    "sosialisasi": "Sosialisasi",
    "seminar": "Seminar",
    "cmb_terdahulu": "CMB sebelum layanan ini",
    "lainnya": "Lainnya",
}
PERIODS = {1: "Januari–April", 2: "Mei–Agustus", 3: "September–Desember"}
CIRCULAR = "SE Kepala BKN Nomor 3 Tahun 2022"


def jp(amount: Decimal) -> str:
    """`7,2 JP`, `1.234 JP`."""
    return f"{as_cell(amount).text} JP"


def listed(parts: Iterable[str]) -> str:
    """`a`, `a dan b`, `a, b, dan c`."""
    *others, last = list(parts) or [""]
    if not others:
        return last
    return f"{', '.join(others)}{',' if len(others) > 1 else ''} dan {last}"


def way(told: Way) -> str:
    """`mentoring internasional 2 kali`."""
    scope = "" if told.scope == "nasional" else " internasional"
    return f"{KINDS[told.kind].lower()}{scope} {told.times} kali"


def ways(told: Sequence[Way]) -> str:
    """`Coaching 2 kali dan mentoring 1 kali sampai Juni.`, the months apart where they differ."""
    months = {each.until for each in told}
    if len(months) > 1:
        text = listed(f"{way(each)} sampai {MONTHS[each.until - 1]}" for each in told)
    else:
        text = f"{listed(way(each) for each in told)} sampai {MONTHS[months.pop() - 1]}" if told else ""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def suggestion(told: Suggestion) -> str:
    """What would bring somebody to 20 JP, in one sentence; nothing when it is reached."""
    sentence = ways(told.ways)
    if not told.rest:
        return sentence
    other = f"{jp(told.rest)} dari pelatihan, workshop, atau sosialisasi (5.f.6)."
    return f"{sentence} Sisanya {other}" if sentence else f"Tugaskan {other}"


def remark(person: Evaluated) -> str:
    """What else a reader should know of a person, briefly."""
    parts = []
    if person.came is not None:
        parts.append(f"masuk {person.came.day} {MONTHS[person.came.month - 1]}")
    if person.only_international and person.short:
        parts.append("20 JP hanya dengan kegiatan internasional")
    if person.waiting:
        parts.append(f"{person.waiting} kegiatan menunggu pengesahan")
    if person.assigned:
        parts.append(f"{person.assigned} penugasan terbuka")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def steps() -> tuple[str, ...]:
    """The labels of the columns of a unit's picture: `0`, `< 4`, `4–< 8`, ... `≥ 20`."""
    labels = [comma(STEPS[0])]
    for low, high in pairwise(STEPS[1:]):
        labels.append(f"< {comma(high)}" if low == STEPS[1] else f"{comma(low)} – < {comma(high)}")
    return (*labels, f"≥ {comma(STEPS[-1])}")


def share(part: int | Decimal, whole: int | Decimal) -> str:
    """`37 %`; of nothing nothing."""
    return f"{round(100 * Decimal(part) / Decimal(whole))} %" if whole else "–"
