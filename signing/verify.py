"""Facts about every signature of any PDF; never raises, whatever the bytes are."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.afterwards import Afterwards, judge_afterwards
from signing.coverage import BadCoverage, coverage_of
from signing.found import FoundSignature, find_signatures
from signing.history import History, only_blanks
from signing.report import Changes, Indication, Report, SignatureReport, Signer, Trouble
from signing.standing import Embedded, Standing, judge_signature, judge_timestamp, unreadable
from signing.trust import Trust

_HEADER = b"%PDF-"
_HEADER_ROOM = 1024
_MOST_SIGNATURES = 64
_ACCEPTED = {"/ETSI.CAdES.detached", "/adbe.pkcs7.detached"}
_NOTHING_AFTER = Afterwards(changes=Changes.NONE, permitted=False)


def inspect(pdf: bytes, *, trust: Trust) -> Report:
    """Find and check every signature and document time stamp, oldest first.

    A file that cannot be read gives `readable=False` with a problem; one bad signature gives FORMAT_FAILURE for itself.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    trouble = _unfit(pdf)
    if trouble is None:
        try:
            return _readable(digest, asyncio.run(_signatures(pdf, trust)))
        except (Exception, RecursionError, MemoryError):  # noqa: BLE001 - a stranger's bytes: whatever the reader stumbles over is an answer, not a crash
            trouble = _broken(pdf)
    return Report(sha256=digest, readable=False, problem=trouble, signatures=())


def _readable(digest: str, signatures: list[SignatureReport]) -> Report:
    return Report(sha256=digest, readable=True, problem=None, signatures=tuple(signatures))


def _unfit(pdf: bytes) -> Trouble | None:
    """What is wrong before any reader is asked: no header, or one that does not begin the file."""
    place = pdf[: _HEADER_ROOM + len(_HEADER)].find(_HEADER)
    if place < 0:
        return Trouble(
            code="broken_pdf",
            message="Berkas ini bukan PDF: tanda pengenal %PDF tidak ditemukan pada awal berkas.",
            hint="Pilih berkas PDF yang langsung keluar dari aplikasi tanda tangan.",
        )
    if place > 0:
        return Trouble(
            code="bytes_before_header",
            message=f"Ada {place} bita sebelum awal PDF, sehingga tanda tangan tidak dapat diperiksa dengan benar.",
            hint="Unduh ulang dari sumbernya; jangan lewat aplikasi yang mengubah berkas.",
        )
    return None


def _broken(pdf: bytes) -> Trouble:
    if b"/Encrypt" in pdf:
        return Trouble(
            code="encrypted",
            message="Berkas ini dikunci dengan kata sandi, sehingga tidak dapat dibaca.",
            hint="Simpan tanpa kata sandi sebelum ditandatangani, lalu unggah lagi.",
        )
    return Trouble(
        code="broken_pdf",
        message=f"Berkas tidak terbaca; pembacaan berhenti sebelum bita ke-{len(pdf)}.",
        hint="Buka di komputer Anda; bila di sana pun gagal, unduh ulang.",
    )


async def _signatures(pdf: bytes, trust: Trust) -> list[SignatureReport]:
    history = History(pdf)
    if history.reader.encrypted:
        raise PdfError("encrypted")
    found = find_signatures(history)
    if len(found) > _MOST_SIGNATURES:
        raise PdfError("too many signatures")
    held = _held(history)
    return [await _one(each, history, trust, held) for each in found]


def _held(history: History) -> Embedded:
    """Validation data of the document security store; an unreadable one holds nothing."""
    try:
        store = DocumentSecurityStore.read_dss(history.reader)
        return Embedded(
            certificates=tuple(store.load_certs()),
            crls=tuple(store.load_crls()) if hasattr(store, "load_crls") else (),
        )
    except (PdfError, ValueError, TypeError, KeyError, AttributeError):
        return Embedded()


async def _one(found: FoundSignature, history: History, trust: Trust, held: Embedded) -> SignatureReport:
    stamp = str(found.dictionary.get("/Type", "/Sig")) == "/DocTimeStamp"
    filter_name = str(found.dictionary.get("/SubFilter", ""))
    after, end, whole = _NOTHING_AFTER, 0, False
    locks: tuple[str, ...] = ()
    try:
        coverage = coverage_of(found, history)
        end, whole = coverage.end, only_blanks(history.pdf[coverage.end :])
        embedded = EmbeddedPdfSignature(history.reader, _field(found, history), found.name)
        embedded.compute_digest()
        standing = await _standing(embedded, filter_name, trust, held, stamp=stamp)
        after = judge_afterwards(embedded, history, end)
        locks = _locks(embedded)
    except (Exception, RecursionError) as error:  # noqa: BLE001 - one signature nobody can take apart is a finding about it
        standing = unreadable(error)
    indication, sub = _indication(standing, after)
    return SignatureReport(
        field=found.name,
        kind="timestamp" if stamp else "signature",
        indication=indication,
        sub_indication=sub,
        intact=standing.intact,
        valid=standing.valid,
        trusted=standing.trusted,
        covers_whole_file=whole,
        changes_after=after.changes,
        permitted=after.permitted,
        signer=_signer(standing),
        signed_at=standing.signed_at,
        time_source=standing.time_source,
        profile=_profile(filter_name, standing, held),
        covered=end,
        locks=locks,
    )


async def _standing(
    embedded: EmbeddedPdfSignature, filter_name: str, trust: Trust, held: Embedded, *, stamp: bool
) -> Standing:
    if stamp and filter_name == "/ETSI.RFC3161":
        return await judge_timestamp(embedded, trust, held)
    if not stamp and filter_name in _ACCEPTED:
        return await judge_signature(embedded, trust, held)
    raise BadCoverage(f"{filter_name} is not accepted")


def _field(found: FoundSignature, history: History) -> Any:
    if found.field_ref is None:
        raise BadCoverage("the signature field is no object of its own")
    return history.get(found.field_ref, history.last)


def _locks(embedded: EmbeddedPdfSignature) -> tuple[str, ...]:
    spec = embedded.fieldmdp
    return tuple(spec.fields or ()) if spec is not None else ()


def _indication(standing: Standing, after: Afterwards) -> tuple[Indication, str | None]:
    """EN 319 102-1 5.1.3: failed beyond doubt, passed, or neither. What nobody permitted counts as failed."""
    if standing.failed:
        return Indication.TOTAL_FAILED, standing.sub_indication
    if not after.permitted:
        return Indication.TOTAL_FAILED, "FORMAT_FAILURE"
    if standing.sub_indication is not None or not standing.trusted:
        return Indication.INDETERMINATE, standing.sub_indication
    return Indication.TOTAL_PASSED, None


def _signer(standing: Standing) -> Signer | None:
    certificate = standing.certificate
    if certificate is None:
        return None
    subject = certificate.subject.native
    name = subject.get("common_name") or certificate.subject.human_friendly
    return Signer(
        name=name if isinstance(name, str) else " ".join(map(str, name)),
        subject=certificate.subject.human_friendly,
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
        serial=f"{certificate.serial_number:x}",
    )


def _profile(filter_name: str, standing: Standing, held: Embedded) -> str:
    """The level its own parts reach (EN 319 142-1 5.4); long-term levels need validation data in the file."""
    if filter_name == "/ETSI.RFC3161":
        return "RFC3161"
    if filter_name != "/ETSI.CAdES.detached":
        return "PKCS7"
    if not standing.timestamped:
        return "PAdES-B-B"
    return "PAdES-B-LT" if held.certificates and (held.crls or held.ocsps) else "PAdES-B-T"
