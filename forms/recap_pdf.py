"""Draw a recap as PDF: head and facts, the table of employees, the changes of a correction, and who signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain

from forms.card import PrintTime
from forms.indonesian import ELECTRONIC_EVIDENCE, MONTHS, comma, spaced_nip
from forms.recap import ATTACHMENT, NO_ACTIVITIES, KindSum, RecapContent, RecapRow, RecapStatus
from forms.typesetting.annex import SIGNER_LINE, SIGNER_SIZE, set_feet, set_head, signer_lines
from forms.typesetting.document import DocumentInfo, Sheets, attach, describe, refuse_missing_glyphs, serialized
from forms.typesetting.fonts import FontFamily
from forms.typesetting.page import Flow, Ink, Line, PlacedLine, Tag, baseline, line
from forms.typesetting.paper import MM
from forms.typesetting.table import Cell, Column, Heading, Row, RuledTable, TableLayout


def draw_recap(content: RecapContent, status: RecapStatus, fonts: FontFamily, printed: PrintTime) -> bytes:
    """Draw a tagged PDF/A-3a, PDF/UA-1, A4 landscape, with the content attached as JSON. Raises Undrawable."""
    refuse_missing_glyphs(_texts(content, status, printed), fonts, what="Rekapitulasi")
    sheets = Sheets()
    flow = Flow(sheets.new)
    kids = set_head(flow, fonts, law=LAW, title=TITLE, facts=facts(content, status))
    signers = Signers(content, fonts)
    after = 0 if status.changes else signers.height
    kids.append(RuledTable(TABLE, flow, fonts).set(rows_of(content), (sum_of(content),), after=after))
    kids += set_changes(flow, status, fonts, after=signers.height)
    kids += signers.set(flow)
    subject = f"{content.unit}, triwulan {QUARTERS[content.quarter - 1]} {content.year}"
    set_feet(flow.sheets, fonts, (ELECTRONIC_EVIDENCE, OURS, printed.sentence), subject)
    pdf = sheets.to_pdf(Tag(role="Document", kids=tuple(kids)))
    describe(pdf, DocumentInfo(title=f"Rekapitulasi {subject}", author="BADAN KEPEGAWAIAN NEGARA", day=printed.day))
    attach(pdf, ATTACHMENT, content.canonical(), printed.day)
    return serialized(pdf)


def _texts(content: RecapContent, status: RecapStatus, printed: PrintTime) -> Iterator[str]:
    """Yield every text that is not our own wording."""
    yield from chain.from_iterable(facts(content, status))
    for row in content.rows:
        yield from (row.name, row.grade, row.position, *row.moves)
    for change in status.changes:
        yield from (change.name, change.before, change.after)
    yield from (person.name for person in (content.officer, content.head) if person)
    yield printed.moment


# --- Texts; the XLSX of a recap uses them too

LAW = ("Lampiran III Surat Edaran", "Nomor : 3 Tahun 2022", "Tanggal : 1 Februari 2022")
TITLE = "REKAPITULASI KARTU PENGENDALIAN PENGEMBANGAN KOMPETENSI MELALUI COACHING, MENTORING, DAN BELAJAR MANDIRI"
# The table of the circular is missing in the copy we have.
OURS = (
    "Susunan tabel ini dibuat layanan CMB: tabel Lampiran III tidak terdapat pada salinan surat edaran yang tersedia."
)
PERSON = ("No", "Nama", "NIP", "Gol", "Jabatan")
KINDS = ("Coaching", "Mentoring", "Belajar Mandiri")
AMOUNTS = ("Jumlah", "JP")
RESULT = ("Total JP", "Target", "Kekurangan", "Keterangan")
SUM = "JUMLAH"
CHANGES = ("NIP", "Nama", "Kolom", "Semula", "Menjadi")
QUARTERS = ("I", "II", "III", "IV")
HEAD = ("Mengetahui,", "Pimpinan Unit Kerja")
OFFICER = ("", "Pengelola Kepegawaian")
_COLUMNS: tuple[tuple[str, Callable[[RecapRow], str]], ...] = (
    ("Nama", lambda row: row.name),
    ("Gol", lambda row: row.grade),
    ("Jabatan", lambda row: row.position),
    ("Coaching, jumlah", lambda row: str(row.coaching.count)),
    ("Coaching, JP", lambda row: comma(row.coaching.jp)),
    ("Mentoring, jumlah", lambda row: str(row.mentoring.count)),
    ("Mentoring, JP", lambda row: comma(row.mentoring.jp)),
    ("Belajar Mandiri, jumlah", lambda row: str(row.self_study.count)),
    ("Belajar Mandiri, JP", lambda row: comma(row.self_study.jp)),
    ("Total JP", lambda row: comma(row.total)),
    ("Tidak dihitung", lambda row: str(row.uncounted)),
    ("Perpindahan", lambda row: " ".join(row.moves)),
)


def columns_of(row: RecapRow) -> dict[str, str]:
    """Return what a recap says about an employee by column, as text; two versions are compared by this."""
    return {name: read(row) for name, read in _COLUMNS}


def facts(content: RecapContent, status: RecapStatus) -> tuple[tuple[str, str], ...]:
    """Return label and value of each line above the table."""
    months = f"Januari - {MONTHS[content.through.month - 1]}"
    return (
        ("UNIT KERJA", content.unit),
        ("TRIWULAN", f"{QUARTERS[content.quarter - 1]} (kumulatif {months} {content.year})"),
        ("TAHUN", str(content.year)),
        ("STATUS", status_of(status)),
    )


def status_of(status: RecapStatus) -> str:
    """Return whether and as which version the recap was sent."""
    if status.version > 1:
        return f"Koreksi, versi {status.version}, dikirim {status.sent}"
    if status.version:
        return f"Versi 1, dikirim {status.sent}"
    return "Berubah sejak dikirim; koreksinya belum dikirim" if status.changes else "Belum dikirim"


def changes_title(status: RecapStatus) -> str:
    """Return the heading above the changes."""
    if status.version:
        return f"Perubahan terhadap versi {status.version - 1}"
    return "Perubahan terhadap versi terakhir yang dikirim"


def remark_of(content: RecapContent, row: RecapRow) -> str:
    """Return the last column: whether the target is reached, what does not count, what changed."""
    parts = ["Terpenuhi." if row.total >= content.target else "Belum terpenuhi."]
    if row.uncounted:
        parts.append(f"{row.uncounted} kegiatan tidak dihitung.")
    return " ".join((*parts, *row.moves))


def summary_of(content: RecapContent) -> str:
    """Return how many employees reached the target."""
    return f"{content.reached} dari {len(content.rows)} pegawai terpenuhi."


def sums_of(content: RecapContent) -> tuple[KindSum, KindSum, KindSum]:
    """Return coaching, mentoring and self-study of the whole unit."""
    rows = content.rows
    return (
        sum((row.coaching for row in rows), NO_ACTIVITIES),
        sum((row.mentoring for row in rows), NO_ACTIVITIES),
        sum((row.self_study for row in rows), NO_ACTIVITIES),
    )


def total_of(content: RecapContent) -> Decimal:
    """Return the JP of the whole unit."""
    return sum((row.total for row in content.rows), Decimal(0))


def shortfall_of(content: RecapContent) -> Decimal:
    """Return the JP the employees lack together."""
    return sum((content.shortfall(row) for row in content.rows), Decimal(0))


# --- Table (our reconstruction of Lampiran III)

_PERSON = (8 * MM, 36 * MM, 31.5 * MM, 10.5 * MM, 31 * MM)
_KIND = (12.5 * MM, 9 * MM)
_RESULT = (11.5 * MM, 11.5 * MM, 18 * MM, 38.5 * MM)
_FIRST_RESULT = len(_PERSON) + len(_KIND) * len(KINDS)
TABLE = TableLayout(
    columns=(
        Column(width=_PERSON[0], side="middle"),
        *(Column(width=width) for width in _PERSON[1:]),
        *(Column(width=width, side="middle") for _ in KINDS for width in _KIND),
        *(Column(width=width, side="middle") for width in _RESULT[:-1]),
        Column(width=_RESULT[-1]),
    ),
    head=(
        *(Heading(text=text, column=place, down=2) for place, text in enumerate(PERSON)),
        *(Heading(text=text, column=len(PERSON) + 2 * place, across=2) for place, text in enumerate(KINDS)),
        *(Heading(text=text, column=_FIRST_RESULT + place, down=2) for place, text in enumerate(RESULT)),
        *(
            Heading(text=text, column=len(PERSON) + 2 * place + at, row=1)
            for place in range(len(KINDS))
            for at, text in enumerate(AMOUNTS)
        ),
    ),
    size=8,
    line=9.8,
)


def rows_of(content: RecapContent) -> list[Row]:
    """Return a row for each employee, or one that says there are none."""
    return [_row(place, row, content) for place, row in enumerate(content.rows, 1)] or [_nobody()]


def _row(place: int, row: RecapRow, content: RecapContent) -> Row:
    return (
        Cell(text=str(place)),
        Cell(text=row.name),
        Cell(text=spaced_nip(row.nip)),
        Cell(text=row.grade),
        Cell(text=row.position),
        *_amounts((row.coaching, row.mentoring, row.self_study)),
        Cell(text=comma(row.total), bold=True),
        Cell(text=comma(content.target)),
        Cell(text=comma(content.shortfall(row))),
        Cell(text=remark_of(content, row)),
    )


def _nobody() -> Row:
    return (Cell(text="Tidak ada pegawai pada unit ini dalam triwulan ini.", across=len(TABLE.columns), side="left"),)


def sum_of(content: RecapContent) -> Row:
    """Return the row with the sums of the unit."""
    sums = sums_of(content)
    return (
        Cell(text=SUM, across=len(PERSON), bold=True, side="middle"),
        *_amounts(sums, bold=True),
        Cell(text=comma(total_of(content)), bold=True),
        Cell(),
        Cell(text=comma(shortfall_of(content)), bold=True),
        Cell(text=summary_of(content)),
    )


def _amounts(sums: tuple[KindSum, ...], *, bold: bool = False) -> Iterator[Cell]:
    for kind in sums:
        yield Cell(text=str(kind.count), bold=bold)
        yield Cell(text=comma(kind.jp), bold=bold)


# --- Below the table: changes, and who signs

_CHANGES_TABLE = TableLayout(
    columns=tuple(Column(width=width * MM) for width in (34, 62, 45, 60, 60)),
    head=tuple(Heading(text=text, column=place) for place, text in enumerate(CHANGES)),
    size=8,
    line=9.8,
)
_ROOM = 80 * MM
_LEFTS = (40 * MM, 188 * MM)
_SPACE = 20 * MM


class Signers:
    """The places to sign of unit head and HR officer; they need `height` points on one sheet."""

    def __init__(self, content: RecapContent, fonts: FontFamily) -> None:
        self._people = [
            signer_lines(HEAD, content.head, fonts, room=_ROOM),
            signer_lines(OFFICER, content.officer, fonts, room=_ROOM),
        ]
        self.height = max(map(len, self._people)) * SIGNER_LINE + _SPACE

    def set(self, flow: Flow) -> list[Tag]:
        """Write both side by side."""
        flow.make_room(self.height)
        return [_write_person(flow, lines, left) for lines, left in zip(self._people, _LEFTS, strict=True)]


def set_changes(flow: Flow, status: RecapStatus, fonts: FontFamily, *, after: float) -> list[Tag]:
    """Write the changes since the last version under a heading; nothing when there are none."""
    if not status.changes:
        return []
    flow.top += 3 * MM
    title = line(changes_title(status), fonts.semibold, SIGNER_SIZE)
    # The heading stays with the head and the first row of its table.
    flow.make_room(SIGNER_LINE + 4 * _CHANGES_TABLE.line)
    kids = [flow.paragraph("H2", (title,), SIGNER_LINE + 1 * MM, ink=Ink.BLACK)]
    rows = [
        (
            Cell(text=spaced_nip(change.nip)),
            Cell(text=change.name),
            Cell(text=change.column),
            Cell(text=change.before or "–"),
            Cell(text=change.after or "–"),
        )
        for change in status.changes
    ]
    return [*kids, RuledTable(_CHANGES_TABLE, flow, fonts).set(rows, after=after)]


def _write_person(flow: Flow, lines: list[Line], left: float) -> Tag:
    top = flow.top + 3 * MM
    placed = [
        PlacedLine(
            line=set_line,
            left=left,
            base=top
            + place * SIGNER_LINE
            + (_SPACE - 5 * MM if place >= len(HEAD) else 0)
            + baseline(SIGNER_SIZE, SIGNER_LINE),
        )
        for place, set_line in enumerate(lines)
    ]
    return flow.sheet.write("P", *placed, ink=Ink.BLACK)
