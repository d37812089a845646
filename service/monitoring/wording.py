"""Indonesian labels and sentences of the monitoring: kinds, marks, JP, suggestions, remarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from forms.dossier import as_cell
from forms.indonesian import MONTHS, comma
from service.law.outlook import Suggestion, Way
from service.monitoring.evaluation import EvaluatedPerson, Mark, steps_of

KINDS = {"coaching": "Coaching", "mentoring": "Mentoring", "belajar_mandiri": "Belajar Mandiri"}
MARKS = {
    Mark.REACHED: "Tercapai",
    Mark.BEHIND: "Tertinggal",
    Mark.OUT_OF_REACH: "Target tidak terjangkau lagi",
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
    """Return JP with a decimal comma: `7,2 JP`, `1.234 JP`."""
    return f"{as_cell(amount).text} JP"


def listed(parts: Iterable[str]) -> str:
    """Join words: `a`, `a dan b`, `a, b, dan c`."""
    *others, last = list(parts) or [""]
    if not others:
        return last
    return f"{', '.join(others)}{',' if len(others) > 1 else ''} dan {last}"


def way_text(way: Way) -> str:
    """Return one way as `mentoring internasional 2 kali`."""
    scope = "" if way.scope == "nasional" else " internasional"
    return f"{KINDS[way.kind].lower()}{scope} {way.times} kali"


def ways(listed_ways: Sequence[Way]) -> str:
    """Return `Coaching 2 kali dan mentoring 1 kali sampai Juni.`, with each its month where they differ."""
    months = {way.until for way in listed_ways}
    if len(months) > 1:
        text = listed(f"{way_text(way)} sampai {MONTHS[way.until - 1]}" for way in listed_ways)
    else:
        texts = listed(way_text(way) for way in listed_ways)
        text = f"{texts} sampai {MONTHS[months.pop() - 1]}" if listed_ways else ""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def suggestion(found: Suggestion) -> str:
    """Return in one sentence what would bring an employee to the target; empty when it is reached."""
    sentence = ways(found.ways)
    if not found.rest:
        return sentence
    other = f"{jp(found.rest)} dari pelatihan, workshop, atau sosialisasi (5.f.6)."
    return f"{sentence} Sisanya {other}" if sentence else f"Tugaskan {other}"


def remark(person: EvaluatedPerson) -> str:
    """Return short remarks on a person: joined in the year, waiting activities, open assignments."""
    parts = []
    if person.came is not None:
        parts.append(f"masuk {person.came.day} {MONTHS[person.came.month - 1]}")
    if person.only_international and person.short:
        parts.append(f"{jp(person.year_target)} hanya dengan kegiatan internasional")
    if person.waiting:
        parts.append(f"{person.waiting} kegiatan menunggu pengesahan")
    if person.assigned:
        parts.append(f"{person.assigned} penugasan terbuka")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def steps(year: int) -> tuple[str, ...]:
    """Return the labels of the chart's columns: `0`, `< 4`, `4–< 8`, ... `≥ 20`."""
    begins = steps_of(year)
    labels = [comma(begins[0])]
    for low, high in pairwise(begins[1:]):
        labels.append(f"< {comma(high)}" if low == begins[1] else f"{comma(low)} – < {comma(high)}")
    return (*labels, f"≥ {comma(begins[-1])}")


def share(part: int | Decimal, whole: int | Decimal) -> str:
    """Return `37 %`, or a dash when the whole is nothing."""
    return f"{round(100 * Decimal(part) / Decimal(whole))} %" if whole else "–"
