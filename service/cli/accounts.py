"""`cmb accounts`: who may sign in to the web service with a password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from service.cli.context import Door, as_json, emit
from service.errors import BadInput

if TYPE_CHECKING:
    from service.accounts.login import AccountContext
    from service.store.accounts import Account


@click.group()
def accounts() -> None:
    """Akun untuk masuk ke layanan web."""


@contextmanager
def open_gate(door: Door) -> Iterator[AccountContext]:
    """What accounts are made and changed with, over an open store."""
    from argon2 import PasswordHasher

    from service.accounts.login import AccountContext

    with door.store(door.settings()) as store:
        yield AccountContext(store=store, hasher=PasswordHasher(), clock=door.clock, randomness=door.randomness)


@accounts.command()
@click.argument("nips", nargs=-1, required=True, metavar="NIP...")
@as_json
@click.pass_obj
def add(door: Door, *, nips: tuple[str, ...], as_json: bool) -> None:
    """Buat akun; kata sandi pertama ditampilkan satu kali dan harus diganti saat masuk pertama."""
    from service.accounts.accounts import open_account

    with open_gate(door) as account_context:
        for nip in nips:
            account, password = open_account(nip, account_context=account_context, actor=door.actor)
            if as_json:
                emit({"login": account.login, "password": password})
            else:
                click.echo(f"{account.login}  kata sandi pertama: {password}")


@accounts.command("list")
@as_json
@click.pass_obj
def list_accounts(door: Door, *, as_json: bool) -> None:
    """Semua akun, tanpa kata sandi."""
    with door.store(door.settings()) as store, store.reading() as tx:
        for each in tx.accounts.all():
            told = {
                "login": each.login,
                "nip": each.nip,
                "active": each.active,
                "must_change": each.must_change,
                "signed_in_at": each.signed_in_at.isoformat() if each.signed_in_at else None,
            }
            if as_json:
                emit(told)
            else:
                click.echo(f"{each.login}  {'aktif' if each.active else 'ditutup'}")


@accounts.command()
@click.argument("login")
@click.pass_obj
def reset(door: Door, login: str) -> None:
    """Kata sandi pertama yang baru; semua sesi akun itu berakhir dan tokennya dicabut."""
    from service.accounts.accounts import reset_password

    with open_gate(door) as account_context:
        click.echo(
            f"{login}  kata sandi pertama: {reset_password(login, account_context=account_context, actor=door.actor)}"
        )


@accounts.command("close")
@click.argument("login")
@click.pass_obj
def close(door: Door, login: str) -> None:
    """Tutup akun; semua sesinya berakhir saat itu juga."""
    from service.accounts.accounts import set_active

    with open_gate(door) as account_context:
        set_active(login, active=False, account_context=account_context, actor=door.actor)
    click.echo(f"Akun {login} ditutup.")


# --- `cmb tokens`: what programs come in with at the API


@click.group()
def tokens() -> None:
    """Token API bagi program."""


@tokens.command("add")
@click.argument("login")
@click.option("--name", required=True, help="Program yang memakainya.")
@click.option("--scope", "scopes", multiple=True, required=True, help="Cakupan, misalnya jp:read (boleh berulang).")
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True, help="Masa berlaku.")
@as_json
@click.pass_obj
def add_token(door: Door, *, login: str, name: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Buat token untuk sebuah akun; token ditampilkan satu kali."""
    from service.accounts.accounts import make_token

    with open_gate(door) as account_context:
        token, said = make_token(_account(login, account_context), name, scopes, days, account_context=account_context)
    if as_json:
        emit({"id": token.id, "token": said, "scopes": token.scopes, "expires_at": token.expires_at.isoformat()})
    else:
        click.echo(f"{token.id}  berlaku sampai {token.expires_at.date().isoformat()}  token: {said}")


@tokens.command("list")
@click.argument("login")
@as_json
@click.pass_obj
def list_tokens(door: Door, *, login: str, as_json: bool) -> None:
    """Token sebuah akun, tanpa rahasianya."""
    from service.accounts.accounts import state_of

    with open_gate(door) as account_context:
        account = _account(login, account_context)
        with account_context.store.reading() as tx:
            found = tx.tokens.of_account(account.id)
    for each in found:
        state = state_of(each, door.clock())
        if as_json:
            emit(
                {
                    "id": each.id,
                    "name": each.name,
                    "state": state,
                    "scopes": each.scopes,
                    "created_at": each.created_at.isoformat(),
                    "expires_at": each.expires_at.isoformat(),
                    "used_at": each.used_at.isoformat() if each.used_at else None,
                }
            )
        else:
            click.echo(f"{each.id}  {state:<11}  {each.name}  {' '.join(each.scopes)}")


@tokens.command()
@click.argument("token_id", metavar="ID")
@click.pass_obj
def revoke(door: Door, token_id: str) -> None:
    """Cabut sebuah token; berlaku saat itu juga."""
    from service.accounts.accounts import revoke_token

    with open_gate(door) as account_context:
        revoke_token(token_id, account=None, account_context=account_context, actor=door.actor)
    click.echo(f"Token {token_id} dicabut.")


def _account(login: str, account_context: AccountContext) -> Account:
    with account_context.store.reading() as tx:
        found = tx.accounts.by_login(login.strip())
    if found is None:
        raise BadInput(f"Akun {login} tidak ada.", "Lihat `cmb accounts list`.")
    return found
