"""The provider's answers read for what they are: errors come with any status, in JSON, in text, or as neither."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from signing.signers.bsre.errors import GatewayRefused
from signing.signers.bsre.secret import Secret
from signing.signers.bsre.wire import Reply

OK, UNAUTHORIZED, FORBIDDEN, NO_PATH, NO_METHOD = 200, 401, 403, 404, 405
_REDIRECT, _FAILED, _BUSY = 300, 500, 503
_PROXIES = {502, 504}
# `Proses signing gagal : User tidak terdaftar 2011`; a number alone could be a year.
_FAILED_WITH = re.compile(r"\bgagal\b.*\b(\d{4})\W*$", re.IGNORECASE | re.DOTALL)
_LONGEST = 300
_HINTS = {
    2011: "NIK itu belum terdaftar di BSrE; hubungi verifikator BSrE di unit Anda.",
    2021: "NIK itu belum memiliki sertifikat elektronik yang berlaku; hubungi verifikator BSrE di unit Anda.",
    2031: "Ketik ulang passphrase Anda. Setelah beberapa kali salah, BSrE dapat mengunci akun.",
    4014: "Isi NIK 16 angka Anda.",
    4015: "Periksa NIK dan berkas yang dikirim.",
    4044: "Berkas itu sudah tidak ada pada layanan BSrE; setiap berkas hanya dapat diunduh sekali.",
}
_OTHERWISE = "Tidak ada yang ditandatangani. Coba lagi nanti; bila tetap begitu, sampaikan pesan itu kepada Biro SDM."


def object_in(reply: Reply) -> Mapping[str, Any]:
    """The JSON object of an answer; empty when it is anything else."""
    try:
        told = json.loads(reply.content)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def lacks_path(reply: Reply) -> bool:
    """Whether this version of the interface is not there: no word of the provider's, only the web server's."""
    return reply.status in {NO_PATH, NO_METHOD} and "status_code" not in object_in(reply)


def refusal_of(reply: Reply, secrets: tuple[Secret, ...]) -> GatewayRefused | None:
    """The provider's no, word for word, whatever the HTTP status says; None when this is no clear no.

    502 and 504 are a proxy's words: what stands behind it may have gone on to sign.
    """
    told = object_in(reply)
    words = told.get("error") or (told.get("message") if "status_code" in told else None)
    code = _number(told.get("status_code"))
    if isinstance(words, str):
        clear = reply.status not in _PROXIES or code is not None
    else:
        words = None if told else _plain_text(reply)
        found = _FAILED_WITH.search(words or "")
        code = int(found[1]) if found else code
        clear = code is not None or _REDIRECT <= reply.status <= _FAILED or reply.status == _BUSY
    if not clear:
        return None
    if reply.status in {UNAUTHORIZED, FORBIDDEN} and code is None:
        hint = "Nama pengguna atau kata sandi instalasi ini ditolak; pengelola layanan perlu memeriksa [gateway]."
        return GatewayRefused(_shown(words, reply, secrets), None, hint)
    return GatewayRefused(_shown(words, reply, secrets), code, _HINTS.get(code or 0, _OTHERWISE))


def _shown(words: str | None, reply: Reply, secrets: tuple[Secret, ...]) -> str:
    said = words or ""
    for secret in secrets:
        said = secret.hidden_in(said)
    return (" ".join(said.split()) or f"HTTP {reply.status}")[:_LONGEST]


def _plain_text(reply: Reply) -> str | None:
    """Words that are not JSON; a web page or a file is nothing to show."""
    try:
        text = reply.content.decode("utf-8").strip()
    except UnicodeDecodeError:
        return None
    return None if not text or text.startswith(("<", "%PDF", "{", "[")) else text


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else None
