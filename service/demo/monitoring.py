"""The monitoring of the sample office: cards, recaps, evaluations, an assignment, the report, exports."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from service.demo.command import Command
from service.demo.sample import BIRO, PEOPLE, REGIONAL

_DUE = dt.timedelta(days=60)


def monitor(cmb: Command, folder: Path, year: int, today: dt.date) -> list[Path]:
    """Make every document and table of the year with the command; return their paths."""
    of_year = ("--year", str(year))
    head, behind = PEOPLE["indra"].nip, PEOPLE["gita"].nip
    training = ("--kind", "pelatihan", "--title", "Pelatihan Pelayanan Kepegawaian")
    day = ("--starts", f"{year}-09-02", "--ends", f"{year}-09-04", "--jp", "24")
    learned = cmb("learning", "add", behind, *training, "--organiser", "Lembaga Contoh", *day, "--json").objects()[0]
    cmb("learning", "approve", learned["id"])
    _import_paper_era(cmb, folder / "cmb-terdahulu.csv", year - 1)
    cmb("card", "--all", *of_year, "-o", folder / "kartu")
    sample = cmb.home / "sample"
    keys = ("--key", sample / "dewi.p12", "--passphrase-file", sample / "passphrase", "--tsa", "sample:")
    cmb("card", PEOPLE["cahya"].nip, *of_year, "-o", folder / "kartu-ditandatangani.pdf", *keys)
    cmb("card", PEOPLE["cahya"].nip, *of_year, "-o", folder / "kartu-cahya.xlsx")
    for name, unit in (("biro", BIRO), ("regional", REGIONAL)):
        cmb("recap", "send", "--unit", unit, "--quarter", f"{year}-Q4")
        for ending in ("pdf", "xlsx"):
            cmb("recap", "--unit", unit, "--quarter", f"{year}-Q4", "-o", folder / f"rekapitulasi-{name}.{ending}")
    for period in ("1", "2", "3"):
        cmb("evaluate", *of_year, "--period", period, "-o", folder / f"evaluasi-{period}.pdf")
    cmb("evaluate", *of_year, "--period", "3", "-o", folder / "evaluasi-3.xlsx")
    assignment = ("--kind", "workshop", "--title", "Workshop Pengembangan Karier", "--reason", "Belum memenuhi 20 JP.")
    due, letter = (today + _DUE).isoformat(), folder / "penugasan.pdf"
    cmb(
        "assign",
        "add",
        PEOPLE["fajar"].nip,
        *of_year,
        "--period",
        "3",
        *assignment,
        "--due",
        due,
        "--by",
        head,
        "-o",
        letter,
    )
    months = ("--from", f"{year}-01", "--to", f"{year}-12")
    for ending in ("pdf", "xlsx"):
        cmb("periodic", *months, "-o", folder / f"laporan-sekretaris-utama.{ending}")
    official = ("--key", sample / "diah.p12", "--passphrase-file", sample / "passphrase", "--tsa", "sample:")
    cmb("periodic", *months, "-o", folder / "laporan-ditandatangani.pdf", *official)
    # What would be sent to the national register; nothing is sent.
    for ending in ("xlsx", "jsonl"):
        cmb("siasn", "export", *of_year, "-o", folder / f"siasn.{ending}")
    for subject, name in (("activities", "kegiatan"), ("certificates", "sertifikat"), ("learning", "pembelajaran")):
        cmb("export", subject, *of_year, "-o", folder / f"tabel-{name}.xlsx")
    return sorted(folder.rglob("*.*"))


def _import_paper_era(cmb: Command, table: Path, year: int) -> None:
    """Import activities of the paper era: three meetings in a month in which two count."""
    nip, guide = PEOPLE["cahya"].nip, PEOPLE["diah"].name
    rows = [f'{nip},coaching,{year}-12-0{day},Coaching {day} Desember,"{guide}"' for day in (2, 3, 4)]
    heads = "nip,jenis_kegiatan,tanggal,nama_kegiatan,pembimbing_atau_sumber"
    table.parent.mkdir(parents=True, exist_ok=True)
    table.write_text("\n".join((heads, *rows)), encoding="utf-8")
    cmb("past", "import", table)
    for activity in cmb("learning", "list", "--year", str(year), "--json").objects():
        cmb("learning", "approve", activity["id"])
