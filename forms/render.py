"""The only place where HTML becomes PDF: our templates, our pinned face, nothing from outside."""

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

from forms.charts import draw
from forms.dossier import Bars, Dossier, numeric, shown
from forms.errors import FormsError
from forms.report import ReportContent

# Never by colour alone.
_MARKS = {"good": "✓", "doubt": "?", "bad": "✗", "plain": "–"}


class Renderer:
    """Made once and handed in: templates, fonts and style sheet are read once and used for every page after."""

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
        """A tagged PDF/UA of `template` (a name below forms/templates). Network and other files are out of reach."""
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
        """The report as one HTML file that needs nothing else: no script, no other resource."""
        style = (self._folder / "report.css").read_text(encoding="utf-8")
        return self._templates.get_template("report.html").render(_report(report, style))

    def report(self, report: ReportContent) -> bytes:
        """The report as a tagged PDF."""
        return self.render("report.html", _report(report, ""), sheets=("report.css", "print.css", "report-print.css"))

    def dossier(self, paper: Dossier) -> bytes:
        """A paper of the monitoring as a tagged PDF, its charts as vectors."""
        context = {"paper": paper, "shown": shown, "numeric": numeric, "picture": _picture}
        return self.render("dossier.html", context, sheets=("print.css", "dossier.css"))

    def _sheet(self, name: str) -> CSS:
        if name not in self._sheets:
            self._sheets[name] = CSS(
                filename=str(self._folder / name), font_config=self._fonts, url_fetcher=self._fetcher
            )
        return self._sheets[name]


def _report(report: ReportContent, style: str) -> dict[str, Any]:
    pictures = [
        {"caption": each.caption, "source": f"data:image/png;base64,{b64encode(each.png).decode('ascii')}"}
        for each in report.pictures
    ]
    shown = {each.name: getattr(report, each.name) for each in fields(report)} | {"pictures": pictures}
    digest = b64encode(sha256(style.encode()).digest()).decode("ascii")
    return {"report": shown, "marks": _MARKS, "style": Markup(style), "style_digest": digest}  # noqa: S704 - our own style sheet


def _picture(chart: Bars) -> str:
    return f"data:image/svg+xml;base64,{b64encode(draw(chart).encode()).decode('ascii')}"


class _OurFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Serves only files below the templates' folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols={"file", "data"})
        self._folder = folder.resolve()

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        if parts.scheme == "file" and not Path(unquote(parts.path)).resolve().is_relative_to(self._folder):
            raise FormsError(f"{url}: di luar folder templat.")
        return super().fetch(url, headers)
