"""Kartu Pengendali (circular 5.f.2, Lampiran II): one person's year as the law assessed it, activity by activity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from forms.card import CardActivity, CardContent, CardNote, Officer, Printed
from service.accumulation import Accumulation, accumulate, accumulations
from service.errors import BadInput
from service.monitoring.people import Person, officers_of, people_in, person_in
from service.policy import AssessedActivity, Citation, Finding, Outcome
from service.records import ActivityFacts
from service.stamps import moment_text
from service.store import Transaction

# What a rule found that makes an activity count less than it is, or not at all.
_LESS = frozenset({Outcome.LIMITED, Outcome.DUPLICATE, Outcome.NOT_APPLICABLE, Outcome.INCOMPLETE})


def card_of(nip: str, year: int, tx: Transaction, *, officer: Officer | None = None) -> CardContent:
    """One person's card. BadInput when nobody of that NIP was with us in that year.

    Without an `officer` it names the unit's own, the first by NIP; there may be none.
    """
    person = person_in(nip, year, tx)
    if person is None:
        raise BadInput(f"NIP {nip} tidak ada pada data kepegawaian tahun {year}.", "Periksa NIP dan tahunnya.")
    if officer is None:
        officer = next(iter(officers_of(person.unit, "pengelola", tx)), None)
    return card_content(person, accumulate(nip, year, tx), officer)


def cards_of(people: Sequence[Person], year: int, tx: Transaction) -> Iterator[CardContent]:
    """The cards of many (all of the year), by NIP, a portion in memory at a time; each names its unit's officer."""
    units = {each.unit for each in people}
    officers = {unit: next(iter(officers_of(unit, "pengelola", tx)), None) for unit in units}
    by_nip = {each.nip: each for each in people}
    for accumulation in accumulations(list(by_nip), year, tx):
        person = by_nip[accumulation.nip]
        yield card_content(person, accumulation, officers[person.unit])


def everybody(year: int, tx: Transaction, *, unit: str | None) -> Sequence[Person]:
    """Whose cards belong to a year (and unit); BadInput for a unit without anybody."""
    people = people_in(year, tx, unit=unit)
    if unit is not None and not people:
        raise BadInput(f"Unit kerja “{unit}” tidak ada pada data kepegawaian.", "Periksa namanya, huruf demi huruf.")
    return people


def card_content(person: Person, accumulation: Accumulation, officer: Officer | None) -> CardContent:
    """The card of that person and year: every approved activity, by date; why some count less stands in the notes."""
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
    """What made an activity count less than it is, or not at all; empty when it counts whole."""
    return tuple(finding for finding in item.findings if finding.outcome in _LESS)


def printed_at(now: dt.datetime, zone: ZoneInfo) -> Printed:
    """The moment of printing, as the paper says it."""
    return Printed(day=now.astimezone(zone).date(), moment=moment_text(now, zone))


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
