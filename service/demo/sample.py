"""The sample office: invented people, their accounts, and throwaway keys nobody must trust outside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from service.accounts.accounts import first_password, open_account
from service.accounts.login import AccountContext
from service.config import FILE_NAME, TEMPLATE, Settings, read_settings
from service.errors import BadInput, MissingResource
from service.people.enrolment import enrol
from service.records import EmployeeEntry, Event, TrustRoot
from service.siasn.settings import CODES
from service.store import Store
from signing.certificates import read_certificate
from signing.demo_authority import Authority, open_authority

BIRO, REGIONAL = "Biro Sumber Daya Manusia", "Kantor Regional Contoh"


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePerson:
    """An invented employee; `supervisor` is a key of `PEOPLE`."""

    nip: str
    name: str
    position: str
    grade: str
    unit: str
    supervisor: str | None
    roles: tuple[str, ...] = ("pegawai",)


def _person(  # noqa: PLR0917 - a table reads best as rows
    nip: str, name: str, position: str, grade: str, unit: str, supervisor: str | None, *roles: str
) -> SamplePerson:
    return SamplePerson(
        nip=nip,
        name=name,
        position=position,
        grade=grade,
        unit=unit,
        supervisor=supervisor,
        roles=("pegawai", *roles),
    )


PEOPLE: Mapping[str, SamplePerson] = {
    "diah": _person(
        "197801012003122001",
        "Dr. Diah Contohwati, M.Si.",
        "Kepala Biro SDM",
        "IV/c",
        BIRO,
        None,
        "pimpinan",
        "biro_sdm",
    ),
    "heri": _person("197903152005011002", "Heri Contohadi, S.H.", "Analis Hukum Ahli Madya", "IV/a", BIRO, "diah"),
    "cahya": _person("199708212020122005", "Cahya Lestari", "Analis SDM Aparatur", "III/b", BIRO, "diah"),
    "bagus": _person("199002142015031003", "Bagus Prasetya, S.Kom.", "Pranata Komputer", "III/c", BIRO, "heri"),
    "dewi": _person(
        "199406302019032004", "Dewi Anggraeni, S.Psi.", "Pengelola Kepegawaian", "III/a", BIRO, "diah", "pengelola"
    ),
    "eko": _person("198811052011011005", "Eko Nugroho", "Pengelola Arsip", "II/d", BIRO, "dewi"),
    "lestari": _person(
        "199205172022212003", "Sri Lestari Contohningrum, S.Ikom.", "Pranata Humas", "IX", BIRO, "heri", "admin"
    ),
    "indra": _person(
        "197509102000031004", "Drs. Indra Contohputra", "Kepala Kantor Regional", "IV/d", REGIONAL, "diah", "pimpinan"
    ),
    "fajar": _person("199512122020121006", "Fajar Ramadhan, A.Md.", "Arsiparis Terampil", "II/c", REGIONAL, "joko"),
    "gita": _person(
        "199301202018012002", "Gita Permatasari, S.A.P.", "Analis Kepegawaian", "III/b", REGIONAL, "indra", "pengelola"
    ),
    "joko": _person("198404222009121003", "Joko Contohsusilo, S.Sos.", "Kepala Subbagian", "III/d", REGIONAL, "indra"),
    "kartika": _person("199011112015032007", "Kartika Sari, S.E.", "Bendahara", "III/b", REGIONAL, "joko"),
}


_SAMPLE_DAYS = 730


def create_sample(
    home: Path, *, environ: Mapping[str, str], now: dt.datetime, randomness: Callable[[int], bytes]
) -> Settings:
    """Create keys, certificates, passphrase and settings under `home/sample`; existing ones are kept."""
    folder = home / "sample"
    if not (folder / "passphrase").exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        passphrase = randomness(16).hex()
        authority = open_authority("Akar Contoh (bukan untuk produksi)", now=now)
        _write_keys(folder, authority, passphrase.encode())
        # Last: a run killed before this line starts over, one killed after it has everything.
        (folder / "passphrase").write_text(passphrase + "\n", encoding="ascii")
        (folder / "passphrase").chmod(0o600)
    settings = read_settings(home, environ)
    path = home / FILE_NAME
    if not settings.sample:
        if path.exists() and path.read_text(encoding="utf-8") != TEMPLATE:
            raise BadInput(
                f"{path} sudah disesuaikan untuk layanan sungguhan.", "Buat kantor contoh pada --home yang lain."
            )
        path.write_text(_settings_text(), encoding="utf-8")
    return read_settings(home, environ)


def register_sample(settings: Settings, *, store: Store, now: dt.datetime, actor: str) -> None:
    """Register the sample people, their roots and their certificates; safe to repeat."""
    folder = settings.sample_folder
    if not settings.sample:
        raise MissingResource("Kantor contoh belum dibuat.", "Jalankan `cmb init --sample`.")
    roots = [("root.pem", "signing"), ("root.pem", "timestamping")]
    with store.transaction() as tx:
        tx.employees.upsert([_entry(person) for person in PEOPLE.values()])
        for name, use in roots:
            root = read_certificate((folder / name).read_bytes())
            tx.trust.add(
                TrustRoot(fingerprint=root.fingerprint, use=use, subject=root.subject, der=root.der, added_at=now)
            )
        tx.events.append(Event(at=now, actor=actor, action="sample.registered", subject="sample"))
    for key, person in PEOPLE.items():
        enrol(person.nip, (folder / f"{key}.pem").read_bytes(), store=store, now=now, actor=actor)


def _write_keys(folder: Path, authority: Authority, passphrase: bytes) -> None:
    (folder / "root.pem").write_bytes(authority.pem)
    # Nothing is ever revoked here, and the authority's key is kept nowhere: one list for as long as its certificates.
    lists = folder.parent / "crl"
    lists.mkdir(exist_ok=True)
    (lists / "contoh.crl").write_bytes(authority.revocation_list([], at=authority.now, days=_SAMPLE_DAYS))
    for key, person in PEOPLE.items():
        issued = authority.person(_plain_name(person.name))
        (folder / f"{key}.p12").write_bytes(issued.pkcs12(passphrase))
        (folder / f"{key}.pem").write_bytes(issued.pem)
    for name, issued in (("segel", authority.seal("Segel Elektronik Contoh")), ("tsa", authority.tsa("TSA Contoh"))):
        (folder / f"{name}.p12").write_bytes(issued.pkcs12(passphrase))
        (folder / f"{name}.pem").write_bytes(issued.pem)


def _settings_text() -> str:
    official = PEOPLE["diah"]
    filled = {
        'place = ""': 'place = "Jakarta"',
        'name = ""': f'name = "{official.name}"',
        'nip = ""': f'nip = "{official.nip}"',
        'position = ""': 'position = "Kepala Biro Sumber Daya Manusia"',
        'key = ""': 'key = "sample/segel.p12"',
        'passphrase_file = ""': 'passphrase_file = "sample/passphrase"',
        'url = ""': 'url = "sample:"',
        '"https://cmb.example.go.id/periksa"': '"http://127.0.0.1:8000/periksa"',
    }
    # Nothing of the sample office may reach the national register; its export shows what would be sent.
    filled |= {f'{name} = ""': f'{name} = "contoh"' for name in CODES}
    filled['url = "https://apimws.bkn.go.id:8243/apisiasn/1.0"'] = 'url = ""'
    text = TEMPLATE
    for empty, value in filled.items():
        text = text.replace(empty, value, 1)
    head, _, rest = text.partition("\n")
    return f"{head}\nsample = true         # kantor contoh: kunci sekali pakai, bukan untuk produksi\n{rest}"


def _entry(person: SamplePerson) -> EmployeeEntry:
    return EmployeeEntry(
        nip=person.nip,
        name=person.name,
        position=person.position,
        grade=person.grade,
        unit=person.unit,
        supervisor_nip=PEOPLE[person.supervisor].nip if person.supervisor else None,
        email=f"{person.nip}@contoh.go.id",
        roles=person.roles,
    )


def _plain_name(name: str) -> str:
    """Return the name without academic titles, as BSrE writes it into certificates."""
    parts = name.split(",", maxsplit=1)[0].split()
    return " ".join(part for part in parts if part not in {"Dr.", "Drs."})


# --- Accounts, with one throwaway password

# The people to sign in as, and their roles: enough to go from a blank to a certificate.
PARTS: tuple[tuple[str, str], ...] = (
    ("cahya", "pegawai"),
    ("heri", "mentor"),
    ("diah", "atasan langsung, pimpinan, dan Biro SDM"),
    ("dewi", "pengelola kepegawaian"),
    ("lestari", "admin"),
)


def open_sample_accounts(settings: Settings, *, account_context: AccountContext, actor: str) -> str:
    """Open an account for every person without one, and return the password all share; safe to repeat."""
    if not settings.sample:
        raise MissingResource("Kantor contoh belum dibuat.", "Jalankan `cmb init --sample`.")
    path = settings.sample_folder / "web-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(first_password(account_context) + "\n", encoding="ascii")
    password = path.read_text(encoding="ascii").strip()
    with account_context.store.reading() as tx:
        missing = [person.nip for person in PEOPLE.values() if tx.accounts.by_nip(person.nip) is None]
    for nip in missing:
        open_account(nip, account_context=account_context, actor=actor, password=password)
    return password


def parts() -> tuple[tuple[SamplePerson, str], ...]:
    """Return the people to try the service as, with their roles."""
    return tuple((PEOPLE[key], part) for key, part in PARTS)


def key_of(settings: Settings, person: SamplePerson) -> Path:
    """Return the path of that person's throwaway key (PKCS#12); its passphrase is in `passphrase` beside it."""
    return settings.sample_folder / f"{next(key for key, candidate in PEOPLE.items() if candidate is person)}.p12"
