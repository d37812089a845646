"""The demo's closing tables, for a person at a terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from service.demo.office import Outcome
from service.outcomes import said_of
from service.sample import PEOPLE


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
