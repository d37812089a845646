"""Pictures of answers as a viewer draws them, beside the same answers set plainly, for a person who compares them."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pikepdf import Array, Dictionary, Pdf

from forms.catalog import blank_bytes
from forms.fill import FONT, appearance
from forms.schema import Form
from parsers.appearance import hidden_or_differing_in
from parsers.fonts import form_fonts
from parsers.pdf import looking_into
from parsers.pictures import crops
from parsers.widgets import Box, Place, places_of

_MARGIN = 2.0  # points around the field, so that what stands at its edge is seen
_COMPARED = frozenset({"drawing_not_plain", "value_differs_from_appearance"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedAnswer:
    """One answer whose drawing proves nothing: its label, the value kept, and PNG pictures of both.

    `drawn` is None where no page shows the field, `plain` where our form cannot show the value whole.
    """

    label: str
    value: str
    drawn: bytes | None
    plain: bytes | None


def compared_answers(pdf: bytes, form: Form) -> tuple[ComparedAnswer, ...]:
    """The answers that a person has to compare, in the order of the form. Unreadable for what cannot be drawn."""
    places = looking_into(pdf, lambda opened: _doubtful(opened, form))
    shown = [place for place in places if place.page is not None]
    drawn = dict(zip(map(id, shown), crops(pdf, [(place.page or 0, _around(place)) for place in shown]), strict=True))
    answers = []
    for place in places:
        plainly = _set_plainly(place, form)
        width, height = place.box[2] - place.box[0], place.box[3] - place.box[1]
        whole = (0.0, 0.0, width + 2 * _MARGIN, height + 2 * _MARGIN)
        answers.append(
            ComparedAnswer(
                label=form.field(place.name).label,
                value=place.value,
                drawn=drawn.get(id(place)),
                plain=crops(plainly, [(0, whole)])[0] if plainly else None,
            )
        )
    return tuple(answers)


def _doubtful(opened: Pdf, form: Form) -> tuple[Place, ...]:
    problems = hidden_or_differing_in(opened, form)
    names = dict.fromkeys(problem.field for problem in problems if problem.code in _COMPARED)
    places = {place.name: place for place in reversed(places_of(opened))}
    return tuple(places[name] for name in names if name in places)


def _around(place: Place) -> Box:
    left, bottom, right, top = place.box
    page = place.page_box
    return (left - page[0] - _MARGIN, bottom - page[1] - _MARGIN, right - page[0] + _MARGIN, top - page[1] + _MARGIN)


def _set_plainly(place: Place, form: Form) -> bytes | None:
    """A page of the field's size with the value drawn as this service draws it."""
    try:
        content = appearance(form, place.name, place.value, place.box)
    except ValueError:
        return None
    with Pdf.open(BytesIO(blank_bytes(form))) as blank, Pdf.new() as laid_out:
        width, height = place.box[2] - place.box[0], place.box[3] - place.box[1]
        page = laid_out.add_blank_page(page_size=(max(width, 1.0), max(height, 1.0)))
        page.MediaBox = Array([-_MARGIN, -_MARGIN, width + _MARGIN, height + _MARGIN])
        font = laid_out.copy_foreign(form_fonts(blank)[f"/{FONT}"])
        page.Contents = laid_out.make_stream(content)
        page.Resources = Dictionary(Font=Dictionary({f"/{FONT}": font}))
        out = BytesIO()
        laid_out.save(out, static_id=True)
    return out.getvalue()
