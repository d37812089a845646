"""SIASN away, throttled, or refusing tokens: nothing is lost, nothing is sent twice, no token is kept or shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.errors import MissingResource
from service.siasn.client import TokensRefused
from service.store import Store
from service.store.siasn import Outcome
from support.siasn import Agency, Simulator, open_agency, states


def test_an_expired_token_stops_the_run_and_a_new_one_goes_on_where_it_stopped(
    store: Store, simulator: Simulator, tmp_path: Path
) -> None:
    agency = open_agency(store, simulator, tmp_path, people=3)
    simulator.goes_wrong("", "expired")
    with pytest.raises(TokensRefused, match="401") as caught:
        agency.send()
    assert "token-of-today" not in f"{caught.value}{caught.value.hint}"
    assert states(agency) == ["accepted", "refused", "not_sent"]
    assert agency.outcomes() == ["accepted"] * 3
    assert simulator.state()["saves"] == 3
    assert all("token-of-today" not in str(tx) for tx in _everything(agency))


def _everything(agency: Agency) -> list[object]:
    with agency.store.reading() as tx:
        sendings = [sending for place in (1, 2, 3) for sending in tx.sendings.of(f"CMB-2025-{place:06d}")]
        return [*sendings, *tx.events.list(limit=100)]


def test_a_body_that_repeats_the_token_is_kept_without_it(agency: Agency) -> None:
    agency.simulator.goes_wrong("html_after_saving")
    agency.send()
    (sending,) = _everything(agency)
    assert "token •••" in str(sending)
    assert "token-of-today" not in str(sending)


def test_an_sso_token_that_expired_is_told_from_other_refusals(agency: Agency) -> None:
    agency.environ["CMB_SIASN_SSO_TOKEN"] = "sso-token-of-yesterday"
    with pytest.raises(TokensRefused, match="expired jwt"):
        agency.send()
    assert states(agency) == ["not_sent"]


def test_a_register_that_is_away_is_left_alone_after_three(store: Store, simulator: Simulator, tmp_path: Path) -> None:
    agency = open_agency(store, simulator, tmp_path, people=3)
    simulator.goes_wrong(ask=("error", "html", "error"))
    with pytest.raises(MissingResource, match="tidak dapat dihubungi"):
        agency.send()
    simulator.goes_wrong("throttled")
    assert agency.outcomes() == ["postponed", "accepted", "accepted"]
    agency.environ["CMB_SIASN_URL"] = "http://127.0.0.1:1/nobody"
    assert agency.outcomes() == ["postponed", "accepted", "accepted"]
    with store.reading() as tx:
        assert [(sending.outcome, sending.status) for sending in tx.sendings.of("CMB-2025-000001")] == [
            (Outcome.REFUSED, 429)
        ]


def test_the_tokens_do_not_follow_a_redirect(agency: Agency) -> None:
    agency.simulator.goes_wrong(ask=("elsewhere",))
    assert agency.outcomes() == ["postponed"]
