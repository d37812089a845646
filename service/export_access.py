"""Which tables somebody may take away, and of whom: what they may see one by one, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.access import Act, Kind, Subject, Viewer, may
from service.exports import EXPORTS

# What a row of each table is about.
_ABOUT: Mapping[str, Kind] = {
    "employees": Kind.EMPLOYEE,
    "activities": Kind.SUBMISSION,
    "certificates": Kind.CERTIFICATE,
    "learning": Kind.LEARNING,
    "events": Kind.HOUSE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One table of `EXPORTS` for one visitor: of everybody, or (`unit`) of whom the register has in that unit now."""

    subject: str
    title: str
    yearly: bool
    unit: str | None


def offers_for(viewer: Viewer) -> Mapping[str, Offer]:
    """By subject, in the order of `EXPORTS`; what is not there, the viewer may not take away."""
    found: dict[str, Offer] = {}
    for subject, each in EXPORTS.items():
        everybody, unit = Subject(kind=_ABOUT[subject]), Subject(kind=_ABOUT[subject], unit=viewer.unit)
        if may(viewer, Act.SEE, unit):
            whose = None if may(viewer, Act.SEE, everybody) else viewer.unit
            found[subject] = Offer(subject=subject, title=each.title, yearly=each.yearly, unit=whose)
    return found
