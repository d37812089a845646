"""For anybody: what this service is, and whether a certificate is one of ours."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
def welcome() -> str:
    return render_template("welcome.html")
