"""`cmb report` and `cmb reverify`: what was found, on paper for a person; and the same file judged again later."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.door import Door, as_json, emit, moment_of, output, write_file
from service.cli.reading import read_apart
from service.errors import BadInput
from service.limits import Limits
from service.sources import Source

if TYPE_CHECKING:
    from forms.report import Picture
    from service.config import Settings
    from service.reverify import Reverified

# Drawing pages takes a renderer besides the readers; nothing of it is kept.
_LIMITS = Limits(memory=512 * 2**20)
_MODULES = ("service.ingest", "service.store", "parsers.pictures")
Judged = tuple[dict[str, Any], dt.datetime, "tuple[Picture, ...]", str]


@click.command()
@click.argument("subject", metavar="FILE|SUBMISSION")
@click.option("--number", type=click.IntRange(min=1), help="Pemeriksaan ke berapa (bawaan: yang terakhir).")
@output
@click.pass_obj
def report(door: Door, subject: str, *, number: int | None, target: Path) -> None:
    """Laporan pemeriksaan sebuah berkas atau kiriman: .html, .pdf, .json, atau .xml (ETSI) menurut nama hasilnya."""
    kind = target.suffix.lower()
    if kind not in {".html", ".pdf", ".json", ".xml"}:
        raise BadInput(
            f"{target}: jenis laporan tidak dikenal.", "Beri nama hasil yang berakhir .html, .pdf, .json, atau .xml."
        )
    settings, now = door.settings(), door.clock()
    told, at, pictures, note = read_apart(
        _judged, subject, number, settings, now, door.actor, modules=_MODULES, limits=_LIMITS
    )
    if kind == ".json":
        content = json.dumps({**told, "verified_at": at.isoformat()}, ensure_ascii=False, indent=2).encode()
    elif kind == ".xml":
        from service.proof.kept import signatures_of
        from signing.etsi import validation_report

        policy = str((told.get("policy") or {}).get("id", ""))
        content = validation_report(signatures_of(told), sha256=told["sha256"] or "", moment=at, policy=policy)
    else:
        from forms.render import Renderer
        from service.proof.account import account_of

        account = account_of(told, at=at, zone=settings.timezone, pictures=pictures, note=note)
        renderer = Renderer()
        content = renderer.report(account) if kind == ".pdf" else renderer.report_page(account).encode()
    write_file(target, content)
    click.echo(f"{told['verdict']}: {target}")


@click.command()
@click.argument("submissions", nargs=-1, required=True, metavar="SUBMISSION...")
@as_json
@click.pass_obj
def reverify(door: Door, submissions: tuple[str, ...], *, as_json: bool) -> None:
    """Periksa lagi kiriman yang tersimpan; hasil sebelumnya tetap ada di sampingnya."""
    settings, passed = door.settings(), True
    for each in submissions:
        again = read_apart(_again, each, settings, door.clock(), door.actor, modules=_MODULES, limits=_LIMITS)
        new, before = again.verification, again.before
        passed &= new.verdict == "passed"
        if as_json:
            told = {"submission": each, "number": again.number, "verdict": new.verdict, "before": before.verdict}
            emit({**told, "policy": new.policy, "reasons": new.answer["reasons"]})
        else:
            click.echo(f"{each}: {new.verdict} (sebelumnya {before.verdict}), pemeriksaan ke-{again.number}")
    raise SystemExit(0 if passed else 1)


def _judged(subject: str, number: int | None, settings: Settings, now: dt.datetime, _actor: str) -> Judged:
    """In the child: the answer, when it was given, and the pages."""
    from service.ingest import prove
    from service.proof.answer import answer_json
    from service.store import open_store

    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        with store.reading() as tx:
            submission = tx.submissions.get(subject)
            judgements = tx.verifications.of(subject) if submission else ()
        if submission is not None:
            if not judgements or (number or 1) > len(judgements):
                raise BadInput(f"{subject}: pemeriksaan itu tidak ada.", "Kirim lagi berkasnya, atau `cmb reverify`.")
            chosen = judgements[number - 1 if number else -1]
            content = store.document(submission.digest)
            return (dict(chosen.answer), chosen.at, *_pictures(content, chosen.answer))
        path = Path(subject)
        if not path.is_file():
            raise BadInput(f"{subject}: bukan berkas dan bukan nomor kiriman.", "Periksa penulisannya.")
        content = Source(path=path).read()
        with store.reading() as tx:
            told = answer_json(prove(content, str(path), tx=tx, moment=moment_of(store, settings, now)))
    return (told, now, *_pictures(content, told))


def _again(submission: str, settings: Settings, now: dt.datetime, actor: str) -> Reverified:
    from service.reverify import reverify as judge_again
    from service.store import open_store

    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        return judge_again(submission, store=store, moment=moment_of(store, settings, now), actor=actor)


def _pictures(content: bytes, told: Mapping[str, Any]) -> tuple[tuple[Picture, ...], str]:
    """The pages; beside them, where they look different, the pages as the last signer left them before a change."""
    from forms.report import Picture
    from parsers.errors import ParsersError
    from parsers.pictures import page_pictures

    before = [
        each for each in told["signatures"] if not each["permitted"] and 0 < each.get("covered", 0) < len(content)
    ]
    signed = max(before, key=lambda each: int(each["covered"]), default=None)
    try:
        pairs, count = page_pictures(content, content[: signed["covered"]] if signed else None)
    except ParsersError:
        return (), ""
    name = signed["signer"]["name"] if signed and signed["signer"] else "penanda tangan"
    pictures = []
    for pair in pairs:
        if pair.signed is not None:
            pictures.append(Picture(caption=f"Halaman {pair.number} ketika ditandatangani {name}", png=pair.signed))
        pictures.append(Picture(caption=f"Halaman {pair.number} seperti yang diterima", png=pair.received))
    if any(pair.signed for pair in pairs):
        note = "Bagian yang tampak berbeda diberi bingkai; kiri ketika ditandatangani, kanan seperti yang diterima."
    elif signed:
        note = "Sesudah ditandatangani ada yang berubah di dalam berkas, tetapi halamannya tampak sama."
    else:
        note = "Sesudah ditandatangani tidak ada yang berubah selain tanda tangan berikutnya."
    more = f" Hanya {len(pairs)} dari {count} halaman yang ditampilkan." if count > len(pairs) else ""
    return tuple(pictures), note + more
