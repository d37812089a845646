"""A recap drawn: head and facts, the table of the unit's people, what a correction changes, and who stands under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain

from forms.card import Officer, Printed
from forms.card_pdf import ACT
from forms.certificate_border import MM
from forms.indonesian import MONTHS, comma, spaced_nip
from forms.recap import ATTACHMENT, NONE, KindSum, RecapContent, RecapRow, Standing
from forms.typesetting.annex import set_feet, set_head
from forms.typesetting.document import Describing, Sheets, attach, describe, refuse_missing_glyphs, written
from forms.typesetting.fonts import Letters
from forms.typesetting.page import Flow, Ink, Line, Placed, Tag, baseline, line, set_text, with_blank
from forms.typesetting.table import Cell, Column, Grid, Heading, Plan, Row


def draw(content: RecapContent, standing: Standing, letters: Letters, printed: Printed) -> bytes:
    """See `forms.recap_pdf.draw_recap`."""
    refuse_missing_glyphs(_texts(content, standing, printed), letters, what="Rekapitulasi")
    sheets = Sheets()
    flow = Flow(sheets.new)
    kids = set_head(flow, letters, law=LAW, title=TITLE, facts=facts(content, standing))
    under = Under(content, letters)
    after = 0 if standing.changes else under.height
    kids.append(Grid(PLAN, flow, letters).set(rows_of(content), (sum_of(content),), after=after))
    kids += set_changes(flow, standing, letters, after=under.height)
    kids += under.set(flow)
    whose = f"{content.unit}, triwulan {QUARTERS[content.quarter - 1]} {content.year}"
    set_feet(flow.sheets, letters, (ACT, OURS, _printed(printed)), whose)
    pdf = sheets.bound(Tag(role="Document", kids=tuple(kids)))
    describe(pdf, Describing(title=f"Rekapitulasi {whose}", author="BADAN KEPEGAWAIAN NEGARA", day=printed.day))
    attach(pdf, ATTACHMENT, content.canonical(), printed.day)
    return written(pdf)


def _printed(printed: Printed) -> str:
    return f"Dicetak {printed.moment} dari kegiatan yang sudah disahkan Biro SDM."


def _texts(content: RecapContent, standing: Standing, printed: Printed) -> Iterator[str]:
    """All that is not our own wording."""
    yield from chain.from_iterable(facts(content, standing))
    for row in content.rows:
        yield from (row.name, row.grade, row.position, *row.moves)
    for change in standing.changes:
        yield from (change.name, change.before, change.after)
    yield from (each.name for each in (content.officer, content.head) if each)
    yield printed.moment


# --- Every word of a recap: page and table of XLSX are set from these

LAW = ("Lampiran III Surat Edaran", "Nomor : 3 Tahun 2022", "Tanggal : 1 Februari 2022")
TITLE = "REKAPITULASI KARTU PENGENDALIAN PENGEMBANGAN KOMPETENSI MELALUI COACHING, MENTORING, DAN BELAJAR MANDIRI"
# The circular's own table did not survive in the copy we have.
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
    """What a recap says of somebody, column by column, as it is read; two of them are compared by this."""
    return {name: read(row) for name, read in _COLUMNS}


def facts(content: RecapContent, standing: Standing) -> tuple[tuple[str, str], ...]:
    """Label and value of each line above the table."""
    months = f"Januari - {MONTHS[content.through.month - 1]}"
    return (
        ("UNIT KERJA", content.unit),
        ("TRIWULAN", f"{QUARTERS[content.quarter - 1]} (kumulatif {months} {content.year})"),
        ("TAHUN", str(content.year)),
        ("STATUS", status_of(standing)),
    )


def status_of(standing: Standing) -> str:
    if standing.version > 1:
        return f"Koreksi, versi {standing.version}, dikirim {standing.sent}"
    if standing.version:
        return f"Versi 1, dikirim {standing.sent}"
    return "Berubah sejak dikirim; koreksinya belum dikirim" if standing.changes else "Belum dikirim"


def changes_title(standing: Standing) -> str:
    """What stands above the changes."""
    if standing.version:
        return f"Perubahan terhadap versi {standing.version - 1}"
    return "Perubahan terhadap versi terakhir yang dikirim"


def remark_of(content: RecapContent, row: RecapRow) -> str:
    """The last column: whether the target is reached, what was left out, what changed."""
    parts = ["Terpenuhi." if row.total >= content.target else "Belum terpenuhi."]
    if row.uncounted:
        parts.append(f"{row.uncounted} kegiatan tidak dihitung.")
    return " ".join((*parts, *row.moves))


def summary_of(content: RecapContent) -> str:
    return f"{content.reached} dari {len(content.rows)} pegawai terpenuhi."


def sums_of(content: RecapContent) -> tuple[KindSum, KindSum, KindSum]:
    """Coaching, mentoring and self-study of the whole unit."""
    rows = content.rows
    return (
        sum((row.coaching for row in rows), NONE),
        sum((row.mentoring for row in rows), NONE),
        sum((row.self_study for row in rows), NONE),
    )


def total_of(content: RecapContent) -> Decimal:
    return sum((row.total for row in content.rows), Decimal(0))


def lacking(content: RecapContent) -> Decimal:
    return sum((content.shortfall(row) for row in content.rows), Decimal(0))


# --- The table of a recap, our reconstruction of Lampiran III: its columns, a row for each employee, the sums

_PERSON = (8 * MM, 36 * MM, 31.5 * MM, 10.5 * MM, 31 * MM)
_KIND = (12.5 * MM, 9 * MM)
_RESULT = (11.5 * MM, 11.5 * MM, 18 * MM, 38.5 * MM)
_FIRST_RESULT = len(_PERSON) + len(_KIND) * len(KINDS)
PLAN = Plan(
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
    """At least one, since a table without rows is none."""
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
    return (Cell(text="Tidak ada pegawai pada unit ini dalam triwulan ini.", across=len(PLAN.columns), side="left"),)


def sum_of(content: RecapContent) -> Row:
    sums = sums_of(content)
    return (
        Cell(text=SUM, across=len(PERSON), bold=True, side="middle"),
        *_amounts(sums, bold=True),
        Cell(text=comma(total_of(content)), bold=True),
        Cell(),
        Cell(text=comma(lacking(content)), bold=True),
        Cell(text=summary_of(content)),
    )


def _amounts(sums: tuple[KindSum, ...], *, bold: bool = False) -> Iterator[Cell]:
    for each in sums:
        yield Cell(text=str(each.count), bold=bold)
        yield Cell(text=comma(each.jp), bold=bold)


# --- What follows a recap's table: what a correction changes, and who stands under it

_CHANGES = Plan(
    columns=tuple(Column(width=width * MM) for width in (34, 62, 45, 60, 60)),
    head=tuple(Heading(text=text, column=place) for place, text in enumerate(CHANGES)),
    size=8,
    line=9.8,
)
_LINE, _SIZE, _ROOM = 12.0, 9.5, 80 * MM
_LEFTS = (40 * MM, 188 * MM)
_SPACE = 20 * MM


class Under:
    """Head of unit and HR officer; `height` is the room they need on one sheet."""

    def __init__(self, content: RecapContent, letters: Letters) -> None:
        self._people = [_person(HEAD, content.head, letters), _person(OFFICER, content.officer, letters)]
        self.height = max(map(len, self._people)) * _LINE + _SPACE

    def set(self, flow: Flow) -> list[Tag]:
        """Write them side by side."""
        flow.make_room(self.height)
        return [_write_person(flow, lines, left) for lines, left in zip(self._people, _LEFTS, strict=True)]


def set_changes(flow: Flow, standing: Standing, letters: Letters, *, after: float) -> list[Tag]:
    if not standing.changes:
        return []
    flow.top += 3 * MM
    title = line(changes_title(standing), letters.semibold, _SIZE)
    # A heading stays with the head and the first row of its table.
    flow.make_room(_LINE + 4 * _CHANGES.line)
    kids = [flow.paragraph("H2", (title,), _LINE + 1 * MM, ink=Ink.BLACK)]
    rows = [
        (
            Cell(text=spaced_nip(each.nip)),
            Cell(text=each.name),
            Cell(text=each.column),
            Cell(text=each.before or "–"),
            Cell(text=each.after or "–"),
        )
        for each in standing.changes
    ]
    return [*kids, Grid(_CHANGES, flow, letters).set(rows, after=after)]


def _person(above: tuple[str, ...], who: Officer | None, letters: Letters) -> list[Line]:
    """The lines above and below the place to sign; the last two or more are the name and the NIP."""
    name = set_text(who.name if who else "Nama", letters.semibold, room=_ROOM, sizes=(_SIZE, 9, 8.5))
    nip = f"NIP {spaced_nip(who.nip)}" if who else "NIP"
    heads = [line(f"{text} " if text else " ", letters.regular, _SIZE) for text in above]
    return [*heads, *name[:-1], with_blank(name[-1]), line(nip, letters.regular, _SIZE)]


def _write_person(flow: Flow, lines: list[Line], left: float) -> Tag:
    top = flow.top + 3 * MM
    placed = [
        Placed(
            line=each,
            left=left,
            base=top + place * _LINE + (_SPACE - 5 * MM if place >= len(HEAD) else 0) + baseline(_SIZE, _LINE),
        )
        for place, each in enumerate(lines)
    ]
    return flow.sheet.write("P", *placed, ink=Ink.BLACK)


def draw_recap(content: RecapContent, standing: Standing, letters: Letters, printed: Printed) -> bytes:
    """A tagged PDF/A-3a, PDF/UA-1, A4 landscape, with the content attached as JSON. Raises Undrawable."""
    return draw(content, standing, letters, printed)
