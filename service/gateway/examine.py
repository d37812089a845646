"""What came back from the gateway, examined before anything rests on it: our bytes, one sound signature, no more."""

from __future__ import annotations

from dataclasses import dataclass, field

from signing.report import Report, SignatureReport
from signing.require import faults
from signing.trust import Trust
from signing.verify import inspect

# What cannot be told today speaks not against a file; the proof tells later.
_LATER = {"revocation_unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """`problem` (Indonesian) says why it is not taken; otherwise whose certificate made the one new signature."""

    problem: str | None
    fingerprint: str = ""
    name: str = ""
    certificate: bytes = field(default=b"", repr=False)


def examine(before: bytes, after: bytes, trust: Trust) -> Examined:
    """Compare the file that was sent with the one that came. Never raises for what the files are."""
    if not after.startswith(before) or len(after) == len(before):
        return Examined(problem="berkas yang kembali bukan kelanjutan berkas yang dikirim")
    then, now = inspect(before, trust=trust), inspect(after, trust=trust)
    if not then.readable or not now.readable:
        return Examined(problem="berkas yang kembali tidak dapat dibaca")
    new = _new(then, now, len(before))
    if len(new) != 1 or new[0].signer is None:
        return Examined(problem="berkas yang kembali tidak memuat tepat satu tanda tangan baru")
    found = set(faults(new[0])) - _LATER
    if found:
        return Examined(problem=f"tanda tangan yang kembali tidak dapat diterima ({', '.join(sorted(found))})")
    if any(not each.permitted for each in now.signatures):
        return Examined(problem="berkas yang kembali mengubah bagian yang sudah ditandatangani")
    signer = new[0].signer
    return Examined(problem=None, fingerprint=signer.fingerprint, name=signer.name, certificate=signer.certificate)


def _new(then: Report, now: Report, length: int) -> list[SignatureReport]:
    known = {each.field for each in then.signatures}
    return [
        each
        for each in now.signatures
        if each.kind == "signature" and each.field not in known and each.covered > length
    ]
