"""The HTTP client of SIASN: look up a person, list their courses, save one course."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import requests
from requests.auth import AuthBase

from service.errors import MissingResource, ServiceError
from service.siasn.settings import Access

# Seconds for connecting and for the answer: saving can take long, and giving up early leaves an unknown outcome.
PATIENCE = (10.0, 60.0)
_LARGEST = 4 * 2**20
_SERVER = 500


class TokensRefused(MissingResource):
    """A token has expired or is wrong: nothing more can be sent in this run."""


class UnclearAnswer(ServiceError):
    """SIASN gave no usable answer; what depends on it has to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredCourse:
    """One course SIASN has of a person."""

    id: str
    number: str


class SiasnClient:
    """A connection to SIASN; a context manager. It never repeats a request by itself."""

    def __init__(self, access: Access, *, patience: tuple[float, float] = PATIENCE) -> None:
        self._access = access
        self._patience = patience
        self._session = requests.Session()
        self._session.auth = _Tokens(access)

    def person(self, nip: str) -> str | None:
        """Return SIASN's id of a person, None for an unknown NIP. Raises UnclearAnswer or TokensRefused."""
        reply = self._ask(f"/pns/data-utama/{nip}")
        data = reply.body.get("data") if isinstance(reply.body, Mapping) else None
        if isinstance(data, Mapping) and data.get("id"):
            return str(data["id"])
        if is_empty_answer(reply, data):
            return None
        raise UnclearAnswer(f"SIASN tidak menjawab dengan jelas untuk NIP {nip}. {reply.message}".strip())

    def courses(self, nip: str) -> tuple[RegisteredCourse, ...]:
        """Return the courses SIASN has of a person. Raises UnclearAnswer when that is not certain, or TokensRefused."""
        reply = self._ask(f"/pns/rw-kursus/{nip}")
        data = reply.body.get("data") if isinstance(reply.body, Mapping) else None
        if isinstance(data, list) and all(isinstance(course, Mapping) for course in data):
            return tuple(RegisteredCourse(id=str(course.get("id") or ""), number=_number(course)) for course in data)
        if is_empty_answer(reply, data):
            return ()
        raise UnclearAnswer(f"Riwayat kursus NIP {nip} di SIASN tidak terbaca. {reply.message}".strip())

    def save(self, request: Mapping[str, Any]) -> Reply:
        """Send one course, exactly once, and return the reply, whatever it is."""
        return self._exchange("POST", "/kursus/save", request)

    def _ask(self, path: str) -> Reply:
        reply = self._exchange("GET", path, None)
        if reply.tokens_refused:
            raise tokens_refused(reply)
        if reply.status is None or reply.status >= _SERVER or reply.too_many or not reply.is_json:
            state = f"HTTP {reply.status}" if reply.status else "tanpa jawaban"
            raise UnclearAnswer(f"SIASN sedang tidak dapat ditanya ({state}). {reply.message}".strip())
        return reply

    def _exchange(self, method: str, path: str, body: Mapping[str, Any] | None) -> Reply:
        try:
            with self._session.request(
                method,
                self._access.url + path,
                json=body,
                timeout=self._patience,
                stream=True,
                allow_redirects=False,  # the tokens go to this address and no other
                headers={"Accept": "application/json"},
            ) as answer:
                content = answer.raw.read(_LARGEST + 1, decode_content=True)
                return self._reply(answer.status_code, content)
        except requests.ConnectTimeout as error:
            return self._no_reply(error, connected=False)
        except (requests.RequestException, OSError, ValueError) as error:
            return self._no_reply(error, connected=not _never_connected(error))
        except Exception as error:
            # urllib3 raises its own errors while a body is read.
            if type(error).__module__.partition(".")[0] != "urllib3":
                raise
            return self._no_reply(error, connected=True)

    def _reply(self, status: int, content: bytes) -> Reply:
        text = self._access.scrubbed(content.decode("utf-8", "replace"))
        try:
            # Serialised again before scrubbing: an escaped slash would have hidden a token.
            unescaped = json.dumps(json.loads(text), ensure_ascii=False)
            return Reply(status=status, body=json.loads(self._access.scrubbed(unescaped)), is_json=True)
        except ValueError:
            return Reply(status=status, body={"text": text[:SHOWN]})

    def _no_reply(self, error: Exception, *, connected: bool) -> Reply:
        body = {"text": self._access.scrubbed(f"{type(error).__name__}: {error}")[:SHOWN]}
        return Reply(status=None, body=body, connected=connected)

    def __enter__(self) -> Self:
        """Use it as a context."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the connection go."""
        self._session.close()


def tokens_refused(reply: Reply) -> TokensRefused:
    return TokensRefused(
        f"SIASN menolak token (HTTP {reply.status}). {reply.message}".strip(),
        "Perbarui kedua token, lalu jalankan lagi; yang sudah diterima SIASN tidak dikirim ulang.",
    )


class _Tokens(AuthBase):
    """Sets both tokens as headers; as an auth object, so that a stray .netrc cannot replace them."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._access.gateway.value}"
        request.headers["Auth"] = f"bearer {self._access.sso.value}"
        return request


def _number(course: Mapping[str, Any]) -> str:
    """Return the number under the list's name (`noSertipikat`) or the request's."""
    return str(course.get("noSertipikat") or course.get("nomorSertipikat") or "").strip()


def _never_connected(error: BaseException) -> bool:
    from urllib3.exceptions import NewConnectionError

    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, NewConnectionError) or isinstance(getattr(seen, "reason", None), NewConnectionError):
            return True
        first = seen.args[0] if seen.args else None
        if isinstance(getattr(first, "reason", None), NewConnectionError):
            return True
        seen = seen.__cause__
    return False


# --- The reply

# So many characters of its message are kept and shown.
SHOWN = 500
_FINE, _MOVED, _UNAUTHORISED, _NOT_FOUND, _TIMED_OUT, _TOO_MANY, _SERVER_ERROR = 200, 300, 401, 404, 408, 429, 500
_STALE = re.compile(
    r"(expired|invalid|kedaluwarsa|kadaluarsa).{0,40}(jwt|token)|(jwt|token).{0,40}(expired|invalid)", re.IGNORECASE
)
_NOTHING = re.compile(r"tidak (ada|ditemukan)|not found", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One reply. `status` None: none came; `connected` False: nothing was sent. `body` is JSON, tokens removed."""

    status: int | None
    body: Any
    is_json: bool = False
    connected: bool = True

    @property
    def tokens_refused(self) -> bool:
        return self.status == _UNAUTHORISED or (not self.is_accepted and bool(_STALE.search(self.message)))

    @property
    def is_accepted(self) -> bool:
        return self._is_success and self.body.get("success") is True

    @property
    def is_refused(self) -> bool:
        """Tell whether it refused explicitly, so that nothing was saved; a server error or time-out does not."""
        if self._is_success:
            return self.body.get("success") is False
        return self.status is not None and _MOVED <= self.status < _SERVER_ERROR and self.status != _TIMED_OUT

    @property
    def message(self) -> str:
        """Return its message, shortened; empty when nothing readable came."""
        if isinstance(self.body, Mapping):
            fault = self.body.get("fault")
            message = self.body.get("message") or (fault.get("message") if isinstance(fault, Mapping) else None)
            return str(message or self.body.get("text") or "")[:SHOWN]
        return ""

    @property
    def _is_success(self) -> bool:
        within = self.status is not None and _FINE <= self.status < _MOVED
        return within and self.is_json and isinstance(self.body, Mapping)

    @property
    def too_many(self) -> bool:
        return self.status == _TOO_MANY


def is_empty_answer(reply: Reply, data: Any) -> bool:
    """Tell whether it says that there is nothing, in one of the ways observed: no rows, null, or a sentence."""
    message = f"{data if isinstance(data, str) else ''} {reply.message}"
    return reply.status == _NOT_FOUND or data == [] or bool(_NOTHING.search(message))
