"""Every audience's pages, in the order of the house: an explicit list, nothing registers itself."""

from __future__ import annotations

from flask import Blueprint

from service.web import (
    admin,
    api,
    biro,
    calendar,
    messages,
    oidc,
    pegawai,
    proposals,
    public,
    reports,
    signing,
    tables,
    unit,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    public.blueprint,
    oidc.blueprint,
    pegawai.blueprint,
    signing.blueprint,
    messages.blueprint,
    reports.blueprint,
    biro.blueprint,
    unit.blueprint,
    proposals.blueprint,
    calendar.blueprint,
    tables.blueprint,
    admin.blueprint,
    api.blueprint,
)
