"""Draw the yearly certificate as PDF: the certificate with border and QR code, then the activities counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pikepdf import Dictionary, OutlineItem

from forms.certificate import ATTACHMENT, CertificateContent, CertifiedActivity
from forms.certificate_border import border
from forms.errors import Undrawable
from forms.indonesian import ELECTRONIC_EVIDENCE, comma, long_date, spaced_nip
from forms.serial import qr_path
from forms.typesetting.document import DocumentInfo, Sheets, attach, describe, refuse_missing_glyphs, serialized
from forms.typesetting.fonts import Font, FontFamily
from forms.typesetting.page import (
    Flow,
    Ink,
    Line,
    PlacedLine,
    Sheet,
    Tag,
    baseline,
    centred,
    flush_right,
    line,
    set_text,
    wrapped,
)
from forms.typesetting.paper import ACROSS, BOTTOM, LEFT, MM, TOP, WIDTH

# Left, bottom and side of the QR code on the first page.
_CODE = (49.0 * MM, 47.0 * MM, 26.0 * MM)


def draw_certificate(content: CertificateContent, fonts: FontFamily) -> bytes:
    """Draw a tagged PDF/A-3a, PDF/UA-1, A4 landscape, with the content attached as JSON.

    The same content gives the same bytes. Raises Undrawable for a character our fonts lack, and for a row higher than
    a page.
    """
    front, rest = front_texts(content), list_texts(content)
    refuse_missing_glyphs(
        (part for page in (front, rest) for parts in page.values() for part in parts), fonts, what="Sertifikat"
    )
    sheets = Sheets()
    first_section = _set_front(sheets.new(), front, fonts)
    left, bottom, side = _CODE
    code = qr_path(content.check_url, left=left, bottom=bottom, side=side)
    sheets.all[0].beneath(b"/Border Do %s rg %s" % (Ink.NAVY.value.encode("ascii"), code))
    list_section = _set_list(rest, fonts, sheets.new)
    pdf = sheets.to_pdf(Tag(role="Document", kids=(first_section, list_section)))
    pdf.pages[0].obj.Resources.XObject = Dictionary(Border=border(pdf))
    describe(pdf, DocumentInfo(title=f"Sertifikat {content.number}", author=content.agency, day=content.issued_on))
    attach(pdf, ATTACHMENT, content.canonical(), content.issued_on)
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem(front["heading"][0], 0))
        outline.root.append(OutlineItem(rest["list"][0], 1))
    return serialized(pdf)


# --- Texts in reading order; `parsers.certificate` expects the same ones on the pages

KINDS = {"coaching": "Coaching", "mentoring": "Mentoring", "belajar_mandiri": "Belajar Mandiri"}
KINDS_HEAD = ("Jenis kegiatan", "Kegiatan", "JP")
LIST_HEAD = ("No.", "Tanggal", "Jenis", "Kegiatan", "Pembimbing atau sumber", "JP")
_SEALED = (
    "Dokumen ini telah disegel secara elektronik menggunakan sertifikat elektronik; data yang sama dapat dibaca mesin "
    "dari lampiran sertifikat.json di dalamnya."
)
FOOT = (ELECTRONIC_EVIDENCE, _SEALED)
# Between parts on one line.
DOT = "\u00a0 · \u00a0"
_DONE = (
    "telah melaksanakan pengembangan kompetensi melalui coaching, mentoring, dan belajar mandiri menurut Surat Edaran "
    "Kepala Badan Kepegawaian Negara Nomor 3 Tahun 2022, dengan jumlah jam pelajaran (JP) terverifikasi"
)
# By the name of the part of the content that the text shows, else by its place on the page. Each text is a tuple of
# table cells, or of parts on lines of their own.
Texts = Mapping[str, tuple[str, ...]]


def front_texts(content: CertificateContent) -> Texts:
    """Return the texts of page 1."""
    address = content.check_url.removesuffix(f"/{content.number}")
    return {
        "agency": (content.agency,),
        "heading": ("SERTIFIKAT",),
        "subject": ("Coaching, Mentoring, dan Belajar Mandiri",),
        "number": (f"Nomor {content.number}",),
        "given": ("diberikan kepada",),
        "name": (content.name,),
        "nip": (f"NIP {spaced_nip(content.nip)}",),
        "grade": (content.grade,),
        "position": (content.position,),
        "unit": (content.unit,),
        "year": (f"yang selama tahun {content.year} {_DONE}",),
        "total_jp": (comma(content.total_jp), "JP"),
        "check_url": ("Periksa keaslian sertifikat ini dengan kode di atas, atau buka", address, "dan masukkan nomor"),
        "check_number": (content.number,),
        "by_kind": KINDS_HEAD,
        **{f"by_kind.{total.kind}": (total.label, str(total.activities), comma(total.jp)) for total in content.by_kind},
        "by_kind.total": ("Jumlah", str(len(content.activities)), comma(content.total_jp)),
        "issued_on": (f"{content.place}, {long_date(content.issued_on)}",),
        "official_position": (f"{content.official_position},",),
        "official_name": (content.official_name,),
        "official_nip": (f"NIP {spaced_nip(content.official_nip)}",),
    }


def list_texts(content: CertificateContent) -> Texts:
    """Return the texts of page 2 and after, without repeated head rows and feet."""
    return {
        "list": (f"Kegiatan yang dihitung pada tahun {content.year}",),
        "holder": (f"{content.name}, NIP {spaced_nip(content.nip)}", f"Sertifikat {content.number}"),
        "head": LIST_HEAD,
        **{
            f"activities[{place}]": (str(place), *_row(activity))
            for place, activity in enumerate(content.activities, 1)
        },
        **({} if content.activities else {"activities": ("Tidak ada kegiatan yang dihitung.",)}),
        "total": ("Jumlah jam pelajaran", comma(content.total_jp)),
        "target": (f"Hak pengembangan kompetensi setahun: {comma(content.target)} JP.",),
        "norms": ("Dasar penghitungan",),
        **{f"norms[{place}]": (f"{place}.", norm) for place, norm in enumerate(content.norms, 1)},
    }


def _row(activity: CertifiedActivity) -> tuple[str, ...]:
    name = KINDS.get(activity.kind, activity.kind)
    kind = name if activity.scope == "nasional" else f"{name} ({activity.scope})"
    return (long_date(activity.date), kind, activity.title, activity.guide, comma(activity.jp))


# --- First page: fixed places; long texts become smaller, or several lines

# From the upper left corner of the paper.
_MIDDLE, _ACROSS = WIDTH / 2, 236 * MM
_NAME_TOP, _NAME_HEIGHT = 201.23, 15 * MM
_SENTENCE_ROOM = 229 * MM
_CHECK_MIDDLE, _CHECK_ROOM = 62 * MM, 74 * MM
_KINDS_LEFT, _KINDS_TOP, _KINDS_ROW = 109.5 * MM, 140 * MM, 6 * MM
_KINDS_COLUMNS = (36.4 * MM, 20.8 * MM, 20.8 * MM)
_SIGNED_MIDDLE, _SIGNED_ROOM, _SIGNED_LINE = 235 * MM, 70 * MM, 4.4 * MM
_ABOVE_LAST, _BELOW_FIRST = 412.37, 502.9
_LONG = (10.5, 9.5, 9)


def _set_front(sheet: Sheet, texts: Texts, fonts: FontFamily) -> Tag:
    """Write page 1 in reading order; return its section of the structure tree."""
    regular, semibold, italic = fonts.regular, fonts.semibold, fonts.italic
    name = set_text(texts["name"][0], semibold, room=_ACROSS, sizes=(28, 25, 22, 19, 17))
    position = set_text(texts["position"][0], regular, room=_ACROSS, sizes=_LONG, most=1)
    unit = set_text(texts["unit"][0], regular, room=_ACROSS, sizes=_LONG, most=1)
    holder = set_text(DOT.join((texts["nip"][0], texts["grade"][0])), regular, room=_ACROSS, sizes=_LONG, most=1)
    sheet.rule(_MIDDLE - 18 * MM, 90.91, 36 * MM, 0.7, ink=Ink.GOLD)
    return Tag(
        role="Sect",
        kids=(
            sheet.write("P", _spaced(texts["agency"][0], semibold, 11.5, 0.24, 79.25)),
            sheet.write("H1", _spaced(texts["heading"][0], semibold, 36, 0.2, 128.61)),
            sheet.write("P", centred(line(texts["subject"][0], italic, 11), at=_MIDDLE, base=149.97)),
            sheet.write("P", _spaced(texts["number"][0], regular, 9.5, 0.05, 165.66)),
            sheet.write("P", centred(line(texts["given"][0], italic, 10.5), at=_MIDDLE, base=196.93)),
            sheet.write("P", *_in_the_middle_of(name, top=_NAME_TOP, height=_NAME_HEIGHT)),
            sheet.write("P", *_stacked(holder, first=255.08)),
            sheet.write("P", *_stacked(position, first=270.11)),
            sheet.write("P", *_stacked(unit, first=284.85)),
            sheet.write("P", *_stacked(wrapped(texts["year"][0], regular, 10.5, room=_SENTENCE_ROOM), first=315.18)),
            sheet.write("P", *_total(texts["total_jp"], fonts)),
            sheet.write("P", *_check(texts, fonts)),
            _kinds(sheet, texts, fonts),
            sheet.write("P", *_above(texts, fonts)),
            sheet.write("P", *_below(texts, fonts)),
        ),
    )


def _spaced(text: str, font: Font, size: float, spacing: float, base: float) -> PlacedLine:
    """Return a centred line, letter-spaced by `spacing` em; smaller where it would be too wide."""
    set_line = line(text, font, size, spacing=spacing * size)
    if set_line.width > _ACROSS:
        size *= _ACROSS / set_line.width
        set_line = line(text, font, size, spacing=spacing * size)
    return centred(set_line, at=_MIDDLE, base=base)


def _in_the_middle_of(lines: Sequence[Line], *, top: float, height: float) -> list[PlacedLine]:
    line_height = height / len(lines)
    return [
        centred(set_line, at=_MIDDLE, base=top + place * line_height + baseline(set_line.size, line_height))
        for place, set_line in enumerate(lines)
    ]


def _stacked(lines: Sequence[Line], *, first: float) -> list[PlacedLine]:
    return [centred(set_line, at=_MIDDLE, base=first + place * 5.2 * MM) for place, set_line in enumerate(lines)]


def _total(texts: tuple[str, ...], fonts: FontFamily) -> list[PlacedLine]:
    """Return the total and its unit, together in the middle."""
    figure, unit = line(f"{texts[0]} ", fonts.semibold, 36), line(texts[1], fonts.regular, 16, spacing=0.96)
    gap = fonts.semibold.width(" ") * 36 / 1000
    left = _MIDDLE - (figure.width + gap + unit.width) / 2
    return [
        PlacedLine(line=figure, left=left, base=374.57),
        PlacedLine(line=unit, left=left + figure.width + gap, base=374.57),
    ]


def _check(texts: Texts, fonts: FontFamily) -> list[PlacedLine]:
    lines = [
        set_line
        for text in texts["check_url"]
        for set_line in wrapped(f"{text} ", fonts.regular, 7.4, room=_CHECK_ROOM)
    ]
    placed = [centred(set_line, at=_CHECK_MIDDLE, base=478.4 + place * 10.51) for place, set_line in enumerate(lines)]
    number = line(texts["check_number"][0], fonts.semibold, 8.2, spacing=0.33)
    return [*placed, centred(number, at=_CHECK_MIDDLE, base=placed[-1].base + 11.36)]


def _kinds(sheet: Sheet, texts: Texts, fonts: FontFamily) -> Tag:
    """Write the table of kinds: a head, a row for each kind, the sum."""
    rows = [name for name in texts if name.startswith("by_kind.")]
    base, rule, width = 408.51, _KINDS_TOP + _KINDS_ROW, sum(_KINDS_COLUMNS)
    head = Tag(role="TR", kids=tuple(_cells(sheet, "TH", texts["by_kind"], fonts.semibold, base)))
    sheet.rule(_KINDS_LEFT, rule, width, 0.7)
    base, rule, body = base + 0.7 + _KINDS_ROW, rule + 0.7 + _KINDS_ROW, []
    for name in rows:
        last = name == "by_kind.total"
        font, weight, ink = (fonts.semibold, 0.7, Ink.NAVY) if last else (fonts.regular, 0.25, Ink.PALE)
        body.append(Tag(role="TR", kids=tuple(_cells(sheet, "TD", texts[name], font, base))))
        sheet.rule(_KINDS_LEFT, rule, width, weight, ink=ink)
        base, rule = base + _KINDS_ROW + weight, rule + _KINDS_ROW + weight
    return Tag(role="Table", kids=(Tag(role="THead", kids=(head,)), Tag(role="TBody", kids=tuple(body))))


def _cells(sheet: Sheet, role: str, texts: tuple[str, ...], font: Font, base: float) -> list[Tag]:
    edge, cells = _KINDS_LEFT, []
    for place, (text, width) in enumerate(zip(texts, _KINDS_COLUMNS, strict=True)):
        set_line, inner = line(text, font, 9), 1.4 * MM
        left = PlacedLine(line=set_line, left=edge + inner, base=base)
        cells.append(sheet.write(role, flush_right(set_line, edge=edge + width - inner, base=base) if place else left))
        edge += width
    return cells


def _above(texts: Texts, fonts: FontFamily) -> list[PlacedLine]:
    """Return place and date, and the office: they grow upwards from the seal."""
    sizes = (9.5, 9, 8.5)
    lines = [
        *set_text(texts["issued_on"][0], fonts.regular, room=_SIGNED_ROOM, sizes=sizes),
        *set_text(texts["official_position"][0], fonts.regular, room=_SIGNED_ROOM, sizes=sizes),
    ]
    first = _ABOVE_LAST - (len(lines) - 1) * _SIGNED_LINE
    return [centred(set_line, at=_SIGNED_MIDDLE, base=first + at * _SIGNED_LINE) for at, set_line in enumerate(lines)]


def _below(texts: Texts, fonts: FontFamily) -> list[PlacedLine]:
    """Return the official's name and NIP: they grow downwards from the seal."""
    lines = [
        *set_text(texts["official_name"][0], fonts.semibold, room=_SIGNED_ROOM, sizes=(10, 9.5, 9)),
        line(texts["official_nip"][0], fonts.regular, 9.5),
    ]
    return [
        centred(set_line, at=_SIGNED_MIDDLE, base=_BELOW_FIRST + at * _SIGNED_LINE) for at, set_line in enumerate(lines)
    ]


# --- Second page and after: the activities counted, then the norms

_TEXT_LINE, _HEADING_LINE = 11.25, 11.875
_NORM_SIZE, _NORM_LINE, _HANGING = 8.4, 11.76, 4.5 * MM
_FOOT_BASE, _FOOT_LINE, _PAGE_BASE = 539.89, 9.18, 540.61


def _set_list(texts: Texts, fonts: FontFamily, new_sheet: Callable[[], Sheet]) -> Tag:
    """Write the list on as many sheets as it needs; return its section of the structure tree."""
    flow, regular, semibold = Flow(new_sheet), fonts.regular, fonts.semibold
    kids = [flow.paragraph("H2", wrapped(texts["list"][0], semibold, 13, room=ACROSS), 16.25)]
    flow.top += 0.6 * MM
    kids.append(flow.paragraph("P", wrapped(DOT.join(texts["holder"]), regular, 9.5, room=ACROSS), 11.875))
    flow.top += 4 * MM
    kids.append(_ActivityTable(flow, fonts).set(texts))
    flow.top += 2 * MM
    kids.append(flow.paragraph("P", wrapped(texts["target"][0], regular, 9, room=ACROSS), _TEXT_LINE))
    flow.top += 5 * MM
    norms = [
        wrapped(" ".join(parts), regular, _NORM_SIZE, room=ACROSS - _HANGING)
        for name, parts in texts.items()
        if name.startswith("norms[")
    ]
    # The heading stays with the first norm.
    flow.make_room(_HEADING_LINE + 1.5 * MM + (len(norms[0]) * _NORM_LINE if norms else 0))
    kids.append(flow.paragraph("H3", wrapped(texts["norms"][0], semibold, 9.5, room=ACROSS), _HEADING_LINE))
    flow.top += 1.5 * MM
    items = [flow.paragraph("LBody", norm, _NORM_LINE, hanging=_HANGING, ink=Ink.BLACK) for norm in norms]
    if items:
        kids.append(Tag(role="L", kids=tuple(Tag(role="LI", kids=(item,)) for item in items)))
    _set_feet(flow.sheets, fonts)
    return Tag(role="Sect", kids=tuple(kids))


def _set_feet(sheets: list[Sheet], fonts: FontFamily) -> None:
    """Write law and page number on the sheets of the list; the first page carries no small print."""
    for sheet in sheets:
        feet = [
            PlacedLine(line=line(text, fonts.regular, 6.8), left=LEFT, base=_FOOT_BASE + place * _FOOT_LINE)
            for place, text in enumerate(FOOT)
        ]
        number = line(f"Halaman {sheet.number + 1} dari {len(sheets) + 1}", fonts.regular, 7.5)
        sheet.repeat(*feet, flush_right(number, edge=LEFT + ACROSS, base=_PAGE_BASE), ink=Ink.GREY)


# --- Table of activities: rows stay whole, the head is repeated, the sum is never alone on a sheet

_COLUMNS = (11.2 * MM, 32.2 * MM, 46.2 * MM, 92 * MM, 65.2 * MM, 14.2 * MM)
_EDGES = tuple(LEFT + sum(_COLUMNS[:place]) for place in range(len(_COLUMNS) + 1))
_INNER, _PAD = 1.6 * MM, 1.3 * MM  # beside the text of a cell, above and below it
_SIZE, _LINE = 9, 11.25
_HEAVY, _LIGHT = 0.7, 0.25
_HEAD_HEIGHT = _LINE + 2 * _PAD + 2 * _HEAVY
_SUM_HEIGHT = _LINE + 2 * _PAD + _HEAVY
_RIGHT = {0, len(_COLUMNS) - 1}  # numbers


class _ActivityTable:
    """The table of one certificate, written into `flow`."""

    def __init__(self, flow: Flow, fonts: FontFamily) -> None:
        self._flow, self._letters = flow, fonts

    def set(self, texts: Texts) -> Tag:
        """Write the table in reading order; return its element. Undrawable for a row higher than a page."""
        rows = [self._wrapped(texts[name]) for name in texts if name.startswith("activities[")]
        head, body = Tag(role="TR", kids=self._head()), []
        for place, row in enumerate(rows, 1):
            height = max(map(len, row)) * _LINE + 2 * _PAD + _LIGHT
            below = _SUM_HEIGHT if place == len(rows) else 0
            if height + below > BOTTOM - TOP - _HEAD_HEIGHT:
                raise Undrawable(f"Teks kegiatan nomor {place} pada sertifikat lebih panjang dari satu halaman.")
            if self._flow.make_room(height + below):
                self._repeat_head()
            body.append(Tag(role="TR", kids=self._row(row, height)))
        if not rows:
            nothing = (), (line(texts["activities"][0], self._letters.regular, _SIZE),)
            body.append(Tag(role="TR", kids=self._row(nothing, _LINE + 2 * _PAD + _LIGHT)))
        body.append(Tag(role="TR", kids=self._sum(texts["total"])))
        return Tag(role="Table", kids=(Tag(role="THead", kids=(head,)), Tag(role="TBody", kids=tuple(body))))

    def _wrapped(self, texts: tuple[str, ...]) -> tuple[tuple[Line, ...], ...]:
        return tuple(
            wrapped(text, self._letters.regular, _SIZE, room=width - 2 * _INNER)
            for text, width in zip(texts, _COLUMNS, strict=True)
        )

    def _head(self) -> tuple[Tag, ...]:
        cells = self._head_cells()
        return tuple(self._flow.sheet.write("TH", cell) for cell in cells)

    def _repeat_head(self) -> None:
        self._flow.sheet.repeat(*self._head_cells())

    def _head_cells(self) -> list[PlacedLine]:
        flow = self._flow
        flow.sheet.rule(LEFT, flow.top, ACROSS, _HEAVY)
        flow.sheet.rule(LEFT, flow.top + _HEAD_HEIGHT - _HEAVY, ACROSS, _HEAVY)
        base = flow.top + _HEAVY + _PAD + baseline(_SIZE, _LINE)
        flow.top += _HEAD_HEIGHT
        return [_placed(line(text, self._letters.semibold, _SIZE), place, base) for place, text in enumerate(LIST_HEAD)]

    def _row(self, cells: tuple[tuple[Line, ...], ...], height: float) -> tuple[Tag, ...]:
        """Write the cells from the left; where there are too few, the last one spans the rest."""
        flow, tags = self._flow, []
        first = flow.top + _PAD + baseline(_SIZE, _LINE)
        for column, lines in enumerate(cells):
            placed = [_placed(set_line, column, first + place * _LINE) for place, set_line in enumerate(lines)]
            across = len(_COLUMNS) - column if column == len(cells) - 1 else 1
            tags.append(flow.sheet.write("TD", *placed, ink=Ink.BLACK, across=across) if placed else Tag(role="TD"))
        flow.sheet.rule(LEFT, flow.top + height - _LIGHT, ACROSS, _LIGHT, ink=Ink.PALE)
        flow.top += height
        return tuple(tags)

    def _sum(self, texts: tuple[str, ...]) -> tuple[Tag, ...]:
        flow, last = self._flow, len(_COLUMNS) - 1
        base = flow.top + _PAD + baseline(_SIZE, _LINE)
        words, figure = (line(text, self._letters.semibold, _SIZE) for text in texts)
        tags = (
            flow.sheet.write(
                "TD", flush_right(words, edge=_EDGES[last] - _INNER, base=base), ink=Ink.BLACK, across=last
            ),
            flow.sheet.write("TD", _placed(figure, last, base), ink=Ink.BLACK),
        )
        flow.sheet.rule(LEFT, flow.top + _SUM_HEIGHT - _HEAVY, ACROSS, _HEAVY)
        flow.top += _SUM_HEIGHT
        return tags


def _placed(set_line: Line, column: int, base: float) -> PlacedLine:
    if column in _RIGHT:
        return flush_right(set_line, edge=_EDGES[column + 1] - _INNER, base=base)
    return PlacedLine(line=set_line, left=_EDGES[column] + _INNER, base=base)
