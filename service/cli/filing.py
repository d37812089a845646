"""A paper of the monitoring into a file: PDF, or its tables as XLSX, by the ending of the name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from service.errors import BadInput

if TYPE_CHECKING:
    from forms.dossier import Dossier, Table


def filed(paper: Dossier, target: Path, *, first: tuple[Table, ...] = ()) -> bytes:
    """The bytes of the file; `first` are tables that an XLSX has before (or instead of those) of the paper."""
    ending = target.suffix.lower()
    if ending == ".xlsx":
        from service.monitoring.workbook import tables_of, workbook

        return workbook(list({each.title: each for each in (*first, *tables_of(paper))}.values()))
    if ending == ".pdf":
        from forms.render import Renderer

        return Renderer().dossier(paper)
    raise BadInput(f"{target}: akhiran berkas tidak dikenal.", "Pakai .pdf atau .xlsx.")
