"""Requests and replies of both versions of the interface."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from signing.keys.bsre.http import GatewayReply, GatewayRequest, object_in
from signing.keys.bsre.request import Secret, Signatory, SignedFile, SignRequest

# --- Version 2: JSON both ways, files in base64, the origin at the top left of the page


def sign_v2(signatory: Signatory, request: SignRequest) -> GatewayRequest:
    """Ask to sign one file: what several signature properties mean for several files is not documented."""
    payload: dict[str, Any] = {"nik": signatory.nik.reveal()}
    if signatory.passphrase:
        payload["passphrase"] = signatory.passphrase.reveal()
    if signatory.totp:
        payload["totp"] = signatory.totp.reveal()
    payload["signatureProperties"] = [_properties(request)]
    payload["file"] = [base64.b64encode(request.pdf).decode("ascii")]
    return _post("/api/v2/sign/pdf", payload)


def signed_v2(reply: GatewayReply) -> SignedFile | None:
    """Return the signed file in a reply; None when there is none."""
    files = object_in(reply).get("file")
    if not isinstance(files, list) or len(files) != 1 or not isinstance(files[0], str):
        return None
    try:
        content = base64.b64decode(files[0], validate=True)
    except (binascii.Error, ValueError):
        return None
    return SignedFile(content=content) if b"%PDF-" in content[:1024] else None


def status_v2(nik: Secret) -> GatewayRequest:
    return _post("/api/v2/user/check/status", {"nik": nik.reveal()})


def totp_v2(nik: Secret, count: int) -> GatewayRequest:
    return _post("/api/v2/sign/get/totp", {"nik": nik.reveal(), "data": count})


def chain_v2(nik: Secret) -> GatewayRequest:
    return GatewayRequest(method="GET", path=f"/api/v2/user/certificate/chain/{quote(nik.reveal(), safe='')}")


def _properties(request: SignRequest) -> Mapping[str, Any]:
    properties: dict[str, Any] = {"location": request.location, "reason": request.reason}
    if request.place is None:
        return {"tampilan": "INVISIBLE"} | properties
    left, top, width, height = request.place.from_top_left
    return {
        "tampilan": "VISIBLE",
        "imageBase64": base64.b64encode(request.image).decode("ascii"),
        "page": request.place.page,
        "originX": left,
        "originY": top,
        "width": width,
        "height": height,
    } | properties


def _post(path: str, payload: Mapping[str, Any]) -> GatewayRequest:
    return GatewayRequest(method="POST", path=path, body=json.dumps(payload).encode("utf-8"))


# --- Version 1: a multipart form, the PDF itself as the reply, the origin at the lower left of the page


def sign_v1(signatory: Signatory, request: SignRequest) -> GatewayRequest:
    """Ask to sign one file with a passphrase; this version has no one-time codes."""
    fields = {"nik": signatory.nik.reveal(), "reason": request.reason, "location": request.location}
    fields["passphrase"] = signatory.passphrase.reveal() if signatory.passphrase else ""
    files = {"file": ("formulir.pdf", "application/pdf", request.pdf)}
    if request.place is None:
        fields["tampilan"] = "invisible"
    else:
        left, bottom, width, height = request.place.from_lower_left
        fields |= {"tampilan": "visible", "image": "true", "page": str(request.place.page)}
        fields |= {"xAxis": str(left), "yAxis": str(bottom), "width": str(width), "height": str(height)}
        files["imageTTD"] = ("cap.png", "image/png", request.image)
    return _multipart_form("/api/sign/pdf", fields, files)


def signed_v1(reply: GatewayReply) -> SignedFile | None:
    """Return the signed file in a reply; None when it is anything else."""
    if b"%PDF-" not in reply.content[:1024]:
        return None
    return SignedFile(content=reply.content, document_id=reply.document_id)


def download_v1(document_id: str) -> GatewayRequest:
    """Ask for the copy kept under this number; the gateway gives it out once."""
    return GatewayRequest(method="GET", path=f"/api/sign/download/{quote(document_id, safe='')}")


def status_v1(nik: Secret) -> GatewayRequest:
    return GatewayRequest(method="GET", path=f"/api/user/status/{quote(nik.reveal(), safe='')}")


def _multipart_form(
    path: str, fields: Mapping[str, str], files: Mapping[str, tuple[str, str, bytes]]
) -> GatewayRequest:
    """Return a form as RFC 7578: our own names need no escaping, values are bytes between random boundaries."""
    boundary = secrets.token_hex(24)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, (file_name, media_type, content) in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts.append(f"{head}Content-Type: {media_type}\r\n\r\n".encode() + content + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    media_type = f"multipart/form-data; boundary={boundary}"
    return GatewayRequest(method="POST", path=path, body=b"".join(parts), media_type=media_type)
