"""Add revocation data and document time stamps to a signed file, by pyHanko's writer."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from asn1crypto import tsp
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper

from signing.demo_authority import IssuedKey
from signing.timestamps import answer_timestamp_request
from support.incremental_updates import ArrayObject, DictionaryObject, NameObject, appended
from support.pki import NOW, Office


class Clock(TimeStamper):
    """pyHanko's client, answered by our responder."""

    def __init__(self, tsa: IssuedKey, at: dt.datetime) -> None:
        super().__init__()
        self._tsa = tsa
        self._at = at

    async def async_request_tsa_response(self, req: Any) -> Any:
        return tsp.TimeStampResp.load(answer_timestamp_request(req.dump(), self._tsa.holder(), self._at))


def with_document_timestamp(
    pdf: bytes, office: Office, *, tsa: IssuedKey | None = None, at: dt.datetime = NOW
) -> bytes:
    """Append a document time stamp over everything so far."""
    return with_document_timestamp_by(pdf, tsa or office.tsa, at)


def with_document_timestamp_by(pdf: bytes, tsa: IssuedKey, at: dt.datetime) -> bytes:
    """Append a document time stamp by this authority."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    return bytes(PdfTimeStamper(Clock(tsa, at)).timestamp_pdf(writer, "sha256", validation_context=None).getvalue())


def with_security_store(
    pdf: bytes,
    *,
    certificates: tuple[bytes, ...] = (),
    crls: tuple[bytes, ...] = (),
    ocsps: tuple[bytes, ...] = (),
    only_for_one: bool = False,
) -> bytes:
    """Append a DSS with this material (ISO 32000-2 12.8.4.3); `only_for_one` lists it in a VRI and nowhere else."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        lists = DictionaryObject()
        for key, contents in (("/Certs", certificates), ("/CRLs", crls), ("/OCSPs", ocsps)):
            streams = [writer.add_object(StreamObject(stream_data=content)) for content in contents]
            if streams:
                lists[NameObject(key[:-1] if only_for_one else key)] = ArrayObject(streams)
        store = lists
        if only_for_one:
            table = DictionaryObject({NameObject("/" + 40 * "A"): lists})
            store = DictionaryObject({NameObject("/VRI"): table})
        writer.root[NameObject("/DSS")] = writer.add_object(store)
        writer.update_root()

    return appended(pdf, change)
