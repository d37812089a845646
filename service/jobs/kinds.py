"""Every kind of long work there is; a new one is a module and a line here."""

from __future__ import annotations

from service.works.issue import ISSUE
from service.works.kind import Kind
from service.works.reverify import REVERIFY
from service.works.siasn import SIASN
from service.works.submit import SUBMIT

KINDS: tuple[Kind, ...] = (SUBMIT, ISSUE, REVERIFY, SIASN)


def kind_of(name: str) -> Kind | None:
    """The kind with that name."""
    return next((each for each in KINDS if each.name == name), None)
