"""The periodic report on paper: every chart with the table behind it."""

from __future__ import annotations

from decimal import Decimal

from forms.dossier import Bars, Dossier, Section, Signing, Table, shown
from forms.indonesian import MONTHS, comma
from service.law.outlook import share_of_year
from service.monitoring.periodic import Periodic, UnitTotal
from service.monitoring.wording import CIRCULAR, KINDS, LEARNING, jp, share
from service.records import Decision, Status
from service.store.totals import MonthTotal, SubmissionOutcomes


def periodic_paper(report: Periodic, *, made: str, signing: Signing | None = None) -> Dossier:
    """To the Sekretaris Utama; `workbook(tables_of(...))` is the same as XLSX."""
    whole = report.whole
    return Dossier(
        title="Laporan Pelaksanaan Coaching, Mentoring, dan Belajar Mandiri",
        subtitle=f"Kepada Sekretaris Utama, masa {report.span.text}",
        facts=(
            ("Masa", report.span.text),
            ("Unit kerja", f"{len(report.units)} unit kerja"),
            ("Pegawai", f"{shown(whole.people).text} orang"),
            ("JP yang disahkan", f"{shown(whole.jp).text} JP"),
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


def _compared(report: Periodic) -> str:
    whole, before = report.whole, report.jp_before
    change = whole.jp - before
    more = "lebih banyak" if change > 0 else "lebih sedikit"
    compared = f"{jp(abs(change))} {more} dari" if change else "sama dengan"
    return (
        f"{shown(whole.active).text} dari {shown(whole.people).text} pegawai ({share(whole.active, whole.people)}) "
        f"memiliki kegiatan yang disahkan pada masa ini, seluruhnya {shown(whole.jp).text} JP; {compared} masa "
        f"{report.span.before.text} ({shown(before).text} JP)."
    )


def _reached(report: Periodic) -> str:
    whole = report.whole
    return (
        f"Sampai akhir masa, {shown(whole.reached).text} pegawai ({share(whole.reached, whole.people)}) sudah "
        f"mencapai 20 JP pada tahun {report.span.last[0]}."
    )


# --- The report's last sections: what verification said and why it refused, certificates issued, other learning

MOST_REASONS = 10
_STATES = {"issued": "Berlaku", "superseded": "Digantikan", "revoked": "Dicabut"}


def checks_section(outcomes: SubmissionOutcomes) -> Section:
    """Of everything received in the span, as it stands now."""
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
                rows=tuple(outcomes.refusals.most_common(MOST_REASONS)),
                widths=(55, 15),
            ),
            Table(
                title="Alasan penolakan Biro SDM yang paling sering",
                columns=("Alasan", "Formulir"),
                rows=tuple(outcomes.rejections.most_common(MOST_REASONS)),
                widths=(55, 15),
            ),
        ),
    )


def issued_section(report: Periodic) -> Section:
    """Certificates, and what was learned besides CMB."""
    certificates = Table(
        title="Sertifikat yang terbit pada masa ini",
        columns=("Keadaan sekarang", "Sertifikat"),
        rows=tuple((name, report.certificates.get(state, 0)) for state, name in _STATES.items()),
        total=("Semua", sum(report.certificates.values())),
        widths=(40, 15),
    )
    found = report.other_learning
    learning = Table(
        title="Pembelajaran lain yang disahkan (tidak termasuk JP di atas)",
        columns=("Jenis", "Kegiatan", "JP"),
        rows=tuple((name, *found[kind]) for kind, name in LEARNING.items() if kind in found),
        total=("Semua", sum(each[0] for each in found.values()), sum((each[1] for each in found.values()), Decimal(0))),
        widths=(40, 15, 15),
    )
    return Section(heading="Sertifikat dan pembelajaran lain", tables=(certificates, learning))


def _reasons_chart(outcomes: SubmissionOutcomes) -> Bars:
    top = outcomes.refusals.most_common(MOST_REASONS)
    told = "; ".join(f"{title}: {number} formulir" for title, number in top)
    return Bars(
        title="Alasan tidak lulus pemeriksaan",
        bars=tuple((title, Decimal(number)) for title, number in top),
        unit="formulir",
        told=f"Diagram batang alasan tidak lulus pemeriksaan. {told}.",
        upright=False,
    )


# --- The report month by month and kind by kind


def trend_section(report: Periodic) -> Section:
    """JP by the month of the activity."""
    many = report.span.first[0] != report.span.last[0]
    labels = [_month(each, many=many) for each in report.months]
    bars = tuple((label, each.jp) for label, each in zip(labels, report.months, strict=True))
    chart = Bars(
        title="JP yang disahkan menurut bulan kegiatan",
        bars=bars,
        unit="JP",
        told=f"Diagram batang JP per bulan. {_told(bars)}.",
    )
    whole = report.whole
    table = Table(
        title="JP menurut bulan dan jenis",
        columns=("Bulan", "Pegawai dengan kegiatan", *KINDS.values(), "Jumlah JP"),
        rows=tuple(
            (label, each.people, *(each.by_kind[kind].jp for kind in KINDS), each.jp)
            for label, each in zip(labels, report.months, strict=True)
        ),
        total=("Semua", whole.active, *(whole.by_kind[kind].jp for kind in KINDS), whole.jp),
    )
    return Section(heading="Tren", charts=(chart,), tables=(table,))


def kinds_section(whole: UnitTotal) -> Section:
    """Activities and JP by kind, and how many of them went beyond the limits."""
    bars = tuple((name, whole.by_kind[kind].jp) for kind, name in KINDS.items())
    tallies = whole.by_kind.values()
    activities, counted = sum(each.activities for each in tallies), sum(each.counted for each in tallies)
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
        told=f"Diagram batang JP menurut jenis. {_told(bars)}.",
        upright=False,
    )
    return Section(heading="Jenis kegiatan", charts=(chart,), tables=(table,))


def _told(bars: tuple[tuple[str, Decimal], ...]) -> str:
    return "; ".join(f"{label}: {comma(number)} JP" for label, number in bars)


def _month(told: MonthTotal, *, many: bool) -> str:
    name = MONTHS[told.month[1] - 1][:3]
    return f"{name} {told.month[0]}" if many else name


# --- The report unit by unit

# More bars than this no eye compares; the table has them all.
MOST_BARS = 20


def units_section(report: Periodic) -> Section:
    """The mean of every unit as bars, everything as a table."""
    ranked = sorted(report.units, key=lambda each: (-_mean(each), each.unit))
    bars = tuple((each.unit, _mean(each)) for each in ranked[:MOST_BARS])
    told = "; ".join(f"{name}: {comma(number)} JP" for name, number in bars)
    one_year = report.span.first[0] == report.span.last[0]
    aim = share_of_year(len(report.span.months)) if one_year else None
    if aim is not None:
        told += f". Garis menunjukkan 20 JP setahun menurut masa ini, yaitu {comma(aim)} JP"
    first = f"{MOST_BARS} unit kerja dengan rata-rata tertinggi" if len(ranked) > MOST_BARS else "Unit kerja"
    chart = Bars(
        title=f"{first}: rata-rata JP per pegawai",
        bars=bars,
        unit="JP",
        told=f"Diagram batang rata-rata JP per pegawai menurut unit kerja. {told}.",
        aim=aim,
        upright=False,
    )
    beside = ("Pegawai", "Dengan kegiatan", "Bagian", "≥ 20 JP")
    table = Table(
        title="Perolehan menurut unit kerja",
        columns=("Unit kerja", *beside, *KINDS.values(), "Jumlah JP", "Rata-rata"),
        rows=tuple(_unit(each) for each in report.units),
        total=_unit(report.whole),
        widths=(25, 8, 9, 8, 7, 9, 10, 8, 9, 7),
    )
    return Section(heading="Unit kerja", charts=(chart,), tables=(table,))


def _unit(told: UnitTotal) -> tuple[str | int | Decimal, ...]:
    return (
        told.unit,
        told.people,
        told.active,
        share(told.active, told.people),
        told.reached,
        *(told.by_kind[kind].jp for kind in KINDS),
        told.jp,
        _mean(told),
    )


def _mean(told: UnitTotal) -> Decimal:
    return (told.jp / told.people).quantize(Decimal("0.1")) if told.people else Decimal(0)
