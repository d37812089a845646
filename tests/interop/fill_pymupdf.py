"""Fill a form with PyMuPDF, in an interpreter of its own: fill_pymupdf.py BLANK ANSWERS OUT."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pymupdf

blank, answers, out = (Path(each) for each in sys.argv[1:])
told = json.loads(answers.read_text(encoding="utf-8"))
with pymupdf.open(blank) as document:
    for widget in document[0].widgets():
        if widget.field_name in told:
            widget.field_value = told[widget.field_name]
            widget.update()
    document.save(out)
