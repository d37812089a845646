"""The ways to sign that this installation offers."""

from __future__ import annotations

from dataclasses import dataclass

from service.web.desk import desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """A key file and one's own application always; the national gateway where it is set up."""

    gateway: bool


def offered() -> Ways:
    return Ways(gateway=desk().settings.gateway is not None)
