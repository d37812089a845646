"""How long one visible signature takes: ours, the key alone, and pyHanko's stock signer on the same form."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from signing.keys.pkcs12 import open_pkcs12
from signing.sign import sign
from support.pki import NOW, open_office  # the throwaway office of the tests
from support.stamped_forms import real_form, stamp_of

ROUNDS = 30


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
    office = open_office()
    person = office.authority.person("Cahya Lestari", curve=None)
    stored, form = person.pkcs12(b"x"), real_form()
    holder, stamp = open_pkcs12(stored, b"x"), stamp_of("Cahya Lestari")
    clock = office.timestamper()

    def ours(*, stamped: bool, timed: bool) -> bytes:
        return sign(
            form,
            holder=holder,
            at=NOW,
            field="ttd_pegawai",
            stamp=stamp if stamped else None,
            timestamper=clock if timed else None,
        )

    def stock() -> None:
        signer = signers.SimpleSigner.load_pkcs12_data(stored, other_certs=[], passphrase=b"x")
        metadata = signers.PdfSignatureMetadata(field_name="ttd_pegawai")
        signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(form)), metadata, signer=signer)

    print(f"form of {len(form)} bytes, RSA 2048, median of {ROUNDS}, processor milliseconds")
    print(f"  key alone                 {milliseconds(lambda: holder.sign(form, 'sha256')):6.1f}")
    print(f"  open the key file         {milliseconds(lambda: open_pkcs12(stored, b'x')):6.1f}  (once)")
    print(f"  sign, invisible           {milliseconds(lambda: ours(stamped=False, timed=False)):6.1f}")
    print(f"  sign, stamp               {milliseconds(lambda: ours(stamped=True, timed=False)):6.1f}")
    print(f"  sign, stamp, time stamp   {milliseconds(lambda: ours(stamped=True, timed=True)):6.1f}")
    print(f"  pyHanko stock, invisible  {milliseconds(stock):6.1f}")


if __name__ == "__main__":
    main()
