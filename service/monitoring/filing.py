"""Evaluation and report as they are filed: when they were made, and who signs them."""

from __future__ import annotations

import datetime as dt

from forms.dossier import Dossier, Signing
from forms.indonesian import long_date, spaced_nip
from service.config import Settings, local_day
from service.monitoring.evaluated import Evaluation
from service.monitoring.evaluation_paper import evaluation_paper
from service.monitoring.people import officers_of
from service.monitoring.periodic import Periodic
from service.monitoring.periodic_paper import periodic_paper
from service.stamps import moment_text
from service.store import Transaction


def filed_evaluation(evaluation: Evaluation, tx: Transaction, *, settings: Settings, now: dt.datetime) -> Dossier:
    """Signed by the head of the unit when it is known who that is; that of all units by the official of Biro SDM."""
    signing = _official(settings, now) if evaluation.unit is None else _head(evaluation.unit, tx, settings, now)
    return evaluation_paper(evaluation, made=_made(settings, now), signing=signing)


def filed_report(report: Periodic, *, settings: Settings, now: dt.datetime) -> Dossier:
    """Signed by the official of Biro SDM."""
    return periodic_paper(report, made=_made(settings, now), signing=_official(settings, now))


def _made(settings: Settings, now: dt.datetime) -> str:
    return f"Dibuat {moment_text(now, settings.timezone)} dari kegiatan yang sudah disahkan Biro SDM."


def _head(unit: str, tx: Transaction, settings: Settings, now: dt.datetime) -> Signing | None:
    officer = next(iter(officers_of(unit, "pimpinan", tx)), None)
    head = tx.employees.get(officer.nip) if officer else None
    if head is None:
        return None
    return Signing(
        place_and_day=_place_and_day(settings, now), position=head.position, name=head.name, nip=spaced_nip(head.nip)
    )


def _official(settings: Settings, now: dt.datetime) -> Signing | None:
    told = settings.official
    if told is None:
        return None
    return Signing(
        place_and_day=_place_and_day(settings, now), position=told.position, name=told.name, nip=spaced_nip(told.nip)
    )


def _place_and_day(settings: Settings, now: dt.datetime) -> str:
    day = long_date(local_day(now, settings))
    return f"{settings.official.place}, {day}" if settings.official else day
