"""Circulating forms of the sample office: real forms, keys and proofs, in this process."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.blanks import Request
from service.circulation.drafts import preview, save_draft, start
from service.circulation.intake import IntakeResult, accept_signed_file
from service.circulation.signing import raw_answers, sign_with_key, signed_with
from service.circulation.turns import CirculationContext, KeyOrder
from service.identifiers import submission_id
from service.sandbox.limits import GaveUp
from service.store.circulations import Circulation
from service.submissions.intake import ingest_proved, submission_json
from service.verification.result import ProofPayload, payload_of
from support.external_signatures import sign_elsewhere
from support.office import ANSWERS, CAHYA, HERI, NOW, RECENT, ZONE, Office, keys, press

PASSPHRASE = b"kata sandi contoh"
# The service signs at its own clock: soon after the activity.
_RECENT = ANSWERS | RECENT
TYPED = {
    "coaching": _RECENT,
    "mentoring": _RECENT,
    "belajar_mandiri": _RECENT | {"sumber_pembelajaran": "Buku Manajemen ASN"},
}


@dataclass(slots=True)
class CirculatingForms:
    """The office with a clock that can be moved; `proofs` counts how often a file was proved."""

    office: Office
    now: dt.datetime = NOW
    proofs: int = 0
    handed_in: list[str] = field(default_factory=list)

    @property
    def context(self) -> CirculationContext:
        return CirculationContext(
            store=self.office.store,
            blank_context=press(),
            zone=ZONE,
            clock=lambda: self.now,
            randomness=secrets.token_bytes,
            prove=self._prove,
            submit=self._submit,
            read=raw_answers,
            sign=_sign,
        )

    def begun(self, kind: str = "coaching", *, mentor: str | None = None, **answers: str) -> Circulation:
        """Return a complete draft of Cahya; the mentor is Heri by default."""
        mentor = mentor or (HERI if kind == "mentoring" else None)
        request = Request(kind=kind, scope="nasional", meeting=1, employee_nip=CAHYA, pembimbing_nip=mentor)
        draft = start(request, context=self.context, actor=CAHYA)
        typed = TYPED[kind] | answers
        return save_draft(draft.serial, typed, revision=draft.revision, context=self.context, actor=CAHYA)

    def kept(self, serial: str) -> Circulation:
        with self.office.store.reading() as tx:
            circulation = tx.circulations.get(serial)
        assert circulation is not None
        return circulation

    def content(self, serial: str) -> bytes:
        return self.office.store.document(self.kept(serial).digest)

    def signs(self, serial: str, nip: str, *, key_of: str | None = None) -> IntakeResult:
        """Sign in the service with a key file."""
        return sign_with_key(
            serial,
            revision=self.kept(serial).revision,
            key=keys().people[key_of or nip].pkcs12(PASSPHRASE),
            passphrase=PASSPHRASE,
            context=self.context,
            actor=nip,
        )

    def signed_elsewhere(self, serial: str, *nips: str, own_field: bool = False, at: dt.datetime = NOW) -> bytes:
        """Return the newest bytes, signed by these people in their own application."""
        circulation = self.kept(serial)
        content = (
            self.content(serial) if circulation.signed else preview(serial, circulation.answers, context=self.context)
        )
        for nip in nips:
            content = sign_elsewhere(content, nip, own_field=own_field, at=at)
        return content

    def hands_in(self, content: bytes, nip: str, **options: Any) -> IntakeResult:
        return accept_signed_file(content, "formulir.pdf", context=self.context, actor=nip, **options)

    def actions(self, serial: str) -> list[str]:
        """Return the actions logged for a form, oldest first."""
        with self.office.store.reading() as tx:
            return [event.action for event in reversed(tx.events.list(serial))]

    def told(self, nip: str) -> list[str]:
        """Return the kinds of the messages this person received."""
        with self.office.store.reading() as tx:
            return [notification.kind for notification in tx.notifications.of(nip, 20)]

    def _prove(self, content: bytes, _file_name: str) -> ProofPayload:
        self.proofs += 1
        return payload_of(self.office.prove(content))

    def _submit(self, content: bytes, file_name: str, actor: str, proof: ProofPayload | GaveUp) -> Mapping[str, Any]:
        assert isinstance(proof, ProofPayload)
        submission = ingest_proved(
            content,
            file_name,
            proof,
            store=self.office.store,
            now=self.now,
            zone=ZONE,
            actor=actor,
            new_id=lambda: submission_id(secrets.token_bytes),
        )
        self.handed_in.append(submission.id)
        return submission_json(submission, file_name)


def _sign(order: KeyOrder) -> tuple[bytes, tuple[str, ...]]:
    return signed_with(order, None)
