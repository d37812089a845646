"""The agency's other services beside the served office: its BSrE gateway (simulated) and its sign-in (a real provider).

Everybody of the sample office has an own NIK at the gateway, their key there, and `PASSPHRASE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from interop.tools import NotInstalled
from service.demo.sample import PEOPLE
from support.bsre import PASSPHRASE, PASSWORD, SimulatedGateway, running_simulator
from support.oidc_provider import CLIENT, running_provider, secret_file

NIKS = {who: f"32010101010300{place:02}" for place, who in enumerate(PEOPLE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """`issuer` is None, with the reason in `missing`, where the provider cannot be run."""

    gateway: SimulatedGateway
    issuer: str | None
    missing: str
    environ: Mapping[str, str]


@contextmanager
def neighbours(home: Path, url: str) -> Iterator[Neighbours]:
    """Both, running, for a sample office at `home` that is served at `url`; what its settings say of them."""
    folder = home.parent / "neighbours"
    folder.mkdir()
    password = folder / "bsre-password"
    password.touch(mode=0o600)
    password.write_text(PASSWORD, encoding="utf-8")
    with ExitStack() as opened:
        gateway = opened.enter_context(running_simulator(folder, _world(home / "sample")))
        environ = {"CMB_GATEWAY_URL": gateway.url, "CMB_GATEWAY_USER": "esign"}
        environ |= {"CMB_GATEWAY_PASSWORD_FILE": str(password)}
        issuer, missing = None, ""
        try:
            issuer = opened.enter_context(running_provider(f"{url}/masuk/instansi/kembali", f"{url}/"))
            environ |= {"CMB_OIDC_ISSUER": issuer, "CMB_OIDC_CLIENT_ID": CLIENT, "CMB_OIDC_LABEL": "SSO Contoh"}
            environ |= {"CMB_OIDC_CLIENT_SECRET_FILE": str(secret_file(folder))}
        except NotInstalled as why:
            missing = str(why)
        yield Neighbours(gateway=gateway, issuer=issuer, missing=missing, environ=environ)


def _world(sample: Path) -> dict[str, object]:
    """Register the people at the gateway."""
    secret = (sample / "passphrase").read_text(encoding="ascii").strip()
    people = {
        nik: {
            "key": str(sample / f"{who}.p12"),
            "key_passphrase": secret,
            "passphrase": PASSPHRASE,
            "status": "ISSUE",
        }
        for who, nik in NIKS.items()
    }
    return {
        "versions": ["v1", "v2"],
        "user": "esign",
        "password": PASSWORD,
        "people": people,
        "tsa": str(sample / "tsa.p12"),
        "key_passphrase": secret,
    }
