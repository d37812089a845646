"""The circular's calendar: what each role has to do on which days of a year; the days of grace are our own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from service.law.interpretation import HOUSE
from service.law.outlook import PERIODS, period_end
from service.law.source import Citation

_ONE = dt.timedelta(days=1)
# The circular says how often and not until when. Two weeks let a unit collect what was signed in the last days.
GRACE = Citation(
    instrument=HOUSE,
    article="(tenggat)",
    norm="Rekapitulasi dan evaluasi selesai dalam 14 hari sesudah masanya berakhir; sertifikat dalam bulan Januari.",
)
GRACE_DAYS = dt.timedelta(days=14)


def _circular(article: str, norm: str) -> Citation:
    return Citation(instrument="SE Kepala BKN Nomor 3 Tahun 2022", article=f"angka {article}", norm=norm)


RECAP_EVERY_QUARTER = _circular(
    "5.f.3",
    "Unit kerja wajib menyampaikan hasil rekapitulasi Kartu Pengendali ke Biro Sumber Daya Manusia setiap 3 (tiga) "
    "bulan sekali.",
)
EVALUATION_EVERY_FOUR_MONTHS = _circular(
    "5.f.5",
    "Evaluasi dilaksanakan setiap 4 (empat) bulan sekali terhadap pelaksanaan pemenuhan pengembangan kompetensi "
    "pegawai melalui Coaching, Mentoring, dan Belajar Mandiri.",
)
ISSUE_EVERY_YEAR = _circular(
    "5.b.8",
    "Sertifikat tersebut berisi akumulasi jam pelajaran pengembangan kompetensi yang telah diverifikasi oleh Biro "
    "Sumber Daya Manusia dan dikeluarkan setahun sekali;",
)
TARGET_EVERY_YEAR = _circular(
    "5.f.1",
    "Untuk memastikan setiap pegawai terpenuhi pengembangan kompetensi sejumlah 20 (dua puluh) JP setiap tahunnya",
)


class DutyKind(StrEnum):
    """Kinds of duties."""

    RECAP = "recap"
    EVALUATION = "evaluation"
    YEAR_END = "year_end"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One duty of some roles, from `begins` until `ends` (both included). `part`: `2026-Q1`, `2026-1`, or `2026`."""

    work: DutyKind
    year: int
    part: str
    roles: tuple[str, ...]
    begins: dt.date
    ends: dt.date
    sentence: str
    cites: tuple[Citation, ...]

    def due(self, day: dt.date) -> bool:
        return self.begins <= day <= self.ends


def duties(year: int) -> tuple[Duty, ...]:
    """Return the duties of a year, in the order of their days; those that close the year fall into next January."""
    recaps = [_recap(year, quarter) for quarter in (1, 2, 3, 4)]
    evaluations = [_evaluation(year, period) for period in PERIODS]
    return tuple(sorted([*recaps, *evaluations, _year_end(year), _issue(year)], key=lambda duty: duty.begins))


def due_on(day: dt.date) -> tuple[Duty, ...]:
    """Return the duties of a day, of its own year and of the one before."""
    return tuple(duty for year in (day.year - 1, day.year) for duty in duties(year) if duty.due(day))


def _recap(year: int, quarter: int) -> Duty:
    begins = dt.date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
    return Duty(
        work=DutyKind.RECAP,
        year=year,
        part=f"{year}-Q{quarter}",
        roles=("pengelola",),
        begins=begins,
        ends=begins + GRACE_DAYS - _ONE,
        sentence=f"Rekapitulasi triwulan {quarter} tahun {year} disampaikan unit kerja kepada Biro SDM.",
        cites=(RECAP_EVERY_QUARTER, GRACE),
    )


def _evaluation(year: int, period: int) -> Duty:
    begins = period_end(year, period) + _ONE
    return Duty(
        work=DutyKind.EVALUATION,
        year=year,
        part=f"{year}-{period}",
        roles=("pimpinan", "biro_sdm"),
        begins=begins,
        ends=begins + GRACE_DAYS - _ONE,
        sentence=f"Evaluasi masa {period} tahun {year}: siapa belum mencapai sasaran, dan apa yang ditugaskan.",
        cites=(EVALUATION_EVERY_FOUR_MONTHS, GRACE),
    )


def _year_end(year: int) -> Duty:
    return Duty(
        work=DutyKind.YEAR_END,
        year=year,
        part=str(year),
        roles=("pegawai",),
        begins=dt.date(year, 12, 1),
        ends=dt.date(year, 12, 31),
        sentence=f"Kegiatan untuk tahun {year} dilaksanakan paling lambat 31 Desember {year}.",
        cites=(TARGET_EVERY_YEAR,),
    )


def _issue(year: int) -> Duty:
    return Duty(
        work=DutyKind.ISSUE,
        year=year,
        part=str(year),
        roles=("biro_sdm",),
        begins=dt.date(year + 1, 1, 1),
        ends=dt.date(year + 1, 1, 31),
        sentence=f"Kiriman tahun {year} diputuskan, lalu sertifikat diterbitkan dan dikirim ke SIASN.",
        cites=(ISSUE_EVERY_YEAR, GRACE),
    )
