"""Every kind of long work there is; a new one is a module and a line here."""

from __future__ import annotations

from service.jobs.issue import ISSUE
from service.jobs.kind import Kind
from service.jobs.reverify import REVERIFY
from service.jobs.siasn import SIASN
from service.jobs.submit import SUBMIT

KINDS: tuple[Kind, ...] = (SUBMIT, ISSUE, REVERIFY, SIASN)


def kind_of(name: str) -> Kind | None:
    """The kind with that name."""
    return next((each for each in KINDS if each.name == name), None)
