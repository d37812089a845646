"""Make the corpus of the fuzzer: small files of our own, valid and forged.

Takes a folder. The files are kept in `tests/property/corpus`, so that a find can be reproduced; they contain only
sample names and throwaway keys.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from forgeries.after_signing import free_text_annotation, value_and_appearance_changed
from forgeries.readers import (
    hybrid_table_that_hides_a_second_one,
    object_stream_that_shadows_a_field,
    tables_that_go_round_in_a_circle,
    trailer_that_names_two_catalogues,
)
from signing.sign import sign
from support.added_evidence import with_document_timestamp, with_security_store
from support.hand_made_forms import answers, paper, saved
from support.pki import NOW, open_office, sign_own, sign_slot
from support.small_forms import blank


def seeds() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file."""
    office = open_office()
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    yield "blank", blank()
    yield "filled", saved(paper(answers()))
    yield "signed", signed
    yield "own_field", sign_own(blank(slots=()), None, office.people[0])
    yield "sealed", sign(blank(slots=()), holder=office.people[0].holder(), at=NOW, field=None, certify=True)
    stamped = sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=office.timestamper())
    crl = office.authority.revocation_list([], at=NOW)
    yield "lasting", with_security_store(stamped, certificates=(office.authority.der,), crls=(crl,))
    yield "time_stamped", with_document_timestamp(blank(slots=()), office)
    for lie in (
        value_and_appearance_changed,
        free_text_annotation,
        hybrid_table_that_hides_a_second_one,
        object_stream_that_shadows_a_field,
        tables_that_go_round_in_a_circle,
        trailer_that_names_two_catalogues,
    ):
        yield lie.__name__, lie(signed)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, content in seeds():
        (folder / f"{name}.pdf").write_bytes(content)
