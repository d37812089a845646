"""Make a signed file last: what proves its signatures is stored in it, and a document time stamp is set over all of it.

EN 319 142-1 6.3, levels B-LT and B-LTA. Nothing that was in the file changes, so that a document certified against
every change (DocMDP P 1) may be made to last as well.
"""

from __future__ import annotations

import datetime as dt
import io
import zlib
from collections.abc import Iterable

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp

from signing.asn1 import cms
from signing.certificates import read_certificate
from signing.errors import CannotSign
from signing.fields import SlotPlace, entry, new_target, open_for_proof, raw_members, reader_errors_as_cannot_sign
from signing.revocation.checker import Material
from signing.sign import TOKEN_ROOM
from signing.timestamps import Timestamper

_DIGEST = "sha256"
_LISTS = ("/Certs", "/CRLs", "/OCSPs")
_FIELD = "stempel_waktu_"


def with_material(pdf: bytes, material: Material) -> bytes:
    """Return the file with this material in its security store, appended (ISO 32000-2 12.8.4.3). Raises CannotSign."""
    with reader_errors_as_cannot_sign():
        writer = open_for_proof(pdf)
        _store(writer, material)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()


def with_archive_stamp(pdf: bytes, material: Material, *, timestamper: Timestamper, at: dt.datetime) -> bytes:
    """Return the file with this material and, in the same revision, a document time stamp over everything.

    Raises CannotSign or TimestampUnavailable; then nothing was added.
    """
    with reader_errors_as_cannot_sign():
        writer = open_for_proof(pdf)
        _store(writer, material)
        # Without an appearance: even an empty one would be a change of the document to other validators.
        place = SlotPlace(name=_free_name(writer), page=0, box=(0.0, 0.0, 0.0, 0.0), locks=(), label="Stempel waktu")
        target = new_target(writer, place, at)
        dictionary = DocumentTimestamp(bytes_reserved=2 * TOKEN_ROOM)
        target.fill(dictionary, certify=False)
        filling = dictionary.fill(writer, _DIGEST, output=io.BytesIO())
        prepared, output = next(filling)
    token = timestamper.stamp(prepared.document_digest, _DIGEST)
    try:
        filling.send(token)
    except SigningError as error:
        raise CannotSign("cannot_sign.no_room") from error
    return bytes(output.getvalue())


def authority_of(timestamper: Timestamper, digest: bytes) -> tuple[bytes, ...]:
    """Return the certificates (DER) an authority sends with a stamp over this SHA-256 digest, its own first.

    What proves that authority must be in the file before its stamp is set over it. Raises TimestampUnavailable.
    """
    signed = cms.ContentInfo.load(timestamper.stamp(digest, _DIGEST))["content"]
    certificates = [choice.chosen.dump() for choice in signed["certificates"] if choice.name == "certificate"]
    serial = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
    return tuple(sorted(certificates, key=lambda der: int(read_certificate(der).serial, 16) != serial))


def _free_name(writer: IncrementalPdfFileWriter) -> str:
    fields = raw_members(entry(entry(writer.root, "/AcroForm"), "/Fields"))
    taken = {str(entry(field, "/T")) for field in fields}
    return next(name for number in range(1, len(taken) + 2) if (name := f"{_FIELD}{number}") not in taken)


def _store(writer: IncrementalPdfFileWriter, material: Material) -> None:
    """Add what is not there yet; what is there stays, under the numbers it has."""
    root = writer.root
    store = entry(root, "/DSS")
    if store is None:
        store = DictionaryObject()
        root[NameObject("/DSS")] = writer.add_object(store)
        extension = {
            NameObject("/BaseVersion"): NameObject("/1.7"),
            NameObject("/ExtensionLevel"): NumberObject(1),
        }
        extensions = entry(root, "/Extensions") or DictionaryObject()
        extensions[NameObject("/ESIC")] = DictionaryObject(extension)
        root[NameObject("/Extensions")] = extensions
        writer.update_root()
    for key, contents in zip(_LISTS, (material.certificates, material.crls, material.ocsps), strict=True):
        _add(writer, store, key, contents)
    writer.update_container(store)


def _add(writer: IncrementalPdfFileWriter, store: DictionaryObject, key: str, contents: Iterable[bytes]) -> None:
    listed = list(raw_members(entry(store, key)))
    there = {bytes(entry(store, key)[position].data) for position in range(len(listed))}
    new = [content for content in dict.fromkeys(contents) if content not in there]
    if new:
        flate = {NameObject("/Filter"): NameObject("/FlateDecode")}
        streams = [
            writer.add_object(StreamObject(dict(flate), encoded_data=zlib.compress(content, 9))) for content in new
        ]
        store[NameObject(key)] = ArrayObject([*listed, *streams])
