"""Tables of invented employees, as people import them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from service.demo.sample import PEOPLE

DIAH = PEOPLE["diah"].nip


def table(tmp_path: Path, rows: list[dict[str, str]], *, name: str = "staf.csv", encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    heads = ["nip", "nama", "jabatan", "gol", "unit_kerja", "atasan_nip", "email"]
    writer = csv.DictWriter(out, heads + ["peran"] * any("peran" in row for row in rows))
    writer.writeheader()
    writer.writerows(rows)
    (tmp_path / name).write_bytes(out.getvalue().encode(encoding))
    return tmp_path / name


def row(nip: str, supervisor: str = "", **changed: str) -> dict[str, str]:
    columns = {
        "nip": nip,
        "nama": "Éva Contoh",
        "jabatan": "Analis",
        "gol": "III.b",
        "unit_kerja": "Biro Uji",
        "atasan_nip": supervisor,
        "email": "",
    }
    return columns | changed


NEW, OTHER = "199203152018012003", "199203152018011004"


def dated(tmp_path: Path, *rows: dict[str, str]) -> Path:
    """Return a table with the optional columns."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [*row(NEW), "berlaku_sejak", "status"])
    writer.writeheader()
    writer.writerows(rows)
    (tmp_path / "berjangka.csv").write_text(out.getvalue(), encoding="utf-8")
    return tmp_path / "berjangka.csv"
