"""`cmb certificates`: issue the yearly certificates, check a number or a file, revoke."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import NIP, CliContext, as_json, emit, existing_file, say, write_file
from service.cli.run import progress
from service.cli.usage import Between, Group
from service.errors import BadInput, NotGranted
from service.language import Message, Reader, words
from service.sandbox.limits import GaveUp
from service.sandbox.pool import run_sandboxed

if TYPE_CHECKING:
    from service.certificates.check import PublicAnswer
    from service.certificates.issue import Issued, Reissue
    from service.certificates.lasting import Renewed
    from service.config import Settings
    from service.records import Certificate
    from service.store import Store


@click.group(cls=Group)
def certificates() -> None:
    """Sertifikat tahunan."""


@certificates.command()
@click.option("--year", type=Between(2022, 2999), help="Wajib, kecuali dengan --reissue.")
@click.option("--nip", "nips", type=NIP, multiple=True, help="Hanya untuk NIP ini (boleh berulang).")
@click.option(
    "--reissue", "revoked", multiple=True, metavar="NUMBER", help="Terbitkan kembali yang dicabut ini (boleh berulang)."
)
@click.option("--reason", help="Mengapa yang dicabut itu terbit kembali; wajib bersama --reissue.")
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
    year: int | None,
    nips: tuple[str, ...],
    revoked: tuple[str, ...],
    reason: str | None,
    early: bool,
    key: Path | None,
    passphrase_file: Path | None,
    tsa: str | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Terbitkan sertifikat bersegel; diulang memberi berkas yang sama.

    Yang dicabut tidak terbit lagi, kecuali dengan --reissue dan alasannya.
    """
    from service.certificates.issue import issue as issue_one
    from service.certificates.issue import open_issue_context

    settings = context.settings()
    refused = 0
    with context.store(settings) as store, progress("sertifikat") as advance:
        issue_context = open_issue_context(
            settings, store=store, clock=context.clock, key=key, passphrase_file=passphrase_file, timestamp_url=tsa
        )
        year, reissues = _decided(store, year, revoked, reason)
        people = (*reissues, *(nip for nip in nips if nip not in reissues))
        if not people:
            people, left_out = _with_approved(store, year)
            _report_left_out(left_out, year, settings, context.reader, as_json=as_json)
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
                    reissue=reissues.get(nip),
                )
            except NotGranted as error:
                refused += 1
                if as_json:
                    emit({"nip": nip, "year": year, "granted": False, "message": error.message, "hint": error.hint})
                say(f"{nip}: {error.message} {error.hint}")
            else:
                _report(issued, _keep(issued, folder), context.reader, as_json=as_json)
            advance()
    raise SystemExit(1 if refused else 0)


def _decided(
    store: Store, year: int | None, revoked: tuple[str, ...], reason: str | None
) -> tuple[int, dict[str, Reissue]]:
    """Return the year, and by NIP the decisions to issue again what was revoked."""
    from service.certificates.lifecycle import reissues_of

    if reason is not None and not revoked:
        raise BadInput("--reason hanya berlaku bersama --reissue.", "Sebutkan nomor yang diterbitkan kembali.")
    found = {}
    if revoked:
        with store.reading() as tx:
            found = reissues_of(revoked, reason or "", tx)
    years = {certificate.year for certificate, _ in found.values()} | ({year} if year is not None else set())
    if not years:
        raise BadInput("Tahunnya belum disebut.", "Tambahkan --year, misalnya --year 2025.")
    if len(years) > 1:
        raise BadInput("Nomor-nomor itu menyangkut tahun yang berbeda.", "Terbitkan kembali satu tahun per perintah.")
    return years.pop(), {nip: decision for nip, (_, decision) in found.items()}


def _with_approved(store: Store, year: int) -> tuple[tuple[str, ...], tuple[Certificate, ...]]:
    """Return who has an approved activity, without those whose certificate was revoked; and these certificates."""
    with store.reading() as tx:
        nips = tx.submissions.approved_nips(year)
        revoked = {certificate.nip: certificate for certificate in tx.certificates.standing_revocations(year)}
    left_out = tuple(revoked[nip] for nip in nips if nip in revoked)
    return tuple(nip for nip in nips if nip not in revoked), left_out


def _report_left_out(
    left_out: Sequence[Certificate], year: int, settings: Settings, reader: Reader, *, as_json: bool
) -> None:
    from service.certificates.issue import revocation

    if not left_out:
        return
    say(f"{len(left_out)} orang tidak diterbitkan karena sertifikatnya dicabut:")
    for certificate in left_out:
        said = revocation(certificate, settings)
        text, hint = words(said, reader), words(said.hint, reader)
        say(f"  {certificate.nip} {certificate.content['name']}: {text}")
        if as_json:
            no = {"nip": certificate.nip, "year": year, "granted": False}
            emit(no | {"revoked": certificate.number, "message": text, "hint": hint})
    say(hint)


def _keep(issued: Issued, folder: Path | None) -> Path | None:
    if folder is None:
        return None
    path = folder / f"{issued.certificate.number}.pdf"
    write_file(path, issued.content)
    return path


def _report(issued: Issued, path: Path | None, reader: Reader, *, as_json: bool) -> None:
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
                "level": issued.level,
                "level_reason": issued.because.code if issued.because else None,
            }
        )
    else:
        state = "baru" if issued.new else "sudah ada"
        jp = jp_text(certificate.jp).replace(".", ",")
        click.echo(f"{certificate.number}  {certificate.nip}  {jp} JP  {state}  {issued.level}  {path or ''}".rstrip())
    if issued.because is not None:
        say(f"    {words(issued.because, reader)} {words(issued.because.hint, reader)}")


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
        payload = _of_number(subject, context, settings)
    else:
        try:
            modules = ("service.cli", "service.certificates.check")
            answer = run_sandboxed(confirm_at_path, path, settings, modules=modules)
            payload = _logged(answer, context, settings)
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
    from service.verification.wording import label_of

    state = label_of(payload["state"]).capitalize()
    jp = f"{payload['jp']} JP".replace(".", ",") if payload.get("jp") else ""
    year = f"tahun {payload['year']}" if payload.get("year") else ""
    facts = ", ".join(fact for fact in (payload.get("number"), payload.get("holder"), year, jp) if fact)
    line = f"{state}: {facts}" if facts else f"{state}."
    return f"{line}\n    {payload['reason']}" if payload.get("reason") else line


def _logged(answer: PublicAnswer, context: CliContext, settings: Settings) -> dict[str, Any]:
    from service.certificates.check import State, log_unconfirmed
    from service.store import open_store

    if answer.state is State.UNCONFIRMED:
        with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
            log_unconfirmed(answer, store=store, settings=settings, now=context.clock(), actor=context.actor)
        say(f"Yang tidak sesuai: {', '.join(answer.differs)}. Laporkan kepada pengelola layanan.")
    return _public(answer)


def _of_number(number: str, context: CliContext, settings: Settings) -> dict[str, Any]:
    from service.certificates.check import confirm_number
    from service.store import open_store

    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        answer = confirm_number(number, store=store)
    return _logged(answer, context, settings)


def _public(answer: PublicAnswer) -> dict[str, Any]:
    from service.certificates.check import public_json

    certificate = answer.certificate
    if certificate is None or certificate.superseded_by is None:
        return public_json(answer)
    return public_json(answer) | {"reason": certificate.end_reason, "superseded_by": certificate.superseded_by}


@certificates.command()
@click.argument("numbers", metavar="NUMBER", nargs=-1)
@click.option("--year", type=Between(2022, 2999), help="Hanya sertifikat tahun ini.")
@click.option("--tsa", help="Alamat otoritas penanda waktu, bila lain dari cmb.toml.")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder hasil.")
@as_json
@click.pass_obj
def renew(
    context: CliContext,
    *,
    numbers: tuple[str, ...],
    year: int | None,
    tsa: str | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Tambahkan stempel waktu arsip tahun ini, agar segelnya tetap dapat dibuktikan.

    Tanpa NUMBER: semua yang berlaku dan belum mendapatnya. Isi dan nomornya tidak berubah.
    """
    from service.certificates.lasting import due_numbers, open_renew_context
    from service.certificates.lasting import renew as renew_one

    settings, reader = context.settings(), context.reader
    left = 0
    with context.store(settings) as store, progress("sertifikat") as advance:
        renew_context = open_renew_context(settings, store=store, clock=context.clock, timestamp_url=tsa)
        if not numbers:
            with store.reading() as tx:
                numbers = tuple(due_numbers(now=context.clock(), settings=settings, tx=tx, year=year))
        if not numbers:
            say(words(Message("renewal_nothing_due"), reader))
        for number in numbers:
            try:
                renewed = renew_one(
                    number, store=store, context=renew_context, now=context.clock(), actor=context.actor
                )
            except NotGranted as error:
                left += 1
                message = Message.of(error)
                if as_json:
                    problem = {
                        "code": message.code,
                        "message": words(message, reader),
                        "hint": words(message.hint, reader),
                    }
                    emit({"number": number, "renewed": False, **problem})
                say(f"{words(message, reader)} {words(message.hint, reader)}")
            else:
                _report_renewed(renewed, folder, reader, as_json=as_json)
            advance()
    raise SystemExit(1 if left else 0)


def _report_renewed(renewed: Renewed, folder: Path | None, reader: Reader, *, as_json: bool) -> None:
    path = None
    if folder is not None:
        path = folder / f"{renewed.number}.pdf"
        write_file(path, renewed.content)
    if as_json:
        facts = {"number": renewed.number, "sha256": renewed.copy.digest, "level": renewed.copy.level}
        emit(facts | {"file": str(path) if path else None, "renewed": renewed.new})
    else:
        said = Message("renewal_done" if renewed.new else "renewal_not_due", number=renewed.number)
        click.echo(f"{words(said, reader)} {path or ''}".rstrip())


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
