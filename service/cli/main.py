"""The `cmb` group: its commands, its global options, and errors as exit codes."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from gettext import gettext
from pathlib import Path
from typing import Any

import click

from service.bootstrap import utc_now
from service.cli.accounts import accounts, tokens
from service.cli.assignments import assign
from service.cli.calendar import calendar, remind
from service.cli.cards import card, cards
from service.cli.certificates import certificates
from service.cli.context import CliContext, language_of, reader_of
from service.cli.delegations import delegations
from service.cli.evaluation import evaluate, periodic
from service.cli.forms import blank, fill, parse, sign
from service.cli.installation import check_self, init, recount, trust
from service.cli.jp import jp
from service.cli.learning import learning, past
from service.cli.recaps import late, list_, recap, send
from service.cli.server import serve, worker
from service.cli.siasn import siasn
from service.cli.signers import signers
from service.cli.staff import employees, units
from service.cli.tables import approvals, export, template
from service.cli.usage import Group, option_value, speaking, usage_errors
from service.cli.verify import approve, inspect, reject, report, reverify, submit, verify
from service.language import Reader, words
from service.language.words import DEFAULT, languages
from service.sandbox.problems import problem_of

# What `cmb --help` shows, a line a command; the words are in `translations/`.
_SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Formulir": {
        "blank": "Formulir Lampiran I yang sudah berisi data pegawai.",
        "fill": "Isikan jawaban (JSON) ke formulir kosong.",
        "sign": "Bubuhkan satu tanda tangan PAdES pada formulir.",
        "parse": "Baca isi formulir, beserta semua masalahnya.",
        "inspect": "Fakta tanda tangan dari PDF apa pun.",
        "verify": "Periksa formulir tanpa menyimpan apa pun.",
    },
    "Kiriman": {
        "submit": "Periksa formulir dan simpan.",
        "approve": "Sahkan kiriman (Biro SDM).",
        "reject": "Tolak sebuah kiriman dengan alasan (Biro SDM).",
        "approvals": "Keputusan Biro SDM sebagai tabel, dan pencabutan pengesahan.",
        "report": "Laporan pemeriksaan sebuah berkas atau kiriman.",
        "reverify": "Periksa lagi kiriman yang tersimpan.",
    },
    "JP dan sertifikat": {
        "jp": "Jam pelajaran setahun beserta alasannya.",
        "learning": "Pembelajaran lain: pelatihan, workshop, dan sejenisnya.",
        "past": "CMB terdahulu, dari catatan kertas.",
        "certificates": "Sertifikat tahunan.",
        "siasn": "Sertifikat setahun ke SIASN.",
    },
    "Pemantauan": {
        "card": "Kartu Pengendali setahun (Lampiran II).",
        "cards": "Kartu Pengendali banyak pegawai sekaligus.",
        "recap": "Rekapitulasi triwulan sebuah unit (Lampiran III).",
        "evaluate": "Evaluasi empat bulanan.",
        "assign": "Penugasan pegawai yang belum memenuhi target setahun.",
        "periodic": "Laporan berkala kepada Sekretaris Utama.",
        "calendar": "Kalender setahun menurut surat edaran.",
        "remind": "Ingatkan semua yang perlu bertindak hari ini.",
        "recount": "Hitung ulang ringkasan JP per bulan.",
    },
    "Orang": {
        "employees": "Data kepegawaian.",
        "units": "Unit kerja: daftar, ganti nama, penggabungan.",
        "signers": "Sertifikat elektronik para penanda tangan.",
        "delegations": "Plt. dan Plh.: siapa menandatangani bagi siapa.",
        "accounts": "Akun untuk masuk ke layanan web.",
        "tokens": "Token API bagi program.",
    },
    "Pemasangan": {
        "init": "Siapkan penyimpanan; aman diulang.",
        "serve": "Jalankan layanan web.",
        "worker": "Kerjakan pekerjaan besar dan kirim pesan.",
        "check-self": "Periksa keadaan pemasangan ini.",
        "trust": "Penerbit sertifikat elektronik yang dipercaya.",
        "template": "Tabel kosong untuk diisi lalu diimpor.",
        "export": "Keluarkan semua baris ke .csv atau .xlsx.",
    },
}


class _Command(Group):
    """A group that prints known errors as sentences with a hint; a defect still shows its trace."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **named: Any) -> Any:
        given = sys.argv[1:] if args is None else list(args)
        wanted = option_value(given, "--lang")
        with speaking(wanted if wanted in languages() else language_of(os.environ)):
            return super().main(given, *more, **named)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with usage_errors(Reader(language=os.environ.get("LANGUAGE", DEFAULT))):
            return super().make_context(*args, **kwargs)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        for title, lines in _SECTIONS.items():
            with formatter.section(gettext(title)):
                formatter.write_dl([(name, gettext(line)) for name, line in lines.items()])

    def invoke(self, ctx: click.Context) -> object:
        try:
            with usage_errors(reader_of(ctx)):
                return super().invoke(ctx)
        except BrokenPipeError:
            raise  # click ends quietly: who read the answer has enough (`cmb ... | head`)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            told = reader_of(ctx)
            lines = [words(problem.said, told), *(f"  - {words(detail, told)}" for detail in problem.details)]
            lines.append(words(problem.said.hint, told))
            click.echo("\n".join(line for line in lines if line), err=True)
            sys.exit(problem.exit_code)


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="CMB_HOME",
    default=Path("var"),
    help="Folder keadaan layanan (bawaan: ./var).",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(languages()),
    help="Bahasa pesan dan jawaban (bawaan: menurut LC_ALL atau LANG, selain itu bahasa Indonesia).",
)
@click.version_option(package_name="cmb", prog_name="cmb", help="Show the version and exit.")
@click.pass_context
def main(ctx: click.Context, home: Path, language: str | None) -> None:
    """Formulir, tanda tangan, JP, dan sertifikat CMB menurut SE Kepala BKN Nomor 3 Tahun 2022."""
    ctx.obj = CliContext(
        home=home,
        environ=dict(os.environ),
        clock=utc_now,
        randomness=secrets.token_bytes,
        language=language or language_of(os.environ),
    )


for command in (init, employees, trust, signers, blank, fill, sign, parse, inspect, verify, submit, approve, reject):
    main.add_command(command)
for command in (report, reverify, jp, delegations):
    main.add_command(command)
main.add_command(card)
main.add_command(cards)
main.add_command(recap)
for command in (send, list_, late):
    recap.add_command(command)
main.add_command(certificates)
main.add_command(accounts)
main.add_command(tokens)
main.add_command(units)
main.add_command(siasn)
for command in (template, export, approvals, calendar, remind):
    main.add_command(command)
main.add_command(serve)
main.add_command(check_self)
main.add_command(worker)
for command in (evaluate, learning, past, assign, periodic, recount):
    main.add_command(command)
