"""The first page: this year's JP as one picture, what each kind still allows, and what is next."""

from __future__ import annotations

from flask import Blueprint, render_template

from service.config import local_day
from service.learning.own import own_learning
from service.own_year import own_year
from service.records import Status
from service.web.desk import desk
from service.web.visitor import only, signed_in


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/beranda", "home", home)


@only()
def home() -> str:
    """Everybody's first page after signing in."""
    who, at = signed_in(), desk()
    today = local_day(at.clock(), at.settings)
    with at.store.reading() as tx:
        mine = own_year(who.nip, today.year, today=today, tx=tx)
        moving = tx.circulations.of_employee(who.nip)
        waiting = tx.circulations.waiting([(who.nip, ("pembimbing", "atasan"))])
        beside = own_learning(who.nip, today.year, tx)
        biro = (Status.VERIFIED, Status.REVIEW) if who.holds("biro_sdm") else ()
        undecided = sum(tx.submissions.undecided_count(each) for each in biro)
        earlier = own_year(who.nip, today.year - 1, today=today, tx=tx) if not mine.reported else None
    return render_template(
        "pegawai/home.html",
        mine=mine,
        moving=moving,
        waiting=waiting,
        undecided=undecided,
        earlier=earlier,
        today=today,
        beside=beside,
    )
