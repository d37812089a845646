"""The demo: blank forms to sealed certificates in a sample office, with everything that can go wrong on the way."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from service.demo.command import Command
from service.demo.office import Office, Outcome, play
from service.demo.sample import PEOPLE
from service.verification.explanation import said_of


def run(folder: Path) -> None:
    """Play the last full year in `folder` (made anew), then show what happened."""
    year = dt.datetime.now(dt.UTC).year - 1
    home = folder / "home"
    if folder.exists():
        if any(folder.iterdir()) and not (home / "cmb.toml").exists():
            sys.exit(f"{folder} berisi berkas lain; sebutkan folder yang kosong.")
        shutil.rmtree(folder)
    office = Office(folder=folder, home=home, year=year, cmb=Command(home=home))
    show(play(office), folder)


# --- The demo's closing tables, for a person at a terminal


def show(outcome: Outcome, folder: Path) -> None:
    """What happened, and where the PDFs are."""
    console = Console(width=118)
    names = {person.nip: person.name for person in PEOPLE.values()}
    forms = Table("Formulir", "Hasil", "Alasan", title="Pemeriksaan formulir")
    for each in outcome.submissions:
        reasons = "; ".join(dict.fromkeys(reason["title"] for reason in each["reasons"]))
        forms.add_row(Path(each["file"]).stem, said_of(each["status"]), reasons)
    console.print(forms)
    years = Table("Pegawai", "Kegiatan", "Dihitung", "JP", "Sasaran", title="JP setahun")
    for each in outcome.years:
        counted = sum(item["counted"] for item in each["items"])
        years.add_row(
            names[each["nip"]],
            str(len(each["items"])),
            str(counted),
            each["total"].replace(".", ","),
            each["target"],
        )
    console.print(years)
    issued = Table("Nomor", "Pegawai", "JP", title="Sertifikat")
    for each in outcome.certificates:
        issued.add_row(each["number"], names[each["nip"]], each["jp"].replace(".", ","))
    console.print(issued)
    checks = Table("Yang diperiksa", "Keadaan", "Pemegang", title="Pemeriksaan umum")
    for each in outcome.checks:
        checks.add_row(each["subject"], said_of(each["state"]), each["holder"] or "-")
    console.print(checks)
    told = "Kartu, rekapitulasi, evaluasi, penugasan, laporan, ekspor SIASN, tabel"
    console.print(f"{told}: {len(outcome.papers)} berkas di {folder}/monitoring")
    console.print(f"PDF: {folder}/blanks, {folder}/forms, {folder}/certificates; penyimpanan: {folder}/home")


if __name__ == "__main__":
    run(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
