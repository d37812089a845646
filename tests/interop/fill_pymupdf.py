"""Fill a form with PyMuPDF, in an interpreter of its own: fill_pymupdf.py BLANK ANSWERS OUT."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pymupdf

blank, answers, out = (Path(path) for path in sys.argv[1:])
values = json.loads(answers.read_text(encoding="utf-8"))
with pymupdf.open(blank) as document:
    for widget in document[0].widgets():
        if widget.field_name in values:
            widget.field_value = values[widget.field_name]
            widget.update()
    document.save(out)
