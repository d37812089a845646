"""`cmb certificates`: issue the yearly certificates, check a number or a file, revoke."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import NIP, CliContext, as_json, emit, existing_file, say, write_file
from service.cli.run import progress
from service.errors import BadInput, NotGranted
from service.sandbox.limits import GaveUp
from service.sandbox.pool import run_sandboxed

if TYPE_CHECKING:
    from service.certificates.check import PublicAnswer
    from service.certificates.issue import Issued
    from service.config import Settings
    from service.store import Store


@click.group()
def certificates() -> None:
    """Sertifikat tahunan."""


@certificates.command()
@click.option("--year", type=click.IntRange(2022, 2999), required=True)
@click.option("--nip", "nips", type=NIP, multiple=True, help="Hanya untuk NIP ini (boleh berulang).")
@click.option("--early", is_flag=True, help="Terbitkan walaupun tahunnya belum berakhir.")
@click.option("--key", type=existing_file, help="Kunci segel (PKCS#12), bila lain dari cmb.toml.")
@click.option("--passphrase-file", type=existing_file, help="Kata sandi kunci segel itu.")
@click.option("--tsa", help="Alamat otoritas penanda waktu, bila lain dari cmb.toml.")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder hasil.")
@as_json
@click.pass_obj
def issue(
    context: CliContext,
    *,
    year: int,
    nips: tuple[str, ...],
    early: bool,
    key: Path | None,
    passphrase_file: Path | None,
    tsa: str | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Terbitkan sertifikat bersegel; diulang memberi berkas yang sama."""
    from service.certificates.issue import issue as issue_one
    from service.certificates.issue import open_issue_context

    settings = context.settings()
    refused = 0
    with context.store(settings) as store, progress("sertifikat") as advance:
        issue_context = open_issue_context(
            settings, store=store, clock=context.clock, key=key, passphrase_file=passphrase_file, timestamp_url=tsa
        )
        people = nips or _with_approved(store, year)
        if not people:
            say(f"Belum ada kegiatan tahun {year} yang disahkan, sehingga tidak ada sertifikat yang terbit.")
        for nip in people:
            try:
                issued = issue_one(
                    nip,
                    year,
                    store=store,
                    issue_context=issue_context,
                    now=context.clock(),
                    randomness=context.randomness,
                    actor=context.actor,
                    early=early,
                )
            except NotGranted as error:
                refused += 1
                if as_json:
                    emit({"nip": nip, "year": year, "granted": False, "message": error.message, "hint": error.hint})
                say(f"{nip}: {error.message} {error.hint}")
            else:
                _report(issued, _keep(issued, folder), as_json=as_json)
            advance()
    raise SystemExit(1 if refused else 0)


def _with_approved(store: Store, year: int) -> Sequence[str]:
    with store.reading() as tx:
        return tx.submissions.approved_nips(year)


def _keep(issued: Issued, folder: Path | None) -> Path | None:
    if folder is None:
        return None
    path = folder / f"{issued.certificate.number}.pdf"
    write_file(path, issued.content)
    return path


def _report(issued: Issued, path: Path | None, *, as_json: bool) -> None:
    from service.law import jp_text

    certificate = issued.certificate
    if as_json:
        emit(
            {
                "number": certificate.number,
                "nip": certificate.nip,
                "year": certificate.year,
                "jp": jp_text(certificate.jp),
                "sha256": certificate.digest,
                "file": str(path) if path else None,
                "new": issued.new,
            }
        )
    else:
        state = "baru" if issued.new else "sudah ada"
        jp = jp_text(certificate.jp).replace(".", ",")
        click.echo(f"{certificate.number}  {certificate.nip}  {jp} JP  {state}  {path or ''}".rstrip())


@certificates.command()
@click.argument("subject", metavar="NUMBER|FILE")
@as_json
@click.pass_obj
def check(context: CliContext, subject: str, *, as_json: bool) -> None:
    """Periksa sebuah nomor atau berkas sertifikat."""
    from service.certificates.check import PublicAnswer, State, confirm_at_path, public_json
    from service.identifiers import as_typed, is_number

    path, settings = Path(subject), context.settings()
    if path.is_dir():
        raise BadInput(f"{subject} adalah folder, bukan berkas.", "Sebutkan nomor sertifikat atau letak berkasnya.")
    if is_number(subject) or not path.is_file():
        if not is_number(as_typed(subject)) and path.suffix:
            raise BadInput(f"Berkas {subject} tidak ada.", "Sebutkan nomor sertifikat atau letak berkasnya.")
        payload = _of_number(subject, settings)
    else:
        try:
            payload = _public(
                run_sandboxed(confirm_at_path, path, settings, modules=("service.cli", "service.certificates.check"))
            )
        except GaveUp as error:
            # Bytes we sealed are recognised by their digest without being read, so these are not ours.
            payload = public_json(PublicAnswer(state=State.UNKNOWN)) | {"reason": error.message}
    if as_json:
        emit(payload)
    else:
        click.echo(_checked(payload))
    raise SystemExit(0 if payload["state"] == "valid" else 1)


def _checked(payload: dict[str, Any]) -> str:
    """Return `Berlaku: CMB-..., Cahya Lestari, tahun 2025, 7 JP`, with the reason if it is not valid."""
    from service.verification.explanation import label_of

    state = label_of(payload["state"]).capitalize()
    jp = f"{payload['jp']} JP".replace(".", ",") if payload.get("jp") else ""
    year = f"tahun {payload['year']}" if payload.get("year") else ""
    facts = ", ".join(fact for fact in (payload.get("number"), payload.get("holder"), year, jp) if fact)
    line = f"{state}: {facts}" if facts else f"{state}."
    return f"{line}\n    {payload['reason']}" if payload.get("reason") else line


def _of_number(number: str, settings: Settings) -> dict[str, Any]:
    from service.certificates.check import confirm_number
    from service.store import open_store

    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        return _public(confirm_number(number, store=store))


def _public(answer: PublicAnswer) -> dict[str, Any]:
    from service.certificates.check import public_json

    certificate = answer.certificate
    if certificate is None or certificate.superseded_by is None:
        return public_json(answer)
    return public_json(answer) | {"reason": certificate.end_reason, "superseded_by": certificate.superseded_by}


@certificates.command()
@click.argument("number")
@click.option("--reason", required=True, help="Alasan yang dibaca siapa pun yang memeriksa.")
@click.pass_obj
def revoke(context: CliContext, number: str, *, reason: str) -> None:
    """Cabut sebuah sertifikat, dengan alasan."""
    from service.certificates.lifecycle import revoke as revoke_one

    with context.store(context.settings()) as store:
        revoke_one(number, reason, store=store, now=context.clock(), actor=context.actor)
    click.echo(f"Sertifikat {number} dicabut.")
