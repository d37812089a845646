"""HTML to PDF (WeasyPrint): only from our templates and fonts, never from the network."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import fields
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from forms.charts import draw_chart
from forms.dossier import Bars, Dossier, as_cell, is_numeric
from forms.errors import FormsError
from forms.report import ReportContent

# Beside the colour of a finding.
_MARKS = {"good": "✓", "doubt": "?", "bad": "✗", "plain": "–"}


class Renderer:
    """Renders our templates; made once and handed in, because templates, fonts and style sheets take time to read."""

    def __init__(self) -> None:
        with as_file(files("forms") / "templates") as folder:
            self._folder = Path(folder)
        self._templates = Environment(
            loader=FileSystemLoader(self._folder), undefined=StrictUndefined, autoescape=True, trim_blocks=True
        )
        self._fonts = FontConfiguration()
        self._fetcher = _OurFiles(self._folder)
        self._sheets: dict[str, CSS] = {}

    def render(
        self,
        template: str,
        context: Mapping[str, Any],
        *,
        sheets: Sequence[str] = ("print.css",),
        fillable: bool = False,
    ) -> bytes:
        """Return a tagged PDF/UA of a template in forms/templates. It cannot reach the network or other files."""
        text = self._templates.get_template(template).render(context)
        page = HTML(string=text, base_url=self._folder.as_uri() + "/", url_fetcher=self._fetcher)
        written = page.write_pdf(
            stylesheets=[self._sheet(name) for name in sheets],
            font_config=self._fonts,
            pdf_forms=fillable,
            pdf_variant="pdf/ua-1",
        )
        if written is None:
            raise FormsError(f"{template}: tidak ada halaman yang dihasilkan.")
        return bytes(written)

    def report_page(self, report: ReportContent) -> str:
        """Return the report as one HTML file without scripts or other resources."""
        style = (self._folder / "report.css").read_text(encoding="utf-8")
        return self._templates.get_template("report.html").render(_report(report, style))

    def report(self, report: ReportContent) -> bytes:
        """Return the report as a tagged PDF."""
        return self.render("report.html", _report(report, ""), sheets=("report.css", "print.css", "report-print.css"))

    def dossier(self, paper: Dossier) -> bytes:
        """Return a monitoring paper as a tagged PDF."""
        context = {"paper": paper, "as_cell": as_cell, "is_numeric": is_numeric, "picture": _picture}
        return self.render("dossier.html", context, sheets=("print.css", "dossier.css"))

    def _sheet(self, name: str) -> CSS:
        if name not in self._sheets:
            self._sheets[name] = CSS(
                filename=str(self._folder / name), font_config=self._fonts, url_fetcher=self._fetcher
            )
        return self._sheets[name]


def _report(report: ReportContent, style: str) -> dict[str, Any]:
    pictures = [
        {"caption": picture.caption, "source": f"data:image/png;base64,{b64encode(picture.png).decode('ascii')}"}
        for picture in report.pictures
    ]
    values = {field.name: getattr(report, field.name) for field in fields(report)} | {"pictures": pictures}
    digest = b64encode(sha256(style.encode()).digest()).decode("ascii")
    return {"report": values, "marks": _MARKS, "style": Markup(style), "style_digest": digest}  # noqa: S704 - our own style sheet


def _picture(chart: Bars) -> str:
    return f"data:image/svg+xml;base64,{b64encode(draw_chart(chart).encode()).decode('ascii')}"


class _OurFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Fetches only files in the folder of the templates."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols={"file", "data"})
        self._folder = folder.resolve()

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        if parts.scheme == "file" and not Path(unquote(parts.path)).resolve().is_relative_to(self._folder):
            raise FormsError(f"{url}: di luar folder templat.")
        return super().fetch(url, headers)
