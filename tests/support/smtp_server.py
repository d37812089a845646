"""A real SMTP server for tests: takes e-mails, requires a password or encryption if asked to, refuses on demand."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "cmb", "sandi-surel"


@dataclass(slots=True)
class Mailbox:
    """The e-mails received, and the refusals to give, by recipient address."""

    host: str = "127.0.0.1"
    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    ca_file: Path | None = None

    async def handle_RCPT(  # noqa: N802 - the names and the shape the server calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        content = cast("bytes", envelope.content)
        self.letters.append(cast("EmailMessage", message_from_bytes(content, policy=policy.default)))
        return "250 OK"


@contextmanager
def mailbox(folder: Path, *, security: str = "none", password: bool = False) -> Iterator[Mailbox]:
    """The server, running; with `security` it has a certificate that only `ca_file` vouches for."""
    box = Mailbox()
    with socket.create_server((box.host, 0)) as free:
        box.port = free.getsockname()[1]
    more: dict[str, Any] = {"port": box.port, "hostname": box.host}
    if security != "none":
        box.ca_file, context = _context(folder)
        more |= {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    if password:
        more |= {"auth_required": True, "auth_require_tls": security == "starttls", "authenticator": _authenticate}
    controller = Controller(box, **more)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
    credentials = (given.login, given.password) if isinstance(given, LoginPassword) else None
    right = credentials == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)  # not handled: the server answers 535 itself


def _context(folder: Path) -> tuple[Path, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "surel uji")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "surel.pem", folder / "surel.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return pem, context
