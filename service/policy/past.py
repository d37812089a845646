"""What the law leaves for activities known from paper alone, beside those that were verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.policy.activity import Activity
from service.policy.assessment import assess
from service.policy.house import PAST_LAST
from service.policy.rule import Finding, Outcome

RULE = "past_activity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What one past activity still gives; `findings` are those that took from it or ask for a person's eye."""

    jp: Decimal
    findings: tuple[Finding, ...]


def left_for(past: Sequence[Activity], *, verified: Sequence[Activity]) -> tuple[Left, ...]:
    """By how much each past activity raises the total of the verified and of the past ones before it, in this order.

    The limits never look beyond a month, so one employee's month is enough. More activities never make a total smaller.
    """
    so_far = list(verified)
    total = assess(so_far).total
    left = []
    for activity in past:
        so_far.append(activity)
        together = assess(so_far)
        raised, told = together.total - total, together.items[-1]
        findings = tuple(each for each in told.findings if each.outcome is not Outcome.GRANTED)
        if raised < told.jp:
            findings += (_last(),)
        left.append(Left(jp=raised, findings=findings))
        total = together.total
    return tuple(left)


def _last() -> Finding:
    because = "Batas bulan itu sudah dipakai oleh kegiatan yang diverifikasi layanan atau catatan yang lebih dahulu."
    return Finding(rule=RULE, outcome=Outcome.LIMITED, because=because, cites=(PAST_LAST,))
