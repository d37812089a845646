"""A paper of the monitoring into a file: PDF, or its tables as XLSX, by the ending of the name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from service.cli.door import Door, existing_file
from service.errors import BadInput

if TYPE_CHECKING:
    from forms.dossier import Dossier, Table
    from service.cli.card_signing import Signing
    from service.config import Settings
    from service.store import Store

F = TypeVar("F", bound=Callable[..., Any])


def filed(paper: Dossier, target: Path, *, first: tuple[Table, ...] = ()) -> bytes:
    """The bytes of the file; `first` are tables that an XLSX has before (or instead of those) of the paper."""
    ending = target.suffix.lower()
    if ending == ".xlsx":
        from service.monitoring.workbook import tables_of, workbook

        return workbook(list({each.title: each for each in (*first, *tables_of(paper))}.values()))
    if ending == ".pdf":
        from forms.render import Renderer
        from service.monitoring.signed_papers import paper_pdf

        return paper_pdf(paper, Renderer())
    raise BadInput(f"{target}: akhiran berkas tidak dikenal.", "Pakai .pdf atau .xlsx.")


def signed(door: Door, settings: Settings, store: Store, paper: Dossier, *, target: Path, signing: Signing) -> bytes:
    """The PDF signed with a key; `signing` is the key, its passphrase's file, and the time-stamp authority."""
    from forms.letters import Letters
    from forms.render import Renderer
    from service.monitoring.signed_cards import Desk
    from service.monitoring.signed_papers import sign_paper
    from service.opening import open_key, timestamper_of, trust_of

    if target.suffix.lower() != ".pdf":
        raise BadInput("Yang ditandatangani adalah dokumen PDF.", "Beri nama hasil yang berakhir .pdf.")
    key, passphrase_file, tsa = signing
    now = door.clock()
    desk = Desk(
        store=store,
        letters=Letters(),
        trust=trust_of(store, settings, now),
        now=now,
        zone=settings.timezone,
        randomness=door.randomness,
        actor=door.actor,
    )
    stamps = timestamper_of(tsa, settings, door.clock)
    return sign_paper(paper, Renderer(), desk, holder=open_key(key, passphrase_file), timestamper=stamps)


def signing_options(command: F) -> F:
    """`--key`, `--passphrase-file`, `--tsa`, as `cmb card` has them."""
    for option in (
        click.option("--tsa", help="Alamat otoritas penanda waktu (RFC 3161); `sample:` untuk kantor contoh."),
        click.option("--passphrase-file", type=existing_file, help="Berkas yang baris pertamanya kata sandi kunci."),
        click.option("--key", type=existing_file, help="Kunci pejabat yang tercantum (PKCS#12): PDF ditandatangani."),
    ):
        command = option(command)
    return command
