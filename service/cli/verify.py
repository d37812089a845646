"""`cmb inspect`, `verify`, `submit`, `approve`, `reject`, `reverify`, `report`: verdicts and decisions on files."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from service.bootstrap import moment_of, reading_limits
from service.cli.context import CliContext, as_json, emit, existing_file, say, write_file
from service.cli.run import Inspecting, clock, run_work
from service.cli.usage import Between, Command
from service.errors import BadInput
from service.identifiers import as_typed
from service.language import Message, Reader, words
from service.sandbox.inputs import HIDDEN
from service.sandbox.limits import PATIENT, Defect, Limits
from service.sandbox.pool import run_sandboxed
from service.sandbox.problems import EXIT_MISSING, EXIT_NO
from service.submissions.report import KINDS, report_json, report_of
from service.submissions.sandboxed import VerifyTask
from service.submissions.summary import Summary

if TYPE_CHECKING:
    from service.config import Settings
    from service.submissions.intake import Reverified
    from service.verification.overlaps import OverlapNeedsLook

paths = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
jobs = click.option("--jobs", type=Between(1, 64), help="Banyak proses (bawaan: satu per inti).")
table = click.option("--csv", "table", type=click.Path(path_type=Path, dir_okay=False), help="Ringkasan per berkas.")
sheet = click.option("--xlsx", "sheet", type=click.Path(path_type=Path, dir_okay=False), help="Ringkasan untuk Excel.")
MARK = {"passed": "✓", "review": "?", "failed": "✗", "verified": "✓", "refused": "✗", "duplicate": "="}


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=existing_file)
@click.option("--trust", "roots", multiple=True, type=existing_file, help="Sertifikat akar yang dipercaya (PEM).")
@click.option("--crl", "crls", multiple=True, type=existing_file, help="Daftar pencabutan (CRL).")
@click.option("--network", is_flag=True, help="Boleh menanyakan pencabutan ke alamat publik pada sertifikat.")
@jobs
@as_json
@click.pass_obj
def inspect(
    context: CliContext,
    *,
    files: tuple[Path, ...],
    roots: tuple[Path, ...],
    crls: tuple[Path, ...],
    network: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Fakta tanda tangan dari PDF apa pun; tidak memerlukan penyimpanan."""
    from signing.certificates import read_certificate
    from signing.revocation.fetch import Network

    trusted = tuple(read_certificate(path.read_bytes()).der for path in roots)
    revocation_lists = tuple(path.read_bytes() for path in crls)
    from service.verification.wording import shown_answer

    sound = True
    with TemporaryDirectory() as folder:
        allowed = Network(folder=Path(folder)) if network else None
        limits = PATIENT if network else Limits()
        work = Inspecting(roots=trusted, crls=revocation_lists, network=allowed, now=context.clock(), limits=limits)
        for answer in run_work(work, files, jobs=jobs):
            answer = shown_answer(answer, context.reader)  # noqa: PLW2901 - from here on with its words
            signatures = answer["signatures"]
            sound &= bool(signatures) and all(signature["indication"] == "TOTAL_PASSED" for signature in signatures)
            if as_json:
                emit(answer)
            else:
                _show_inspection(answer)
    raise SystemExit(0 if sound else 1)


@click.command(cls=Command)
@paths
@jobs
@table
@sheet
@click.option("--resume", is_flag=True, help="Lanjutkan --csv yang terputus; yang sudah tercatat tidak diulang.")
@as_json
@click.pass_obj
def verify(
    context: CliContext,
    *,
    paths: tuple[Path, ...],
    jobs: int | None,
    table: Path | None,
    sheet: Path | None,
    resume: bool,
    as_json: bool,
) -> None:
    """Periksa formulir tanpa menyimpan apa pun; folder dan ZIP ditelusuri."""
    if resume and table is None:
        raise click.UsageError("--resume melanjutkan sebuah --csv; sebutkan berkasnya.")
    work = _judging(context, keep=False)
    with Summary(table=table, sheet=sheet, resume=resume) as summary:
        seen = _judge_all(work, paths, jobs=jobs, summary=summary, as_json=as_json, reader=context.reader)
    raise SystemExit(_exit_code(seen, "passed"))


@click.command(cls=Command)
@paths
@jobs
@table
@sheet
@as_json
@click.pass_obj
def submit(
    context: CliContext,
    *,
    paths: tuple[Path, ...],
    jobs: int | None,
    table: Path | None,
    sheet: Path | None,
    as_json: bool,
) -> None:
    """Periksa dan simpan; berkas yang sama memberi jawaban yang sama, jadi yang terputus cukup diulang."""
    work = _judging(context, keep=True)
    with Summary(table=table, sheet=sheet) as summary:
        seen = _judge_all(work, paths, jobs=jobs, summary=summary, as_json=as_json, reader=context.reader)
    raise SystemExit(_exit_code(seen, "verified"))


def _exit_code(seen: Counter[str], good: str) -> int:
    if Defect.code in seen:
        return EXIT_MISSING
    return 0 if set(seen) == {good} else 1


def _judging(context: CliContext, *, keep: bool) -> VerifyTask:
    settings = context.settings()
    return VerifyTask(
        settings=settings, now=context.clock(), actor=context.actor, keep=keep, limits=reading_limits(settings)
    )


def _judge_all(
    work: VerifyTask, paths: tuple[Path, ...], *, jobs: int | None, summary: Summary, as_json: bool, reader: Reader
) -> Counter[str]:
    """Judge and show the files; return how many had which result, including those known from an earlier run."""
    from service.verification.wording import shown_answer

    seen: Counter[str] = Counter()
    earlier, started = 0, time.monotonic()
    skipped: list[tuple[str, Message]] = []
    for answer in run_work(work, paths, jobs=jobs, known=summary.done, skip=lambda *file: skipped.append(file)):
        if "known" in answer:
            earlier += 1
            seen[answer["known"]] += 1
            continue
        answer = shown_answer(answer, reader)  # noqa: PLW2901 - from here on with its words
        state = answer["status"] if work.keep else answer["verdict"]
        if any(reason["code"] == Defect.code for reason in answer["reasons"]):
            state = Defect.code
        seen[state] += 1
        summary.add(answer)
        _show(answer, state, as_json=as_json)
    _close(seen, before=earlier, seconds=time.monotonic() - started)
    _say_skipped(skipped, reader)
    return seen


# More names than fit on a screen tell nobody anything; their number is said all the same.
_MOST_NAMES = 20


def _say_skipped(skipped: Sequence[tuple[str, Message]], reader: Reader) -> None:
    """Say how many files were left out and why, with the names of those that are not hidden."""
    if not skipped:
        return
    counts = Counter(why for _, why in skipped)
    counted = ", ".join(f"{count} {words(why, reader)}" for why, count in counts.items())
    say(f"{len(skipped)} berkas dilewati: {counted}.")
    named = [name for name, why in skipped if why != HIDDEN]
    for name in named[:_MOST_NAMES]:
        say(f"    {name}")
    if len(named) > _MOST_NAMES:
        say(f"    dan {len(named) - _MOST_NAMES} lagi")


@click.command(cls=Command)
@click.argument("ids", nargs=-1)
@click.option("--verified", is_flag=True, help="Semua kiriman yang lulus pemeriksaan dan belum diputuskan.")
@as_json
@click.pass_obj
def approve(context: CliContext, *, ids: tuple[str, ...], verified: bool, as_json: bool) -> None:
    """Sahkan kiriman (Biro SDM); baru sesudah itu JP-nya dihitung.

    Kiriman yang waktunya bertumpuk dengan kegiatan lain hanya disahkan bila disebut sendiri.
    """
    from service.submissions.decisions import approve as approve_one
    from service.submissions.decisions import approve_many, approve_verified, overlaps_of
    from service.verification.overlaps import overlap_json, overlap_reasons
    from service.verification.wording import code_title

    if bool(ids) == verified:
        raise click.UsageError("Sebutkan nomor kiriman, atau --verified untuk semua yang lulus.")
    wanted = tuple(dict.fromkeys(as_typed(number) for number in ids))
    with context.store(context.settings()) as store:
        if len(wanted) == 1:
            # A submission named alone is approved after its overlaps are shown; one that appears meanwhile stops it.
            others = overlaps_of(wanted[0], store=store)
            for notice in overlap_reasons(others):
                say(f"{wanted[0]}: {words(notice, context.reader)}")
            seen = [other.id for other in others]
            done = approve_one(wanted[0], store=store, now=context.clock(), actor=context.actor, seen=seen)
            answer: dict[str, Any] = {"approved": [done], "left_out": []}
            if others:
                answer["overlapping"] = [overlap_json(done, others)]
        else:
            outcome = (
                approve_verified(store=store, now=context.clock(), actor=context.actor)
                if verified
                else approve_many(wanted, store=store, now=context.clock(), actor=context.actor)
            )
            left_out = [overlap_json(overlap.submission.id, overlap.others) for overlap in outcome.left_out]
            answer = {"approved": list(outcome.approved), "left_out": left_out}
            for code, numbers in outcome.noticed.items():
                title = code_title(code, context.reader)
                say(f"{len(numbers)} kiriman disahkan dengan catatan “{title}”: {', '.join(numbers)}")
            _say_left_out(outcome.left_out)
    if as_json:
        emit(answer)
    else:
        click.echo(f"{len(answer['approved'])} kiriman disahkan.")
    if answer["left_out"] and not verified:
        raise SystemExit(EXIT_NO)


def _say_left_out(left_out: Sequence[OverlapNeedsLook]) -> None:
    """Name the submissions left out, each with those it overlaps."""
    if not left_out:
        return
    numbers = ", ".join(overlap.submission.id for overlap in left_out)
    say(f"{len(left_out)} kiriman tidak ikut disahkan karena waktunya bertumpuk (overlap_needs_look): {numbers}")
    for overlap in left_out:
        say(f"  {overlap.submission.id}: {'; '.join(other.id for other in overlap.others)}")
    say("Lihat kedua kegiatan itu, lalu sahkan satu per satu: cmb approve NOMOR.")


@click.command(cls=Command)
@click.argument("submission")
@click.option("--reason", required=True, help="Alasan yang dibaca pegawai.")
@click.pass_obj
def reject(context: CliContext, submission: str, *, reason: str) -> None:
    """Tolak sebuah kiriman (Biro SDM) dengan alasan."""
    from service.submissions.decisions import reject as reject_one

    with context.store(context.settings()) as store:
        reject_one(submission, reason, store=store, now=context.clock(), actor=context.actor)
    click.echo(f"Kiriman {submission} ditolak.")


def _show(answer: dict[str, Any], state: str, *, as_json: bool) -> None:
    from service.verification.wording import label_of

    if as_json:
        emit(answer)
        return
    click.echo(f"{MARK.get(state, '-')} {answer['file']}: {label_of(state)}")
    # One change may be reported at several places in the same words.
    for reason in {reason["message"]: reason for reason in answer["reasons"]}.values():
        click.echo(f"    {reason.get('title', '')} – {reason['message']} {reason['hint']}".rstrip())
    if answer.get("status") in {"refused", "review", "duplicate"} and answer.get("submission"):
        click.echo(f"    Berkas Anda tersimpan aman dengan nomor {answer['submission']}.")


def _show_inspection(answer: dict[str, Any]) -> None:
    click.echo(f"{answer['file']}")
    if answer["problem"]:
        click.echo(f"    {answer['problem']['message']} {answer['problem']['hint']}".rstrip())
    for signature in answer["signatures"]:
        name = signature["signer"]["name"] if signature["signer"] else "?"
        detail = f" ({signature['sub_indication']})" if signature["sub_indication"] else ""
        line = f"    {signature['field']}: {name} – {signature['indication']}{detail}, {signature['profile']}"
        if not signature["registered"]:
            line += ", tidak terdaftar pada formulirnya (sebagian pembaca tidak menampilkannya)"
        click.echo(line)
    if answer["readable"] and not answer["signatures"]:
        click.echo("    Tidak ada tanda tangan elektronik.")


def _close(seen: Counter[str], *, before: int, seconds: float) -> None:
    from service.verification.wording import label_of

    total = sum(seen.values())
    if total > 1:
        counted = ", ".join(f"{count} {label_of(state)}" for state, count in sorted(seen.items()))
        pace = f"{(total - before) / max(seconds, 0.001):.1f}".replace(".", ",")
        known = f", {before} di antaranya dari pemeriksaan sebelumnya" if before else ""
        say(f"{total} berkas{known}: {counted} ({clock(seconds)}, {pace} berkas per detik)")
    elif not seen:
        say("Tidak ada berkas PDF pada tempat itu.")


# --- `cmb reverify`

_MODULES = ("service.submissions.intake", "service.store")


@click.command(cls=Command)
@click.argument("submissions", nargs=-1, required=True, metavar="SUBMISSION...")
@as_json
@click.pass_obj
def reverify(context: CliContext, submissions: tuple[str, ...], *, as_json: bool) -> None:
    """Periksa lagi kiriman yang tersimpan; hasil sebelumnya tetap ada di sampingnya."""
    from service.verification.wording import label_of, shown_reasons

    settings, passed = context.settings(), True
    for submission in submissions:
        result = run_sandboxed(_again, submission, settings, context.clock(), context.actor, modules=_MODULES)
        new, previous = result.verification, result.before
        passed &= new.verdict == "passed"
        if as_json:
            emit(
                {
                    "submission": submission,
                    "number": result.number,
                    "verdict": new.verdict,
                    "before": previous.verdict,
                    "policy": new.policy,
                    "reasons": shown_reasons(new.answer["reasons"], context.reader),
                }
                | ({"existence": new.answer["existence"]} if "existence" in new.answer else {})
            )
        else:
            earlier = f"sebelumnya {label_of(previous.verdict)}, pemeriksaan ke-{result.number}"
            click.echo(f"{submission}: {label_of(new.verdict)} ({earlier})")
    raise SystemExit(0 if passed else 1)


def _again(submission: str, settings: Settings, now: dt.datetime, actor: str) -> Reverified:
    from service.store import open_store
    from service.submissions.intake import reverify as judge_again

    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        return judge_again(submission, store=store, moment=moment_of(store, settings, now), actor=actor)


# --- `cmb report`


@click.command(cls=Command)
@click.argument("subject", metavar="FILE|SUBMISSION")
@click.option("--number", type=click.IntRange(min=1), help="Pemeriksaan ke berapa (bawaan: yang terakhir).")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="Berkas hasil.")
@as_json
@click.pass_obj
def report(context: CliContext, subject: str, *, number: int | None, target: Path | None, as_json: bool) -> None:
    """Laporan pemeriksaan sebuah berkas atau kiriman: .html, .pdf, .json, atau .xml (ETSI) menurut nama hasilnya."""
    from service.verification.wording import label_of

    if target is None and not as_json:
        raise click.UsageError("Sebutkan -o BERKAS, atau --json.")
    kind = target.suffix.lower() if target else ".json"
    if kind not in KINDS:
        raise BadInput(
            f"{target}: jenis laporan tidak dikenal.", "Beri nama hasil yang berakhir .html, .pdf, .json, atau .xml."
        )
    settings, now = context.settings(), context.clock()
    subject_report, document = report_of(subject, number, settings, now, kind)
    if target is not None:
        write_file(target, document)
    if as_json:
        emit(report_json(subject_report))
    else:
        click.echo(f"{target}: {label_of(subject_report.answer['verdict'])}")
