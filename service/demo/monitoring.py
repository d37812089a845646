"""The sample office's monitoring: cards, recaps, evaluations, an assignment, other learning, the report, the export."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from service.demo.command import Command
from service.demo.sample import BIRO, PEOPLE, REGIONAL

_DUE = dt.timedelta(days=60)


def monitor(cmb: Command, folder: Path, year: int, today: dt.date) -> list[Path]:
    """Every paper and table of the year, by the command; where they are."""
    told = ("--year", str(year))
    head, behind = PEOPLE["indra"].nip, PEOPLE["gita"].nip
    training = ("--kind", "pelatihan", "--title", "Pelatihan Pelayanan Kepegawaian")
    day = ("--starts", f"{year}-09-02", "--ends", f"{year}-09-04", "--jp", "24")
    learned = cmb("learning", "add", behind, *training, "--organiser", "Lembaga Contoh", *day, "--json").objects()[0]
    cmb("learning", "approve", learned["id"])
    _remember(cmb, folder / "cmb-terdahulu.csv", year - 1)
    cmb("card", "--all", *told, "-o", folder / "kartu")
    sample = cmb.home / "sample"
    keys = ("--key", sample / "dewi.p12", "--passphrase-file", sample / "passphrase", "--tsa", "sample:")
    cmb("card", PEOPLE["cahya"].nip, *told, "-o", folder / "kartu-ditandatangani.pdf", *keys)
    cmb("card", PEOPLE["cahya"].nip, *told, "-o", folder / "kartu-cahya.xlsx")
    for name, unit in (("biro", BIRO), ("regional", REGIONAL)):
        cmb("recap", "send", "--unit", unit, "--quarter", f"{year}-Q4")
        for ending in ("pdf", "xlsx"):
            cmb("recap", "--unit", unit, "--quarter", f"{year}-Q4", "-o", folder / f"rekapitulasi-{name}.{ending}")
    for period in ("1", "2", "3"):
        cmb("evaluate", *told, "--period", period, "-o", folder / f"evaluasi-{period}.pdf")
    cmb("evaluate", *told, "--period", "3", "-o", folder / "evaluasi-3.xlsx")
    asked = ("--kind", "workshop", "--title", "Workshop Pengembangan Karier", "--reason", "Belum memenuhi 20 JP.")
    due, letter = (today + _DUE).isoformat(), folder / "penugasan.pdf"
    cmb("assign", "add", PEOPLE["fajar"].nip, *told, "--period", "3", *asked, "--due", due, "--by", head, "-o", letter)
    months = ("--from", f"{year}-01", "--to", f"{year}-12")
    for ending in ("pdf", "xlsx"):
        cmb("periodic", *months, "-o", folder / f"laporan-sekretaris-utama.{ending}")
    official = ("--key", sample / "diah.p12", "--passphrase-file", sample / "passphrase", "--tsa", "sample:")
    cmb("periodic", *months, "-o", folder / "laporan-ditandatangani.pdf", *official)
    # What would be sent to the national register; nothing is sent.
    for ending in ("xlsx", "jsonl"):
        cmb("siasn", "export", *told, "-o", folder / f"siasn.{ending}")
    for subject, name in (("activities", "kegiatan"), ("certificates", "sertifikat"), ("learning", "pembelajaran")):
        cmb("export", subject, *told, "-o", folder / f"tabel-{name}.xlsx")
    return sorted(folder.rglob("*.*"))


def _remember(cmb: Command, table: Path, year: int) -> None:
    """Known from paper, of the year before the service: three meetings in a month that lets two of them count."""
    nip, guide = PEOPLE["cahya"].nip, PEOPLE["diah"].name
    rows = [f'{nip},coaching,{year}-12-0{day},Coaching {day} Desember,"{guide}"' for day in (2, 3, 4)]
    heads = "nip,jenis_kegiatan,tanggal,nama_kegiatan,pembimbing_atau_sumber"
    table.parent.mkdir(parents=True, exist_ok=True)
    table.write_text("\n".join((heads, *rows)), encoding="utf-8")
    cmb("past", "import", table)
    for each in cmb("learning", "list", "--year", str(year), "--json").objects():
        cmb("learning", "approve", each["id"])
