"""What the product made and signed, by every way of signing, is TOTAL_PASSED for the EU's validator; `make agree`.

Its policy is strict: revocation has an answer (a list the sample authority publishes) and every change counts.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path

import pikepdf
from cryptography.hazmat.primitives.asymmetric import ec

from forms.catalog import LAMPIRAN_I_V1
from interop.fillers import FILLERS
from interop.tools import NotInstalled
from interop.validator import dss_verdicts
from service.circulation.signing import sign_many
from service.verification.reasons import Verdict
from signing.demo_authority import open_authority
from signing.sign import sign
from support.added_evidence import with_document_timestamp_by, with_security_store
from support.circulating_forms import PASSPHRASE
from support.external_signatures import sign_elsewhere
from support.foreign_signers import Habits, sign_foreign
from support.gateway_office import GatewayForms
from support.office import ANSWERS, CAHYA, DIAH, HERI, NOW, SIGNERS, Office, keys
from support.signed_by_key import by_key

SLOTS = {slot.role: slot.name for slot in LAMPIRAN_I_V1.slots}
# pdftk writes the catalogue's keys in an order of its own, the structure tree before the form. The validator walks them
# in that order, meets the next signature by way of its structure element (`/K /Obj /V`) first, and calls it a change it
# cannot name, in whatever slot of whatever make.
WALKED_BY_STRUCTURE = {"filled_by_pdftk"}
KINDS = ("coaching", "mentoring", "belajar_mandiri")


def with_slots_as_handed_out_before(content: bytes) -> bytes:
    """The same form with slots as they were until now: a drawing of no byte, and without `/Filter`."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for slot in _slots(pdf):
            left, bottom, right, top = (float(corner) for corner in slot.Rect.as_list())
            nothing = pdf.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
            nothing.BBox = pikepdf.Array([0, 0, right - left, top - bottom])
            slot.AP = pikepdf.Dictionary(N=nothing)
        content = _saved(pdf)
    # What is empty loses its filter when it is saved the next time.
    with pikepdf.open(io.BytesIO(content)) as pdf:
        content = _saved(pdf)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert not any("/Filter" in slot.AP.N.stream_dict for slot in _slots(pdf))
    return content


def _slots(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [field for field in pdf.Root.AcroForm.Fields.as_list() if field.get("/FT") == "/Sig"]


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def without_stamp(content: bytes, kind: str) -> bytes:
    for role, nip in SIGNERS[kind]:
        content = sign(content, holder=keys().people[nip].holder(), at=NOW, field=SLOTS[role])
    return content


def by_key_files(office: Office) -> dict[str, bytes]:
    made = {}
    for kind in KINDS:
        form = office.filled(kind)
        old = with_slots_as_handed_out_before(form)
        made[f"key_{kind}"] = by_key(form, kind)
        made[f"key_time_stamped_{kind}"] = by_key(form, kind, stamped=True)
        made[f"key_old_slots_{kind}"] = by_key(old, kind)
        made[f"key_old_slots_time_stamped_{kind}"] = by_key(old, kind, stamped=True)
        made[f"key_without_stamp_{kind}"] = without_stamp(form, kind)
    return made


def by_fillers(office: Office, folder: Path) -> dict[str, bytes]:
    """Blanks of ours filled by other programs, signed by ours."""
    made = {}
    for filler in FILLERS:
        work = folder / f"filler-{filler.name}"
        work.mkdir()
        try:
            filled = filler.fill(office.blank("mentoring").content, ANSWERS, work)
        except NotInstalled:
            continue
        made[f"filled_by_{filler.name}"] = by_key(filled, "mentoring")
    return made


def in_own_applications(office: Office) -> dict[str, bytes]:
    """Signed elsewhere: in our slots and in own fields, by our signer and by pyHanko's."""
    made = {}
    for name, own in (("slots", False), ("own_fields", True)):
        form = office.filled("mentoring")
        for _, nip in SIGNERS["mentoring"]:
            form = sign_elsewhere(form, nip, own_field=own)
        made[f"elsewhere_{name}"] = form
    for name, habits in {
        "slots": Habits(),
        "slots_time_stamped": Habits(stamped=True),
        "own_fields": Habits(own_field="Signature_", stamped=True),
        "invisible": Habits(own_field="sig_", shown=False),
    }.items():
        form = office.filled("mentoring")
        for role, nip in SIGNERS["mentoring"]:
            form = sign_foreign(form, role, keys().people[nip], habits)
        made[f"pyhanko_{name}"] = form
    mixed = office.sign(office.filled("mentoring"), *SIGNERS["mentoring"][0])
    mixed = sign_foreign(mixed, SIGNERS["mentoring"][1][0], keys().people[HERI], Habits())
    made["mixed"] = sign_elsewhere(mixed, DIAH, own_field=True)
    return made


def on_pages(remote: GatewayForms) -> dict[str, bytes]:
    """On the web page's own way (a circulation): with a key file, several at once, through both gateways, mixed."""
    rounds, made = remote.rounds, {}
    one = rounds.begun("mentoring", tanggal="5 Maret 2025", tanggal_tanda_tangan="6 Maret 2025").serial
    for nip in (CAHYA, HERI, DIAH):
        rounds.signs(one, nip)
    made["page"] = rounds.content(one)
    several = [rounds.begun("coaching", tanggal=f"{day} Februari 2025").serial for day in (3, 4)]
    for nip in (CAHYA, DIAH):
        choices = [(serial, rounds.kept(serial).revision) for serial in several]
        key = keys().people[nip].pkcs12(PASSPHRASE)
        assert all(
            outcome.problem is None
            for outcome in sign_many(choices, key=key, passphrase=PASSPHRASE, context=rounds.context, actor=nip)
        )
    made |= {f"page_several_{place}": rounds.content(serial) for place, serial in enumerate(several)}
    for day, version in ((10, "v1"), (11, "v2")):
        remote.version = version
        serial = rounds.begun("mentoring", tanggal=f"{day} Februari 2025").serial
        for nip in (CAHYA, HERI, DIAH):
            (done,) = remote.signs(nip, serial)
            assert done.taken is not None, done.problem
        made[f"gateway_{version}"] = rounds.content(serial)
    mixed = rounds.begun("mentoring", tanggal="12 Februari 2025").serial
    rounds.signs(mixed, CAHYA)
    remote.signs(HERI, mixed)
    rounds.signs(mixed, DIAH)
    made["page_and_gateway"] = rounds.content(mixed)
    return made


def later(made: Mapping[str, bytes]) -> dict[str, bytes]:
    """A signed form with what lasting needs: a security store, then a document time stamp."""
    crl = keys().authority.revocation_list([], at=NOW)
    stored = with_security_store(made["key_mentoring"], certificates=(keys().authority.der,), crls=(crl,))
    return {"with_store": stored, "lasting": with_document_timestamp_by(stored, keys().tsa, NOW)}


def sealed(office: Office) -> dict[str, bytes]:
    """The yearly certificate, sealed."""
    office.approved()
    return {"certificate": office.store.document(office.issue(early=True).certificate.digest)}


def test_every_way_of_signing_is_passed_by_the_eu_validator_and_by_us(
    libraries: Path, office: Office, remote: GatewayForms, tmp_path: Path
) -> None:
    forms = by_key_files(office) | by_fillers(office, tmp_path) | in_own_applications(office) | on_pages(remote)
    forms |= later(forms)
    for name, content in forms.items():
        answer = office.prove(content)
        serious = [reason.code for reason in answer.reasons if reason.weight is not Verdict.PASSED]
        assert not set(serious) - {"duplicate_activity", "overlapping_activity"}, name
    files = forms | sealed(office)
    folder = tmp_path / "judged"
    folder.mkdir()
    # Published after the signatures: what it says of their certificates is about them.
    crl = keys().authority.revocation_list([], at=NOW + dt.timedelta(minutes=5))
    judged = dss_verdicts(
        files, libraries, folder, anchor=keys().authority.der, moment=NOW + dt.timedelta(minutes=10), crl=crl
    )
    assert judged.keys() == files.keys()
    wrong = {
        name: signatures
        for name, signatures in judged.items()
        if not signatures or {verdict for verdict, _ in signatures.values()} != {"TOTAL_PASSED"}
    }
    assert wrong.keys() <= WALKED_BY_STRUCTURE
    for name, signatures in wrong.items():
        assert sorted(verdict for verdict, _ in signatures.values()) == ["FORMAT_FAILURE"] * 2 + ["TOTAL_PASSED"], name


def test_the_strict_policy_asks_for_revocation(libraries: Path, office: Office, tmp_path: Path) -> None:
    """With a list of somebody else's nobody knows of revocation; who stands on the authority's own does not pass."""
    form, other = office.signed("mentoring"), open_authority("Akar Lain", now=NOW, curve=ec.SECP256R1())
    revoked = [(keys().people[HERI], NOW - dt.timedelta(days=1))]
    for name, crl, expected in (
        ("other", other.revocation_list([], at=NOW), {"CERTIFICATE_CHAIN_GENERAL_FAILURE"}),
        ("revoked", keys().authority.revocation_list(revoked, at=NOW), {"TOTAL_PASSED", "REVOKED_NO_POE"}),
    ):
        folder = tmp_path / name
        folder.mkdir()
        judged = dss_verdicts(
            {name: form}, libraries, folder, anchor=keys().authority.der, moment=NOW + dt.timedelta(minutes=5), crl=crl
        )
        assert {verdict for verdict, _ in judged[name].values()} == expected
