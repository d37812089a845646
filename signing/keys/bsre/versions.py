"""Version 2 of the interface: JSON both ways, files in base64, the origin at the top left of the page."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from signing.signers.bsre.replies import object_in
from signing.signers.bsre.request import Signatory, SignedFile, SignRequest
from signing.signers.bsre.secret import Secret
from signing.signers.bsre.wire import Question, Reply


def sign(signatory: Signatory, request: SignRequest) -> Question:
    """One file a call: what several signature properties mean for several files is nowhere written."""
    told: dict[str, Any] = {"nik": signatory.nik.reveal()}
    if signatory.passphrase:
        told["passphrase"] = signatory.passphrase.reveal()
    if signatory.totp:
        told["totp"] = signatory.totp.reveal()
    told["signatureProperties"] = [_properties(request)]
    told["file"] = [base64.b64encode(request.pdf).decode("ascii")]
    return _post("/api/v2/sign/pdf", told)


def signed(reply: Reply) -> SignedFile | None:
    """The file of a good answer; None when there is none in it."""
    files = object_in(reply).get("file")
    if not isinstance(files, list) or len(files) != 1 or not isinstance(files[0], str):
        return None
    try:
        content = base64.b64decode(files[0], validate=True)
    except (binascii.Error, ValueError):
        return None
    return SignedFile(content=content) if b"%PDF-" in content[:1024] else None


def status(nik: Secret) -> Question:
    return _post("/api/v2/user/check/status", {"nik": nik.reveal()})


def totp(nik: Secret, count: int) -> Question:
    return _post("/api/v2/sign/get/totp", {"nik": nik.reveal(), "data": count})


def chain(nik: Secret) -> Question:
    return Question(method="GET", path=f"/api/v2/user/certificate/chain/{quote(nik.reveal(), safe='')}")


def _properties(request: SignRequest) -> Mapping[str, Any]:
    told: dict[str, Any] = {"location": request.location, "reason": request.reason}
    if request.place is None:
        return {"tampilan": "INVISIBLE"} | told
    left, top, width, height = request.place.from_top_left
    return {
        "tampilan": "VISIBLE",
        "imageBase64": base64.b64encode(request.image).decode("ascii"),
        "page": request.place.page,
        "originX": left,
        "originY": top,
        "width": width,
        "height": height,
    } | told


def _post(path: str, told: Mapping[str, Any]) -> Question:
    return Question(method="POST", path=path, body=json.dumps(told).encode("utf-8"))
