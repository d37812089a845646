"""What is kept of an activity, as the law sees it."""

from __future__ import annotations

from service.policy import Activity
from service.records import ActivityFacts


def activity_of(facts: ActivityFacts) -> Activity:
    return Activity(kind=facts.kind, scope=facts.scope, date=facts.date, minutes=facts.minutes, begins=facts.begins)
