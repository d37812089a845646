"""Kartu Pengendali (circular 5.f.2, Lampiran II): one person's assessed year, as PDF or XLSX, one card or thousands."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO
from zoneinfo import ZoneInfo

from forms.card import SLOT, CardActivity, CardContent, CardNote, Officer, PrintTime
from forms.card_pdf import draw_card
from forms.errors import FormsError
from forms.indonesian import comma, moment_text
from forms.typesetting.fonts import FontFamily
from service.errors import BadInput
from service.language.bridge import indonesian, message_of_error
from service.law import AssessedActivity, Citation, Finding, Outcome
from service.monitoring.people import Person, officers_of, people_in, person_in
from service.records import ActivityFacts
from service.sandbox.pool import run_in_order
from service.store import Store, Transaction
from service.year import Accumulation, accumulate, accumulations
from signing.fields import SlotPlace, reserve

# Outcomes of a rule that reduce what an activity counts, or exclude it.
_REDUCING = frozenset({Outcome.LIMITED, Outcome.DUPLICATE, Outcome.NOT_APPLICABLE, Outcome.INCOMPLETE})


def card_of(nip: str, year: int, tx: Transaction, *, officer: Officer | None = None) -> CardContent:
    """Return one person's card. BadInput when nobody of that NIP was employed in that year.

    Without an `officer` it names the unit's first by NIP; there may be none.
    """
    person = person_in(nip, year, tx)
    if person is None:
        raise BadInput(f"NIP {nip} tidak ada pada data kepegawaian tahun {year}.", "Periksa NIP dan tahunnya.")
    if officer is None:
        officer = next(iter(officers_of(person.unit, "pengelola", tx)), None)
    return card_content(person, accumulate(nip, year, tx), officer)


def cards_of(people: Sequence[Person], year: int, tx: Transaction) -> Iterator[CardContent]:
    """Yield the cards of many people by NIP, a portion in memory at a time; each names its unit's officer."""
    units = {person.unit for person in people}
    officers = {unit: next(iter(officers_of(unit, "pengelola", tx)), None) for unit in units}
    by_nip = {person.nip: person for person in people}
    for accumulation in accumulations(list(by_nip), year, tx):
        person = by_nip[accumulation.nip]
        yield card_content(person, accumulation, officers[person.unit])


def people_with_cards(year: int, tx: Transaction, *, unit: str | None) -> Sequence[Person]:
    """Return the people who have a card of that year (and unit); BadInput for a unit without people."""
    people = people_in(year, tx, unit=unit)
    if unit is not None and not people:
        raise BadInput(f"Unit kerja “{unit}” tidak ada pada data kepegawaian.", "Periksa namanya, huruf demi huruf.")
    return people


def card_content(person: Person, accumulation: Accumulation, officer: Officer | None) -> CardContent:
    """Return the card: every approved activity by date, with notes on why some count less."""
    items = list(zip(accumulation.submissions, accumulation.assessment.items, strict=True))
    notes = list(dict.fromkeys(_note(finding) for _, item in items for finding in reasons(item)))
    return CardContent(
        year=accumulation.year,
        nip=person.nip,
        name=person.name,
        grade=person.grade,
        position=person.position,
        unit=person.unit,
        starts=person.starts,
        ends=person.ends,
        activities=tuple(
            _activity(submission.facts, item, notes) for submission, item in items if submission.facts is not None
        ),
        notes=tuple(notes),
        remarks=person.remarks,
        officer=officer,
    )


def reasons(item: AssessedActivity) -> tuple[Finding, ...]:
    """Return the findings that reduced what an activity counts; none when it counts in full."""
    return tuple(finding for finding in item.findings if finding.outcome in _REDUCING)


def printed_at(now: dt.datetime, zone: ZoneInfo) -> PrintTime:
    """Return the moment of printing, as the card shows it."""
    return PrintTime(day=now.astimezone(zone).date(), moment=moment_text(now, zone))


def _activity(facts: ActivityFacts, item: AssessedActivity, notes: list[CardNote]) -> CardActivity:
    return CardActivity(
        date=facts.date,
        kind=facts.kind,
        scope=facts.scope,
        title=facts.title,
        guide=(facts.source if facts.kind == "belajar_mandiri" else facts.pembimbing_name) or "",
        jp=item.jp,
        notes=tuple(notes.index(_note(finding)) + 1 for finding in reasons(item)),
    )


def _note(finding: Finding) -> CardNote:
    return CardNote(because=finding.because, cites=tuple(map(_where, finding.cites)))


def _where(cite: Citation) -> str:
    return f"{cite.instrument} {cite.article}"


# --- One card as a file


def card_pdf(content: CardContent, letters: FontFamily, printed: PrintTime) -> bytes:
    """Return the card as PDF with an empty signature field. Raises Undrawable (see `forms.card_pdf.draw_card`)."""
    drawn = draw_card(content, letters, printed)
    label = f"Tanda tangan pengelola kepegawaian{f' {content.officer.name}' if content.officer else ''}"
    return reserve(drawn.pdf, [SlotPlace(name=SLOT, page=drawn.page, box=drawn.box, locks=(), label=label)])


def card_xlsx(content: CardContent, printed: PrintTime) -> bytes:
    """Return the card as XLSX."""
    from forms.workbooks import card_workbook

    return card_workbook(content, printed)


# --- A folder of cards

COLUMNS = ("nip", "nama", "unit_kerja", "jp", "berkas", "basis", "sha256")
_ENCODING = "utf-8-sig"  # with the byte-order mark that Excel needs
# Beginnings of a text that spreadsheets take for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


class CardFolder:
    """Cards of one year and kind (`pdf`, `xlsx`) in `folder`, with a list from which an interrupted run continues.

    A context manager; `write` writes a whole file or nothing.
    """

    def __init__(self, folder: Path, year: int, kind: str, write: Callable[[Path, bytes], None]) -> None:
        self._folder, self._year, self._kind, self._write_file = folder, year, kind, write
        self.list = folder / f"kartu-{year}-{kind}.csv"
        self._known = {row[0]: row for row in self._rows()}
        folder.mkdir(parents=True, exist_ok=True)
        beside = self.list.with_name(f".{self.list.name}.part")
        with beside.open("w", encoding=_ENCODING, newline="") as file:
            csv.writer(file).writerows([COLUMNS, *self._known.values()])
        beside.replace(self.list)
        self._file: TextIO = self.list.open("a", encoding="utf-8", newline="")

    def path(self, content: CardContent) -> Path:
        return self._folder / f"kartu-{self._year}-{content.nip}.{self._kind}"

    def has(self, content: CardContent) -> bool:
        """Tell whether the card is in the folder with just this content."""
        row = self._known.get(content.nip)
        return row is not None and row[5] == content.basis and self.path(content).exists()

    def keep(self, content: CardContent, file: bytes) -> Path:
        """Write the card, then its row: killed in between, it is drawn again. The last row of a NIP counts."""
        path = self.path(content)
        self._write_file(path, file)
        texts = (content.name, content.unit)
        row = (
            content.nip,
            *(f"'{text}" if text.startswith(_FORMULA) else text for text in texts),
            comma(content.total),
            path.name,
            content.basis,
            hashlib.sha256(file).hexdigest(),
        )
        csv.writer(self._file).writerow(row)
        self._file.flush()
        return path

    def _rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the complete rows of the list; the last one may have been cut off."""
        if not self.list.exists():
            return
        with self.list.open(encoding=_ENCODING, errors="replace", newline="") as file:
            for line in file:
                with suppress(csv.Error):
                    row = tuple(next(csv.reader([line], strict=True), ()))
                    if len(row) == len(COLUMNS) and row != COLUMNS and line.endswith("\n"):
                        yield row

    def __enter__(self) -> Self:
        """Use it as a context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the list."""
        self._file.close()


# --- Many cards

_PORTION = 200
# Cards waiting or being drawn at any moment, for each core.
_WINDOW = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCard:
    """One card of many. `file` is None when it exists already (`kept`), or could not be drawn (`problem`)."""

    content: CardContent
    file: bytes | None
    kept: bool = False
    problem: str = ""


def draw_many(
    people: Sequence[Person],
    year: int,
    *,
    store: Store,
    printed: PrintTime,
    kind: str,
    jobs: int,
    kept: Callable[[CardContent], bool] = lambda _content: False,
) -> Iterator[DrawnCard]:
    """Yield cards as `kind` (`pdf` or `xlsx`) in portions by NIP, drawn on `jobs` cores with bounded memory.

    Those for which `kept` is true come first in their portion and are not drawn.
    """
    job = partial(_draw, printed=printed, kind=kind)
    with _pool(jobs) as pool:
        for portion in _portions(people, year, store):
            wanted = []
            for content in portion:
                if kept(content):
                    yield DrawnCard(content=content, file=None, kept=True)
                else:
                    wanted.append(content)
            if pool is None:
                yield from map(job, wanted)
            else:
                yield from run_in_order(job, wanted, executor=pool, window=_WINDOW * jobs)


def _pool(jobs: int) -> AbstractContextManager[ProcessPoolExecutor | None]:
    """Return a pool whose children are spawned, so that none inherits a database connection."""
    return nullcontext() if jobs == 1 else ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def _portions(people: Sequence[Person], year: int, store: Store) -> Iterator[list[CardContent]]:
    in_order = sorted(people, key=lambda person: person.nip)
    for start in range(0, len(in_order), _PORTION):
        with store.reading() as tx:
            portion = list(cards_of(in_order[start : start + _PORTION], year, tx))
        yield portion


def _draw(content: CardContent, *, printed: PrintTime, kind: str) -> DrawnCard:
    try:
        drawn = card_xlsx(content, printed) if kind == "xlsx" else card_pdf(content, _letters(), printed)
    except FormsError as error:
        return DrawnCard(content=content, file=None, problem=indonesian(message_of_error(error)))
    return DrawnCard(content=content, file=drawn)


@cache
def _letters() -> FontFamily:
    """Return the fonts, read once in each child."""
    return FontFamily()
