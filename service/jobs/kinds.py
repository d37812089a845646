"""All kinds of jobs; a new one is a module and a line here."""

from __future__ import annotations

from service.jobs.issue import ISSUE
from service.jobs.kind import Kind
from service.jobs.renew import RENEW
from service.jobs.reverify import REVERIFY
from service.jobs.siasn import SIASN
from service.jobs.submit import SUBMIT

KINDS: tuple[Kind, ...] = (SUBMIT, ISSUE, RENEW, REVERIFY, SIASN)


def kind_of(name: str) -> Kind | None:
    """Return the kind of that name, or None."""
    return next((kind for kind in KINDS if kind.name == name), None)
