"""Which server takes our e-mails, as the installation's settings say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.errors import BadInput

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The server that takes our e-mails; `security` is `starttls`, `tls` or `none`."""

    host: str
    port: int
    security: str
    user: str
    password_file: Path | None
    sender: str
    ca_file: Path | None


def read_mail(
    table: Mapping[str, Any], pick: Callable[[str, Any], str], path: Callable[[str, Any], Path | None]
) -> Mail | None:
    """The `[mail]` of the settings (`pick` and `path`: the environment wins); None without a host, BadInput if half."""
    host = pick("CMB_MAIL_HOST", table.get("host"))
    if not host:
        return None
    security = pick("CMB_MAIL_SECURITY", table.get("security")) or "starttls"
    port = pick("CMB_MAIL_PORT", table.get("port")) or "587"
    user = pick("CMB_MAIL_USER", table.get("user"))
    sender = pick("CMB_MAIL_FROM", table.get("from"))
    if security not in {"starttls", "tls", "none"} or not port.isdecimal() or "@" not in sender:
        raise BadInput(
            "Pengaturan [mail] belum lengkap: security (starttls, tls, none), port (angka), dan from (alamat surel).",
            "Lihat contoh pada cmb.toml yang baru.",
        )
    # A password goes there: in the open only within this machine.
    if security == "none" and user and host not in LOOPBACK:
        raise BadInput("Kata sandi surel tidak dikirim tanpa sandi jaringan.", "Pakai security starttls atau tls.")
    return Mail(
        host=host,
        port=int(port),
        security=security,
        user=user,
        password_file=path("CMB_MAIL_PASSWORD_FILE", table.get("password_file")),
        sender=sender,
        ca_file=path("CMB_MAIL_CA_FILE", table.get("ca_file")),
    )
