"""Blueprint of the employee's pages: year, activities, uploads, certificates, own data."""

from __future__ import annotations

from flask import Blueprint

from service.web.pegawai import forms, home, learning, submissions

blueprint = Blueprint("pegawai", __name__)
home.add_to(blueprint)
forms.add_to(blueprint)
submissions.add_to(blueprint)
learning.add_to(blueprint)
