"""`cmb blank`, `fill`, `sign`, `parse`: make a form, fill it, sign it, read it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.bootstrap import open_key, timestamper_of
from service.cli.context import DAY, NIP, CliContext, as_json, emit, existing_file, line_of, output, say, write_file
from service.cli.run import Parsing, run_work
from service.cli.usage import Between, Command
from service.config import read_settings
from service.errors import BadInput
from service.language import Message, words
from service.sandbox.inputs import Source
from service.sandbox.limits import PATIENT
from service.sandbox.pool import run_sandboxed

if TYPE_CHECKING:
    from service.form_signing import ActingSigner, SignatureSlot
    from service.store import Store


@click.command(cls=Command)
@click.option("--kind", type=click.Choice(["coaching", "mentoring", "belajar_mandiri"]), required=True)
@click.option("--employee", type=NIP, help="NIP pegawai.")
@click.option("--all", "everyone", is_flag=True, help="Satu formulir untuk setiap pegawai; -o adalah folder.")
@click.option("--pembimbing", type=NIP, help="NIP coach atau mentor.")
@click.option("--scope", type=click.Choice(["nasional", "internasional"]), default="nasional", show_default=True)
@click.option("--meeting", type=Between(1, 4), default=1, show_default=True, help="Pertemuan ke berapa.")
@click.option(
    "--date", "day", type=DAY, help="Tanggal kegiatan: formulir memuat jabatan, unit, dan atasan pada hari itu."
)
@output
@as_json
@click.pass_obj
def blank(
    context: CliContext,
    *,
    kind: str,
    employee: str | None,
    everyone: bool,
    pembimbing: str | None,
    scope: str,
    meeting: int,
    day: dt.date | None,
    target: Path,
    as_json: bool,
) -> None:
    """Formulir Lampiran I yang sudah berisi data pegawai."""
    from service.blanks import Request, open_blank_context, prepare

    if everyone == bool(employee):
        raise click.UsageError("Sebutkan --employee NIP atau --all, salah satu.")
    with context.store(context.settings()) as store:
        nips = [employee] if employee else _with_supervisor(store, day)
        press = open_blank_context()
        for nip in nips:
            prepared = prepare(
                Request(kind=kind, scope=scope, meeting=meeting, employee_nip=nip, pembimbing_nip=pembimbing, day=day),
                store=store,
                blank_context=press,
                now=context.clock(),
                randomness=context.randomness,
                actor=context.actor,
            )
            path = target / f"{nip}-{kind}.pdf" if everyone else target
            write_file(path, prepared.content)
            if as_json:
                emit({"file": str(path), "nip": nip, "serial": prepared.entry.serial, "sha256": prepared.entry.digest})
            else:
                click.echo(f"{path}  {prepared.entry.serial}")


def _with_supervisor(store: Store, day: dt.date | None) -> list[str]:
    """Return the NIPs of employees present (on that day) whose supervisor is present too; name the others."""
    with store.reading() as tx:
        present = {employee.nip: employee for employee in tx.employees.present_on(day or dt.date.max)}
    for employee in present.values():
        if employee.supervisor_nip not in present:
            who = f"{employee.name} ({employee.nip})"
            say(f"Dilewati: {who} tidak memiliki atasan langsung yang bertugas menurut data.")
    return [employee.nip for employee in present.values() if employee.supervisor_nip in present]


@click.command(cls=Command)
@click.argument("file", type=existing_file)
@click.argument("answers", type=existing_file)
@output
def fill(file: Path, answers: Path, *, target: Path) -> None:
    """Isikan jawaban (JSON) ke formulir kosong."""
    import json

    try:
        answered = json.loads(answers.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadInput(f"{answers}: bukan JSON yang sah{line_of(error)}.", "Periksa isi berkas jawaban itu.") from error
    if not isinstance(answered, dict) or not all(isinstance(value, str | int) for value in answered.values()):
        raise BadInput(f"{answers}: harus berupa objek nama kolom dan teks.", "Lihat nama kolom pada README.")
    texts = {name: str(value) for name, value in answered.items()}
    write_file(target, run_sandboxed(_filled, file, texts, modules=("service.cli", "forms.fill", "parsers.parse")))
    click.echo(str(target))


def _filled(file: Path, texts: dict[str, str]) -> bytes:
    from forms.fill import fill as fill_form
    from parsers.parse import find_form_of

    content = Source(path=file).read()
    return fill_form(find_form_of(content), content, texts)


@click.command(cls=Command)
@click.argument("file", type=existing_file)
@click.option("--as", "role", type=click.Choice(["pegawai", "pembimbing", "atasan"]), required=True)
@click.option("--key", type=existing_file, required=True, help="Kunci dan sertifikat elektronik (PKCS#12).")
@click.option("--passphrase-file", type=existing_file, help="Berkas yang baris pertamanya kata sandi kunci.")
@click.option("--tsa", help="Alamat otoritas penanda waktu (RFC 3161); `sample:` untuk kantor contoh.")
@output
@click.pass_obj
def sign(
    context: CliContext,
    file: Path,
    *,
    role: str,
    key: Path,
    passphrase_file: Path | None,
    tsa: str | None,
    target: Path,
) -> None:
    """Bubuhkan satu tanda tangan elektronik PAdES pada formulir."""
    modules = ("service.cli", "service.form_signing", "service.store", "signing.timestamps")
    keys = (key, passphrase_file)
    content, warnings = run_sandboxed(_signed, context, file, role, keys, tsa, modules=modules, limits=PATIENT)
    write_file(target, content)
    for warning in warnings:
        say(f"Perhatian: {words(warning, context.reader)}")
    click.echo(str(target))


def _signed(
    context: CliContext, file: Path, role: str, key: tuple[Path, Path | None], tsa: str | None
) -> tuple[bytes, tuple[Message, ...]]:
    from forms.schema import Role
    from service.form_signing import sign_form, signature_slot
    from signing.certificates import read_certificate

    settings = read_settings(context.home, context.environ)
    holder = open_key(*key)
    content = Source(path=file).read()
    enrolled, delegation = _enrolled(
        context, read_certificate(holder.certificate).fingerprint, signature_slot(content, Role(role))
    )
    signed = sign_form(
        content,
        role=Role(role),
        holder=holder,
        at=context.clock(),
        zone=settings.timezone,
        timestamper=timestamper_of(tsa, settings, context.clock),
        enrolled_nip=enrolled,
        instead=delegation,
    )
    return signed.content, signed.warnings


def _enrolled(context: CliContext, fingerprint: str, turn: SignatureSlot) -> tuple[str | None, ActingSigner | None]:
    """Return the NIP the key is enrolled for and the delegation it signs under; (None, None) without a store."""
    from service.errors import MissingResource
    from service.form_signing import acting_signer

    try:
        settings = context.settings()
    except MissingResource:
        return None, None
    with context.store(settings) as store, store.reading() as tx:
        enrolment = tx.signers.find(fingerprint)
        if enrolment is None:
            return None, None
        return enrolment.nip, acting_signer(tx, turn, enrolment.nip, now=context.clock(), zone=settings.timezone)


@click.command(cls=Command)
@click.argument("file", type=existing_file)
@as_json
@click.pass_obj
def parse(context: CliContext, file: Path, *, as_json: bool) -> None:
    """Baca isi formulir menjadi catatan, beserta semua masalahnya."""
    from service.verification.wording import shown_problem

    clean = True
    for answer in run_work(Parsing(), [file], jobs=1):
        record = answer["record"]
        answer["problems"] = problems = [shown_problem(problem, context.reader) for problem in answer["problems"]]
        clean &= record is not None and not problems
        if as_json:
            emit(answer)
            continue
        if record is not None:
            click.echo(f"{record['kind']}, {record['date']}, {record['minutes']} menit: {record['title']}")
        for problem in problems:
            click.echo(f"  - {problem['message']} {problem['hint']}".rstrip())
    if not clean:
        raise SystemExit(1)
