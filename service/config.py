"""Settings of one installation, read once from `HOME/cmb.toml` and the environment (which wins)."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from service.errors import BadInput
from service.language import Message

FILE_NAME = "cmb.toml"

TEMPLATE = """\
# Pengaturan layanan CMB. Kunci dan kata sandi tidak ditulis di sini, hanya letak berkasnya.
timezone = "Asia/Jakarta"
check_url = "https://cmb.example.go.id/periksa"   # alamat publik untuk memeriksa sertifikat

[official]            # pejabat yang namanya tercantum pada sertifikat
place = ""
name = ""
nip = ""
position = ""

[seal]                # kunci segel elektronik instansi: berkas PKCS#12, atau kunci di dalam token (PKCS#11)
key = ""
passphrase_file = ""
module = ""           # pustaka PKCS#11 token itu, misalnya "/usr/lib/softhsm/libsofthsm2.so"; kosong = berkas PKCS#12
token = ""            # label token
label = ""            # label kunci di dalam token
pin_file = ""         # berkas (izin 0600) yang baris pertamanya PIN
certificate = ""      # sertifikat kunci itu (PEM), dengan rantainya; kosong = yang ada di dalam token
level = ""            # tingkat PAdES terendah yang boleh terbit: B-T, B-LT, atau B-LTA; kosong = yang dapat dicapai

[timestamp]           # otoritas penanda waktu (RFC 3161); kosong = tanpa penanda waktu (PAdES B-B)
url = ""

[web]
base_url = ""         # alamat layanan ini pada surel, misalnya "https://cmb.example.go.id"; kosong = dari check_url
trusted_proxy = ""    # alamat reverse proxy, misalnya "127.0.0.1"; hanya dia yang dipercaya menyebut alamat pengunjung

[mail]                # surel keluar (SMTP); host kosong = tanpa surel, pesan tetap ada di dalam layanan
host = ""
port = 587
security = "starttls" # starttls, tls, atau none
user = ""
password_file = ""
from = ""             # misalnya "CMB <cmb@example.go.id>"
ca_file = ""          # bila server surel memakai penerbit sertifikat sendiri

[webhooks]
hosts = []            # host di jaringan dalam yang boleh diberi tahu; selain itu hanya alamat publik

[gateway]             # BSrE Esign Client Service di jaringan instansi; kosong = tidak dipakai
url = ""              # misalnya "https://esign.example.go.id"
user = ""
password_file = ""    # berkas (izin 0600) yang baris pertamanya kata sandi instalasi
version = "auto"      # auto (versi 2, atau versi 1 bila versi 2 tidak ada), v2, atau v1

[decisions]           # keputusan yang memerlukan orang kedua: auto (bila ada dua orang), yes, atau no
second_person = "auto" # Biro SDM: mencabut pengesahan
second_admin = "auto"  # admin: memberi peran biro_sdm dan admin

[oidc]                # masuk dengan akun instansi (OpenID Connect); kosong = hanya kata sandi setempat
issuer = ""           # misalnya "https://sso.example.go.id/realms/pegawai"
client_id = ""
client_secret_file = ""
nip_claim = "nip"     # klaim yang memuat NIP
label = "akun instansi"

# Daftar pencabutan sertifikat (*.crl) di folder crl/ di samping berkas ini selalu dipakai.
[revocation]
network = false       # true = boleh menanyakan ke alamat yang tertulis pada sertifikat (CRL dan OCSP)
hosts = []            # hanya host ini, misalnya ["va.bsre.go.id"]; kosong = semua host beralamat publik

[siasn]               # pangkalan data nasional (`cmb siasn`); kode dipilih dari referensi SIASN
url = "https://apimws.bkn.go.id:8243/apisiasn/1.0"
token_file = ""       # berkas berisi token API manager, atau variabel CMB_SIASN_TOKEN
token_sso_file = ""   # berkas berisi token SSO, atau variabel CMB_SIASN_SSO_TOKEN
penyelenggara = "Badan Kepegawaian Negara"
instansi_id = ""
jenis_diklat_id = ""
jenis_kursus = ""
jenis_kursus_sertipikat = ""
lokasi_id = ""
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """The official who signs the certificates, and the place in their date line."""

    place: str
    name: str
    nip: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """Address and account of the BSrE gateway; `version` is `auto`, `v2` or `v1`."""

    url: str
    user: str
    password_file: Path | None
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Oidc:
    """The agency's OpenID Connect provider, our client there, and the claim that holds the NIP."""

    issuer: str
    client_id: str
    client_secret_file: Path | None
    nip_claim: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealToken:
    """The seal key in a token: PKCS#11 module, labels of token and key, the file with the PIN, its certificates."""

    module: Path
    token: str
    label: str
    pin_file: Path | None
    certificate: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an installation decides. Paths are absolute; of a secret only the file is named.

    `seal_level` is the lowest PAdES level (`PAdES-B-LT`) that may be issued; None: whatever can be had.
    `timestamp_url` is an HTTP address or `sample:`, the throwaway authority of the sample office.
    `revocation_network`: whether revocation may be checked over the network; `revocation_hosts`: at which hosts, empty
    for any public one. `base_url`: where people reach the service, without a final slash. `webhook_hosts`: hosts in the
    agency's network that may receive webhooks. `trusted_proxy`: the proxy trusted to name a visitor's address.
    `second_person`, `second_admin`: whether a second one of Biro SDM or a second admin confirms; None: when there are
    two.
    """

    home: Path
    database_url: str
    storage_url: str
    timezone: ZoneInfo
    check_url: str
    official: Official | None
    seal_key: Path | None
    seal_passphrase_file: Path | None
    timestamp_url: str | None
    sample: bool
    revocation_network: bool = False
    revocation_hosts: frozenset[str] = frozenset()
    gateway: GatewaySettings | None = None
    oidc: Oidc | None = None
    base_url: str = "http://127.0.0.1:8000"
    mail: Mail | None = None
    webhook_hosts: frozenset[str] = frozenset()
    trusted_proxy: str | None = None
    second_person: bool | None = None
    second_admin: bool | None = None
    seal_token: SealToken | None = None
    seal_level: str | None = None

    @property
    def sample_folder(self) -> Path:
        return self.home / "sample"

    @property
    def crl_folder(self) -> Path:
        """Revocation lists the operator fetched (`*.crl`, DER or PEM)."""
        return self.home / "crl"


def read_settings(home: Path, environ: Mapping[str, str]) -> Settings:
    """Read the settings of the installation at `home`; BadInput if its file is not TOML or a value is wrong."""
    home = home.absolute()
    document = _read_file(home / FILE_NAME)
    names = ("official", "seal", "timestamp", "revocation", "oidc", "gateway", "web", "mail", "webhooks", "decisions")
    official, seal, timestamp, revocation, oidc, gateway, web, mail, webhooks, decisions = (
        _table(document, name) for name in names
    )

    def pick(variable: str, value: Any) -> str:
        return environ.get(variable) or str(value or "")

    def path(variable: str, value: Any) -> Path | None:
        text = pick(variable, value)
        return home / text if text else None

    check_url = (pick("CMB_CHECK_URL", document.get("check_url")) or "http://127.0.0.1:8000/periksa").rstrip("/")
    return Settings(
        home=home,
        database_url=pick("CMB_DATABASE_URL", document.get("database_url")) or f"sqlite:///{home / 'cmb.sqlite3'}",
        storage_url=pick("CMB_STORAGE_URL", document.get("storage_url")) or (home / "documents").as_uri(),
        timezone=ZoneInfo(pick("CMB_TIMEZONE", document.get("timezone")) or "Asia/Jakarta"),
        check_url=check_url,
        official=_official(official),
        seal_key=path("CMB_SEAL_KEY", seal.get("key")),
        seal_passphrase_file=path("CMB_SEAL_PASSPHRASE_FILE", seal.get("passphrase_file")),
        timestamp_url=pick("CMB_TSA_URL", timestamp.get("url")) or None,
        sample=bool(document.get("sample")),
        revocation_network=bool(revocation.get("network")),
        revocation_hosts=_hosts("revocation", revocation.get("hosts", [])),
        gateway=_gateway(
            GatewaySettings(
                url=pick("CMB_GATEWAY_URL", gateway.get("url")).rstrip("/"),
                user=pick("CMB_GATEWAY_USER", gateway.get("user")),
                password_file=path("CMB_GATEWAY_PASSWORD_FILE", gateway.get("password_file")),
                version=pick("CMB_GATEWAY_VERSION", gateway.get("version")) or "auto",
            )
        ),
        oidc=_oidc(oidc, pick, path),
        base_url=(pick("CMB_BASE_URL", web.get("base_url")) or check_url.removesuffix("/periksa")).rstrip("/"),
        mail=read_mail(mail, pick, path),
        webhook_hosts=_hosts("webhooks", webhooks.get("hosts", [])),
        trusted_proxy=pick("CMB_TRUSTED_PROXY", web.get("trusted_proxy")) or None,
        second_person=_switch("second_person", pick("CMB_SECOND_PERSON", decisions.get("second_person"))),
        second_admin=_switch("second_admin", pick("CMB_SECOND_ADMIN", decisions.get("second_admin"))),
        seal_token=_seal_token(seal, pick, path),
        seal_level=_seal_level(pick("CMB_SEAL_LEVEL", seal.get("level"))),
    )


def read_table(home: Path, name: str) -> dict[str, Any]:
    """Return one table of the settings file, for a package that reads its own settings; empty without it."""
    return _table(_read_file(home / FILE_NAME), name)


def local_day(moment: dt.datetime, settings: Settings) -> dt.date:
    """Return the calendar day of `moment` in the agency's time zone."""
    return moment.astimezone(settings.timezone).date()


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput("settings_not_toml", file=str(path), cause=str(error)) from error


def _table(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise BadInput("settings_not_table", table=name, file=FILE_NAME)
    return table


def _hosts(table: str, value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(host, str) for host in value):
        raise BadInput("settings_hosts_wrong", table=table)
    return frozenset(host.lower() for host in value)


_SWITCH = {"": None, "auto": None, "yes": True, "no": False}


def _switch(name: str, text: str) -> bool | None:
    if text not in _SWITCH:
        raise BadInput("second_setting_unknown", name=name, text=text)
    return _SWITCH[text]


def _official(table: Mapping[str, Any]) -> Official | None:
    values = {key: str(table.get(key) or "") for key in ("place", "name", "nip", "position")}
    return Official(**values) if all(values.values()) else None


def _seal_token(
    table: Mapping[str, Any], pick: Callable[[str, Any], str], path: Callable[[str, Any], Path | None]
) -> SealToken | None:
    module = path("CMB_SEAL_MODULE", table.get("module"))
    if module is None:
        return None
    token, label = pick("CMB_SEAL_TOKEN", table.get("token")), pick("CMB_SEAL_LABEL", table.get("label"))
    if not token or not label:
        raise BadInput("seal_token_incomplete")
    return SealToken(
        module=module,
        token=token,
        label=label,
        pin_file=path("CMB_SEAL_PIN_FILE", table.get("pin_file")),
        certificate=path("CMB_SEAL_CERTIFICATE", table.get("certificate")),
    )


_LEVELS = ("B-T", "B-LT", "B-LTA")


def _seal_level(text: str) -> str | None:
    level = text.strip().upper().removeprefix("PADES-")
    if level and level not in _LEVELS:
        raise BadInput("seal_level_unknown", level=text, levels=list(_LEVELS))
    return f"PAdES-{level}" if level else None


def _gateway(gateway: GatewaySettings) -> GatewaySettings | None:
    if not gateway.url:
        return None
    parts = urlsplit(gateway.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or gateway.version not in {"auto", "v2", "v1"}:
        raise BadInput("settings_gateway_wrong")
    if _is_unencrypted(parts):
        raise BadInput("settings_gateway_http", address=gateway.url)
    return gateway


def _is_unencrypted(parts: SplitResult) -> bool:
    """Tell whether the network can read what is sent there; passwords may go so only within this machine."""
    return parts.scheme == "http" and parts.hostname not in LOOPBACK


def _oidc(
    table: Mapping[str, Any], pick: Callable[[str, Any], str], path: Callable[[str, Any], Path | None]
) -> Oidc | None:
    issuer = pick("CMB_OIDC_ISSUER", table.get("issuer"))
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme not in {"http", "https"} or _is_unencrypted(parts):
        raise BadInput("settings_oidc_http", address=issuer)
    client_id = pick("CMB_OIDC_CLIENT_ID", table.get("client_id"))
    if not client_id:
        raise BadInput("settings_oidc_client_missing")
    return Oidc(
        issuer=issuer,
        client_id=client_id,
        client_secret_file=path("CMB_OIDC_CLIENT_SECRET_FILE", table.get("client_secret_file")),
        nip_claim=pick("CMB_OIDC_NIP_CLAIM", table.get("nip_claim")) or "nip",
        label=pick("CMB_OIDC_LABEL", table.get("label")) or "akun instansi",
    )


# --- Settings that an older file lacks

EXAMPLE_NAME = f"{FILE_NAME}.contoh"


def missing_settings(home: Path) -> tuple[str | Message, ...]:
    """Return the settings of this version that the file lacks: `[mail]`, or a key of a table (`setting_in_table`).

    Their defaults apply; empty for an installation without a file. TOMLDecodeError for a file that is not TOML.
    """
    path = home / FILE_NAME
    if not path.exists():
        return ()
    theirs, ours = (tomllib.loads(text) for text in (path.read_text(encoding="utf-8"), TEMPLATE))
    missing: list[str | Message] = [
        f"[{name}]" if isinstance(value, dict) else name for name, value in ours.items() if name not in theirs
    ]
    for name, table in ours.items():
        if isinstance(table, dict) and isinstance(theirs.get(name), dict):
            missing += [Message("setting_in_table", key=key, table=name) for key in table if key not in theirs[name]]
    return tuple(missing)


def write_example(home: Path) -> Path:
    """Write the settings file of this version, with comments, to copy from; the service does not read it."""
    path = home / EXAMPLE_NAME
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


# --- E-mail

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The SMTP server for our e-mails; `security` is `starttls`, `tls` or `none`."""

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
    """Read `[mail]` (`pick` and `path`: the environment wins); None without a host, BadInput if incomplete."""
    host = pick("CMB_MAIL_HOST", table.get("host"))
    if not host:
        return None
    security = pick("CMB_MAIL_SECURITY", table.get("security")) or "starttls"
    port = pick("CMB_MAIL_PORT", table.get("port")) or "587"
    user = pick("CMB_MAIL_USER", table.get("user"))
    sender = pick("CMB_MAIL_FROM", table.get("from"))
    if security not in {"starttls", "tls", "none"} or not port.isdecimal() or "@" not in sender:
        raise BadInput("settings_mail_incomplete", file=FILE_NAME)
    # A password may go unencrypted only within this machine.
    if security == "none" and user and host not in LOOPBACK:
        raise BadInput("settings_mail_unencrypted")
    return Mail(
        host=host,
        port=int(port),
        security=security,
        user=user,
        password_file=path("CMB_MAIL_PASSWORD_FILE", table.get("password_file")),
        sender=sender,
        ca_file=path("CMB_MAIL_CA_FILE", table.get("ca_file")),
    )
