"""One three-signature form: the full verdict against pyHanko, pdfsig and the floor, in one run on one core.

Processor time, because other work shares the machine: of this process, or of the child for pdfsig. The floor is what
nobody can do without: SHA-256 over the covered bytes, one public-key operation per signature, opening the file. Ours
goes through forms with different answers, no form twice while it is measured, because what we keep between files must
not make one file look fast.
"""

from __future__ import annotations

import hashlib
import io
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pikepdf import Pdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from service.store import migrate, open_store
from signing.validation.inspect import inspect
from support.office import Office, keys, open_office, plain_settings

ROUNDS, MANY, FORMS = 30, 200, 96
WARM = 3


def milliseconds(work: Callable[[], object], who: int = resource.RUSAGE_SELF, rounds: int = ROUNDS) -> float:
    """Median of processor time, warm."""
    for _ in range(WARM):
        work()
    taken = []
    for _ in range(rounds):
        before = resource.getrusage(who)
        work()
        after = resource.getrusage(who)
        taken.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    return statistics.median(taken)


def resident() -> float:
    """The most memory this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _form(office: Office, number: int) -> bytes:
    """The same activity as nobody else reports it."""
    words = f"Kegiatan ke-{number}: {'latihan menyusun naskah dan umpan balik, ' * (1 + number % 4)}selesai."
    return office.signed("mentoring", tempat=f"Ruang {number}", kegiatan_pengembangan=words, hasil_pengembangan=words)


def run(office: Office, folder: Path) -> None:
    forms = [_form(office, number) for number in range(FORMS)]
    turns, signed = cycle(forms), forms[0]
    path = folder / "form.pdf"
    path.write_bytes(signed)
    root = x509.Certificate.load(keys().authority.der)

    def stock() -> None:
        for signature in PdfFileReader(io.BytesIO(signed)).embedded_signatures:
            context = ValidationContext(trust_roots=[root], moment=office.moment.now, allow_fetching=False)
            validate_pdf_signature(signature, signer_validation_context=context)

    ends = [report.covered for report in inspect(signed, trust=office.moment.trust).signatures]
    key = ec.generate_private_key(ec.SECP256R1())
    value, public = key.sign(b"", ec.ECDSA(hashes.SHA256())), key.public_key()

    def floor() -> None:
        for end in ends:
            hashlib.sha256(memoryview(signed)[:end]).digest()
            public.verify(value, b"", ec.ECDSA(hashes.SHA256()))
        Pdf.open(io.BytesIO(signed)).close()

    pdfsig = ["pdfsig", "-nssdir", str(folder), str(path)]
    rows = {
        "full verdict, record included": milliseconds(lambda: office.prove(next(turns))),
        "  of which the signatures": milliseconds(lambda: inspect(next(turns), trust=office.moment.trust)),
        "plain pyHanko, signatures only": milliseconds(stock),
        "pdfsig, signatures only": milliseconds(
            lambda: subprocess.run(pdfsig, capture_output=True, check=False),  # noqa: S603 - our own words
            resource.RUSAGE_CHILDREN,
        ),
        "floor": milliseconds(floor),
    }
    print(f"three signatures, {len(signed) // 1024} KiB, median of {ROUNDS}, processor ms")
    for name, taken in rows.items():
        print(f"  {name:32}{taken:7.1f}")
    before = resident()
    begin = time.perf_counter()
    for _ in range(MANY):
        office.prove(next(turns))
    rate = MANY / (time.perf_counter() - begin)
    print(f"  {rate:.0f} files a second; resident {before:.0f} MiB, after {MANY} more files {resident():.0f} MiB")


with tempfile.TemporaryDirectory() as folder:
    url = f"sqlite:///{Path(folder) / 'store.sqlite3'}"
    migrate(url)
    with open_store(database_url=url, storage_url=str(Path(folder) / "documents")) as store:
        run(open_office(store, plain_settings(folder)), Path(folder))
