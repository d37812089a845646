"""What a field shows: the one way this service draws a value, so that a reader can tell it at a glance."""

from __future__ import annotations

from functools import lru_cache

from forms.face import Face, published_face
from forms.fit import PADDING, Box, lay_out, normal
from forms.schema import Field, Form, Kind

# Name of the composite font in every appearance of ours; it shares its program with the simple font of /DA.
FONT = "CmbU"


def shown_text(field: Field, value: str) -> str:
    """What people see for a stored value: a choice shows its label."""
    return dict(field.options).get(value, value) if field.kind is Kind.CHOICE else normal(value)


def appearance(form: Form, name: str, value: str, box: Box) -> bytes:
    """The appearance stream of that value in that box (points); ValueError when it does not fit or cannot be drawn."""
    field, face = form.field(name), published_face()
    text = shown_text(field, value)
    if not text:
        return b"/Tx BMC\nEMC\n"
    if face.missing(text):
        raise ValueError(face.missing(text))
    multiline = field.kind is Kind.LONG_TEXT
    layout = lay_out(text, box=box, face=face, multiline=multiline)
    if layout is None:
        raise ValueError("too long")
    height = box[3] - box[1]
    tall = layout.size * (face.ascent - face.descent) / 1000
    top = height if multiline else (height + tall) / 2
    baseline = top - layout.size * face.ascent / 1000
    parts = [f"/Tx BMC\nq\nBT\n0 g\n/{FONT} {_number(layout.size)} Tf\n{_number(layout.leading)} TL"]
    parts.append(f"{_number(PADDING)} {_number(baseline)} Td")
    parts += [f"<{_glyphs(line, face)}> Tj T*" for line in layout.lines]
    return ("\n".join(parts) + "\nET\nQ\nEMC\n").encode("ascii")


def fits(form: Form, name: str, value: str, box: Box) -> bool:
    """Whether the value can be shown whole at 7 points or more."""
    field, face = form.field(name), published_face()
    text = shown_text(field, value)
    if face.missing(text):
        return False
    return lay_out(text, box=box, face=face, multiline=field.kind is Kind.LONG_TEXT) is not None


def _glyphs(line: str, face: Face) -> str:
    return "".join([_code(face.glyphs[character][0]) for character in line])


@lru_cache(maxsize=1024)
def _code(glyph: int) -> str:
    return f"{glyph:04X}"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
