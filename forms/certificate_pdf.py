"""A certificate drawn: its words set on sheets, the border and the code beneath the first, made a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pikepdf import Dictionary, OutlineItem

from forms.certificate import ATTACHMENT, CertificateContent, CertifiedActivity, canonical_json
from forms.certificate_border import MM, WIDTH, border
from forms.errors import Undrawable
from forms.indonesian import comma, long_date, spaced_nip
from forms.serial import squares
from forms.typesetting.document import Describing, Sheets, attach, describe, refuse_missing_glyphs, written
from forms.typesetting.fonts import Cut, Letters
from forms.typesetting.page import (
    ACROSS,
    BOTTOM,
    LEFT,
    TOP,
    Flow,
    Ink,
    Line,
    Placed,
    Sheet,
    Tag,
    baseline,
    centred,
    flush_right,
    line,
    set_text,
    wrapped,
)

# Left, bottom and side of the code on the first page, points.
_CODE = (49.0 * MM, 47.0 * MM, 26.0 * MM)


def draw(content: CertificateContent, letters: Letters) -> bytes:
    """See `forms.certificate_pdf.draw_certificate`."""
    said, listed = front(content), listing(content)
    refuse_missing_glyphs(
        (part for page in (said, listed) for texts in page.values() for part in texts), letters, what="Sertifikat"
    )
    sheets = Sheets()
    first = set_front(sheets.new(), said, letters)
    left, bottom, side = _CODE
    code = squares(content.check_url, left=left, bottom=bottom, side=side)
    sheets.all[0].beneath(b"/Border Do %s rg %s" % (Ink.NAVY.value.encode("ascii"), code))
    rest = set_list(listed, letters, sheets.new)
    pdf = sheets.bound(Tag(role="Document", kids=(first, rest)))
    pdf.pages[0].obj.Resources.XObject = Dictionary(Border=border(pdf))
    describe(pdf, Describing(title=f"Sertifikat {content.number}", author=content.agency, day=content.issued_on))
    attach(pdf, ATTACHMENT, canonical_json(content), content.issued_on)
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem(said["heading"][0], 0))
        outline.root.append(OutlineItem(listed["list"][0], 1))
    return written(pdf)


# --- Every word a certificate shows, in reading order: the pages are set from these, the read-back expects these

KINDS = {"coaching": "Coaching", "mentoring": "Mentoring", "belajar_mandiri": "Belajar Mandiri"}
KINDS_HEAD = ("Jenis kegiatan", "Kegiatan", "JP")
LIST_HEAD = ("No.", "Tanggal", "Jenis", "Kegiatan", "Pembimbing atau sumber", "JP")
_LAW = (
    "UU ITE No. 11 Tahun 2008 Pasal 5 Ayat 1: “Informasi Elektronik dan/atau Dokumen Elektronik dan/atau hasil "
    "cetaknya merupakan alat bukti hukum yang sah.”"
)
_SEALED = (
    "Dokumen ini telah disegel secara elektronik menggunakan sertifikat elektronik; data yang sama dapat dibaca mesin "
    "dari lampiran sertifikat.json di dalamnya."
)
FOOT = (_LAW, _SEALED)
# Between parts on one line, with air around it.
DOT = "\u00a0 · \u00a0"
_DONE = (
    "telah melaksanakan pengembangan kompetensi melalui coaching, mentoring, dan belajar mandiri menurut Surat Edaran "
    "Kepala Badan Kepegawaian Negara Nomor 3 Tahun 2022, dengan jumlah jam pelajaran (JP) terverifikasi"
)
# What part of the content a text stands for is its name; a text that stands for none is called by its place.
Texts = Mapping[str, tuple[str, ...]]


def front(content: CertificateContent) -> Texts:
    """Page 1. Each text is a tuple of cells or of parts on lines of their own."""
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


def listing(content: CertificateContent) -> Texts:
    """Page 2 and after, without head rows and feet."""
    return {
        "list": (f"Kegiatan yang dihitung pada tahun {content.year}",),
        "holder": (f"{content.name}, NIP {spaced_nip(content.nip)}", f"Sertifikat {content.number}"),
        "head": LIST_HEAD,
        **{f"activities[{place}]": (str(place), *_row(each)) for place, each in enumerate(content.activities, 1)},
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


# --- A certificate's first page: everything has its place, long texts become smaller or balanced lines within it

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


# --- A certificate's second page and those after: the activities counted, then the norms they rest on

_TEXT_LINE, _HEADING_LINE = 11.25, 11.875
_NORM_SIZE, _NORM_LINE, _HANGING = 8.4, 11.76, 4.5 * MM
_FOOT_BASE, _FOOT_LINE, _PAGE_BASE = 539.89, 9.18, 540.61


def set_list(said: Texts, letters: Letters, new_sheet: Callable[[], Sheet]) -> Tag:
    """Write the list on as many sheets as it takes: its section of the structure tree."""
    flow, regular, semibold = Flow(new_sheet), letters.regular, letters.semibold
    kids = [flow.paragraph("H2", wrapped(said["list"][0], semibold, 13, room=ACROSS), 16.25)]
    flow.top += 0.6 * MM
    kids.append(flow.paragraph("P", wrapped(DOT.join(said["holder"]), regular, 9.5, room=ACROSS), 11.875))
    flow.top += 4 * MM
    kids.append(ActivityTable(flow, letters).set(said))
    flow.top += 2 * MM
    kids.append(flow.paragraph("P", wrapped(said["target"][0], regular, 9, room=ACROSS), _TEXT_LINE))
    flow.top += 5 * MM
    norms = [
        wrapped(" ".join(texts), regular, _NORM_SIZE, room=ACROSS - _HANGING)
        for name, texts in said.items()
        if name.startswith("norms[")
    ]
    # A heading stays with what follows it.
    flow.make_room(_HEADING_LINE + 1.5 * MM + (len(norms[0]) * _NORM_LINE if norms else 0))
    kids.append(flow.paragraph("H3", wrapped(said["norms"][0], semibold, 9.5, room=ACROSS), _HEADING_LINE))
    flow.top += 1.5 * MM
    items = [flow.paragraph("LBody", norm, _NORM_LINE, hanging=_HANGING, ink=Ink.BLACK) for norm in norms]
    if items:
        kids.append(Tag(role="L", kids=tuple(Tag(role="LI", kids=(item,)) for item in items)))
    _set_feet(flow.sheets, letters)
    return Tag(role="Sect", kids=tuple(kids))


def _set_feet(sheets: list[Sheet], letters: Letters) -> None:
    """The law and the page's number, below the list only: the first page is no place for small print."""
    for sheet in sheets:
        feet = [
            Placed(line=line(text, letters.regular, 6.8), left=LEFT, base=_FOOT_BASE + place * _FOOT_LINE)
            for place, text in enumerate(FOOT)
        ]
        number = line(f"Halaman {sheet.number + 1} dari {len(sheets) + 1}", letters.regular, 7.5)
        sheet.repeat(*feet, flush_right(number, edge=LEFT + ACROSS, base=_PAGE_BASE), ink=Ink.GREY)


# --- The table of the activities a certificate counts: rows stay whole, the head is repeated, the sum is never alone

_COLUMNS = (11.2 * MM, 32.2 * MM, 46.2 * MM, 92 * MM, 65.2 * MM, 14.2 * MM)
_EDGES = tuple(LEFT + sum(_COLUMNS[:place]) for place in range(len(_COLUMNS) + 1))
_INNER, _PAD = 1.6 * MM, 1.3 * MM  # beside the text of a cell, above and below it
_SIZE, _LINE = 9, 11.25
_HEAVY, _LIGHT = 0.7, 0.25
_HEAD_HEIGHT = _LINE + 2 * _PAD + 2 * _HEAVY
_SUM_HEIGHT = _LINE + 2 * _PAD + _HEAVY
_RIGHT = {0, len(_COLUMNS) - 1}  # numbers


class ActivityTable:
    """One certificate's table, written into `flow`."""

    def __init__(self, flow: Flow, letters: Letters) -> None:
        self._flow, self._letters = flow, letters

    def set(self, said: Texts) -> Tag:
        """Write the table in reading order and give its element. Undrawable for a row higher than a page."""
        rows = [self._wrapped(said[name]) for name in said if name.startswith("activities[")]
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
            nothing = (), (line(said["activities"][0], self._letters.regular, _SIZE),)
            body.append(Tag(role="TR", kids=self._row(nothing, _LINE + 2 * _PAD + _LIGHT)))
        body.append(Tag(role="TR", kids=self._sum(said["total"])))
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

    def _head_cells(self) -> list[Placed]:
        flow = self._flow
        flow.sheet.rule(LEFT, flow.top, ACROSS, _HEAVY)
        flow.sheet.rule(LEFT, flow.top + _HEAD_HEIGHT - _HEAVY, ACROSS, _HEAVY)
        base = flow.top + _HEAVY + _PAD + baseline(_SIZE, _LINE)
        flow.top += _HEAD_HEIGHT
        return [_placed(line(text, self._letters.semibold, _SIZE), place, base) for place, text in enumerate(LIST_HEAD)]

    def _row(self, cells: tuple[tuple[Line, ...], ...], height: float) -> tuple[Tag, ...]:
        """Cells from the left; the last of too few spans what is left."""
        flow, tags = self._flow, []
        first = flow.top + _PAD + baseline(_SIZE, _LINE)
        for column, lines in enumerate(cells):
            placed = [_placed(one, column, first + place * _LINE) for place, one in enumerate(lines)]
            across = len(_COLUMNS) - column if column == len(cells) - 1 else 1
            tags.append(flow.sheet.write("TD", *placed, ink=Ink.BLACK, across=across) if placed else Tag(role="TD"))
        flow.sheet.rule(LEFT, flow.top + height - _LIGHT, ACROSS, _LIGHT, ink=Ink.PALE)
        flow.top += height
        return tuple(tags)

    def _sum(self, said: tuple[str, ...]) -> tuple[Tag, ...]:
        flow, last = self._flow, len(_COLUMNS) - 1
        base = flow.top + _PAD + baseline(_SIZE, _LINE)
        words, figure = (line(text, self._letters.semibold, _SIZE) for text in said)
        tags = (
            flow.sheet.write(
                "TD", flush_right(words, edge=_EDGES[last] - _INNER, base=base), ink=Ink.BLACK, across=last
            ),
            flow.sheet.write("TD", _placed(figure, last, base), ink=Ink.BLACK),
        )
        flow.sheet.rule(LEFT, flow.top + _SUM_HEIGHT - _HEAVY, ACROSS, _HEAVY)
        flow.top += _SUM_HEIGHT
        return tags


def _placed(one: Line, column: int, base: float) -> Placed:
    if column in _RIGHT:
        return flush_right(one, edge=_EDGES[column + 1] - _INNER, base=base)
    return Placed(line=one, left=_EDGES[column] + _INNER, base=base)


def draw_certificate(content: CertificateContent, letters: Letters) -> bytes:
    """A tagged PDF/A-3a, PDF/UA-1, A4 landscape: the certificate, then the activities counted.

    The same content gives the same bytes. Raises Undrawable for a character our face does not have
    and for a row above a page.
    """
    return draw(content, letters)
