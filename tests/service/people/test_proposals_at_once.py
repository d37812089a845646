"""A proposal that two people decide at once, with yes and with no, is decided once and leaves no half behind."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from service.errors import NotGranted
from service.people.enrolment import confirm, decline, propose_certificate
from service.store import Store
from support.office import EKO, NOW, keys, open_office, plain_settings


def test_of_two_who_decide_at_once_one_decides(store: Store, tmp_path: Path) -> None:
    open_office(store, plain_settings(str(tmp_path)))
    with ThreadPoolExecutor(2) as people:
        for place in range(12):
            certificate = keys().authority.person(f"Eko Nugroho {place}", curve=ec.SECP256R1())
            propose_certificate(certificate.pem, EKO, seen_in="gateway", store=store, now=NOW)
            with store.reading() as tx:
                (proposal,) = tx.proposals.open()
            both = Barrier(2)

            def decides(verb: Callable[..., Any], proposal_id: str = proposal.id, both: Barrier = both) -> bool:
                both.wait()
                try:
                    verb(proposal_id, store=store, now=NOW, actor="biro", by=None)
                except NotGranted:
                    return False
                return True

            agreed, refused = people.map(decides, (confirm, decline))
            with store.reading() as tx:
                kept = tx.proposals.get(proposal.id)
                enrolled = tx.signers.find(proposal.fingerprint) is not None
            assert kept is not None
            assert (agreed, refused) in {(True, False), (False, True)}
            assert (kept.state, enrolled) == (("confirmed", True) if agreed else ("declined", False))
