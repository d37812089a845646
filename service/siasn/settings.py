"""The settings of SIASN: its address, the codes the agency chose, and the two tokens."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from service.config import FILE_NAME, read_table
from service.errors import BadInput, MissingResource

_YEAR = "{tahun}"
# SIASN has no value of its own for coaching, mentoring and self-study: the agency has to choose among its lists.
CODES = {
    "instansi_id": "instansiId",
    "jenis_diklat_id": "jenisDiklatId",
    "jenis_kursus": "jenisKursus",
    "jenis_kursus_sertipikat": "jenisKursusSertipikat",
    "lokasi_id": "lokasiId",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What all courses have in common: the `fixed` codes by SIASN's names, the organiser, the course's name."""

    fixed: Mapping[str, str]
    organiser: str
    course: str

    def course_name(self, year: int) -> str:
        return self.course.replace(_YEAR, str(year))


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """SIASN's address and the two tokens, which are never stored and do not show when this is printed."""

    url: str
    gateway: _Secret
    sso: _Secret

    def scrubbed(self, text: str) -> str:
        """Return the text without the tokens, should SIASN repeat them."""
        for secret in (self.gateway, self.sso):
            text = text.replace(secret.value, "•••")
        return text


@dataclass(frozen=True, slots=True, repr=False)
class _Secret:
    value: str


def read_codes(home: Path) -> Codes:
    """Return the codes of `[siasn]` in the settings; MissingResource naming every one that is not chosen."""
    table = read_table(home, "siasn")
    missing = [name for name in CODES if not str(table.get(name) or "").strip()]
    if missing:
        raise MissingResource("siasn_codes_missing", missing=missing, file=FILE_NAME)
    return Codes(
        fixed={theirs: str(table[ours]).strip() for ours, theirs in CODES.items()},
        organiser=str(table.get("penyelenggara") or "Badan Kepegawaian Negara").strip(),
        course=str(table.get("nama_kursus") or f"Coaching, Mentoring, dan Belajar Mandiri Tahun {_YEAR}").strip(),
    )


def read_access(home: Path, environ: Mapping[str, str]) -> Access:
    """Return address and tokens, from the environment or the files named in the settings.

    BadInput for an address that would show the tokens to the network, MissingResource when a token is not there.
    """
    table = read_table(home, "siasn")
    url = str(environ.get("CMB_SIASN_URL") or table.get("url") or "").rstrip("/")
    parts = urlsplit(url)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))):
        raise BadInput("siasn_address_unusable", url=url, file=FILE_NAME)
    return Access(
        url=url,
        gateway=_token("CMB_SIASN_TOKEN", "token_file", table, home, environ),
        sso=_token("CMB_SIASN_SSO_TOKEN", "token_sso_file", table, home, environ),
    )


def _token(variable: str, name: str, table: Mapping[str, object], home: Path, environ: Mapping[str, str]) -> _Secret:
    text = environ.get(variable, "")
    place = str(table.get(name) or "")
    if not text and place:
        with suppress(OSError):  # an unreadable file counts as missing; its path must not show on a page
            text = (home / place).read_text(encoding="ascii", errors="replace")
    words = text.split()
    # People paste the whole header.
    if words and words[0].lower() == "bearer":
        words.pop(0)
    if len(words) != 1 or not words[0].isascii():
        raise MissingResource("siasn_token_missing", name=name, variable=variable, file=FILE_NAME)
    return _Secret(words[0])


def _is_loopback(host: str) -> bool:
    """Tell whether the host is this machine, which needs no TLS (the simulator, a tunnel)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
