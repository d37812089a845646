"""A control card drawn: the circular's head and facts, its table, why something does not count, and who signs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from forms.card import ATTACHMENT, KINDS, CardActivity, CardContent, CardNote, DrawnCard, Officer, Printed
from forms.certificate_border import HEIGHT, MM
from forms.indonesian import comma, long_date, spaced_nip
from forms.typesetting.annex import set_feet, set_head
from forms.typesetting.document import Describing, Sheets, attach, describe, refuse_missing_glyphs, written
from forms.typesetting.fonts import Letters
from forms.typesetting.page import (
    ACROSS,
    LEFT,
    Flow,
    Ink,
    Line,
    Placed,
    Tag,
    baseline,
    line,
    set_text,
    with_blank,
    wrapped,
)
from forms.typesetting.table import Cell, Column, Grid, Heading, Plan, Row

_LINE = 12.0
_TOTAL_HEIGHT = _LINE + 1.6 * MM


def draw(content: CardContent, letters: Letters, printed: Printed) -> DrawnCard:
    """See `forms.card_pdf.draw_card`."""
    refuse_missing_glyphs(_texts(content, printed), letters, what="Kartu")
    sheets = Sheets()
    flow = Flow(sheets.new)
    kids = set_head(flow, letters, law=LAW, title=TITLE, facts=facts(content))
    end = End(content, letters)
    kids.append(Grid(PLAN, flow, letters).set(rows_of(content), (sum_of(content),), after=_TOTAL_HEIGHT + end.kept))
    kids.append(_total(flow, content, letters))
    kids += end.set(flow)
    whose = f"{content.name}, NIP {spaced_nip(content.nip)}, {content.year}"
    set_feet(flow.sheets, letters, (ACT, SIGNING, _printed(printed)), whose)
    pdf = sheets.bound(Tag(role="Document", kids=tuple(kids)))
    title = f"Kartu Pengendali {content.year}, {content.name}"
    describe(pdf, Describing(title=title, author="BADAN KEPEGAWAIAN NEGARA", day=printed.day))
    attach(pdf, ATTACHMENT, content.canonical(), printed.day)
    return DrawnCard(pdf=written(pdf), page=end.page, box=end.box)


def _printed(printed: Printed) -> str:
    return f"Dicetak {printed.moment} dari kegiatan yang sudah disahkan Biro SDM."


def _texts(content: CardContent, printed: Printed) -> Sequence[str]:
    """All that is not our own wording."""
    officer = content.officer
    rows = chain.from_iterable((each.title, each.guide) for each in content.activities)
    notes = chain.from_iterable((each.because, *each.cites) for each in content.notes)
    people = (officer.name, officer.nip) if officer else ()
    return [*(value for _, value in facts(content)), *rows, *notes, *content.remarks, *people, printed.moment]


def _total(flow: Flow, content: CardContent, letters: Letters) -> Tag:
    flow.top += _TOTAL_HEIGHT - _LINE
    total = line(f"{TOTAL}  {total_of(content)}", letters.semibold, 10)
    return flow.paragraph("P", (total,), _LINE, ink=Ink.BLACK)


# --- Every word of a control card, in the circular's own order and spelling: page and table of XLSX are set from
# these

LAW = ("Lampiran II Surat Edaran", "Nomor : 3 Tahun 2022", "Tanggal : 1 Februari 2022")
TITLE = "KARTU PENGENDALIAN PENGEMBANGAN KOMPETENSI MELALUI COACHING, MENTORING, DAN BELAJAR MANDIRI"
NUMBER, ACTIVITY, AMOUNT = "NO", "NAMA KEGIATAN", "Jumlah JP"
GROUPS = (
    ("COACHING", ("Tanggal", "Nama Coach", AMOUNT)),
    ("MENTORING", ("Tanggal", "Nama Mentor", AMOUNT)),
    ("BELAJAR MANDIRI", ("Tanggal", "Sumber Pembelajaran", AMOUNT)),
)
SUM, TOTAL = "JUMLAH JAM PELAJARAN", "PEROLEHAN JAM PELAJARAN DALAM SETAHUN"
NOTES = "Catatan"
SIGNED = ("Mengetahui,", "Pengelola Kepegawaian")
ACT = (
    "UU ITE No. 11 Tahun 2008 Pasal 5 Ayat 1: “Informasi Elektronik dan/atau Dokumen Elektronik dan/atau hasil "
    "cetaknya merupakan alat bukti hukum yang sah.”"
)
# The circular's sentence ("telah ditandatangani ...") would be untrue until somebody signs.
SIGNING = (
    "Dokumen ini ditandatangani secara elektronik menggunakan sertifikat elektronik; tanpa tanda tangan itu, "
    "dokumen ini hanya cetakan."
)


def facts(content: CardContent) -> tuple[tuple[str, str], ...]:
    """Label and value of each line above the table."""
    return (
        ("NAMA PEGAWAI", content.name),
        ("NIP", content.nip),
        ("GOL RUANG", content.grade),
        ("JABATAN", content.position),
        ("UNIT KERJA", content.unit),
        ("PERIODE", f"{long_date(content.starts)} - {long_date(content.ends)}"),
    )


def nothing(content: CardContent) -> str:
    """What stands in a table without rows."""
    return f"Belum ada kegiatan yang disahkan pada tahun {content.year}."


def title_of(activity: CardActivity) -> str:
    return activity.title if activity.scope == "nasional" else f"{activity.title} ({activity.scope})"


def group_of(activity: CardActivity) -> int:
    """Which of the three groups of columns the activity's cells stand in."""
    return KINDS.index(activity.kind)


def mark_of(activity: CardActivity) -> str:
    """`a)`, or `a) c)`: letters, since a small number beside a number would be read as part of it."""
    return " ".join(f"{letter(place)})" for place in activity.notes)


def letter(place: int) -> str:
    """`a` for 1, `z` for 26, `aa` for 27."""
    name = ""
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


def note_text(place: int, note: CardNote) -> str:
    """`a) Coaching dihitung paling tinggi ... (SE Kepala BKN Nomor 3 Tahun 2022 angka 5.c.1)c))`."""
    return f"{letter(place)}) {note.because} ({'; '.join(note.cites)})"


def total_of(content: CardContent) -> str:
    return f"{comma(content.total)} JP"


# --- The circular's table of a control card: its columns, a row for each activity, the sums

_KIND = (21.5 * MM, 34.5 * MM, 12 * MM)
PLAN = Plan(
    columns=(
        Column(width=9 * MM, side="middle"),
        Column(width=48 * MM),
        *(Column(width=width, side="middle" if width is _KIND[2] else "left") for _ in GROUPS for width in _KIND),
    ),
    head=(
        Heading(text=NUMBER, column=0, down=2),
        Heading(text=ACTIVITY, column=1, down=2),
        *(Heading(text=name, column=2 + 3 * place, across=3) for place, (name, _) in enumerate(GROUPS)),
        *(
            Heading(text=text, column=2 + 3 * place + at, row=1)
            for place, (_, texts) in enumerate(GROUPS)
            for at, text in enumerate(texts)
        ),
    ),
)


def rows_of(content: CardContent) -> list[Row]:
    if not content.activities:
        return [(Cell(text=nothing(content), across=len(PLAN.columns), side="left"),)]
    rows = []
    for place, each in enumerate(content.activities, 1):
        groups: list[tuple[Cell, ...]] = [(Cell(), Cell(), Cell())] * len(GROUPS)
        amount = Cell(text=comma(each.jp), mark=mark_of(each))
        groups[group_of(each)] = (Cell(text=long_date(each.date)), Cell(text=each.guide), amount)
        rows.append((Cell(text=str(place)), Cell(text=title_of(each)), *chain.from_iterable(groups)))
    return rows


def sum_of(content: CardContent) -> Row:
    amounts = [comma(content.of_kind(kind)) for kind in KINDS]
    groups = chain.from_iterable((Cell(across=2), Cell(text=amount, bold=True)) for amount in amounts)
    return (Cell(text=SUM, across=2, bold=True, side="middle"), *groups)


# --- What follows a card's table: on the left why something does not count, on the right who knows of it and signs

Box = tuple[float, float, float, float]
_GAP = 2 * MM
_NOTE_SIZE, _NOTE_LINE, _HANGING = 7.6, 9.7, 4 * MM
_SIGNED_LEFT, _SIGNED_SIZE, _SIGNED_LINE = 194 * MM, 9.5, 12.0
# Room for QR, name, NIP, role and time of a visible signature.
_WIDTH, _TALL = 66 * MM, 24.4 * MM
_BESIDE = _SIGNED_LEFT - LEFT - 8 * MM
# Notes taller than this go over the whole width, before the signature.
_TALLEST = 200.0


class _Notes:
    """The notes and remarks of a card, broken into lines for one width."""

    def __init__(self, content: CardContent, letters: Letters, room: float) -> None:
        texts = [note_text(place, note) for place, note in enumerate(content.notes, 1)]
        self.texts = [*texts, *content.remarks]
        self.title = line(NOTES, letters.semibold, _NOTE_SIZE)
        self.lines = [wrapped(text, letters.regular, _NOTE_SIZE, room=room - _HANGING) for text in self.texts]

    @property
    def height(self) -> float:
        return (sum(map(len, self.lines)) + 1) * _NOTE_LINE if self.lines else 0.0


class End:
    """Set once; then `page` (from 0) and `box` (points from the lower left) say where it is signed.

    `kept` is the height that stays on one sheet with the table's last row, so that no signature stands alone.
    """

    def __init__(self, content: CardContent, letters: Letters) -> None:
        self.page, self.box = 0, (0.0, 0.0, 0.0, 0.0)
        self._signed = _signed(content.officer, letters)
        self._height = _GAP + len(self._signed) * _SIGNED_LINE + _TALL + 2 * MM
        beside = _Notes(content, letters, _BESIDE)
        self._beside = beside.height <= _TALLEST
        self._notes = beside if self._beside else _Notes(content, letters, ACROSS)
        self.kept = max(self._height, _GAP + self._notes.height) if self._beside else 0.0

    def set(self, flow: Flow) -> list[Tag]:
        """Write both; their elements in reading order."""
        if self._beside:
            flow.make_room(self.kept)
            top = flow.top
            kids = self._write_notes(flow, last=0.0)
            flow.top = top
        else:
            kids = self._write_notes(flow, last=self._height)
        return [*kids, self._write_signature(flow)]

    def _write_notes(self, flow: Flow, *, last: float) -> list[Tag]:
        """`last` is what must have room below the last note."""
        notes = self._notes
        if not notes.lines:
            return []
        flow.top += _GAP
        flow.make_room((1 + len(notes.lines[0])) * _NOTE_LINE)
        kids, items = [flow.paragraph("H2", (notes.title,), _NOTE_LINE, ink=Ink.BLACK)], []
        for place, each in enumerate(notes.lines, 1):
            flow.make_room(len(each) * _NOTE_LINE + (last if place == len(notes.lines) else 0))
            items.append(flow.paragraph("LBody", each, _NOTE_LINE, hanging=_HANGING, ink=Ink.BLACK))
        return [*kids, Tag(role="L", kids=tuple(Tag(role="LI", kids=(item,)) for item in items))]

    def _write_signature(self, flow: Flow) -> Tag:
        top = flow.top + _GAP
        above = len(SIGNED)
        low = top + above * _SIGNED_LINE + 1 * MM
        placed = []
        for place, each in enumerate(self._signed):
            start = top + place * _SIGNED_LINE + (_TALL + 2 * MM if place >= above else 0)
            placed.append(Placed(line=each, left=_SIGNED_LEFT, base=start + baseline(_SIGNED_SIZE, _SIGNED_LINE)))
        self.page = flow.sheet.number
        self.box = (_SIGNED_LEFT, HEIGHT - low - _TALL, _SIGNED_LEFT + _WIDTH, HEIGHT - low)
        flow.top = top + self._height
        return flow.sheet.write("P", *placed, ink=Ink.BLACK)


def _signed(officer: Officer | None, letters: Letters) -> list[Line]:
    """The lines above and below the place to sign."""
    name = set_text(officer.name if officer else "Nama", letters.semibold, room=_WIDTH, sizes=(_SIGNED_SIZE, 9, 8.5))
    nip = f"NIP {spaced_nip(officer.nip)}" if officer else "NIP"
    above = [line(f"{text} ", letters.regular, _SIGNED_SIZE) for text in SIGNED]
    return [*above, *name[:-1], with_blank(name[-1]), line(nip, letters.regular, _SIGNED_SIZE)]


def draw_card(content: CardContent, letters: Letters, printed: Printed) -> DrawnCard:
    """A tagged PDF/A-3a, PDF/UA-1, A4 landscape, with the content attached as JSON.

    The same content, printed at the same moment, gives the same bytes. Raises Undrawable for a character our face
    does not have and for a row above a page.
    """
    return draw(content, letters, printed)
