"""Publishing a form, once: `python -m forms.publish lampiran-i 1` writes the blank that is then never edited."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream, String

from forms.appearance import FONT
from forms.catalog import find_form, form_font
from forms.render import Renderer
from forms.schema import Form, Kind
from forms.serialdraw import KEY, PLACE
from forms.serialdraw import NAME as SERIAL
from forms.static import static_digest
from forms.structure import drop_unused_resources, simplify_structure
from forms.typeface import Typeface, embed, subset_face

# Field flags, ISO 32000-1 tables 221, 228 and 230.
MULTILINE, NO_SCROLL, NO_SPELL_CHECK, COMBO = 1 << 12, 1 << 23, 1 << 22, 1 << 17
_MM = 72 / 25.4
_TINT = "0.945 0.957 0.980 rg"


def render_form(form: Form, renderer: Renderer) -> bytes:
    """The form's template as WeasyPrint draws it, before it becomes a blank."""
    name = f"{form.id}-{form.version}"
    slots = {
        slot.name: {
            "left": round(slot.box[0] / _MM, 2),
            "top": round(297 - slot.box[3] / _MM, 2),
            "width": round((slot.box[2] - slot.box[0]) / _MM, 2),
            "height": round((slot.box[3] - slot.box[1]) / _MM, 2),
        }
        for slot in form.slots
    }
    context = {"form": form, "fields": {field.name: field for field in form.fields}, "slots": slots}
    return renderer.render(f"{name}.html", context, sheets=("print.css", f"{name}.css"), fillable=True)


def make_blank(form: Form, rendered: bytes, face: Typeface) -> bytes:
    """The blank every filler can use: one simple font in /DR, real (empty) appearances, nothing left to the viewer."""
    with Pdf.open(io.BytesIO(rendered)) as pdf:
        page = pdf.pages[0]
        simple, composite = embed(pdf, face)
        widgets = {str(each.T): each for each in page.obj.Annots}
        missing = [field.name for field in form.fields if field.name not in widgets]
        if missing or len(widgets) != len(form.fields):
            raise ValueError(f"template and catalog differ: {missing}")
        for field in form.fields:
            _finish_widget(pdf, widgets[field.name], field.kind, composite)
        # Reading and tab order follow the catalog.
        pdf.Root.AcroForm = pdf.make_indirect(
            Dictionary(
                Fields=Array([widgets[field.name] for field in form.fields]),
                DR=Dictionary(Font=Dictionary({"/CmbF": simple, f"/{FONT}": composite})),
                DA=String("/CmbF 10 Tf 0 g"),
            )
        )
        _place_serial(pdf, page, composite)
        _tint(pdf, page, [widgets[field.name] for field in form.fields if not field.prefilled])
        drop_unused_resources(page)
        simplify_structure(pdf)
        written = io.BytesIO()
        pdf.save(written, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return written.getvalue()


def _finish_widget(pdf: Pdf, widget: Any, kind: Kind, composite: pikepdf.Object) -> None:
    left, one, right, other = (float(each) for each in widget.Rect)
    bottom, top = sorted((one, other))
    widget.Rect = Array([round(each, 2) for each in (left, bottom, right, top)])
    flags = {Kind.LONG_TEXT: MULTILINE | NO_SCROLL | NO_SPELL_CHECK, Kind.CHOICE: COMBO}
    widget.Ff = flags.get(kind, NO_SCROLL | NO_SPELL_CHECK)
    widget.DA = String("/CmbF 9 Tf 0 g" if kind is Kind.LONG_TEXT else "/CmbF 10 Tf 0 g")
    widget.F = 4
    for key in ("/V", "/MK", "/BS", "/DV"):
        if key in widget:
            del widget[key]
    if kind is Kind.CHOICE:
        widget.Opt = Array([each for each in widget.Opt if str(each[0])])
    empty = Stream(pdf, b"/Tx BMC\nEMC\n")
    empty.Type, empty.Subtype, empty.FormType = Name.XObject, Name.Form, 1
    empty.BBox = Array([0, 0, round(right - left, 2), round(top - bottom, 2)])
    empty.Resources = Dictionary(Font=Dictionary({f"/{FONT}": composite}))
    widget.AP = Dictionary(N=pdf.make_indirect(empty))


def _place_serial(pdf: Pdf, page: Page, composite: pikepdf.Object) -> None:
    drawn = Stream(pdf, b"")
    drawn.Type, drawn.Subtype, drawn.FormType = Name.XObject, Name.Form, 1
    drawn.BBox = Array([0, 0, round(PLACE[2] - PLACE[0], 2), round(PLACE[3] - PLACE[1], 2)])
    drawn.Resources = Dictionary(Font=Dictionary({f"/{FONT}": composite}))
    drawn[KEY] = String("")
    if "/XObject" not in page.obj.Resources:
        page.obj.Resources.XObject = Dictionary()
    page.obj.Resources.XObject[SERIAL] = pdf.make_indirect(drawn)
    call = f"/Artifact BMC q 1 0 0 1 {PLACE[0]} {PLACE[1]} cm {SERIAL} Do Q EMC\n"
    # The renderer leaves its own coordinate system behind: what it drew is closed off before ours begins.
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\n" + call.encode("ascii"), prepend=False)


def _tint(pdf: Pdf, page: Page, widgets: list[Any]) -> None:
    """A pale field area on screen that no printer shows: an optional content group with /Print OFF (8.11.4.4)."""
    usage = Dictionary(View=Dictionary(ViewState=Name.ON), Print=Dictionary(PrintState=Name.OFF))
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Kolom isian di layar"), Usage=usage))
    groups = Array([group])
    events = Array(
        [
            Dictionary(Event=Name(f"/{event}"), OCGs=groups, Category=Array([Name(f"/{event}")]))
            for event in ("View", "Print")
        ]
    )
    pdf.Root.OCProperties = Dictionary(OCGs=groups, D=Dictionary(ON=groups, AS=events, Order=Array([])))
    page.obj.Resources.Properties = Dictionary(CmbTint=group)
    boxes = [[float(each) for each in widget.Rect] for widget in widgets]
    areas = " ".join(f"{x:.2f} {y:.2f} {right - x:.2f} {top - y:.2f} re" for x, y, right, top in boxes)
    page.contents_add(f"/Artifact BMC /OC /CmbTint BDC q {_TINT} {areas} f Q EMC EMC\n".encode("ascii"), prepend=True)


def main(form_id: str, version: str) -> None:
    """Write the blank and the face's numbers; an already published blank is not overwritten."""
    form = find_form(form_id, int(version))
    folder = Path(__file__).parent / "published"
    if (folder / form.file).exists():
        sys.exit(f"{form.file} is published; a change is a new version.")
    face, numbers = subset_face(form_font()), folder / "face.json"
    if numbers.exists() and numbers.read_bytes() != face.table():
        sys.exit("face.json belongs to published forms; another face needs another file.")
    numbers.write_bytes(face.table())
    blank = make_blank(form, render_form(form, Renderer()), face)
    (folder / form.file).write_bytes(blank)
    sys.stdout.write(f"static digest: {static_digest(blank)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
