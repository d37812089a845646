"""The circulation as a door sets it up: strangers' bytes are only read in confined children."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.blanks import Request
from service.circulation.drafts import save_draft, start
from service.circulation.intake import Outcome
from service.circulation.returns import return_to_employee
from service.circulation.signing import sign_with_key
from service.circulation.turns import CirculationContext
from service.records import TrustRoot
from service.store import migrate, open_store
from service.wiring import open_circulation_context, upkeep_of
from support.circulating_forms import PASSPHRASE, TYPED
from support.office import CAHYA, DIAH, NOW, keys, open_office, plain_settings, press


def killed(*_words: object) -> Any:
    raise KeyboardInterrupt


def test_the_whole_way_through_confined_children(tmp_path: Path) -> None:
    url, documents = f"sqlite:///{tmp_path / 'cmb.sqlite3'}", str(tmp_path / "documents")
    settings = replace(plain_settings(str(tmp_path)), database_url=url, storage_url=documents)
    migrate(url)
    with open_store(database_url=url, storage_url=documents) as store:
        open_office(store, settings)
        authority = keys().authority
        root = TrustRoot(fingerprint="aa" * 32, use="signing", subject="uji", der=authority.der, added_at=NOW)
        with store.transaction() as tx:
            tx.trust.add(root)
        with open_circulation_context(
            settings, store=store, blank_context=press(), clock=lambda: NOW, randomness=secrets.token_bytes
        ) as context:
            request = Request(kind="coaching", scope="nasional", meeting=1, employee_nip=CAHYA)
            draft = start(request, context=context, actor=CAHYA)
            draft = save_draft(draft.serial, TYPED["coaching"], revision=1, context=context, actor=CAHYA)

            def signs(serial: str, revision: int, nip: str, context: CirculationContext = context) -> Outcome:
                key = keys().people[nip].pkcs12(PASSPHRASE)
                return sign_with_key(
                    serial, revision=revision, key=key, passphrase=PASSPHRASE, context=context, actor=nip
                ).outcome

            assert signs(draft.serial, 2, CAHYA) is Outcome.ADVANCED
            new = return_to_employee(draft.serial, reason="Lengkapi.", revision=3, context=context, actor=DIAH)
            assert new.answers == TYPED["coaching"]
            assert signs(new.serial, 1, CAHYA) is Outcome.ADVANCED
            # Killed while handing in; a worker does it later.
            with pytest.raises(KeyboardInterrupt):
                signs(new.serial, 2, DIAH, replace(context, submit=killed))
        later = NOW + dt.timedelta(hours=1)
        assert upkeep_of(settings, store=store, clock=lambda: later, randomness=secrets.token_bytes).round()
        with store.reading() as tx:
            kept = tx.circulations.get(new.serial)
            submission = tx.submissions.get((kept and kept.submission_id) or "")
    assert submission is not None
    assert submission.status == "verified"
