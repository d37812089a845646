"""The report month by month and kind by kind."""

from __future__ import annotations

from decimal import Decimal

from forms.dossier import Bars, Section, Table
from forms.indonesian import MONTHS, comma
from service.monitoring.periodic import Periodic, UnitTotal
from service.monitoring.words import KINDS, share
from service.store.standings import MonthTotal


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
