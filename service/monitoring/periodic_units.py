"""The report unit by unit."""

from __future__ import annotations

from decimal import Decimal

from forms.dossier import Bars, Section, Table
from forms.indonesian import comma
from service.monitoring.periodic import Periodic, UnitTotal
from service.monitoring.words import KINDS, share
from service.policy.target import share_of_year

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
