"""The EU's validator judges the same files: where it differs from us, the table says why; a new difference fails.

`make agree` runs it: it needs a JDK, Maven and a repository, and half a minute of Java.
"""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

from forgeries.after_signing import AFTER_SIGNING
from forgeries.readers import READERS
from forgeries.signatures import SIGNATURES
from interop.validator import HERE, LEVELS, Verdicts, dss_verdicts
from signing.fields import SlotPlace
from signing.report import SignatureReport
from signing.sign import sign
from support.added_evidence import with_document_timestamp, with_security_store
from support.pki import NOW, Office, open_office, sign_own, sign_slot
from support.small_forms import SLOTS, blank


def honest(office: Office) -> dict[str, bytes]:
    signed, own, stamped = blank(), blank(slots=()), blank()
    for slot, person in zip(SLOTS, office.people, strict=True):
        signed = sign_slot(signed, slot.name, person)
        place = SlotPlace(name=f"sig_{slot.name}", page=0, box=slot.box, locks=(), label=slot.label)
        own = sign_own(own, place, person)
        stamped = sign_slot(stamped, slot.name, person, timestamper=office.timestamper())
    return {
        "honest_slots": signed,
        "honest_own_fields": own,
        "honest_stamped": stamped,
        "honest_with_store": with_security_store(signed, certificates=(office.authority.der,)),
        "honest_with_document_time_stamp": with_document_timestamp(signed, office),
        "honest_sealed": sign(blank(slots=()), holder=office.people[0].holder(), at=NOW, field=None, certify=True),
    }


def forged(office: Office) -> dict[str, bytes]:
    signed = honest(office)["honest_slots"]
    lies: tuple[Callable[[bytes], bytes], ...] = (*AFTER_SIGNING, *READERS, *SIGNATURES)
    return {lie.__name__: lie(signed) for lie in lies}


def our_verdicts(pdf: bytes, office: Office) -> Verdicts:
    signatures = [signature for signature in office.inspect(pdf).signatures if signature.kind == "signature"]
    return {signature.field: _verdict_and_level(signature) for signature in signatures}


def _verdict_and_level(signature: SignatureReport) -> tuple[str, str]:
    return signature.sub_indication or signature.indication.value, LEVELS.get(signature.profile, signature.profile)


def difference(ours: Verdicts, theirs: Verdicts) -> str:
    """Return each kind of disagreement once: what we say > what they say. Levels are compared where both pass."""
    found = set()
    for field in ours.keys() | theirs.keys():
        (our, our_level), (their, their_level) = ours.get(field, ("nothing", "")), theirs.get(field, ("nothing", ""))
        if our != their:
            found.add(f"{our} > {their}")
        elif our == "TOTAL_PASSED" and our_level != their_level:
            found.add(f"{our_level} > {their_level}")
    return ", ".join(sorted(found))


def test_poppler_finds_every_signature_of_every_honest_file_valid(tmp_path: Path) -> None:
    office = open_office()
    for name, content in honest(office).items():
        (tmp_path / name).write_bytes(content)
        pdfsig = subprocess.run(["pdfsig", "-nocert", tmp_path / name], capture_output=True, check=False, text=True)
        # It lists document time stamps too, as not verified.
        assert pdfsig.stdout.count("Signature is Valid.") == len(our_verdicts(content, office)), pdfsig.stdout
        assert "Signature is Invalid" not in pdfsig.stdout
        assert "Mismatch" not in pdfsig.stdout


def test_the_eu_validator_agrees_except_where_the_table_says_why(libraries: Path, tmp_path: Path) -> None:
    office = open_office()
    files = honest(office) | forged(office)
    judged = dss_verdicts(files, libraries, tmp_path, anchor=office.authority.der, moment=NOW)
    assert judged.keys() == files.keys()
    differences = {name: difference(our_verdicts(pdf, office), judged[name]) for name, pdf in files.items()}
    table = tomllib.loads((HERE / "differences.toml").read_text(encoding="utf-8"))["difference"]
    assert all(len(entry["why"]) > 20 for entry in table)
    explained = {name: entry["say"] for entry in table for name in entry["files"]}
    assert {name: found for name, found in differences.items() if found} == explained
    # And whatever they say: no forgery passes here, every honest file passes in both.
    for name, pdf in files.items():
        ours = {verdict for verdict, _ in our_verdicts(pdf, office).values()}
        theirs = {verdict for verdict, _ in judged[name].values()}
        if name.startswith("honest"):
            assert ours == theirs == {"TOTAL_PASSED"}
        else:
            assert ours != {"TOTAL_PASSED"}
