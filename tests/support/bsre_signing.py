"""Sign as the simulated gateway: in a field of its own, with the picture it was sent, appended to the file."""

from __future__ import annotations

import datetime as dt
import io
import time

from PIL import Image
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from signing.cms import sign_detached
from signing.fields import SlotPlace, Target, new_target, open_for_signing
from signing.keys import KeyHolder
from signing.timestamps import LocalTimestamper

Box = tuple[float, float, float, float]


def sign_as_the_gateway(
    pdf: bytes,
    holder: KeyHolder,
    tsa: KeyHolder,
    *,
    at: dt.datetime,
    page: int,
    box: Box | None,
    image: bytes,
    reason: str,
) -> bytes:
    """Return the signed file; the field is named `sig_` and the current milliseconds. A reader's error for no PDF."""
    name = f"sig_{time.time_ns() // 1_000_000}"
    writer = open_for_signing(pdf)
    place = SlotPlace(name=name, page=page - 1, box=box, locks=(), label=name) if box else None
    target = new_target(writer, place, at)
    if box:
        _draw(writer, target, box, image)
    dictionary = SignatureObject(
        timestamp=at, subfilter=SigSeedSubFilter.PADES, reason=reason or None, bytes_reserved=32768
    )
    target.fill(dictionary, certify=False)
    filling = dictionary.fill(writer, "sha256", output=io.BytesIO())
    prepared, output = next(filling)
    clock = LocalTimestamper(holder=tsa, clock=lambda: at)
    value = sign_detached(
        prepared.document_digest,
        holder=holder,
        algorithm="sha256",
        stamp=lambda digest: clock.stamp(digest, "sha256"),
    )
    filling.send(value)
    return bytes(output.getvalue())


def _draw(writer: IncrementalPdfFileWriter, target: Target, box: Box, image: bytes) -> None:
    with Image.open(io.BytesIO(image)) as opened:
        picture = opened.convert("RGB")
    entries = {
        "/Type": NameObject("/XObject"),
        "/Subtype": NameObject("/Image"),
        "/Width": NumberObject(picture.width),
        "/Height": NumberObject(picture.height),
        "/ColorSpace": NameObject("/DeviceRGB"),
        "/BitsPerComponent": NumberObject(8),
    }
    stream = StreamObject({NameObject(key): value for key, value in entries.items()}, stream_data=picture.tobytes())
    stream.compress()
    width, height = box[2] - box[0], box[3] - box[1]
    images = DictionaryObject({NameObject("/Im"): writer.add_object(stream)})
    form = StreamObject(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(FloatObject(number) for number in (0, 0, width, height)),
            NameObject("/Resources"): DictionaryObject({NameObject("/XObject"): images}),
        },
        stream_data=b"q %g 0 0 %g 0 0 cm /Im Do Q" % (width, height),
    )
    target.widget[NameObject("/AP")] = DictionaryObject({NameObject("/N"): writer.add_object(form)})
