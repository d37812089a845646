"""Version 1 of the interface: a multipart form, the PDF itself as the answer, the origin at the lower left."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import quote

from signing.signers.bsre.request import Signatory, SignedFile, SignRequest
from signing.signers.bsre.secret import Secret
from signing.signers.bsre.wire import Question, Reply


def sign(signatory: Signatory, request: SignRequest) -> Question:
    """The passphrase way; this version knows no one-time codes."""
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
    return _form("/api/sign/pdf", fields, files)


def signed(reply: Reply) -> SignedFile | None:
    """The file of a good answer; None when it is anything else."""
    if b"%PDF-" not in reply.content[:1024]:
        return None
    return SignedFile(content=reply.content, document_id=reply.document_id)


def download(document_id: str) -> Question:
    """The copy kept under that number; given out once."""
    return Question(method="GET", path=f"/api/sign/download/{quote(document_id, safe='')}")


def status(nik: Secret) -> Question:
    return Question(method="GET", path=f"/api/user/status/{quote(nik.reveal(), safe='')}")


def _form(path: str, fields: Mapping[str, str], files: Mapping[str, tuple[str, str, bytes]]) -> Question:
    """RFC 7578; names and file names are ours and need no escaping, values are bytes between random boundaries."""
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
    return Question(method="POST", path=path, body=b"".join(parts), media_type=media_type)
