"""Rekapitulasi (circular 5.b.5, 5.f.3, 5.f.4): what a unit's control cards add up to since the year began."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from forms.card import Printed
from forms.letters import Letters
from forms.recap import KindSum, RecapContent, RecapRow, Standing, draw_recap
from service.errors import BadInput
from service.monitoring.people import Person, officers_of, people_during
from service.monitoring.quarter import Quarter
from service.policy import KINDS, assess
from service.policy.month import Tally
from service.store import Transaction


def recap_of(unit: str, quarter: Quarter, tx: Transaction, *, today: dt.date) -> RecapContent:
    """What the unit would report now. It counts whoever stood in it last in that quarter, with their whole year.

    BadInput for a unit that had nobody in the quarter, and for a quarter that has not begun.
    """
    if quarter.begins > today:
        raise BadInput(f"Triwulan {quarter} belum mulai.", "Pilih triwulan yang sudah berjalan.")
    people = people_during(quarter.begins, quarter.ends, tx, unit=unit)
    if not people:
        raise BadInput(
            f"Unit kerja “{unit}” tidak mempunyai pegawai pada triwulan {quarter}.",
            "Periksa namanya, huruf demi huruf, dan triwulannya.",
        )
    by_nip = {each.nip: each for each in people}
    sums = tx.standings.sums((quarter.year, 1), (quarter.year, quarter.ends.month), nips=list(by_nip))
    rows = [_row(person, sums.get(nip, {})) for nip, person in by_nip.items()]
    return RecapContent(
        unit=unit,
        year=quarter.year,
        quarter=quarter.number,
        through=quarter.ends,
        target=assess(()).target,
        rows=tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.nip))),
        officer=next(iter(officers_of(unit, "pengelola", tx)), None),
        head=next(iter(officers_of(unit, "pimpinan", tx)), None),
    )


def recap_pdf(content: RecapContent, standing: Standing, letters: Letters, printed: Printed) -> bytes:
    """The recap on paper. Raises Undrawable (see `forms.recap.draw_recap`)."""
    return draw_recap(content, standing, letters, printed)


def recap_xlsx(content: RecapContent, standing: Standing, printed: Printed) -> bytes:
    """The recap as a table to go on working with."""
    from forms.recap_workbook import recap_workbook

    return recap_workbook(content, standing, printed)


def _row(person: Person, sums: Mapping[str, Tally]) -> RecapRow:
    kinds = {kind: sums.get(kind, Tally()) for kind in KINDS}
    coaching, mentoring, self_study = (KindSum(count=each.counted, jp=each.jp) for each in kinds.values())
    return RecapRow(
        nip=person.nip,
        name=person.name,
        grade=person.grade,
        position=person.position,
        coaching=coaching,
        mentoring=mentoring,
        self_study=self_study,
        uncounted=sum(each.activities - each.counted for each in kinds.values()),
        moves=person.moves,
    )
