"""The gateway at a door: set up by the settings, reading in confined children, asked for codes and certificates."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from service.circulation.signing import GatewayRequest, sign_through_gateway
from service.config import GatewaySettings
from service.errors import BadInput
from service.gateway.signing import propose_own_certificate, request_code
from service.records import TrustRoot
from service.sandbox.pool import PRELOADED_MODULES, start_forkserver
from service.wiring import open_gateway_context
from signing.certificates import read_certificate
from signing.keys.bsre import GatewayRefused, Secret, Signatory
from support.bsre import NIKS, PASSWORD, signatory
from support.gateway_office import GatewayForms
from support.office import CAHYA, EKO, NOW, keys


def test_a_form_is_signed_with_everything_read_in_confined_children(remote: GatewayForms, tmp_path: Path) -> None:
    start_forkserver((*PRELOADED_MODULES, "service.gateway.signing", "service.gateway.calls"))
    office = remote.office
    root = read_certificate(keys().authority.der)
    with office.store.transaction() as tx:
        for use in ("signing", "timestamping"):
            tx.trust.add(
                TrustRoot(fingerprint=root.fingerprint, use=use, subject=root.subject, der=root.der, added_at=NOW)
            )
    (tmp_path / "sandi").write_text(PASSWORD, encoding="utf-8")
    (tmp_path / "sandi").chmod(0o600)
    told = GatewaySettings(url=remote.simulated.url, user="esign", password_file=tmp_path / "sandi", version="auto")
    gateway_context = open_gateway_context(
        replace(office.settings, gateway=told), store=office.store, clock=lambda: NOW, randomness=secrets.token_bytes
    )
    draft = remote.rounds.begun()
    wanted = GatewayRequest(choices=[(draft.serial, draft.revision)], signatory=signatory(CAHYA))
    (done,) = sign_through_gateway(wanted, context=remote.rounds.context, gateway_context=gateway_context, actor=CAHYA)
    assert done.taken is not None, done.problem
    assert done.taken.moved


def test_one_code_signs_the_forms_it_was_asked_for(remote: GatewayForms) -> None:
    forms = [remote.rounds.begun(waktu_mulai=f"{hour}.00", waktu_selesai=f"{hour}.50").serial for hour in (10, 12, 14)]
    nik = Secret(NIKS[CAHYA])
    request_code(nik, 2, gateway_context=remote.gateway_context)
    person = Signatory(nik=nik, totp=Secret(remote.simulated.codes()[-1]))
    done = remote.signs(CAHYA, *forms, signatory=person)
    assert [result.taken is not None for result in done] == [True, True, False]
    assert done[2].problem is not None
    assert "TOTP" in done[2].problem.message
    with pytest.raises(BadInput):
        request_code(nik, 0, gateway_context=remote.gateway_context)


def test_a_certificate_the_gateway_keeps_is_proposed_as_the_person_s(remote: GatewayForms) -> None:
    fingerprint = propose_own_certificate(Secret(NIKS[EKO]), EKO, gateway_context=remote.gateway_context)
    assert fingerprint == read_certificate(keys().people[EKO].der).fingerprint
    with remote.office.store.reading() as tx:
        (proposal,) = tx.proposals.open()
    assert (proposal.nip, proposal.fingerprint, proposal.likeness) == (EKO, fingerprint, 1)
    with pytest.raises(GatewayRefused, match="tidak terdaftar"):
        propose_own_certificate(Secret("3201010101010999"), EKO, gateway_context=remote.gateway_context)
