"""A worker looks after signatures whose answer was lost: it fetches the copy that version 1 keeps, and never signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from service.circulation.drafts import save_draft
from service.circulation.maintenance import Recovery
from service.circulation.turns import CirculationContext
from service.gateway.calls import GatewayContext
from service.gateway.recovery import ATTEMPTS_AFTER
from service.store.circulations import State
from support.bsre import SimulatedGateway, simulated
from support.circulating_forms import CirculatingForms
from support.gateway_office import GatewayForms
from support.office import CAHYA, DIAH, EKO, Office

MINUTE = dt.timedelta(minutes=1)
AT = [delay // MINUTE for delay in ATTEMPTS_AFTER]  # minutes after the call


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedGateway]:
    with simulated(tmp_path_factory.mktemp("bsre"), ("v1",)) as running:
        yield running


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A form that was sent for signature, and a worker with a clock."""

    remote: GatewayForms
    serial: str

    def at(self, minutes: int, *, workers: int = 1) -> bool:
        """So long after the call that many workers make a round, each just started; whether there was anything."""
        self.remote.later = minutes * MINUTE
        self.remote.rounds.now = self.remote.office.moment.now + self.remote.later
        found = [self._worker().round() for _ in range(workers)]
        return any(found)

    def asked(self) -> int:
        return sum("/sign/download" in path for path in self.remote.simulated.asked())

    def _worker(self) -> Recovery:
        remote = self.remote

        @contextmanager
        def opened() -> Iterator[tuple[CirculationContext, GatewayContext]]:
            yield remote.rounds.context, remote.gateway_context

        return Recovery(store=remote.office.store, clock=lambda: remote.rounds.now, opened=opened)


@pytest.fixture
def watch(office: Office, old: SimulatedGateway) -> Watch:
    old.mood("")
    remote = GatewayForms(rounds=CirculatingForms(office=office), simulated=old, version="v1")
    return Watch(remote=remote, serial=remote.rounds.begun().serial)


def lose(watch: Watch, *downloads: str) -> int:
    """Cahya signs, and the answer is cut, as are these answers to asking for the copy; how many sign calls went out."""
    watch.remote.simulated.mood("; ".join(("cut after signing", *downloads)))
    (lost,) = watch.remote.signs(CAHYA, watch.serial)
    assert lost.problem is not None
    assert "belum diketahui" in lost.problem.message
    return watch.remote.simulated.sign_calls()


def test_what_the_gateway_kept_is_fetched_after_a_while_the_form_goes_on_and_its_signer_hears_of_it(
    watch: Watch,
) -> None:
    before = lose(watch, "copy away")
    assert not watch.at(AT[0] - 1)
    assert watch.remote.calls(watch.serial) == [("pegawai", "unknown")]
    assert watch.at(AT[0])
    assert watch.remote.calls(watch.serial) == [("pegawai", "settled")]
    kept = watch.remote.rounds.kept(watch.serial)
    assert (kept.state, kept.awaits_nip, kept.signed) == (State.AWAITING, DIAH, ("pegawai",))
    assert watch.remote.rounds.told(CAHYA) == ["signature_found"]
    assert watch.remote.rounds.told(DIAH) == ["waiting"]
    assert not watch.at(AT[-1])
    assert watch.remote.simulated.sign_calls() == before


def test_a_file_that_is_found_and_whose_signer_nobody_knows_waits_for_its_enrolment(watch: Watch) -> None:
    remote = watch.remote
    serial = remote.rounds.begun("mentoring", mentor=EKO).serial
    remote.rounds.signs(serial, CAHYA)
    remote.simulated.mood("cut after signing; copy away")
    remote.signs(EKO, serial)
    assert watch.at(AT[0])
    assert remote.rounds.kept(serial).unsettled_digest == remote.kept(serial)[0].digest_after
    assert remote.rounds.told(EKO) == ["signature_found", "waiting"]
    assert not watch.at(AT[-1])


def test_a_gateway_that_stays_away_is_asked_a_few_times_by_all_workers_together_and_then_the_signer_is_told(
    watch: Watch,
) -> None:
    before = lose(watch, *["copy away"] * 20)
    asked = watch.asked()
    for minutes in AT:
        assert watch.at(minutes, workers=3)
        assert not watch.at(minutes + 1, workers=3)
    assert watch.asked() == asked + len(ATTEMPTS_AFTER)
    assert not watch.at(10 * AT[-1])
    assert watch.remote.rounds.told(CAHYA) == ["signature_unknown"]
    assert watch.remote.calls(watch.serial) == [("pegawai", "unknown")]
    assert watch.remote.simulated.sign_calls() == before
    watch.remote.simulated.mood("")
    (again,) = watch.remote.signs(CAHYA, watch.serial, again=[watch.serial])
    assert again.taken is not None
    assert again.taken.moved


def test_a_copy_that_is_gone_is_not_asked_for_again(watch: Watch) -> None:
    lose(watch, "copy lost")
    asked = watch.asked()
    assert watch.at(AT[0])
    assert not watch.at(AT[1])
    assert watch.asked() == asked + 1
    assert watch.remote.rounds.told(CAHYA) == ["signature_unknown"]


def test_a_signed_file_that_was_kept_while_its_asker_was_killed_moves_the_form_all_the_same(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_words: object, **_told: object) -> None:
        raise Killed

    watch.remote.later = MINUTE
    with monkeypatch.context() as patched:
        patched.setattr("service.circulation.signing.accept_signed_file", killed)
        with pytest.raises(Killed):
            watch.remote.signs(CAHYA, watch.serial)
    assert watch.remote.calls(watch.serial) == [("pegawai", "signed")]
    assert watch.remote.rounds.kept(watch.serial).state is State.DRAFT
    asked = len(watch.remote.simulated.asked())
    assert watch.at(AT[0] + 1)
    assert watch.remote.rounds.kept(watch.serial).awaits_nip == DIAH
    assert watch.remote.rounds.told(CAHYA) == ["signature_found"]
    assert len(watch.remote.simulated.asked()) == asked
    assert not watch.at(AT[1] + 1)


def test_nothing_overtakes_a_draft_that_its_owner_changed_since(watch: Watch) -> None:
    lose(watch, "copy away")
    rounds, asked = watch.remote.rounds, watch.asked()
    rounds.now += MINUTE
    kept = rounds.kept(watch.serial)
    typed = kept.answers | {"tempat": "Bogor"}
    save_draft(watch.serial, typed, revision=kept.revision, context=rounds.context, actor=CAHYA)
    assert not watch.at(AT[0])
    assert watch.asked() == asked
    assert rounds.kept(watch.serial).answers["tempat"] == "Bogor"
