"""The circular's monitoring in the sample office: everybody's control card, one of them signed, every unit's recap."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.demo.command import Command
from service.sample import BIRO, PEOPLE, REGIONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitored:
    """The command's answers: a card for everybody, the one that was signed, the recaps that were sent."""

    cards: list[dict[str, Any]]
    signed: dict[str, Any]
    recaps: list[dict[str, Any]]


def monitor(cmb: Command, folder: Path, year: int) -> Monitored:
    """Cards and recaps of the year, under `folder`."""
    cards = cmb("card", "--all", "--year", str(year), "-o", folder / "cards", "--json").objects()
    sample = cmb.home / "sample"
    keys = ("--key", sample / "dewi.p12", "--passphrase-file", sample / "passphrase", "--tsa", "sample:")
    target = folder / "cards" / "kartu-ditandatangani.pdf"
    signed = cmb("card", PEOPLE["cahya"].nip, "--year", str(year), "-o", target, *keys, "--json").objects()[0]
    recaps = []
    for place, unit in enumerate((BIRO, REGIONAL), start=1):
        asked = ("--unit", unit, "--quarter", f"{year}-Q4")
        recaps += cmb("recap", "send", *asked, "--json").objects()
        cmb("recap", *asked, "-o", folder / "recaps" / f"rekapitulasi-{place}.pdf")
        cmb("recap", *asked, "-o", folder / "recaps" / f"rekapitulasi-{place}.xlsx")
    return Monitored(cards=cards, signed=signed, recaps=recaps)
