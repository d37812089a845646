"""Rekapitulasi (circular 5.b.5, 5.f.3, 5.f.4): what a unit's control cards add up to since the year began."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from forms.card import Printed
from forms.letters import Letters
from forms.recap import KindSum, RecapContent, RecapRow, Standing, draw_recap
from service.accumulation import Accumulation, accumulations
from service.errors import BadInput
from service.monitoring.people import Person, officers_of, people_during
from service.monitoring.quarter import Quarter
from service.policy import assess
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
    sums = accumulations(list(by_nip), quarter.year, tx, through=quarter.ends)
    rows = [_row(by_nip[each.nip], each) for each in sums]
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


def _row(person: Person, accumulation: Accumulation) -> RecapRow:
    items = accumulation.assessment.items
    sums = {}
    for name, kind in (("coaching", "coaching"), ("mentoring", "mentoring"), ("self_study", "belajar_mandiri")):
        jps = [item.jp for item in items if item.counted and item.activity.kind == kind]
        sums[name] = KindSum(count=len(jps), jp=sum(jps, Decimal(0)))
    return RecapRow(
        nip=person.nip,
        name=person.name,
        grade=person.grade,
        position=person.position,
        uncounted=sum(1 for item in items if not item.counted),
        moves=person.moves,
        **sums,
    )
