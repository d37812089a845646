"""The evaluation as a document to be filed, with its chart and tables."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from forms.dossier import Bars, Dossier, Section, Signing, Table, as_cell
from forms.indonesian import long_date
from service.law.interpretation import CAME_LATER, OTHER_LEARNING, PRO_RATA
from service.law.outlook import pro_rata
from service.monitoring.evaluation import EvaluatedPerson, Evaluation, Mark
from service.monitoring.wording import CIRCULAR, KINDS, MARKS, PERIODS, jp, remark, share, steps, suggestion

CITES = (
    f"Dasar: {CIRCULAR} angka 5.f.5 dan 5.f.6. {PRO_RATA.text} {CAME_LATER.text} {OTHER_LEARNING.text} "
    "Batas tertinggi yang masih dapat dicapai dihitung dari ketentuan yang sama dengan perhitungan JP, dengan kegiatan "
    "internasional diperhitungkan."
)


def evaluation_document(evaluation: Evaluation, *, made: str, signing: Signing | None = None) -> Dossier:
    """Return the document: a unit's people one by one, or for the whole agency its units and who is out of reach."""
    target = pro_rata(evaluation.year, evaluation.period)
    whole = evaluation.unit is None
    sections = [_overview(evaluation, target)]
    if whole:
        sections.append(Section(heading="Unit kerja", tables=(units_table(evaluation),)))
    sections.append(_lost(evaluation))
    if not whole:
        sections.append(Section(heading="Pegawai", tables=(people_table(evaluation),)))
    return Dossier(
        title="Evaluasi Pemenuhan Pengembangan Kompetensi",
        subtitle=f"Masa {evaluation.period} ({PERIODS[evaluation.period]}) tahun {evaluation.year}",
        facts=(
            ("Unit kerja", evaluation.unit or "Semua unit kerja"),
            ("Keadaan per", long_date(evaluation.ends)),
            ("Target pada akhir masa", f"{jp(target)} dari {jp(evaluation.year_target)} setahun"),
            ("Kemungkinan dihitung sejak", long_date(evaluation.day)),
            ("Pegawai yang dinilai", f"{as_cell(len(evaluation.people)).text} orang"),
        ),
        sections=tuple(sections),
        cites=CITES,
        made=made,
        signing=signing,
        wide=not whole,
    )


def people_table(evaluation: Evaluation) -> Table:
    """Return the table of people: what counts, what is missing, and ways to the target."""
    return Table(
        title="Perolehan JP dan kemungkinan sampai akhir tahun",
        columns=(
            "Nama",
            "NIP",
            *KINDS.values(),
            "Jumlah JP",
            "Target",
            "Kurang",
            "Lain",
            "Dengan lain",
            "Paling banyak",
            "Keadaan",
            f"Saran menuju {jp(evaluation.year_target)}",
            "Keterangan",
        ),
        rows=tuple(
            (
                person.name,
                person.nip,
                *(person.by_kind[kind].jp for kind in KINDS),
                person.jp,
                person.target,
                person.short,
                person.other_jp,
                person.with_other,
                person.most,
                MARKS[person.mark],
                suggestion(person.suggestion),
                remark(person),
            )
            for person in evaluation.people
        ),
        widths=(11, 10, 6, 6, 5, 5, 4, 5, 3, 5, 5, 7, 18, 10),
        empty="Tidak ada pegawai pada akhir masa ini.",
    )


def units_table(evaluation: Evaluation) -> Table:
    """Return the table of units: people by mark, and their JP."""
    rows = [_unit_row(unit, people) for unit, people in evaluation.units.items()]
    return Table(
        title="Keadaan menurut unit kerja",
        columns=("Unit kerja", "Pegawai", *MARKS.values(), "Persen tercapai", "Jumlah JP", "Rata-rata JP"),
        rows=tuple(rows),
        total=_unit_row("Semua", evaluation.people),
        widths=(30, 9, 9, 11, 12, 9, 10, 10),
    )


def _unit_row(name: str, people: Sequence[EvaluatedPerson]) -> tuple[str | int | Decimal, ...]:
    counts = [sum(person.mark is mark for person in people) for mark in MARKS]
    total = sum((person.jp for person in people), Decimal(0))
    mean = (total / len(people)).quantize(Decimal("0.1")) if people else Decimal(0)
    return (name, len(people), *counts, share(counts[0], len(people)), total, mean)


def _overview(evaluation: Evaluation, target: Decimal) -> Section:
    counts = {mark: len(evaluation.marked(mark)) for mark in Mark}
    whole = len(evaluation.people)
    labels, numbers = steps(evaluation.year), evaluation.distribution
    description = "; ".join(f"{label} JP: {number} orang" for label, number in zip(labels, numbers, strict=True))
    chart = Bars(
        title="Sebaran pegawai menurut JP sampai akhir masa",
        bars=tuple((f"{label} JP", Decimal(number)) for label, number in zip(labels, numbers, strict=True)),
        unit="orang",
        description=f"Diagram batang sebaran pegawai menurut JP. {description}.",
    )
    table = Table(
        title="Angka di balik diagram",
        columns=("JP sampai akhir masa", "Pegawai", "Bagian"),
        rows=tuple((label, number, share(number, whole)) for label, number in zip(labels, numbers, strict=True)),
        total=("Semua", whole, share(whole, whole)),
        widths=(30, 12, 12),
    )
    aim = jp(evaluation.year_target)
    text = (
        f"{as_cell(counts[Mark.REACHED]).text} dari {as_cell(whole).text} pegawai "
        f"({share(counts[Mark.REACHED], whole)}) mencapai target masa ini, "
        f"yaitu {jp(target)}. {as_cell(counts[Mark.BEHIND]).text} tertinggal tetapi masih dapat mencapai {aim}. "
        f"{as_cell(len(evaluation.lost)).text} tidak dapat lagi mencapai {aim} tahun ini dengan Coaching, Mentoring, "
        "dan Belajar Mandiri saja."
    )
    return Section(heading="Gambaran", texts=(text,), charts=(chart,), tables=(table,))


def _lost(evaluation: Evaluation) -> Section:
    table = Table(
        title=f"Pegawai yang tidak dapat lagi mencapai {jp(evaluation.year_target)} dengan CMB",
        columns=("Nama", "NIP", "Unit kerja", "JP", "Paling banyak", "Dengan lain", "Saran"),
        rows=tuple(
            (
                person.name,
                person.nip,
                person.unit,
                person.year_jp,
                person.most,
                person.with_other,
                suggestion(person.suggestion),
            )
            for person in evaluation.lost
        ),
        widths=(18, 19, 16, 7, 9, 8, 23),
        empty=f"Tidak ada: setiap pegawai masih dapat mencapai {jp(evaluation.year_target)}.",
    )
    text = (
        "Pimpinan unit kerja dapat menugaskan pegawai ini pada workshop, sosialisasi, atau pelatihan, atau meminta "
        "atasan langsungnya melaksanakan Coaching, Mentoring, dan Belajar Mandiri (angka 5.f.6)."
    )
    return Section(heading="Perlu tindakan", texts=(text,), tables=(table,))
