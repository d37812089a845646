"""Draw a control card as PDF: head and facts of the circular, its table, notes, and the place to sign."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from forms.card import ATTACHMENT, KINDS, CardActivity, CardContent, CardNote, DrawnCard, PrintTime
from forms.indonesian import ELECTRONIC_EVIDENCE, comma, long_date, spaced_nip
from forms.schema import Box
from forms.typesetting.annex import SIGNER_LINE, SIGNER_SIZE, set_feet, set_head, signer_lines
from forms.typesetting.document import DocumentInfo, Sheets, attach, describe, refuse_missing_glyphs, serialized
from forms.typesetting.fonts import FontFamily
from forms.typesetting.page import Flow, Ink, PlacedLine, Tag, baseline, line, wrapped
from forms.typesetting.paper import ACROSS, HEIGHT, LEFT, MM
from forms.typesetting.table import Cell, Column, Heading, Row, RuledTable, TableLayout

_LINE = 12.0
_TOTAL_HEIGHT = _LINE + 1.6 * MM


def draw_card(content: CardContent, fonts: FontFamily, printed: PrintTime) -> DrawnCard:
    """Draw a tagged PDF/A-3a, PDF/UA-1, A4 landscape, with the content attached as JSON.

    The same content, printed at the same moment, gives the same bytes. Raises Undrawable for a character our fonts
    lack, and for a row higher than a page.
    """
    refuse_missing_glyphs(_texts(content, printed), fonts, what="Kartu")
    sheets = Sheets()
    flow = Flow(sheets.new)
    kids = set_head(flow, fonts, law=LAW, title=TITLE, facts=facts(content))
    end = CardEnding(content, fonts)
    after = _TOTAL_HEIGHT + end.height_with_table
    kids.append(RuledTable(TABLE, flow, fonts).set(rows_of(content), (sum_of(content),), after=after))
    kids.append(_total(flow, content, fonts))
    kids += end.set(flow)
    subject = f"{content.name}, NIP {spaced_nip(content.nip)}, {content.year}"
    set_feet(flow.sheets, fonts, (ELECTRONIC_EVIDENCE, SIGNING, printed.sentence), subject)
    pdf = sheets.to_pdf(Tag(role="Document", kids=tuple(kids)))
    title = f"Kartu Pengendali {content.year}, {content.name}"
    describe(pdf, DocumentInfo(title=title, author="BADAN KEPEGAWAIAN NEGARA", day=printed.day))
    attach(pdf, ATTACHMENT, content.canonical(), printed.day)
    return DrawnCard(pdf=serialized(pdf), page=end.page, box=end.box)


def _texts(content: CardContent, printed: PrintTime) -> Sequence[str]:
    """Return every text that is not our own wording."""
    officer = content.officer
    rows = chain.from_iterable((activity.title, activity.guide) for activity in content.activities)
    notes = chain.from_iterable((note.because, *note.cites) for note in content.notes)
    people = (officer.name, officer.nip) if officer else ()
    return [*(value for _, value in facts(content)), *rows, *notes, *content.remarks, *people, printed.moment]


def _total(flow: Flow, content: CardContent, fonts: FontFamily) -> Tag:
    flow.top += _TOTAL_HEIGHT - _LINE
    total = line(f"{TOTAL}  {total_of(content)}", fonts.semibold, 10)
    return flow.paragraph("P", (total,), _LINE, ink=Ink.BLACK)


# --- Texts, in the order and spelling of the circular; the XLSX of a card uses them too

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
# The circular's sentence ("telah ditandatangani ...") would be untrue until somebody signs.
SIGNING = (
    "Dokumen ini ditandatangani secara elektronik menggunakan sertifikat elektronik; tanpa tanda tangan itu, "
    "dokumen ini hanya cetakan."
)


def facts(content: CardContent) -> tuple[tuple[str, str], ...]:
    """Return label and value of each line above the table."""
    return (
        ("NAMA PEGAWAI", content.name),
        ("NIP", content.nip),
        ("GOL RUANG", content.grade),
        ("JABATAN", content.position),
        ("UNIT KERJA", content.unit),
        ("PERIODE", f"{long_date(content.starts)} - {long_date(content.ends)}"),
    )


def no_activities_text(content: CardContent) -> str:
    """Return the text of a table without rows."""
    return f"Belum ada kegiatan yang disahkan pada tahun {content.year}."


def title_of(activity: CardActivity) -> str:
    """Return the title, with the scope when it is not national."""
    return activity.title if activity.scope == "nasional" else f"{activity.title} ({activity.scope})"


def group_of(activity: CardActivity) -> int:
    """Return the number (from 0) of the group of columns for the activity."""
    return KINDS.index(activity.kind)


def mark_of(activity: CardActivity) -> str:
    """Return the note marks, such as `a) c)`: letters, because a small digit beside an amount reads as part of it."""
    return " ".join(f"{letter(place)})" for place in activity.notes)


def letter(place: int) -> str:
    """Return `a` for 1, `z` for 26, `aa` for 27."""
    name = ""
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


def note_text(place: int, note: CardNote) -> str:
    """Return `a) Coaching dihitung paling tinggi ... (SE Kepala BKN Nomor 3 Tahun 2022 angka 5.c.1)c))`."""
    return f"{letter(place)}) {note.because} ({'; '.join(note.cites)})"


def total_of(content: CardContent) -> str:
    """Return the total, such as `12,5 JP`."""
    return f"{comma(content.total)} JP"


# --- Table

_KIND = (21.5 * MM, 34.5 * MM, 12 * MM)
TABLE = TableLayout(
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
    """Return a row for each activity, or one that says there are none."""
    if not content.activities:
        return [(Cell(text=no_activities_text(content), across=len(TABLE.columns), side="left"),)]
    rows = []
    for place, activity in enumerate(content.activities, 1):
        groups: list[tuple[Cell, ...]] = [(Cell(), Cell(), Cell())] * len(GROUPS)
        amount = Cell(text=comma(activity.jp), mark=mark_of(activity))
        groups[group_of(activity)] = (Cell(text=long_date(activity.date)), Cell(text=activity.guide), amount)
        rows.append((Cell(text=str(place)), Cell(text=title_of(activity)), *chain.from_iterable(groups)))
    return rows


def sum_of(content: CardContent) -> Row:
    """Return the row with the JP of each kind."""
    amounts = [comma(content.of_kind(kind)) for kind in KINDS]
    groups = chain.from_iterable((Cell(across=2), Cell(text=amount, bold=True)) for amount in amounts)
    return (Cell(text=SUM, across=2, bold=True, side="middle"), *groups)


# --- Below the table: notes on the left, the place to sign on the right

_GAP = 2 * MM
_NOTE_SIZE, _NOTE_LINE, _HANGING = 7.6, 9.7, 4 * MM
_SIGNED_LEFT = 194 * MM
# Room for QR, name, NIP, role and time of a visible signature.
_WIDTH, _TALL = 66 * MM, 24.4 * MM
_BESIDE = _SIGNED_LEFT - LEFT - 8 * MM
# Taller notes use the whole width, above the place to sign.
_TALLEST = 200.0


class _Notes:
    """The notes and remarks of a card, broken into lines for one width."""

    def __init__(self, content: CardContent, fonts: FontFamily, room: float) -> None:
        texts = [note_text(place, note) for place, note in enumerate(content.notes, 1)]
        self.texts = [*texts, *content.remarks]
        self.title = line(NOTES, fonts.semibold, _NOTE_SIZE)
        self.lines = [wrapped(text, fonts.regular, _NOTE_SIZE, room=room - _HANGING) for text in self.texts]

    @property
    def height(self) -> float:
        return (sum(map(len, self.lines)) + 1) * _NOTE_LINE if self.lines else 0.0


class CardEnding:
    """Notes and place to sign. After `set`, the card is signed on `page` (from 0) inside `box`.

    `height_with_table` must stay on one sheet with the last row of the table, so that no signature is alone.
    """

    def __init__(self, content: CardContent, fonts: FontFamily) -> None:
        self.page: int = 0
        self.box: Box = (0.0, 0.0, 0.0, 0.0)
        self._signer = signer_lines(SIGNED, content.officer, fonts, room=_WIDTH)
        self._height = _GAP + len(self._signer) * SIGNER_LINE + _TALL + 2 * MM
        beside = _Notes(content, fonts, _BESIDE)
        self._beside = beside.height <= _TALLEST
        self._notes = beside if self._beside else _Notes(content, fonts, ACROSS)
        self.height_with_table = max(self._height, _GAP + self._notes.height) if self._beside else 0.0

    def set(self, flow: Flow) -> list[Tag]:
        """Write notes and place to sign; return their elements in reading order."""
        if self._beside:
            flow.make_room(self.height_with_table)
            top = flow.top
            kids = self._write_notes(flow, last=0.0)
            flow.top = top
        else:
            kids = self._write_notes(flow, last=self._height)
        return [*kids, self._write_signature(flow)]

    def _write_notes(self, flow: Flow, *, last: float) -> list[Tag]:
        """Write the notes; `last` points must be free below the last of them."""
        notes = self._notes
        if not notes.lines:
            return []
        flow.top += _GAP
        flow.make_room((1 + len(notes.lines[0])) * _NOTE_LINE)
        kids, items = [flow.paragraph("H2", (notes.title,), _NOTE_LINE, ink=Ink.BLACK)], []
        for place, lines in enumerate(notes.lines, 1):
            flow.make_room(len(lines) * _NOTE_LINE + (last if place == len(notes.lines) else 0))
            items.append(flow.paragraph("LBody", lines, _NOTE_LINE, hanging=_HANGING, ink=Ink.BLACK))
        return [*kids, Tag(role="L", kids=tuple(Tag(role="LI", kids=(item,)) for item in items))]

    def _write_signature(self, flow: Flow) -> Tag:
        top = flow.top + _GAP
        above = len(SIGNED)
        low = top + above * SIGNER_LINE + 1 * MM
        placed = []
        for place, set_line in enumerate(self._signer):
            start = top + place * SIGNER_LINE + (_TALL + 2 * MM if place >= above else 0)
            placed.append(PlacedLine(line=set_line, left=_SIGNED_LEFT, base=start + baseline(SIGNER_SIZE, SIGNER_LINE)))
        self.page = flow.sheet.number
        self.box = (_SIGNED_LEFT, HEIGHT - low - _TALL, _SIGNED_LEFT + _WIDTH, HEIGHT - low)
        flow.top = top + self._height
        return flow.sheet.write("P", *placed, ink=Ink.BLACK)
