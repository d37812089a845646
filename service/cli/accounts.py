"""`cmb accounts`: who may sign in to the web service with a password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from service.cli.door import Door, as_json, emit

if TYPE_CHECKING:
    from service.signin import Gate


@click.group()
def accounts() -> None:
    """Akun untuk masuk ke layanan web."""


@contextmanager
def open_gate(door: Door) -> Iterator[Gate]:
    """What accounts are made and changed with, over an open store."""
    from argon2 import PasswordHasher

    from service.signin import Gate

    with door.store(door.settings()) as store:
        yield Gate(store=store, hasher=PasswordHasher(), clock=door.clock, randomness=door.randomness)


@accounts.command()
@click.argument("nips", nargs=-1, required=True, metavar="NIP...")
@as_json
@click.pass_obj
def add(door: Door, *, nips: tuple[str, ...], as_json: bool) -> None:
    """Buat akun; kata sandi pertama ditampilkan satu kali dan harus diganti saat masuk pertama."""
    from service.accounts import open_account

    with open_gate(door) as gate:
        for nip in nips:
            account, password = open_account(nip, gate=gate, actor=door.actor)
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
    from service.accounts import reset_password

    with open_gate(door) as gate:
        click.echo(f"{login}  kata sandi pertama: {reset_password(login, gate=gate, actor=door.actor)}")


@accounts.command("close")
@click.argument("login")
@click.pass_obj
def close(door: Door, login: str) -> None:
    """Tutup akun; semua sesinya berakhir saat itu juga."""
    from service.accounts import set_active

    with open_gate(door) as gate:
        set_active(login, active=False, gate=gate, actor=door.actor)
    click.echo(f"Akun {login} ditutup.")
