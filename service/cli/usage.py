"""Errors of the command line in Indonesian: click's English sentences are translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

# A sentence of click that matches none of these is shown in English.
_SENTENCES = tuple(
    (re.compile(theirs, re.DOTALL), ours)
    for theirs, ours in (
        (r"No such option '(.+?)'\.(?: .*)?", r"Pilihan \1 tidak ada."),
        (r"No such command '(.+?)'\.(?: .*)?", r"Perintah “\1” tidak ada."),
        (r"Missing command\.", "Perintahnya belum disebutkan."),
        (r"Got unexpected extra arguments? \((.+)\)", r"Tidak dikenal: \1."),
        (r"Option '(.+?)' requires an argument\.", r"Pilihan \1 memerlukan isi."),
        (r"Option '(.+?)' does not take a value\.", r"Pilihan \1 ditulis tanpa isi."),
        (r"'(.*)' is not one of (.+)\.", r"“\1” bukan salah satu dari \2."),
        (r"(.+) is not in the range (\S+)<=x<=(\S+)\.", r"\1 tidak di antara \2 dan \3."),
        (r"(.+) is not in the range (.+)\.", r"\1 tidak memenuhi \2."),
        (r"'(.*)' is not a valid (?:integer|float)(?: range)?\.", r"“\1” bukan bilangan."),
        (r"'(.*)' does not match the formats? .+", r"“\1” bukan tanggal seperti 2026-03-31."),
        (r"\w+ '(.+)' does not exist\.", r"\1 tidak ada."),
        (r"\w+ '(.+)' is a file\.", r"\1 adalah berkas, bukan folder."),
        (r"\w+ '(.+)' is a directory\.", r"\1 adalah folder, bukan berkas."),
        (r"\w+ '(.+)' is not readable\.", r"\1 tidak dapat dibaca."),
        (r"\w+ '(.+)' is not writable\.", r"\1 tidak dapat ditulisi."),
    )
)


class Misused(click.UsageError):
    """A wrong command line: what is wrong, and which help describes it. Exit code 2."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(_translated(error), ctx=error.ctx)

    def show(self, file: IO[Any] | None = None) -> None:
        place = self.ctx.command_path if self.ctx else "cmb"
        click.echo(f"{self.message}\nCara memakainya: `{place} --help`.", file=file, err=True)


@contextmanager
def in_indonesian() -> Iterator[None]:
    """Raise errors of the command line as `Misused`; a group without a command still shows its help."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise Misused(error) from error


def _translated(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter):
        return _missing(error)
    sentence = error.message
    for theirs, ours in _SENTENCES:
        if theirs.fullmatch(sentence):
            sentence = theirs.sub(ours, sentence)
            break
    if isinstance(error, click.BadParameter) and error.param is not None:
        sentence = f"{_name(error.param, error.ctx)}: {sentence}"
    candidates = getattr(error, "possibilities", None)
    return f"{sentence} Mungkin maksudnya {', '.join(candidates)}." if candidates else sentence


def _missing(error: click.MissingParameter) -> str:
    if error.param is None:
        return "Ada yang belum disebutkan."
    sentence = f"{_name(error.param, error.ctx)} belum disebutkan."
    choices = getattr(error.param.type, "choices", ())
    return f"{sentence} Pilihannya: {', '.join(map(str, choices))}." if choices else sentence


def _name(param: click.Parameter, ctx: click.Context | None) -> str:
    """Return `--kind`, or `FILE` as the help shows it."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.make_metavar(ctx) if ctx else param.human_readable_name.upper()
