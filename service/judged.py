"""What a report is about: a file judged now, or one of the judgements kept of a submission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.errors import BadInput
from service.ingest import Moment, prove
from service.proof.answer import answer_json
from service.records import Verification
from service.sources import Source
from service.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`told` is the answer as `verify` gives it (contract), `at` when it was given.

    For a submission `kept` are all its judgements, oldest first, and `number` says which of them this is (from 1).
    """

    told: Mapping[str, Any]
    at: dt.datetime
    content: bytes
    submission: str | None = None
    kept: tuple[Verification, ...] = ()
    number: int | None = None


def judged(subject: str, number: int | None, *, store: Store, moment: Moment) -> Judged:
    """The judgement `number` (None: the last) of a submission, as it was kept; or of a file at that path, made now.

    BadInput when there is neither, Unopened for a file that is not read at all.
    """
    with store.reading() as tx:
        submission = tx.submissions.get(subject)
        kept = tuple(tx.verifications.of(subject)) if submission else ()
        if submission is None:
            content = Source(path=_file(subject, number)).read()
            return Judged(
                told=answer_json(prove(content, subject, tx=tx, moment=moment)), at=moment.now, content=content
            )
    place = number or len(kept)
    if not 0 < place <= len(kept):
        raise BadInput(
            f"{subject}: pemeriksaan ke-{place} tidak ada; yang tersimpan {len(kept)}.",
            "Lihat nomornya pada laporan kiriman itu, atau periksa lagi dengan `cmb reverify`.",
        )
    chosen = kept[place - 1]
    return Judged(
        told=chosen.answer,
        at=chosen.at,
        content=store.document(submission.digest),
        submission=submission.id,
        kept=kept,
        number=place,
    )


def _file(subject: str, number: int | None) -> Path:
    path = Path(subject)
    if not path.is_file():
        raise BadInput(f"{subject}: bukan berkas dan bukan nomor kiriman.", "Periksa penulisannya.")
    if number is not None:
        raise BadInput(f"{subject}: hanya kiriman yang memiliki beberapa pemeriksaan.", "Hapus --number.")
    return path
