"""A certificate's first page: everything has its place, long texts become smaller or balanced lines within it."""

from __future__ import annotations

from collections.abc import Sequence

from forms.certificate_words import DOT, Texts
from forms.guilloche import MM, WIDTH
from forms.letters import Cut, Letters
from forms.lines import Line, baseline, line, wrapped
from forms.setting import set_text
from forms.sheet import Ink, Placed, Sheet, centred, flush_right
from forms.tags import Tag

# Points from the upper left corner of the paper, unless in millimetres.
_MIDDLE, _ACROSS = WIDTH / 2, 236 * MM
_NAME_TOP, _NAME_HEIGHT = 201.23, 15 * MM
_SENTENCE_ROOM = 229 * MM
_CHECK_MIDDLE, _CHECK_ROOM = 62 * MM, 74 * MM
_KINDS_LEFT, _KINDS_TOP, _KINDS_ROW = 109.5 * MM, 140 * MM, 6 * MM
_KINDS_COLUMNS = (36.4 * MM, 20.8 * MM, 20.8 * MM)
_SIGNED_MIDDLE, _SIGNED_ROOM, _SIGNED_LINE = 235 * MM, 70 * MM, 4.4 * MM
_ABOVE_LAST, _BELOW_FIRST = 412.37, 502.9
_LONG = (10.5, 9.5, 9)


def set_front(sheet: Sheet, said: Texts, letters: Letters) -> Tag:
    """Write page 1 in reading order and give its section of the structure tree."""
    regular, semibold, italic = letters.regular, letters.semibold, letters.italic
    name = set_text(said["name"][0], semibold, room=_ACROSS, sizes=(28, 25, 22, 19, 17))
    position = set_text(said["position"][0], regular, room=_ACROSS, sizes=_LONG, most=1)
    unit = set_text(said["unit"][0], regular, room=_ACROSS, sizes=_LONG, most=1)
    holder = set_text(DOT.join((said["nip"][0], said["grade"][0])), regular, room=_ACROSS, sizes=_LONG, most=1)
    sheet.rule(_MIDDLE - 18 * MM, 90.91, 36 * MM, 0.7, ink=Ink.GOLD)
    return Tag(
        role="Sect",
        kids=(
            sheet.write("P", _spaced(said["agency"][0], semibold, 11.5, 0.24, 79.25)),
            sheet.write("H1", _spaced(said["heading"][0], semibold, 36, 0.2, 128.61)),
            sheet.write("P", centred(line(said["subject"][0], italic, 11), at=_MIDDLE, base=149.97)),
            sheet.write("P", _spaced(said["number"][0], regular, 9.5, 0.05, 165.66)),
            sheet.write("P", centred(line(said["given"][0], italic, 10.5), at=_MIDDLE, base=196.93)),
            sheet.write("P", *_in_the_middle_of(name, top=_NAME_TOP, height=_NAME_HEIGHT)),
            sheet.write("P", *_stacked(holder, first=255.08)),
            sheet.write("P", *_stacked(position, first=270.11)),
            sheet.write("P", *_stacked(unit, first=284.85)),
            sheet.write("P", *_stacked(wrapped(said["year"][0], regular, 10.5, room=_SENTENCE_ROOM), first=315.18)),
            sheet.write("P", *_total(said["total_jp"], letters)),
            sheet.write("P", *_check(said, letters)),
            _kinds(sheet, said, letters),
            sheet.write("P", *_above(said, letters)),
            sheet.write("P", *_below(said, letters)),
        ),
    )


def _spaced(text: str, cut: Cut, size: float, spacing: float, base: float) -> Placed:
    """Letter-spaced by so many em, smaller where the paper is too narrow."""
    set_ = line(text, cut, size, spacing=spacing * size)
    if set_.width > _ACROSS:
        size *= _ACROSS / set_.width
        set_ = line(text, cut, size, spacing=spacing * size)
    return centred(set_, at=_MIDDLE, base=base)


def _in_the_middle_of(lines: Sequence[Line], *, top: float, height: float) -> list[Placed]:
    each = height / len(lines)
    return [
        centred(one, at=_MIDDLE, base=top + place * each + baseline(one.size, each)) for place, one in enumerate(lines)
    ]


def _stacked(lines: Sequence[Line], *, first: float) -> list[Placed]:
    return [centred(one, at=_MIDDLE, base=first + place * 5.2 * MM) for place, one in enumerate(lines)]


def _total(said: tuple[str, ...], letters: Letters) -> list[Placed]:
    """The one big figure and its unit, together in the middle."""
    figure, unit = line(f"{said[0]} ", letters.semibold, 36), line(said[1], letters.regular, 16, spacing=0.96)
    gap = letters.semibold.width(" ") * 36 / 1000
    left = _MIDDLE - (figure.width + gap + unit.width) / 2
    return [
        Placed(line=figure, left=left, base=374.57),
        Placed(line=unit, left=left + figure.width + gap, base=374.57),
    ]


def _check(said: Texts, letters: Letters) -> list[Placed]:
    lines = [one for text in said["check_url"] for one in wrapped(f"{text} ", letters.regular, 7.4, room=_CHECK_ROOM)]
    placed = [centred(one, at=_CHECK_MIDDLE, base=478.4 + place * 10.51) for place, one in enumerate(lines)]
    number = line(said["check_number"][0], letters.semibold, 8.2, spacing=0.33)
    return [*placed, centred(number, at=_CHECK_MIDDLE, base=placed[-1].base + 11.36)]


def _kinds(sheet: Sheet, said: Texts, letters: Letters) -> Tag:
    """The small table: a head, a row for each kind, the sum."""
    rows = [name for name in said if name.startswith("by_kind.")]
    base, rule, width = 408.51, _KINDS_TOP + _KINDS_ROW, sum(_KINDS_COLUMNS)
    head = Tag(role="TR", kids=tuple(_cells(sheet, "TH", said["by_kind"], letters.semibold, base)))
    sheet.rule(_KINDS_LEFT, rule, width, 0.7)
    base, rule, body = base + 0.7 + _KINDS_ROW, rule + 0.7 + _KINDS_ROW, []
    for name in rows:
        last = name == "by_kind.total"
        cut, weight, ink = (letters.semibold, 0.7, Ink.NAVY) if last else (letters.regular, 0.25, Ink.PALE)
        body.append(Tag(role="TR", kids=tuple(_cells(sheet, "TD", said[name], cut, base))))
        sheet.rule(_KINDS_LEFT, rule, width, weight, ink=ink)
        base, rule = base + _KINDS_ROW + weight, rule + _KINDS_ROW + weight
    return Tag(role="Table", kids=(Tag(role="THead", kids=(head,)), Tag(role="TBody", kids=tuple(body))))


def _cells(sheet: Sheet, role: str, texts: tuple[str, ...], cut: Cut, base: float) -> list[Tag]:
    edge, cells = _KINDS_LEFT, []
    for place, (text, width) in enumerate(zip(texts, _KINDS_COLUMNS, strict=True)):
        one, inner = line(text, cut, 9), 1.4 * MM
        left = Placed(line=one, left=edge + inner, base=base)
        cells.append(sheet.write(role, flush_right(one, edge=edge + width - inner, base=base) if place else left))
        edge += width
    return cells


def _above(said: Texts, letters: Letters) -> list[Placed]:
    """Place and date, and the office: they grow upwards from the seal."""
    sizes = (9.5, 9, 8.5)
    lines = [
        *set_text(said["issued_on"][0], letters.regular, room=_SIGNED_ROOM, sizes=sizes),
        *set_text(said["official_position"][0], letters.regular, room=_SIGNED_ROOM, sizes=sizes),
    ]
    first = _ABOVE_LAST - (len(lines) - 1) * _SIGNED_LINE
    return [centred(one, at=_SIGNED_MIDDLE, base=first + at * _SIGNED_LINE) for at, one in enumerate(lines)]


def _below(said: Texts, letters: Letters) -> list[Placed]:
    """The official's name and NIP: they grow downwards from the seal."""
    lines = [
        *set_text(said["official_name"][0], letters.semibold, room=_SIGNED_ROOM, sizes=(10, 9.5, 9)),
        line(said["official_nip"][0], letters.regular, 9.5),
    ]
    return [centred(one, at=_SIGNED_MIDDLE, base=_BELOW_FIRST + at * _SIGNED_LINE) for at, one in enumerate(lines)]
