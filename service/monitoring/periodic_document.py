"""The periodic report on paper: every chart with the table behind it."""

from __future__ import annotations

from forms.dossier import Dossier, Section, Signing
from forms.written import shown
from service.monitoring.periodic import Periodic
from service.monitoring.periodic_checks import checks_section, issued_section
from service.monitoring.periodic_trend import kinds_section, trend_section
from service.monitoring.periodic_units import units_section
from service.monitoring.words import CIRCULAR, jp, share


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
