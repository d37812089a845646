"""The demo: blank forms to sealed certificates in a sample office, with everything that can go wrong on the way."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from pathlib import Path

from service.demo.command import Command
from service.demo.office import Office, play
from service.demo.table import show


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


if __name__ == "__main__":
    run(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
