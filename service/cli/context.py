"""What every command needs: settings, store, clock, output, and shared options."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from service.config import FILE_NAME, Settings, read_settings
from service.errors import BadInput, MissingResource
from service.language import Message, Reader, words
from service.language.words import DEFAULT, languages

F = TypeVar("F", bound=Callable[..., Any])

if TYPE_CHECKING:
    from service.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CliContext:
    """The dependencies of one run of the command; clock, randomness and environment are handed in."""

    home: Path
    environ: Mapping[str, str]
    clock: Callable[[], dt.datetime]
    randomness: Callable[[int], bytes]
    language: str = DEFAULT

    @property
    def actor(self) -> str:
        with suppress(OSError, KeyError):
            return f"cmb:{getpass.getuser()}"
        return "cmb"

    @property
    def reader(self) -> Reader:
        """Return whom this run speaks to; without settings that can be read, in the zone of Jakarta."""
        with suppress(BadInput, OSError):
            return Reader(language=self.language, zone=read_settings(self.home, self.environ).timezone)
        return Reader(language=self.language)

    def settings(self) -> Settings:
        """Read the settings; MissingResource when `cmb init` has not been run here."""
        settings = read_settings(self.home, self.environ)
        if not (settings.home / FILE_NAME).exists():
            raise MissingResource(f"{settings.home} belum disiapkan.", "Jalankan `cmb init` lebih dahulu.")
        return settings

    def store(self, settings: Settings) -> Store:
        from service.store import open_store

        return open_store(database_url=settings.database_url, storage_url=settings.storage_url)


def language_of(environ: Mapping[str, str]) -> str:
    """Return the language that LC_ALL, LC_MESSAGES or LANG asks for if there are catalogues for it, else Indonesian."""
    wanted = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    code = re.split(r"[_.@]", wanted)[0]
    return code if code in languages() else DEFAULT


def reader_of(ctx: click.Context) -> Reader:
    """Return whom a command speaks to, also before its context is made."""
    context = ctx.find_object(CliContext)
    return context.reader if context else Reader(language=ctx.params.get("language") or language_of(os.environ))


def emit(answer: Mapping[str, Any]) -> None:
    """Write one JSON object on one line of standard output."""
    click.echo(json.dumps(answer, ensure_ascii=False, separators=(", ", ": ")))


def say(text: str) -> None:
    """Write a message for a person on standard error."""
    click.echo(text, err=True)


def write_file(path: Path, content: bytes) -> None:
    """Write the whole file or none: a partial file is renamed. BadInput if `path` is a folder."""
    if path.is_dir():
        raise BadInput(f"{path} adalah folder, bukan berkas.", "Sebutkan nama berkas hasilnya.")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def line_of(error: Exception) -> str:
    """Return `, baris ke-3` where the JSON reader names the line; its English words are left out."""
    return f", baris ke-{error.lineno}" if isinstance(error, json.JSONDecodeError) else ""


as_json = click.option("--json", "as_json", is_flag=True, help="Jawaban sebagai JSON pada keluaran baku.")
output = click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), required=True, help="Berkas (atau folder) hasil."
)
existing_file = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)


def signing_options(command: F) -> F:
    """Add `--key`, `--passphrase-file` and `--tsa`, as `cmb card` has them."""
    for option in (
        click.option("--tsa", help="Alamat otoritas penanda waktu (RFC 3161); `sample:` untuk kantor contoh."),
        click.option("--passphrase-file", type=existing_file, help="Berkas yang baris pertamanya kata sandi kunci."),
        click.option("--key", type=existing_file, help="Kunci pejabat yang tercantum (PKCS#12): PDF ditandatangani."),
    ):
        command = option(command)
    return command


# --- A day as an option


class Day(click.ParamType[dt.date]):
    """A day as `2026-07-01`, `01/07/2026` or `1 Juli 2026`."""

    name = "tanggal"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        from parsers.records import Problem
        from parsers.values import read_date

        if isinstance(value, dt.date):
            return value
        day = read_date(str(value))
        if isinstance(day, Problem):
            said = Message.of(day)
            reader = reader_of(ctx) if ctx else Reader()
            self.fail(f"{words(said, reader)} {words(said.hint, reader)}", param, ctx)
        return day


DAY = Day()


# --- A NIP as an argument or option


class Nip(click.ParamType[str]):
    """A NIP as people type and paste it: grouped by spaces, with invisible marks around it."""

    name = "nip"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from service.identifiers import nip_as_typed

        del param, ctx
        return nip_as_typed(str(value))


NIP = Nip()
