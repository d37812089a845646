"""The EU's validator judges the same files: where it differs from us, the table says why; a new difference fails.

`make agree` runs it: it needs a JDK, Maven and a repository, and half a minute of Java.
"""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

from forgeries.after_signing import AFTER_SIGNING
from forgeries.readers import PRELOADED_MODULES
from forgeries.signatures import SIGNATURES
from interop.validator import HERE, LEVELS, Verdicts, theirs
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
    lies: tuple[Callable[[bytes], bytes], ...] = (*AFTER_SIGNING, *PRELOADED_MODULES, *SIGNATURES)
    return {lie.__name__: lie(signed) for lie in lies}


def ours(pdf: bytes, office: Office) -> Verdicts:
    report = office.inspect(pdf)
    return {each.field: _short(each) for each in report.signatures if each.kind == "signature"}


def _short(each: SignatureReport) -> tuple[str, str]:
    return each.sub_indication or each.indication.value, LEVELS.get(each.profile, each.profile)


def difference(one: Verdicts, other: Verdicts) -> str:
    """Each kind of disagreement once: what we say > what they say. Levels are compared where both pass."""
    found = set()
    for field in one.keys() | other.keys():
        mine, his = one.get(field, ("nothing", "")), other.get(field, ("nothing", ""))
        if mine[0] != his[0]:
            found.add(f"{mine[0]} > {his[0]}")
        elif mine[0] == "TOTAL_PASSED" and mine[1] != his[1]:
            found.add(f"{mine[1]} > {his[1]}")
    return ", ".join(sorted(found))


def test_poppler_finds_every_signature_of_every_honest_file_valid(tmp_path: Path) -> None:
    office = open_office()
    for name, content in honest(office).items():
        (tmp_path / name).write_bytes(content)
        pdfsig = subprocess.run(["pdfsig", "-nocert", tmp_path / name], capture_output=True, check=False, text=True)
        # It lists document time stamps too, as not verified.
        assert pdfsig.stdout.count("Signature is Valid.") == len(ours(content, office)), pdfsig.stdout
        assert "Signature is Invalid" not in pdfsig.stdout
        assert "Mismatch" not in pdfsig.stdout


def test_the_eu_validator_agrees_except_where_the_table_says_why(libraries: Path, tmp_path: Path) -> None:
    office = open_office()
    files = honest(office) | forged(office)
    judged = theirs(files, libraries, tmp_path, anchor=office.authority.der, moment=NOW)
    assert judged.keys() == files.keys()
    found = {name: told for name, pdf in files.items() if (told := difference(ours(pdf, office), judged[name]))}
    table = tomllib.loads((HERE / "differences.toml").read_text(encoding="utf-8"))["difference"]
    assert all(len(each["why"]) > 20 for each in table)
    explained = {name: each["say"] for each in table for name in each["files"]}
    assert found == explained
    # And whatever they say: no forgery passes here, every honest file passes in both.
    for name, pdf in files.items():
        mine = {verdict for verdict, _ in ours(pdf, office).values()}
        his = {verdict for verdict, _ in judged[name].values()}
        if name.startswith("honest"):
            assert mine == his == {"TOTAL_PASSED"}
        else:
            assert mine != {"TOTAL_PASSED"}
