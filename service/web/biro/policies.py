"""Whom this installation believes and by what it judges: to read, not to change."""

from __future__ import annotations

from flask import Blueprint, render_template

from service.policy.assessment import RULES
from service.proof.policies import CURRENT, POLICIES
from service.web.desk import desk
from service.web.visitor import only
from signing.certificates import known_root, read_certificate


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/kebijakan", "policies", policies)


@only("biro_sdm", "admin")
def policies() -> str:
    """Roots, verification policies and the law's rules in force."""
    with desk().store.reading() as tx:
        roots = [(each, read_certificate(each.der), known_root(each.fingerprint)) for each in tx.trust.all()]
    return render_template("biro/policies.html", roots=roots, policies=POLICIES, current=CURRENT, rules=RULES)
