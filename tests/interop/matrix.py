"""Have every signer sign every filler's form and judge the results; `make matrix` writes docs/interoperability.md."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import PBES, serialize_key_and_certificates

from forms.schema import Role
from interop.fillers import FILLERS, Filler
from interop.signers import COUNTERSIGNERS, SLOTS, Countersigner, People
from interop.tools import INTEROP, NotInstalled, versions
from service.blanks import Request, prepare
from service.people.enrolment import enrol
from service.store import Store, migrate, open_store
from service.verification.prove import Moment, prove
from signing.demo_authority import IssuedKey, open_authority
from signing.trust import Trust
from support import clone
from support.office import CAHYA, DIAH, HERI, ZONE, open_office, plain_settings, press

KEPT = INTEROP / "result.json"
PAGE = clone.ROOT / "docs" / "interoperability.md"
BEGIN, END = "<!-- matrix: written by `make matrix` -->\n", "<!-- end of matrix -->"
PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"
Found = list[dict[str, str]]
NIPS = {Role.PEGAWAI: CAHYA, Role.PEMBIMBING: HERI, Role.ATASAN: DIAH}
NAMES = {Role.PEGAWAI: "Cahya Lestari", Role.PEMBIMBING: "Heri Contohadi", Role.ATASAN: "Diah Contohwati"}
# Long lines that must wrap, two paragraphs, brackets and a backslash to be escaped.
ANSWERS = {
    "tanggal": "4 Maret 2025",
    "waktu_mulai": "09.00",
    "waktu_selesai": "10.30",
    "tempat": "Ruang Rapat 2 (lantai 5), Jakarta",
    "nama_kegiatan": "Mentoring penyusunan naskah dinas",
    "identifikasi_kebutuhan": "Pegawai perlu memahami tata naskah dinas yang baru, terutama susunan nota dinas dan "
    "surat edaran, karena selama ini masih memakai contoh lama.",
    "hubungan_tanggung_jawab": "Tugas analis: menyiapkan konsep naskah [draf] \\ (final) untuk kepala biro.",
    "kegiatan_pengembangan": "Membaca pedoman bersama.\nMenyusun dua konsep nota dinas, lalu membandingkannya dengan "
    "contoh yang benar sambil berdiskusi tentang pilihan kata dan susunan kalimat.",
    "hasil_pengembangan": "Dua nota dinas selesai dan diterima tanpa perbaikan.",
    "tempat_tanda_tangan": "Jakarta",
    "tanggal_tanda_tangan": "5 Maret 2025",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One filler with one signer; `why` is empty when the form passed."""

    filler: str
    signer: str
    verdict: str
    why: str = ""


def cells(folder: Path) -> Iterator[Cell]:
    """Run everything in an empty folder, judged by the machine's clock, because the programs sign by it."""
    url = f"sqlite:///{folder / 'store.sqlite3'}"
    migrate(url)
    with open_store(database_url=url, storage_url=str(folder / "documents")) as store:
        open_office(store, plain_settings(str(folder)))
        now = dt.datetime.now(dt.UTC)
        authority = open_authority("Akar Uji", now=now - dt.timedelta(days=10))
        keys = {role: authority.person(NAMES[role]) for role in NIPS}
        people = People(keys=keys, names=NAMES, folder=folder / "people", passphrase=secrets.token_hex(8), at=now)
        people.folder.mkdir()
        (people.folder / "root.pem").write_bytes(authority.pem)
        for slot in SLOTS:
            Path(people.p12(slot)).write_bytes(_key_file(keys[slot.role], people.passphrase))
            enrol(NIPS[slot.role], keys[slot.role].pem, store=store, now=now - dt.timedelta(days=5), actor="uji")
        request = Request(kind="mentoring", scope="nasional", meeting=1, employee_nip=CAHYA, pembimbing_nip=HERI)
        prepared = prepare(
            request, store=store, blank_context=press(), now=now, randomness=secrets.token_bytes, actor="uji"
        )
        filled = [_filled(filler, prepared.content, folder) for filler in FILLERS]
        trust = Trust(roots=(authority.der,), timestamp_roots=(authority.der,), moment=now + dt.timedelta(hours=1))
        for signer in COUNTERSIGNERS:
            yield from _signed(signer, filled, people, store, trust)


def _key_file(issued: IssuedKey, passphrase: str) -> bytes:
    """Return a PKCS#12 file like ours, with fewer rounds: @signpdf opens it for every signature, in JavaScript."""
    protected = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2000).hmac_hash(SHA256())
    protected = protected.key_cert_algorithm(PBES.PBESv2SHA256AndAES256CBC)
    encryption = protected.build(passphrase.encode())
    return serialize_key_and_certificates(None, issued.key, issued.certificate, list(issued.above), encryption)


def _filled(filler: Filler, blank: bytes, folder: Path) -> tuple[Filler, bytes | Cell]:
    """Return the filled form, or the cell that stands for all of that filler's."""
    place = folder / f"filled-{FILLERS.index(filler)}"
    place.mkdir()
    try:
        return filler, filler.fill(blank, ANSWERS, place)
    except NotInstalled as reason:
        return filler, Cell(filler=filler.name, signer="", verdict=NOT_RUN, why=str(reason))
    except Exception as error:  # noqa: BLE001 - one program's failure belongs in its own cells
        return filler, Cell(filler=filler.name, signer="", verdict=FAILED, why=_first_line(error))


def _signed(
    signer: Countersigner, filled: list[tuple[Filler, bytes | Cell]], people: People, store: Store, trust: Trust
) -> Iterator[Cell]:
    folder = people.folder / f"signed-{COUNTERSIGNERS.index(signer)}"
    folder.mkdir()
    files = {}
    for index, (filler, form) in enumerate(filled):
        if isinstance(form, bytes):
            files[filler.name] = folder / f"{index}.pdf"
            files[filler.name].write_bytes(form)
    verdict, why = "", ""
    try:
        signer.sign(list(files.values()), people)
    except NotInstalled as reason:
        verdict, why = NOT_RUN, str(reason)
    except Exception as error:  # noqa: BLE001 - as above
        verdict, why = FAILED, _first_line(error)
    moment = Moment(now=trust.moment, zone=ZONE, trust=trust)
    for filler, form in filled:
        if isinstance(form, Cell):
            yield Cell(filler=filler.name, signer=signer.name, verdict=form.verdict, why=form.why)
        elif verdict:
            yield Cell(filler=filler.name, signer=signer.name, verdict=verdict, why=why)
        else:
            with store.reading() as tx:
                answer = prove(files[filler.name].read_bytes(), "formulir.pdf", tx=tx, moment=moment)
            reasons = "; ".join(f"{reason.code}: {reason.message}" for reason in answer.reasons)
            count = len([signature for signature in answer.report.signatures if signature.kind == "signature"])
            done = answer.verdict.value == PASSED and count == len(SLOTS)
            yield Cell(
                filler=filler.name,
                signer=signer.name,
                verdict=PASSED if done else FAILED,
                why="" if done else reasons or f"{count} signatures",
            )


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


def table(found: Found, with_versions: str) -> str:
    """Return the generated part of the page: the table, its reasons, and how each program was used."""
    by = {(cell["filler"], cell["signer"]): cell for cell in found}
    heads = [signer.name for signer in COUNTERSIGNERS]
    lines = ["| filled by \\ signed by | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    for filler in FILLERS:
        verdicts = [by.get((filler.name, head), {"verdict": NOT_RUN})["verdict"] for head in heads]
        lines.append(f"| {filler.name} | " + " | ".join(verdicts) + " |")
    whys = dict.fromkeys(f"- {cell['verdict']}: {cell['why']}" for cell in found if cell["why"])
    used = [f"- *{program.name}*: {program.note}." for program in (*FILLERS, *COUNTERSIGNERS) if program.note]
    head = [f"Last written with {with_versions}; the other programs are pinned in `tests/interop/`.", ""]
    return "\n".join([*head, *lines, "", *whys, *([""] if whys else []), *used, ""])


def page_with(found: Found, with_versions: str, page: str) -> str:
    """Return the page with that table between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table(found, with_versions)}\n{END}{after}"


def main() -> int:
    """Run every cell, write the results and the page; 1 when a cell failed."""
    with TemporaryDirectory() as folder:
        found: Found = []
        for cell in cells(Path(folder)):
            found.append(asdict(cell))
            sys.stdout.write(f"{cell.filler:9} {cell.signer:14} {cell.verdict} {cell.why}\n")
    kept = {"versions": versions(), "cells": found}
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page_with(found, kept["versions"], PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return int(any(cell["verdict"] == FAILED for cell in found))


if __name__ == "__main__":
    sys.exit(main())
