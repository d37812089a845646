"""An office with at least one of everything, so that no page is empty; its visitors, and values for addresses."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from forms.catalog import LAMPIRAN_I_V1
from forms.fill import fill
from forms.schema import Role
from service.accounts.accounts import open_account
from service.blanks import Request, prepare
from service.certificates.lifecycle import revoke
from service.circulation.drafts import start
from service.circulation.returns import withdraw
from support.circulating_forms import CirculatingForms
from support.office import ANSWERS, CAHYA, DIAH, EKO, HERI, NOW, person
from support.web_client import PASSWORD, Visit, WebOffice, token_in
from support.worker import WorkerOffice

FARAH = "199001012015011001"
VISITORS: Mapping[str, str | None] = {
    "tamu": None,
    "pegawai": CAHYA,
    "pengelola": EKO,
    "pimpinan": DIAH,
    "biro_sdm": HERI,
    "admin": FARAH,
}
NUMBER = r"[A-Z]-\w+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnished:
    """The office. `things`: values of address arguments by name, at least one each."""

    web: WebOffice
    visits: Mapping[str, Visit]
    things: Mapping[str, tuple[str, ...]]


def furnish(web: WebOffice) -> Furnished:
    """Make one of everything through the pages and functions people use."""
    visits = _visits(web)
    serials = _forms(web, visits)
    submissions = _submissions(web)
    numbers = _certificates(web)
    batches = _batches(web)
    _past(visits["biro_sdm"])
    learning = _learning(visits["biro_sdm"])
    _delegate(visits["pimpinan"])
    token = visits["pegawai"].post("/data-saya/token", name="Program cuti", scope="jp:read", days="90")
    task = {"kind": "pelatihan", "title": "Kursus analisis", "due": "2026-12-20", "reason": "Target 2026"}
    assignment = visits["pimpinan"].post(f"/unit/penugasan/{CAHYA}", **task)
    things = {
        "serial": serials,
        "submission_id": submissions,
        "number": (*numbers, "CMB-2025-000099-AAAAAAAA"),
        "batch_id": batches,
        "learning_id": _ids_in(learning, "pembelajaran"),
        "assignment_id": _ids_in(assignment, "penugasan"),
        "token_id": _ids_in(token, "token"),
        "attachment_id": (_attach(visits["pegawai"], serials[0]),),
        "nip": (CAHYA,),
        "year": ("2026",),
        "message_id": ("1",),
    }
    return Furnished(web=web, visits=visits, things=things)


def _visits(web: WebOffice) -> dict[str, Visit]:
    """Return a browser per role; its person has that role besides being an employee."""
    with web.office.store.transaction() as tx:
        tx.employees.upsert([person(FARAH, "Farah Contohwan")])
        for role, nip in VISITORS.items():
            if (entry := tx.employees.get(nip) if nip else None) is not None:
                tx.employees.upsert([replace(entry, roles=tuple(dict.fromkeys(("pegawai", role))))])
    open_account(FARAH, account_context=web.account_context, actor="uji", password=PASSWORD)
    return {role: web.visit(nip) for role, nip in VISITORS.items()}


def _forms(web: WebOffice, visits: Mapping[str, Visit]) -> tuple[str, ...]:
    """Return serials of Cahya's forms: drafts, waiting for mentor and supervisor, returned, withdrawn."""
    rounds = CirculatingForms(office=web.office)
    draft = rounds.begun("mentoring")
    untouched = start(
        Request(kind="belajar_mandiri", scope="internasional", meeting=1, employee_nip=CAHYA, pembimbing_nip=None),
        context=rounds.context,
        actor=CAHYA,
    )
    waiting = [rounds.begun(kind, nama_kegiatan=f"Form {kind}") for kind in ("mentoring", "coaching", "coaching")]
    returned, withdrawn = rounds.begun("coaching"), rounds.begun("coaching")
    for circulation in (*waiting, returned, withdrawn):
        rounds.signs(circulation.serial, CAHYA)
    path = f"/tanda-tangan/{returned.serial}"
    sent_back = {"revision": str(rounds.kept(returned.serial).revision), "reason": "Sebutkan ruangnya."}
    visits["pimpinan"].post(f"{path}/kembalikan", at=path, **sent_back)
    revision = rounds.kept(withdrawn.serial).revision
    withdraw(withdrawn.serial, revision=revision, context=rounds.context, actor=CAHYA)
    return tuple(circulation.serial for circulation in (draft, untouched, *waiting, returned, withdrawn))


def _submissions(web: WebOffice) -> tuple[str, ...]:
    """Return ids of submissions: passed, refused, by an unknown signer (which makes a proposal), rubbish, approved."""
    office, day = web.office, {"tanggal": "3 November 2026", "tanggal_tanda_tangan": "3 November 2026"}
    late = day | {"waktu_mulai": "13.00", "waktu_selesai": "14.30"}
    blank = prepare(
        Request(kind="coaching", scope="nasional", meeting=1, employee_nip=EKO, pembimbing_nip=None),
        store=office.store,
        blank_context=CirculatingForms(office=office).context.blank_context,
        now=NOW,
        randomness=secrets.token_bytes,
        actor="uji",
    )
    stranger = office.sign(fill(LAMPIRAN_I_V1, blank.content, ANSWERS | day), Role.PEGAWAI, EKO)
    contents = (
        office.signed("coaching", **day),
        office.sign(office.filled("coaching", **day), Role.PEGAWAI, CAHYA),
        office.sign(stranger, Role.ATASAN, DIAH),
        b"rubbish",
    )
    approved = [office.approved(kind, **late) for kind in ("mentoring", "belajar_mandiri")]
    return tuple(submission.id for submission in (*map(office.submit, contents), *approved))


def _certificates(web: WebOffice) -> tuple[str, str]:
    """Return the numbers of a valid and a revoked certificate."""
    numbers = []
    for year in (2025, 2024):
        web.office.approved(tanggal=f"4 Maret {year}", tanggal_tanda_tangan=f"5 Maret {year}")
        numbers.append(web.office.issue(year=year).certificate.number)
    revoke(numbers[1], "Data keliru", store=web.office.store, now=NOW, actor="biro")
    return numbers[0], numbers[1]


def _batches(web: WebOffice) -> tuple[str, str]:
    """Return the ids of a finished and a waiting batch."""
    shift = WorkerOffice(office=web.office)
    done = shift.submit({"a.pdf": web.office.signed("coaching"), "b.pdf": b"rubbish"})
    shift.run()
    return done, shift.submit({"c.pdf": b"rubbish"})


def _learning(biro: Visit) -> str:
    row = {"nip": CAHYA, "jenis": "pelatihan", "judul": "Kursus analisis", "penyelenggara": "LAN"}
    row |= {"mulai": "2026-03-04", "selesai": "2026-03-05", "jp": "8"}
    table = "\n".join((",".join(row), ",".join(row.values()))).encode()
    preview = biro.post("/biro/pembelajaran", file=(io.BytesIO(table), "tabel.csv"))
    digest = preview.split('name="digest" value="')[1].split('"')[0]
    return biro.post("/biro/pembelajaran/simpan", at="/biro/pembelajaran", digest=digest, name="tabel.csv")


def _past(biro: Visit) -> None:
    row = {"nip": CAHYA, "jenis_kegiatan": "coaching", "tanggal": "2026-02-03", "nama_kegiatan": "Naskah dinas"}
    row |= {"pembimbing_atau_sumber": "Diah Contohwati"}
    table = "\n".join((",".join(row), ",".join(row.values()))).encode()
    preview = biro.post("/biro/cmb-terdahulu", file=(io.BytesIO(table), "tabel.csv"))
    digest = preview.split('name="digest" value="')[1].split('"')[0]
    biro.post("/biro/cmb-terdahulu/simpan", at="/biro/cmb-terdahulu", digest=digest, name="tabel.csv")


def _delegate(head: Visit) -> None:
    day = NOW.date().isoformat()
    fields = {"to": HERI, "kind": "plh", "scope": ["atasan"], "starts": day, "ends": day, "reason": "SP-1"}
    head.post("/delegasi", **fields)


def _attach(visit: Visit, serial: str) -> str:
    png = b"\x89PNG\r\n\x1a\n" + bytes(32)
    page = visit.post(f"/formulir/{serial}/lampiran", at=f"/formulir/{serial}", files=(io.BytesIO(png), "foto.png"))
    return _ids_in(page, "lampiran")[0]


def _ids_in(page: str, segment: str) -> tuple[str, ...]:
    found = re.findall(rf'(?:href|action)="[^"]*/{segment}/([\w-]+)', page)
    assert found, (segment, token_in(page))
    return (found[0],)
