"""`cmb tokens`: what programs come in with at the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from service.cli.accounts import open_gate
from service.cli.door import Door, as_json, emit
from service.errors import BadInput

if TYPE_CHECKING:
    from service.signin import Gate
    from service.store.accounts import Account


@click.group()
def tokens() -> None:
    """Token API bagi program."""


@tokens.command()
@click.argument("login")
@click.option("--name", required=True, help="Program yang memakainya.")
@click.option("--scope", "scopes", multiple=True, required=True, help="Cakupan, misalnya jp:read (boleh berulang).")
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True, help="Masa berlaku.")
@as_json
@click.pass_obj
def add(door: Door, *, login: str, name: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Buat token untuk sebuah akun; token ditampilkan satu kali."""
    from service.tokens import make_token

    with open_gate(door) as gate:
        token, said = make_token(_account(login, gate), name, scopes, days, gate=gate)
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
    from service.tokens import state_of

    with open_gate(door) as gate:
        account = _account(login, gate)
        with gate.store.reading() as tx:
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
    from service.tokens import revoke_token

    with open_gate(door) as gate:
        revoke_token(token_id, account=None, gate=gate, actor=door.actor)
    click.echo(f"Token {token_id} dicabut.")


def _account(login: str, gate: Gate) -> Account:
    with gate.store.reading() as tx:
        found = tx.accounts.by_login(login.strip())
    if found is None:
        raise BadInput(f"Akun {login} tidak ada.", "Lihat `cmb accounts list`.")
    return found
