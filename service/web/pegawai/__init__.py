"""The employee's pages: one's year, one's activities, uploads, certificates, and what is kept of oneself."""

from __future__ import annotations

from flask import Blueprint

from service.web.pegawai import (
    attachments,
    beginning,
    certificates,
    home,
    learning,
    onway,
    own,
    submissions,
    tokens,
    uploads,
)

blueprint = Blueprint("pegawai", __name__)
home.add_to(blueprint)
beginning.add_to(blueprint)
onway.add_to(blueprint)
attachments.add_to(blueprint)
own.add_to(blueprint)
tokens.add_to(blueprint)
uploads.add_to(blueprint)
submissions.add_to(blueprint)
learning.add_to(blueprint)
certificates.add_to(blueprint)
