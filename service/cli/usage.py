"""The command line's own frame in the reader's language: usage, help, and what is wrong with a command line.

click looks up its texts with gettext: `speaking` gives it the catalogues of `translations/`, which hold click's texts
and those of our help.
"""

from __future__ import annotations

import copy
import gettext
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from service.language import Message, Reader, words
from service.language.words import DEFAULT

DOMAIN, TRANSLATIONS = "cmb", Path(__file__).parent / "translations"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let click say its texts in a language; gettext takes it from the environment, which is as before afterwards."""
    domain, wanted = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(TRANSLATIONS))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if wanted is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = wanted


def option_value(args: Sequence[str], name: str) -> str | None:
    """Return what a command line gives for an option, wherever it stands, before click has read it."""
    for place, arg in enumerate(args):
        if arg == "--":
            return None
        if arg == name and place + 1 < len(args):
            return args[place + 1]
        if arg.startswith(f"{name}="):
            return arg.partition("=")[2]
    return None


class Command(click.Command):
    """A command whose help is in the reader's language."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _translated(self).format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        return _short(self, limit)


class Group(click.Group):
    """A group of commands whose help is in the reader's language."""

    command_class = Command
    group_class = type

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _translated(self).format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        return _short(self, limit)


def _translated(command: click.Command) -> click.Command:
    """Return click's own kind of command with the help text in the reader's language."""
    plain = click.Command(command.name, help=command.help and gettext.gettext(command.help))
    plain.deprecated, plain.epilog = command.deprecated, command.epilog
    return plain


def _write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    records = []
    for param in command.get_params(ctx):
        if not isinstance(param, click.Option):
            continue
        shown = copy.copy(param)
        # click keeps its own option `--help` in the language of the first who asked.
        text = "Show this message and exit." if param is command.get_help_option(ctx) else shown.help
        shown.help = text and gettext.gettext(text)
        record = shown.get_help_record(ctx)
        if record:
            records.append(record)
    if records:
        with formatter.section(gettext.gettext("Options")):
            formatter.write_dl(records)


def _short(command: click.Command, limit: int) -> str:
    if not command.help:
        return ""
    plain = click.Command(command.name, help=gettext.gettext(command.help))
    return plain.get_short_help_str(limit)


# --- What is wrong with a command line


class Between(click.IntRange):
    """A whole number between two others, told as that."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        number = click.INT.convert(value, param, ctx)
        if self.min is not None and self.max is not None and not self.min <= number <= self.max:
            said = Message("usage_not_between", value=number, least=self.min, most=self.max)
            self.fail(words(said, Reader(language=os.environ.get("LANGUAGE", DEFAULT))), param, ctx)
        return number


class Misused(click.UsageError):
    """A wrong command line: what is wrong, and which help describes it. Exit code 2."""

    def __init__(self, error: click.UsageError, reader: Reader) -> None:
        super().__init__(words(_wrong(error), reader), ctx=error.ctx)
        self.reader = reader

    def show(self, file: IO[Any] | None = None) -> None:
        place = self.ctx.command_path if self.ctx else "cmb"
        click.echo(f"{self.message}\n{words(Message('usage_help', command=place), self.reader)}", file=file, err=True)


@contextmanager
def usage_errors(reader: Reader) -> Iterator[None]:
    """Raise errors of the command line as `Misused`; a group without a command still shows its help."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        if isinstance(error, Misused):
            raise
        raise Misused(error, reader) from error


def _wrong(error: click.UsageError) -> Message:
    if isinstance(error, click.MissingParameter):
        return _missing(error)
    said: str | Message = error.message
    if isinstance(error, click.BadParameter) and error.param is not None:
        return Message("usage_wrong_value", name=_name(error.param, error.ctx), said=said)
    if isinstance(error, click.NoSuchOption) and _stands_before(error):
        return Message("usage_stands_before", name=error.option_name)
    possible = getattr(error, "possibilities", None)
    if possible:
        return Message("usage_meant", said=said, possible=list(possible))
    return Message("usage_wrong", said=said)


def _stands_before(error: click.NoSuchOption) -> bool:
    """Whether the option is one of `cmb` itself, which stands before the command's name."""
    if error.ctx is None or error.ctx.parent is None:
        return False
    root = error.ctx.find_root().command
    return any(error.option_name in param.opts for param in root.params)


def _missing(error: click.MissingParameter) -> Message:
    if error.param is None:
        return Message("usage_incomplete")
    name = _name(error.param, error.ctx)
    if isinstance(error.param.type, click.Choice):
        return Message("usage_missing_choice", name=name, choices=[str(each) for each in error.param.type.choices])
    return Message("usage_missing", name=name)


def _name(param: click.Parameter, ctx: click.Context | None) -> str:
    """Return `--kind`, or `FILE` as the help shows it."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.make_metavar(ctx) if ctx else param.human_readable_name.upper()
