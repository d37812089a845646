"""Pictures of answers as a viewer draws them, beside the same answers set plainly, for a person to compare."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pikepdf import Array, Dictionary, Pdf

from forms.catalog import blank_bytes
from forms.fill import FONT_NAME, appearance
from forms.schema import Form
from parsers.appearance import appearance_problems_in
from parsers.fonts import form_fonts
from parsers.pdf import read_with_qpdf
from parsers.pictures import crops
from parsers.widgets import Box, WidgetPlacement, widgets_of

_MARGIN = 2.0  # points around the field, to show what is at its edge
_COMPARED = frozenset({"drawing_not_plain", "value_differs_from_appearance"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedAnswer:
    """An answer whose drawing proves nothing: its label, the stored value, and PNG pictures of both.

    `drawn` is None when no page shows the field, `plain` when our form cannot show the whole value.
    """

    label: str
    value: str
    drawn: bytes | None
    plain: bytes | None


def compared_answers(pdf: bytes, form: Form) -> tuple[ComparedAnswer, ...]:
    """Return the answers a person must compare, in the order of the form. Unreadable for what cannot be drawn."""
    widgets = read_with_qpdf(pdf, lambda opened: _doubtful(opened, form))
    shown = [widget for widget in widgets if widget.page is not None]
    drawn = dict(
        zip(map(id, shown), crops(pdf, [(widget.page or 0, _around(widget)) for widget in shown]), strict=True)
    )
    answers = []
    for widget in widgets:
        plain_page = _set_plainly(widget, form)
        width, height = widget.box[2] - widget.box[0], widget.box[3] - widget.box[1]
        whole = (0.0, 0.0, width + 2 * _MARGIN, height + 2 * _MARGIN)
        answers.append(
            ComparedAnswer(
                label=form.field(widget.name).label,
                value=widget.value,
                drawn=drawn.get(id(widget)),
                plain=crops(plain_page, [(0, whole)])[0] if plain_page else None,
            )
        )
    return tuple(answers)


def _doubtful(opened: Pdf, form: Form) -> tuple[WidgetPlacement, ...]:
    problems = appearance_problems_in(opened, form)
    names = dict.fromkeys(problem.field for problem in problems if problem.code in _COMPARED)
    widgets = {widget.name: widget for widget in reversed(widgets_of(opened))}
    return tuple(widgets[name] for name in names if name in widgets)


def _around(widget: WidgetPlacement) -> Box:
    left, bottom, right, top = widget.box
    page = widget.page_box
    return (left - page[0] - _MARGIN, bottom - page[1] - _MARGIN, right - page[0] + _MARGIN, top - page[1] + _MARGIN)


def _set_plainly(widget: WidgetPlacement, form: Form) -> bytes | None:
    """Return a page of the size of the field with the value drawn by us; None when it does not fit."""
    try:
        content = appearance(form, widget.name, widget.value, widget.box)
    except ValueError:
        return None
    with Pdf.open(BytesIO(blank_bytes(form))) as blank, Pdf.new() as document:
        width, height = widget.box[2] - widget.box[0], widget.box[3] - widget.box[1]
        page = document.add_blank_page(page_size=(max(width, 1.0), max(height, 1.0)))
        page.MediaBox = Array([-_MARGIN, -_MARGIN, width + _MARGIN, height + _MARGIN])
        font = document.copy_foreign(form_fonts(blank)[f"/{FONT_NAME}"])
        page.Contents = document.make_stream(content)
        page.Resources = Dictionary(Font=Dictionary({f"/{FONT_NAME}": font}))
        out = BytesIO()
        document.save(out, static_id=True)
    return out.getvalue()
