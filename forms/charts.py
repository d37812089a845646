"""Bar charts as SVG, drawn without a library. Every bar has its number, so nothing depends on colour alone."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from xml.sax.saxutils import escape

from forms.dossier import Bars, as_cell

_WIDE, _TALL = 520.0, 170.0
_FOOT, _TOP = 26.0, 16.0
_ROW, _LABEL, _NUMBER = 17.0, 170.0, 46.0
_INK, _GREY, _AIM, _TEXT = "#14305a", "#b8c0cc", "#b26a00", "#1c2430"
_STEPS = (1, 2, 5)


def draw_chart(chart: Bars) -> str:
    """Return the chart as SVG; the same chart gives the same text."""
    return _vertical(chart) if chart.upright else _horizontal(chart)


def _vertical(chart: Bars) -> str:
    top = _ceiling(chart)
    room, height = _WIDE / max(1, len(chart.bars)), _TALL - _FOOT - _TOP
    thick = min(44.0, room * 0.66)
    parts = [_line(0, _TALL - _FOOT, _WIDE, _TALL - _FOOT, _GREY)]
    for place, (label, number) in enumerate(chart.bars):
        middle = room * (place + 0.5)
        tall = height * float(number / top)
        base = _TALL - _FOOT
        parts += [
            _bar(middle - thick / 2, base - tall, thick, tall),
            _text(as_cell(number).text, middle, base - tall - 4, "middle", bold=True),
            _text(label, middle, base + 13, "middle"),
        ]
    if chart.aim is not None:
        level = _TALL - _FOOT - height * float(chart.aim / top)
        parts += [_line(0, level, _WIDE, level, _AIM, dashed=True), _aim(chart.aim, _WIDE, level - 3, "end")]
    return _svg(_WIDE, _TALL, parts)


def _horizontal(chart: Bars) -> str:
    top = _ceiling(chart)
    room, tall = _WIDE - _LABEL - _NUMBER, _ROW * len(chart.bars) + (16 if chart.aim is not None else 4)
    parts = [_line(_LABEL, 0, _LABEL, tall, _GREY)]
    for place, (label, number) in enumerate(chart.bars):
        y, length = _ROW * place + 3, room * float(number / top)
        parts += [
            _text(_short(label), _LABEL - 6, y + 9.5, "end"),
            _bar(_LABEL, y, length, 12),
            _text(as_cell(number).text, _LABEL + length + 5, y + 9.5, "start", bold=True),
        ]
    if chart.aim is not None:
        level = _LABEL + room * float(chart.aim / top)
        parts += [_line(level, 0, level, tall - 12, _AIM, dashed=True), _aim(chart.aim, level, tall - 2, "middle")]
    return _svg(_WIDE, tall, parts)


def _ceiling(chart: Bars) -> Decimal:
    """Return a round number above zero, at or above everything shown."""
    highest = max([Decimal(1), *(number for _, number in chart.bars), chart.aim or Decimal(0)])
    scale = Decimal(10) ** (highest.adjusted())
    for step in (*_STEPS, 10):
        if highest <= step * scale:
            return step * scale
    return highest.to_integral_value(ROUND_CEILING)


def _short(label: str) -> str:
    return label if len(label) <= 34 else f"{label[:33].rstrip()}…"  # noqa: PLR2004 - room left of the bars


def _svg(wide: float, tall: float, parts: list[str]) -> str:
    inside = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {tall:.0f}" width="{wide:.0f}" '
        f'height="{tall:.0f}" font-family="Face" font-size="9">{inside}</svg>'
    )


def _bar(x: float, y: float, wide: float, tall: float) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="{_INK}"/>'


def _line(x: float, y: float, to_x: float, to_y: float, ink: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{ink}" stroke-width="0.8"{dash}/>'


def _aim(number: Decimal, x: float, y: float, anchor: str) -> str:
    return _text(f"target {as_cell(number).text}", x, y, anchor, ink=_AIM)


def _text(text: str, x: float, y: float, anchor: str, *, bold: bool = False, ink: str = _TEXT) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink}"{weight}>{escape(text)}</text>'
