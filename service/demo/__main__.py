"""The demo: from blank forms to sealed certificates in a sample office, with the usual mistakes on the way."""

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
from service.language import Reader
from service.verification.wording import label_of, shown_reasons


def run(folder: Path) -> None:
    """Play the last full year in `folder`, which is made anew, and show the results."""
    year = dt.datetime.now(dt.UTC).year - 1
    home = folder / "home"
    if folder.exists():
        if any(folder.iterdir()) and not (home / "cmb.toml").exists():
            sys.exit(f"{folder} berisi berkas lain; sebutkan folder yang kosong.")
        shutil.rmtree(folder)
    office = Office(folder=folder, home=home, year=year, cmb=Command(home=home))
    show(play(office), folder)


def show(outcome: Outcome, folder: Path) -> None:
    """Print tables of the results, and where the PDFs are."""
    console = Console(width=118)
    names = {person.nip: person.name for person in PEOPLE.values()}
    forms = Table("Formulir", "Hasil", "Alasan", title="Pemeriksaan formulir")
    for submission in outcome.submissions:
        reasons = "; ".join(dict.fromkeys(reason["title"] for reason in shown_reasons(submission["reasons"], Reader())))
        forms.add_row(Path(submission["file"]).stem, label_of(submission["status"]), reasons)
    console.print(forms)
    years = Table("Pegawai", "Kegiatan", "Dihitung", "JP", "Sasaran", title="JP setahun")
    for year in outcome.years:
        counted = sum(item["counted"] for item in year["items"])
        years.add_row(
            names[year["nip"]],
            str(len(year["items"])),
            str(counted),
            year["total"].replace(".", ","),
            year["target"],
        )
    console.print(years)
    issued = Table("Nomor", "Pegawai", "JP", title="Sertifikat")
    for certificate in outcome.certificates:
        issued.add_row(certificate["number"], names[certificate["nip"]], certificate["jp"].replace(".", ","))
    console.print(issued)
    checks = Table("Yang diperiksa", "Keadaan", "Pemegang", title="Pemeriksaan umum")
    for check in outcome.checks:
        checks.add_row(check["subject"], label_of(check["state"]), check["holder"] or "-")
    console.print(checks)
    papers = "Kartu, rekapitulasi, evaluasi, penugasan, laporan, ekspor SIASN, tabel"
    console.print(f"{papers}: {len(outcome.papers)} berkas di {folder}/monitoring")
    console.print(f"PDF: {folder}/blanks, {folder}/forms, {folder}/certificates; penyimpanan: {folder}/home")


if __name__ == "__main__":
    run(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
