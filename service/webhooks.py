"""Webhooks: events posted to programs, signed so that they can tell it is us and that it is not an old one repeated.

The signature is HMAC-SHA256, with the address's secret, over the time stamp, a full stop and the body. The secret is
derived from the installation's own key and the webhook's id: it is shown when asked for and kept nowhere.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import http.client
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from service.access import Act, Kind, Subject, Viewer, may
from service.access_lookup import in_office, viewer_of
from service.accounts.secrets import own_key
from service.config import LOOPBACK, Settings, local_day
from service.errors import BadInput
from service.notifications.messages import EVENTS
from service.store import Store
from service.store.notifications import Delivery, Webhook
from signing.revocation.fetch import reached

# After so many minutes it is tried again: for a day and a half, then given up.
_AGAIN = (1, 5, 30, 120, 360, 720, 1440)
_LEASE = dt.timedelta(minutes=5)
_AT_ONCE, _PORTION, _SECONDS = 4, 20, 10.0
_OK, _NOT_OK = 200, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Who delivers: the open store, the settings, the clock."""

    store: Store
    settings: Settings
    clock: Callable[[], dt.datetime]

    def deliver_due(self) -> bool:
        """One round of what is due, each within ten seconds; whether there was anything."""
        now = self.clock()
        with self.store.transaction() as tx:
            due = tx.webhooks.take_due(now, _PORTION, now + _LEASE)
        with ThreadPoolExecutor(_AT_ONCE) as front:
            list(front.map(lambda each: self._deliver(*each), due))
        return bool(due)

    def _deliver(self, webhook: Webhook, delivery: Delivery) -> None:
        allowed = self._still_hears(webhook)
        answer = self._post(webhook, delivery) if allowed else "account_not_allowed"
        now = self.clock()
        with self.store.transaction() as tx:
            if answer.isdecimal() and _OK <= int(answer) < _NOT_OK:
                tx.webhooks.mark_delivered(delivery.id, now, answer)
            else:
                again = again_at(delivery.attempts, now) if allowed else None
                tx.webhooks.mark_not_delivered(delivery.id, answer, again)

    def _still_hears(self, webhook: Webhook) -> bool:
        """Whether its account is open and may hear: roles end, and what was asked for with them ends too."""
        with self.store.reading() as tx:
            account = tx.accounts.get(webhook.account_id)
            today = local_day(self.clock(), self.settings)
            employee = in_office(tx, account.nip, today) if account and account.nip else None
        return bool(account and account.active and employee and may_hear(viewer_of(employee)))

    def _post(self, webhook: Webhook, delivery: Delivery) -> str:
        """The status that came back, or a word for why none did. Redirects are not followed."""
        body = json.dumps(delivery.body, ensure_ascii=False, separators=(",", ":")).encode()
        stamp = str(int(self.clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "cmb-webhook/1",
            "Connection": "close",
            "X-CMB-Event": delivery.event,
            "X-CMB-Delivery": str(delivery.id),
            "X-CMB-Timestamp": stamp,
            "X-CMB-Signature": signature(secret_of(self.settings, webhook.id), stamp, body),
        }
        try:
            require_address(webhook.url, self.settings)
            with reached(webhook.url, hosts=_anywhere(self.settings), seconds=_SECONDS) as there:
                if there is None:
                    return "address_not_allowed"
                try:
                    there.connection.request("POST", there.target, body=body, headers=headers)
                    return str(there.connection.getresponse().status)
                except (OSError, http.client.HTTPException):
                    if there.late.is_set():
                        return "timeout"
                    raise
        except BadInput:
            return "address_not_allowed"
        except TimeoutError:
            return "timeout"
        except (OSError, http.client.HTTPException, ValueError) as error:
            return type(error).__name__


def may_hear(viewer: Viewer) -> bool:
    """An event may be about anybody: only whoever may see everybody's papers hears it."""
    return all(may(viewer, Act.SEE, Subject(kind=kind)) for kind in (Kind.SUBMISSION, Kind.CERTIFICATE))


def require_address(url: str, settings: Settings) -> None:
    """BadInput for an address nothing is sent to: https only, but within the machine of a sample office."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:  # brackets that do not close, a port that is no number
        parts, host = urlsplit(""), ""
    near = settings.sample and parts.scheme == "http" and host in LOOPBACK
    if not near and (parts.scheme != "https" or not host or "@" in parts.netloc):
        raise BadInput(f"Alamat webhook “{url}” tidak dapat dipakai.", "Pakai alamat https tanpa nama pengguna.")


def require_events(events: tuple[str, ...]) -> None:
    """BadInput for an event there is not, or none at all."""
    unknown = [each for each in events if each not in EVENTS]
    if unknown or not events:
        raise BadInput(f"Peristiwa tidak dikenal: {', '.join(unknown) or '-'}.", f"Yang ada: {', '.join(EVENTS)}.")


def secret_of(settings: Settings, webhook_id: str) -> str:
    """What the address's owner checks signatures with."""
    derived = own_key(settings, f"webhook:{webhook_id}")
    return "whsec_" + base64.urlsafe_b64encode(derived).decode().rstrip("=")


def signature(secret: str, stamp: str, body: bytes) -> str:
    """The value of `X-CMB-Signature`."""
    return "sha256=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def again_at(attempts: int, now: dt.datetime) -> dt.datetime | None:
    """When to try again after so many earlier attempts; None: no more."""
    return now + dt.timedelta(minutes=_AGAIN[attempts]) if attempts < len(_AGAIN) else None


def _anywhere(settings: Settings) -> frozenset[str]:
    """Hosts that may be at a private address."""
    return settings.webhook_hosts | (LOOPBACK if settings.sample else frozenset())
