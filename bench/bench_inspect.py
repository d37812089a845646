"""How long the inspection of a form with three signatures takes, beside pyHanko's stock validation of the same file."""

from __future__ import annotations

import io
import logging
import statistics
import time
from collections.abc import Callable

from asn1crypto import x509
from pki import NOW, open_office, sign_slot
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from test_signing_honest import real_form, stamp_of

from forms.catalog import LAMPIRAN_I_V1
from signing.verify import inspect

ROUNDS = 20


def milliseconds(work: Callable[[], object]) -> float:
    """Median of processor time, warm."""
    work()
    taken = []
    for _ in range(ROUNDS):
        before = time.process_time()
        work()
        taken.append((time.process_time() - before) * 1000)
    return statistics.median(taken)


def main() -> None:
    logging.getLogger("pyhanko").addHandler(logging.NullHandler())
    logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())
    office = open_office()
    people = [office.authority.person(name, curve=None) for name in ("Cahya", "Heri", "Diah")]
    form = real_form()
    for slot, person in zip(LAMPIRAN_I_V1.slots, people, strict=True):
        form = sign_slot(form, slot.name, person, timestamper=office.timestamper(), stamp=stamp_of("Cahya Lestari"))
    trust, root = office.trust(), x509.Certificate.load(office.authority.der)

    def stock() -> None:
        reader = PdfFileReader(io.BytesIO(form))
        for each in reader.embedded_signatures:
            context = ValidationContext(trust_roots=[root], moment=NOW, allow_fetching=False)
            validate_pdf_signature(each, signer_validation_context=context, ts_validation_context=context)

    print(f"form of {len(form)} bytes, three RSA 2048 signatures with time stamps, median of {ROUNDS}, processor ms")
    print(f"  inspect         {milliseconds(lambda: inspect(form, trust=trust)):6.1f}")
    print(f"  pyHanko stock   {milliseconds(stock):6.1f}  (and it refuses the honest locked form)")


if __name__ == "__main__":
    main()
