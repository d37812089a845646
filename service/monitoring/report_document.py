"""The periodic report as a document: every chart with the table behind it."""

from __future__ import annotations

from decimal import Decimal

from forms.dossier import Bars, Dossier, Section, Signing, Table, as_cell
from forms.indonesian import MONTHS, comma
from service.law.outlook import share_of_year
from service.monitoring.report import PeriodicReport, UnitTotal
from service.monitoring.wording import CIRCULAR, KINDS, LEARNING, jp, share
from service.records import Decision, Status
from service.store.totals import MonthTotal, SubmissionOutcomes


def report_document(report: PeriodicReport, *, made: str, signing: Signing | None = None) -> Dossier:
    """Return the report to the Sekretaris Utama; `workbook(tables_of(...))` gives the same as XLSX."""
    whole = report.whole
    return Dossier(
        title="Laporan Pelaksanaan Coaching, Mentoring, dan Belajar Mandiri",
        subtitle=f"Kepada Sekretaris Utama, masa {report.span.text}",
        facts=(
            ("Masa", report.span.text),
            ("Unit kerja", f"{len(report.units)} unit kerja"),
            ("Pegawai", f"{as_cell(whole.people).text} orang"),
            ("JP yang disahkan", f"{as_cell(whole.jp).text} JP"),
        ),
        sections=(
            Section(heading="Ringkasan", texts=(_compared(report), _reached(report))),
            trend_section(report),
            kinds_section(whole),
            units_section(report),
            checks_section(report.outcomes),
            issued_section(report),
        ),
        cites=f"Dasar: {CIRCULAR} angka 5.b.6. JP dihitung per bulan kalender menurut tanggal kegiatan.",
        made=made,
        signing=signing,
    )


def _compared(report: PeriodicReport) -> str:
    whole, before = report.whole, report.jp_before
    change = whole.jp - before
    more = "lebih banyak" if change > 0 else "lebih sedikit"
    compared = f"{jp(abs(change))} {more} dari" if change else "sama dengan"
    return (
        f"{as_cell(whole.active).text} dari {as_cell(whole.people).text} pegawai ({share(whole.active, whole.people)}) "
        f"memiliki kegiatan yang disahkan pada masa ini, seluruhnya {as_cell(whole.jp).text} JP; {compared} masa "
        f"{report.span.before.text} ({as_cell(before).text} JP)."
    )


def _reached(report: PeriodicReport) -> str:
    whole = report.whole
    return (
        f"Sampai akhir masa, {as_cell(whole.reached).text} pegawai ({share(whole.reached, whole.people)}) sudah "
        f"mencapai {jp(report.target)} pada tahun {report.span.last[0]}."
    )


# --- Verification, certificates, other learning

MAX_REASONS = 10
_STATES = {"issued": "Berlaku", "superseded": "Digantikan", "revoked": "Dicabut"}


def checks_section(outcomes: SubmissionOutcomes) -> Section:
    """Return the section on everything received in the span, with its status now."""
    approved, rejected = outcomes.of(decision=Decision.APPROVED), outcomes.of(decision=Decision.REJECTED)
    refused = outcomes.of(status=Status.REFUSED, decision=Decision.PENDING)
    waiting = outcomes.received - approved - rejected - refused
    counts = (
        ("Disahkan Biro SDM", approved),
        ("Ditolak Biro SDM", rejected),
        ("Tidak lulus pemeriksaan", refused),
        ("Menunggu", waiting),
    )
    table = Table(
        title="Formulir yang diterima pada masa ini",
        columns=("Hasil", "Formulir", "Bagian"),
        rows=tuple((name, number, share(number, outcomes.received)) for name, number in counts),
        total=("Semua", outcomes.received, share(outcomes.received, outcomes.received)),
        widths=(40, 15, 15),
    )
    return Section(
        heading="Hasil verifikasi",
        charts=(_reasons_chart(outcomes),) if outcomes.refusals else (),
        tables=(
            table,
            Table(
                title="Alasan tidak lulus pemeriksaan yang paling sering",
                columns=("Alasan", "Formulir"),
                rows=tuple(outcomes.refusals.most_common(MAX_REASONS)),
                widths=(55, 15),
            ),
            Table(
                title="Alasan penolakan Biro SDM yang paling sering",
                columns=("Alasan", "Formulir"),
                rows=tuple(outcomes.rejections.most_common(MAX_REASONS)),
                widths=(55, 15),
            ),
        ),
    )


def issued_section(report: PeriodicReport) -> Section:
    """Return the section on certificates and other learning."""
    certificates = Table(
        title="Sertifikat yang terbit pada masa ini",
        columns=("Keadaan sekarang", "Sertifikat"),
        rows=tuple((name, report.certificates.get(state, 0)) for state, name in _STATES.items()),
        total=("Semua", sum(report.certificates.values())),
        widths=(40, 15),
    )
    pieces = report.other_learning
    learning = Table(
        title="Pembelajaran lain yang disahkan (tidak termasuk JP di atas)",
        columns=("Jenis", "Kegiatan", "JP"),
        rows=tuple((name, *pieces[kind]) for kind, name in LEARNING.items() if kind in pieces),
        total=(
            "Semua",
            sum(pair[0] for pair in pieces.values()),
            sum((pair[1] for pair in pieces.values()), Decimal(0)),
        ),
        widths=(40, 15, 15),
    )
    return Section(heading="Sertifikat dan pembelajaran lain", tables=(certificates, learning))


def _reasons_chart(outcomes: SubmissionOutcomes) -> Bars:
    top = outcomes.refusals.most_common(MAX_REASONS)
    description = "; ".join(f"{title}: {number} formulir" for title, number in top)
    return Bars(
        title="Alasan tidak lulus pemeriksaan",
        bars=tuple((title, Decimal(number)) for title, number in top),
        unit="formulir",
        description=f"Diagram batang alasan tidak lulus pemeriksaan. {description}.",
        upright=False,
    )


# --- Months and kinds


def trend_section(report: PeriodicReport) -> Section:
    """Return the section on JP by the month of the activity."""
    many = report.span.first[0] != report.span.last[0]
    labels = [_month(total, many=many) for total in report.months]
    bars = tuple((label, total.jp) for label, total in zip(labels, report.months, strict=True))
    chart = Bars(
        title="JP yang disahkan menurut bulan kegiatan",
        bars=bars,
        unit="JP",
        description=f"Diagram batang JP per bulan. {_bars_text(bars)}.",
    )
    whole = report.whole
    table = Table(
        title="JP menurut bulan dan jenis",
        columns=("Bulan", "Pegawai dengan kegiatan", *KINDS.values(), "Jumlah JP"),
        rows=tuple(
            (label, total.people, *(total.by_kind[kind].jp for kind in KINDS), total.jp)
            for label, total in zip(labels, report.months, strict=True)
        ),
        total=("Semua", whole.active, *(whole.by_kind[kind].jp for kind in KINDS), whole.jp),
    )
    return Section(heading="Tren", charts=(chart,), tables=(table,))


def kinds_section(whole: UnitTotal) -> Section:
    """Return the section on activities and JP by kind, and how many exceeded the limits."""
    bars = tuple((name, whole.by_kind[kind].jp) for kind, name in KINDS.items())
    tallies = whole.by_kind.values()
    activities, counted = sum(tally.activities for tally in tallies), sum(tally.counted for tally in tallies)
    table = Table(
        title="Kegiatan dan JP menurut jenis",
        columns=("Jenis", "Kegiatan", "Dihitung", "Tidak dihitung", "JP", "Bagian"),
        rows=tuple(
            (
                name,
                whole.by_kind[kind].activities,
                whole.by_kind[kind].counted,
                whole.by_kind[kind].activities - whole.by_kind[kind].counted,
                whole.by_kind[kind].jp,
                share(whole.by_kind[kind].jp, whole.jp),
            )
            for kind, name in KINDS.items()
        ),
        total=("Semua", activities, counted, activities - counted, whole.jp, share(whole.jp, whole.jp)),
    )
    chart = Bars(
        title="JP menurut jenis",
        bars=bars,
        unit="JP",
        description=f"Diagram batang JP menurut jenis. {_bars_text(bars)}.",
        upright=False,
    )
    return Section(heading="Jenis kegiatan", charts=(chart,), tables=(table,))


def _bars_text(bars: tuple[tuple[str, Decimal], ...]) -> str:
    return "; ".join(f"{label}: {comma(number)} JP" for label, number in bars)


def _month(total: MonthTotal, *, many: bool) -> str:
    name = MONTHS[total.month[1] - 1][:3]
    return f"{name} {total.month[0]}" if many else name


# --- Units

# More bars cannot be compared by eye; the table has them all.
MAX_BARS = 20


def units_section(report: PeriodicReport) -> Section:
    """Return the section on units: their mean JP as bars, everything as a table."""
    ranked = sorted(report.units, key=lambda total: (-_mean(total), total.unit))
    bars = tuple((total.unit, _mean(total)) for total in ranked[:MAX_BARS])
    description = "; ".join(f"{name}: {comma(number)} JP" for name, number in bars)
    one_year = report.span.first[0] == report.span.last[0]
    aim = share_of_year(report.span.last[0], len(report.span.months)) if one_year else None
    if aim is not None:
        description += f". Garis menunjukkan {jp(report.target)} setahun menurut masa ini, yaitu {comma(aim)} JP"
    first = f"{MAX_BARS} unit kerja dengan rata-rata tertinggi" if len(ranked) > MAX_BARS else "Unit kerja"
    chart = Bars(
        title=f"{first}: rata-rata JP per pegawai",
        bars=bars,
        unit="JP",
        description=f"Diagram batang rata-rata JP per pegawai menurut unit kerja. {description}.",
        aim=aim,
        upright=False,
    )
    columns = ("Pegawai", "Dengan kegiatan", "Bagian", f"≥ {jp(report.target)}")
    table = Table(
        title="Perolehan menurut unit kerja",
        columns=("Unit kerja", *columns, *KINDS.values(), "Jumlah JP", "Rata-rata"),
        rows=tuple(_unit(total) for total in report.units),
        total=_unit(report.whole),
        widths=(25, 8, 9, 8, 7, 9, 10, 8, 9, 7),
    )
    return Section(heading="Unit kerja", charts=(chart,), tables=(table,))


def _unit(total: UnitTotal) -> tuple[str | int | Decimal, ...]:
    return (
        total.unit,
        total.people,
        total.active,
        share(total.active, total.people),
        total.reached,
        *(total.by_kind[kind].jp for kind in KINDS),
        total.jp,
        _mean(total),
    )


def _mean(total: UnitTotal) -> Decimal:
    return (total.jp / total.people).quantize(Decimal("0.1")) if total.people else Decimal(0)
