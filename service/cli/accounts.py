"""`cmb accounts` and `tokens`: password accounts of people, and API tokens of programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from service.cli.context import NIP, CliContext, as_json, emit
from service.cli.usage import Between, Group
from service.errors import BadInput
from service.names import cleaned

if TYPE_CHECKING:
    from service.accounts.login import AccountContext
    from service.store.accounts import Account


@click.group(cls=Group)
def accounts() -> None:
    """Akun untuk masuk ke layanan web."""


@contextmanager
def open_gate(context: CliContext) -> Iterator[AccountContext]:
    """Open the store for work on accounts."""
    from argon2 import PasswordHasher

    from service.accounts.login import AccountContext

    with context.store(context.settings()) as store:
        yield AccountContext(store=store, hasher=PasswordHasher(), clock=context.clock, randomness=context.randomness)


@accounts.command()
@click.argument("nips", nargs=-1, type=NIP, required=True, metavar="NIP...")
@as_json
@click.pass_obj
def add(context: CliContext, *, nips: tuple[str, ...], as_json: bool) -> None:
    """Buat akun; kata sandi pertama ditampilkan satu kali dan harus diganti saat masuk pertama."""
    from service.accounts.accounts import open_account

    with open_gate(context) as account_context:
        for nip in nips:
            account, password = open_account(nip, account_context=account_context, actor=context.actor)
            if as_json:
                emit({"login": account.login, "password": password})
            else:
                click.echo(f"{account.login}  kata sandi pertama: {password}")


@accounts.command("list")
@as_json
@click.pass_obj
def list_accounts(context: CliContext, *, as_json: bool) -> None:
    """Semua akun, tanpa kata sandi."""
    with context.store(context.settings()) as store, store.reading() as tx:
        for account in tx.accounts.all():
            payload = {
                "login": account.login,
                "nip": account.nip,
                "active": account.active,
                "must_change": account.must_change,
                "signed_in_at": account.signed_in_at.isoformat() if account.signed_in_at else None,
            }
            if as_json:
                emit(payload)
            else:
                click.echo(f"{account.login}  {'aktif' if account.active else 'ditutup'}")


@accounts.command()
@click.argument("login")
@click.pass_obj
def reset(context: CliContext, login: str) -> None:
    """Kata sandi pertama yang baru; semua sesi akun itu berakhir dan tokennya dicabut."""
    from service.accounts.accounts import reset_password

    with open_gate(context) as account_context:
        password = reset_password(login, account_context=account_context, actor=context.actor)
        click.echo(f"{login}  kata sandi pertama: {password}")


@accounts.command("close")
@click.argument("login")
@click.pass_obj
def close(context: CliContext, login: str) -> None:
    """Tutup akun; semua sesinya berakhir saat itu juga."""
    from service.accounts.accounts import set_active

    with open_gate(context) as account_context:
        set_active(login, active=False, account_context=account_context, actor=context.actor)
    click.echo(f"Akun {login} ditutup.")


# --- `cmb tokens`


@click.group(cls=Group)
def tokens() -> None:
    """Token API bagi program."""


@tokens.command("add")
@click.argument("login")
@click.option("--name", required=True, help="Program yang memakainya.")
@click.option("--scope", "scopes", multiple=True, required=True, help="Cakupan, misalnya jp:read (boleh berulang).")
@click.option("--days", type=Between(1, 365), default=90, show_default=True, help="Masa berlaku.")
@as_json
@click.pass_obj
def add_token(context: CliContext, *, login: str, name: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Buat token untuk sebuah akun; token ditampilkan satu kali."""
    from service.accounts.accounts import make_token

    with open_gate(context) as account_context:
        token, secret = make_token(
            _account(login, account_context), name, scopes, days, account_context=account_context
        )
    if as_json:
        emit({"id": token.id, "token": secret, "scopes": token.scopes, "expires_at": token.expires_at.isoformat()})
    else:
        click.echo(f"{token.id}  berlaku sampai {token.expires_at.date().isoformat()}  token: {secret}")


@tokens.command("list")
@click.argument("login")
@as_json
@click.pass_obj
def list_tokens(context: CliContext, *, login: str, as_json: bool) -> None:
    """Token sebuah akun, tanpa rahasianya."""
    from service.accounts.accounts import state_of

    with open_gate(context) as account_context:
        account = _account(login, account_context)
        with account_context.store.reading() as tx:
            account_tokens = tx.tokens.of_account(account.id)
    for token in account_tokens:
        state = state_of(token, context.clock())
        if as_json:
            emit(
                {
                    "id": token.id,
                    "name": token.name,
                    "state": state,
                    "scopes": token.scopes,
                    "created_at": token.created_at.isoformat(),
                    "expires_at": token.expires_at.isoformat(),
                    "used_at": token.used_at.isoformat() if token.used_at else None,
                }
            )
        else:
            click.echo(f"{token.id}  {state:<11}  {token.name}  {' '.join(token.scopes)}")


@tokens.command()
@click.argument("token_id", metavar="ID")
@click.pass_obj
def revoke(context: CliContext, token_id: str) -> None:
    """Cabut sebuah token; berlaku saat itu juga."""
    from service.accounts.accounts import revoke_token

    with open_gate(context) as account_context:
        revoke_token(token_id, account=None, account_context=account_context, actor=context.actor)
    click.echo(f"Token {token_id} dicabut.")


def _account(login: str, account_context: AccountContext) -> Account:
    with account_context.store.reading() as tx:
        account = tx.accounts.by_login(cleaned(login))
    if account is None:
        raise BadInput(f"Akun {login} tidak ada.", "Lihat `cmb accounts list`.")
    return account
