"""What waits for Biro SDM, counted, each count a way there."""

from __future__ import annotations

from flask import Blueprint, render_template

from service.records import Status
from service.store.batch_rows import BatchState
from service.web.desk import desk
from service.web.visitor import only

_RUNNING = {BatchState.GATHERING, BatchState.WAITING, BatchState.RUNNING}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("", "overview", overview)


@only("biro_sdm")
def overview() -> str:
    with desk().store.reading() as tx:
        return render_template(
            "biro/overview.html",
            verified=tx.submissions.undecided_count(Status.VERIFIED),
            review=tx.submissions.undecided_count(Status.REVIEW),
            running=[each for each in tx.batches.list(20) if each.state in _RUNNING],
        )
