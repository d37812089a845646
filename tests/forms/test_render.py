"""HTML to PDF: from our templates only, nothing missing, nothing from outside."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from jinja2 import UndefinedError

from forms.catalog import LAMPIRAN_I_V1
from forms.errors import FormsError
from forms.publish import render_form
from forms.render import Renderer, _OurFiles


def test_a_rendered_form_is_tagged_universally_accessible_and_fillable() -> None:
    with pikepdf.open(BytesIO(render_form(LAMPIRAN_I_V1, Renderer()))) as pdf:
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()
        assert bool(pdf.Root.MarkInfo.Marked)
        assert len(pdf.Root.AcroForm.Fields) == len(LAMPIRAN_I_V1.fields)


def test_a_template_that_names_something_unknown_fails_loudly() -> None:
    with pytest.raises(UndefinedError, match="form"):
        Renderer().render("lampiran-i-1.html", {"fields": {}, "slots": {}})


def test_the_second_page_of_a_renderer_is_drawn_like_the_first() -> None:
    renderer = Renderer()
    assert render_form(LAMPIRAN_I_V1, renderer) == render_form(LAMPIRAN_I_V1, renderer)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "http://127.0.0.1:9/x.png", "https://example.org/x.css"])
def test_nothing_outside_the_templates_is_read(url: str, tmp_path: Path) -> None:
    with pytest.raises((FormsError, ValueError)):
        _OurFiles(tmp_path).fetch(url)


def test_a_file_beside_the_templates_is_read(tmp_path: Path) -> None:
    (tmp_path / "inside.css").write_text("p { margin: 0 }", encoding="ascii")
    assert b"margin" in _OurFiles(tmp_path).fetch((tmp_path / "inside.css").as_uri()).read()
    with pytest.raises(FormsError, match="luar"):
        _OurFiles(tmp_path / "deeper").fetch((tmp_path / "inside.css").as_uri())
