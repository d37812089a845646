"""Programs that sign: each lets all three people sign every filled form, one after the other."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pikepdf

from forms.catalog import LAMPIRAN_I_V1, form_font
from forms.schema import Role, Slot
from interop.tools import INTEROP, command, jars, libreoffice_python, node_modules, run
from service.form_signing import sign_form
from signing.demo_authority import IssuedKey
from signing.fields import SlotPlace
from signing.sign import sign
from signing.stamp import Stamp
from support.office import ZONE

SLOTS = LAMPIRAN_I_V1.slots


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who signs: keys by role, also as PKCS#12 files `<role>.p12` in `folder`, and its NSS database `nss`."""

    keys: Mapping[Role, IssuedKey]
    names: Mapping[Role, str]
    folder: Path
    passphrase: str
    at: datetime

    def p12(self, slot: Slot) -> str:
        return str(self.folder / f"{slot.role.value}.p12")


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersigner:
    """`sign` appends three signatures to every PDF in a folder, file by file. `note` is for the docs."""

    name: str
    sign: Callable[[list[Path], People], None]
    note: str


def ours(files: list[Path], people: People) -> None:
    for file in files:
        content = file.read_bytes()
        for slot in SLOTS:
            content = sign_form(
                content,
                role=slot.role,
                holder=people.keys[slot.role].holder(),
                at=people.at,
                zone=ZONE,
                timestamper=None,
                enrolled_nip=None,
            ).content
        file.write_bytes(content)


def own_field(files: list[Path], people: People) -> None:
    for file in files:
        content = file.read_bytes()
        for slot in SLOTS:
            place = SlotPlace(name=f"sig_{slot.role.value}", page=0, box=slot.box, locks=(), label="Tanda tangan")
            name = people.names[slot.role]
            stamp = Stamp(heading="Ditandatangani oleh:", name=name, lines=(), qr_text="contoh", font=form_font())
            holder = people.keys[slot.role].holder()
            content = sign(content, holder=holder, at=people.at, field=None, place=place, stamp=stamp)
        file.write_bytes(content)


def by_pdfsig(files: list[Path], people: People, *, slots: bool) -> None:
    pdfsig = command("pdfsig")
    nicknames = _nss_nicknames(people)
    for file in files:
        for slot in SLOTS:
            arguments = ["-sign", slot.name] if slots else ["-add-signature"]
            nickname = next(nickname for nickname in nicknames if people.names[slot.role] in nickname)
            out = file.with_suffix(".out")
            run([pdfsig, "-nssdir", people.folder / "nss", "-nick", nickname, *arguments, file, out])
            out.replace(file)


def by_pdfbox(files: list[Path], people: People, *, slots: bool) -> None:
    library = jars()
    lines = []
    for file in files:
        for slot in SLOTS:
            place = [slot.name] if slots else [people.names[slot.role], *(str(corner) for corner in slot.box)]
            lines.append("\t".join([str(file), people.p12(slot), *place]))
    jobs = people.folder / "pdfbox.jobs"
    jobs.write_text("\n".join(lines), encoding="utf-8")
    program = ["-Djava.awt.headless=true", f"-Dpdfbox.fontcache={people.folder}", "-cp", f"{library}/*"]
    run([command("java"), *program, INTEROP / "Sign.java", people.passphrase, jobs])


def by_libreoffice(files: list[Path], people: People) -> None:
    python = libreoffice_python()
    _nss_nicknames(people)
    for file in files:
        content = file.read_bytes()
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pdf.save(file, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    jobs = people.folder / "libreoffice.jobs"
    requests = [{"file": str(file), "name": people.names[slot.role]} for file in files for slot in SLOTS]
    jobs.write_text(json.dumps(requests), encoding="utf-8")
    run([python, INTEROP / "sign_libreoffice.py", people.folder / "nss", people.folder / "libreoffice", jobs])


def by_signpdf(files: list[Path], people: People) -> None:
    program = node_modules() / "sign.mjs"
    requests = [
        {"file": str(file), "p12": people.p12(slot), "name": people.names[slot.role], "box": slot.box}
        for file in files
        for slot in SLOTS
    ]
    jobs = people.folder / "signpdf.jobs"
    jobs.write_text(json.dumps(requests), encoding="utf-8")
    run([command("node"), program, people.passphrase, jobs])


def _nss_nicknames(people: People) -> list[str]:
    """Return the nicknames of the keys in the NSS database, which is made at the first call."""
    folder = people.folder / "nss"
    certutil, pk12util = command("certutil"), command("pk12util")
    if not folder.exists():
        folder.mkdir()
        run([certutil, "-N", "-d", f"sql:{folder}", "--empty-password"])
        root = people.folder / "root.pem"
        run([certutil, "-A", "-d", f"sql:{folder}", "-n", "root", "-t", "C,C,C", "-i", root])
        for slot in SLOTS:
            run([pk12util, "-i", people.p12(slot), "-d", f"sql:{folder}", "-W", people.passphrase])
    listed = run([certutil, "-L", "-d", f"sql:{folder}"]).splitlines()
    return [line.rsplit(None, 1)[0].strip() for line in listed if line.rstrip().endswith("u,u,u")]


COUNTERSIGNERS = (
    Countersigner(name="ours", sign=ours, note="`cmb sign`, into the slots"),
    Countersigner(name="own field", sign=own_field, note="a field and stamp of the signature's own, as BSrE adds it"),
    Countersigner(
        name="pdfsig, slots",
        sign=lambda files, people: by_pdfsig(files, people, slots=True),
        note="poppler's `pdfsig -sign`, into the slots",
    ),
    Countersigner(
        name="pdfsig, own",
        sign=lambda files, people: by_pdfsig(files, people, slots=False),
        note="poppler's `pdfsig -add-signature`, invisible",
    ),
    Countersigner(
        name="PDFBox, slots",
        sign=lambda files, people: by_pdfbox(files, people, slots=True),
        note="Apache PDFBox into the slots, without a picture: it shrinks them to nothing",
    ),
    Countersigner(
        name="PDFBox, own",
        sign=lambda files, people: by_pdfbox(files, people, slots=False),
        note="Apache PDFBox with a field and stamp of its own",
    ),
    Countersigner(
        name="LibreOffice",
        sign=by_libreoffice,
        note="its signing of existing PDFs (invisible, a field of its own) through UNO, headless; the filled form is "
        "first saved without object streams, because LibreOffice 7.4 ruins a page that is kept in one",
    ),
    Countersigner(
        name="@signpdf",
        sign=by_signpdf,
        note="the npm package @signpdf/signpdf, in a field and stamp that @cantoo/pdf-lib appends",
    ),
)
