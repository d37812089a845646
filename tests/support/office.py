"""A small office for tests: people, throwaway keys, a store, and forms at every stage. Sample data throughout."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric import ec

from forms.catalog import LAMPIRAN_I_V1, form_font
from forms.fill import fill
from forms.schema import Role
from forms.typesetting.fonts import FontFamily
from parsers.acroform import raw_answers
from parsers.errors import ParsersError
from parsers.values import read_date
from service.blanks import Blank, BlankContext, Request, open_blank_context, prepare
from service.certificates.issue import IssueContext, Reissue, issue
from service.certificates.issue import Issued as IssuedCertificate
from service.config import Mail, Official, Settings, read_settings
from service.form_signing import sign_form
from service.identifiers import submission_id
from service.people.enrolment import enrol
from service.records import EmployeeEntry, Submission
from service.store import Store
from service.submissions.decisions import approve, overlaps_of
from service.submissions.intake import ingest
from service.verification.prove import Moment, prove
from service.verification.result import Answer
from signing.demo_authority import Authority, IssuedKey, open_authority
from signing.keys import KeyHolder
from signing.timestamps import LocalTimestamper
from signing.trust import Trust

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
ZONE = ZoneInfo("Asia/Jakarta")
# Certificates are valid since before the activities of `ANSWERS`, as people sign soon after an activity.
FOUNDED = NOW - dt.timedelta(days=650)
# Settings of an office that sends e-mails; no server listens there.
MAIL = Mail(
    host="127.0.0.1", port=9, security="none", user="", password_file=None, sender="cmb@contoh.go.id", ca_file=None
)
CAHYA, DIAH, HERI, EKO = "199708212020122005", "197801012003122001", "197903152005011002", "198811052011011005"
ANSWERS = {
    "tanggal": "4 Maret 2025",
    "waktu_mulai": "09.00",
    "waktu_selesai": "10.30",
    "tempat": "Jakarta",
    "nama_kegiatan": "Coaching pemahaman pola karier",
    "identifikasi_kebutuhan": "Memahami pola karier.",
    "hubungan_tanggung_jawab": "Tugas analis.",
    "kegiatan_pengembangan": "Diskusi dan latihan.",
    "hasil_pengembangan": "Rencana karier tersusun.",
    "tempat_tanda_tangan": "Jakarta",
    "tanggal_tanda_tangan": "5 Maret 2025",
}
# Answers of a form that is signed at `NOW`, soon after its activity.
RECENT = {"tanggal": "10 November 2026", "tanggal_tanda_tangan": "11 November 2026"}
SIGNERS: dict[str, tuple[tuple[Role, str], ...]] = {
    "coaching": ((Role.PEGAWAI, CAHYA), (Role.ATASAN, DIAH)),
    "mentoring": ((Role.PEGAWAI, CAHYA), (Role.PEMBIMBING, HERI), (Role.ATASAN, DIAH)),
    "belajar_mandiri": ((Role.PEGAWAI, CAHYA), (Role.ATASAN, DIAH)),
}


def person(nip: str, name: str, supervisor: str | None = DIAH) -> EmployeeEntry:
    return EmployeeEntry(
        nip=nip,
        name=name,
        position="Analis SDM Aparatur",
        grade="III/b",
        unit="Biro Sumber Daya Manusia",
        supervisor_nip=supervisor,
        email=f"{nip}@contoh.go.id",
    )


PEOPLE = (
    person(DIAH, "Diah Contohwati, M.Si.", None),
    person(HERI, "Heri Contohadi, S.H."),
    person(CAHYA, "Cahya Lestari"),
    person(EKO, "Eko Nugroho"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The authority, and the certificate and key of every person; made once for all tests."""

    authority: Authority
    people: dict[str, IssuedKey]
    seal: IssuedKey
    tsa: IssuedKey


@cache
def keys() -> Keys:
    authority = open_authority("Akar Uji", now=FOUNDED, randomness=secrets.token_bytes, curve=ec.SECP256R1())
    span = {"ends": NOW + dt.timedelta(days=730)}
    people = {
        person.nip: authority.person(person.name.split(",")[0], curve=ec.SECP256R1(), **span) for person in PEOPLE
    }
    return Keys(
        authority=authority,
        people=people,
        seal=authority.seal("Segel Uji", **span),
        tsa=authority.tsa("Penanda Waktu Uji", **span),
    )


def signing_time(content: bytes) -> dt.datetime:
    """Return the evening of the activity or of the printed signing date, between `FOUNDED` and `NOW`."""
    answers: dict[str, str] = {}
    with suppress(ParsersError):
        answers = raw_answers(content)
    days = [read_date(answers.get(name, "")) for name in ("tanggal", "tanggal_tanda_tangan")]
    last = max((day for day in days if isinstance(day, dt.date)), default=NOW.date())
    return min(NOW, max(FOUNDED, dt.datetime.combine(last, dt.time(23, 59), ZONE)))


@cache
def press() -> BlankContext:
    return open_blank_context()


@cache
def letters() -> FontFamily:
    return FontFamily()


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The sample office over one store."""

    store: Store
    settings: Settings

    @property
    def moment(self) -> Moment:
        root = keys().authority.der
        return Moment(now=NOW, zone=ZONE, trust=Trust(roots=(root,), timestamp_roots=(root,), moment=NOW))

    def blank(self, kind: str = "coaching", *, employee: str = CAHYA, scope: str = "nasional") -> Blank:
        request = Request(
            kind=kind,
            scope=scope,
            meeting=1,
            employee_nip=employee,
            pembimbing_nip=HERI if kind == "mentoring" else None,
        )
        return prepare(
            request, store=self.store, blank_context=press(), now=NOW, randomness=secrets.token_bytes, actor="uji"
        )

    def filled(self, kind: str = "coaching", *, scope: str = "nasional", **answers: str) -> bytes:
        form_answers = ANSWERS | ({"sumber_pembelajaran": "Buku Manajemen ASN"} if kind == "belajar_mandiri" else {})
        return fill(LAMPIRAN_I_V1, self.blank(kind, scope=scope).content, form_answers | answers)

    def sign(
        self, content: bytes, role: Role, nip: str, *, holder: KeyHolder | None = None, at: dt.datetime | None = None
    ) -> bytes:
        """Return the form signed at `at`, by default soon after the activity."""
        return sign_form(
            content,
            role=role,
            holder=holder or keys().people[nip].holder(),
            at=at or signing_time(content),
            zone=ZONE,
            timestamper=None,
            enrolled_nip=None,
        ).content

    def signed(
        self,
        kind: str = "coaching",
        *,
        signers: Sequence[tuple[Role, str]] | None = None,
        scope: str = "nasional",
        **answers: str,
    ) -> bytes:
        content = self.filled(kind, scope=scope, **answers)
        for role, nip in SIGNERS[kind] if signers is None else signers:
            content = self.sign(content, role, nip)
        return content

    def prove(self, content: bytes) -> Answer:
        with self.store.reading() as tx:
            return prove(content, "formulir.pdf", tx=tx, moment=self.moment)

    def codes(self, content: bytes) -> list[str]:
        return [reason.code for reason in self.prove(content).reasons]

    def submit(self, content: bytes) -> Submission:
        return ingest(
            content,
            "formulir.pdf",
            store=self.store,
            moment=self.moment,
            actor="uji",
            new_id=lambda: submission_id(secrets.token_bytes),
        )

    def approved(self, kind: str = "coaching", **answers: str) -> Submission:
        submission = self.submit(self.signed(kind, **answers))
        overlaps = [other.id for other in overlaps_of(submission.id, store=self.store)]
        approve(submission.id, store=self.store, now=NOW, actor="biro", seen=overlaps)
        return submission

    def issue_context(self) -> IssueContext:
        return IssueContext(
            letters=letters(),
            holder=keys().seal.holder(),
            timestamper=LocalTimestamper(holder=keys().tsa.holder(), clock=lambda: NOW),
            timestamp_roots=(keys().authority.der,),
            font=form_font(),
            settings=self.settings,
        )

    def issue(
        self, *, nip: str = CAHYA, year: int = 2025, early: bool = False, reissue: Reissue | None = None
    ) -> IssuedCertificate:
        return issue(
            nip,
            year,
            store=self.store,
            issue_context=self.issue_context(),
            now=NOW,
            randomness=secrets.token_bytes,
            actor="biro",
            early=early,
            reissue=reissue,
        )


def open_office(store: Store, settings: Settings) -> Office:
    """Register and enrol the people (Eko is not enrolled), and name the official."""
    with store.transaction() as tx:
        tx.employees.upsert(PEOPLE)
    for nip in (CAHYA, DIAH, HERI):
        enrol(nip, keys().people[nip].pem, store=store, now=NOW, actor="uji")
    official = Official(place="Jakarta", name="Diah Contohwati, M.Si.", nip=DIAH, position="Kepala Biro SDM")
    return Office(store=store, settings=replace(settings, official=official))


def plain_settings(home: str) -> Settings:
    from pathlib import Path

    return read_settings(Path(home), {"CMB_CHECK_URL": "https://cmb.example.go.id/periksa"})
