"""A form's whole way: typed, signed by one after the other, handed in by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from service.blanks import Request
from service.circulation.drafts import check, preview, save_draft, start
from service.circulation.errors import Stale, Unready
from service.circulation.intake import Outcome
from service.circulation.signing import sign_many
from service.circulation.turns import KeyOrder
from service.errors import BadInput, NotGranted
from service.store.circulations import State
from signing.errors import WrongPassphrase
from support.circulating_forms import PASSPHRASE, TYPED, CirculatingForms
from support.office import ANSWERS, CAHYA, DIAH, EKO, HERI, NOW, ZONE, keys


@pytest.mark.parametrize("kind", ["coaching", "belajar_mandiri"])
def test_a_coach_who_is_the_supervisor_signs_once_and_the_form_is_handed_in(
    rounds: CirculatingForms, kind: str
) -> None:
    serial = rounds.begun(kind).serial
    first = rounds.signs(serial, CAHYA)
    assert (first.outcome, first.warnings) == (Outcome.ADVANCED, ())
    assert first.circulation is not None
    assert (first.circulation.awaits, first.circulation.awaits_nip) == ("atasan", DIAH)
    last = rounds.signs(serial, DIAH)
    assert last.outcome is Outcome.COMPLETE
    assert last.submission is not None
    assert (last.submission["status"], last.submission["verdict"]) == ("verified", "passed")
    kept = rounds.kept(serial)
    assert (kept.state, kept.submission_id, kept.awaits) == (State.SUBMITTED, last.submission["submission"], None)
    assert last.circulation == kept


def test_a_mentor_signs_between_employee_and_supervisor(rounds: CirculatingForms) -> None:
    serial = rounds.begun("mentoring").serial
    waits = []
    for nip in (CAHYA, HERI, DIAH):
        taken = rounds.signs(serial, nip)
        assert taken.circulation is not None
        waits.append((taken.circulation.awaits, taken.circulation.awaits_nip, taken.circulation.signed))
    assert waits == [
        ("pembimbing", HERI, ("pegawai",)),
        ("atasan", DIAH, ("pegawai", "pembimbing")),
        (None, None, ("pegawai", "pembimbing", "atasan")),
    ]
    assert rounds.kept(serial).state is State.SUBMITTED
    assert [action.removeprefix("circulation.") for action in rounds.actions(serial) if "blank" not in action] == [
        *("started", "saved", "kept", "signed", "kept", "signed", "kept", "signed", "submitted")
    ]


def test_nobody_signs_before_the_turn_comes(rounds: CirculatingForms) -> None:
    serial = rounds.begun("mentoring").serial
    with pytest.raises(NotGranted, match=r"form_state_forbids\.draft"):
        rounds.signs(serial, HERI)
    rounds.signs(serial, CAHYA)
    for nip in (DIAH, EKO, CAHYA):
        with pytest.raises(NotGranted, match=r"not_your_turn .*Heri"):
            rounds.signs(serial, nip)
    assert rounds.kept(serial).signed == ("pegawai",)


def test_a_key_that_is_not_enrolled_for_the_signer_is_refused_with_the_way_to_enrol(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    for owner in (EKO, DIAH):
        with pytest.raises(NotGranted, match="key_not_enrolled") as refused:
            rounds.signs(serial, CAHYA, key_of=owner)
        assert "dicocokkan" in refused.value.hint
    assert rounds.kept(serial).state is State.DRAFT


def test_a_draft_with_problems_is_not_signed_and_tells_all_of_them(rounds: CirculatingForms) -> None:
    draft = rounds.begun(tanggal="31 Februari 2025", waktu_selesai="08.00", tempat="")
    with pytest.raises(Unready) as unready:
        rounds.signs(draft.serial, CAHYA)
    assert {problem.field for problem in unready.value.problems} == {"tanggal", "waktu_selesai", "tempat"}
    assert rounds.kept(draft.serial) == draft


def test_a_draft_that_would_be_refused_whoever_signs_is_not_signed(rounds: CirculatingForms) -> None:
    draft = rounds.begun(tanggal="1 Januari 2031")
    with pytest.raises(Unready) as unready:
        rounds.signs(draft.serial, CAHYA)
    assert [reason.code for reason in unready.value.reasons] == ["future_activity"]
    assert rounds.kept(draft.serial) == draft


def test_a_draft_is_checked_by_the_rules_of_an_uploaded_form(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    checked = check(serial, ANSWERS, context=rounds.context)
    assert (checked.problems, checked.reasons) == ((), ())
    assert checked.record is not None
    long = check(serial, ANSWERS | {"tempat": "Jakarta " * 90, "tanggal": "x"}, context=rounds.context)
    assert [(problem.field, problem.code) for problem in long.problems] == [
        ("tanggal", "invalid_value"),
        ("tempat", "too_long"),
    ]
    later = check(serial, ANSWERS | {"tanggal": "1 Januari 2030"}, context=rounds.context)
    assert [reason.code for reason in later.reasons] == ["future_activity"]
    with pytest.raises(BadInput, match="nip_atasan"):
        check(serial, {"nip_atasan": DIAH}, context=rounds.context)
    with pytest.raises(BadInput, match="answers_too_long"):
        check(serial, {"tempat": "x" * 70000}, context=rounds.context)


def test_what_is_shown_is_what_will_be_signed(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    shown = preview(serial, TYPED["coaching"], context=rounds.context)
    rounds.signs(serial, CAHYA)
    assert rounds.content(serial).startswith(shown)


def test_of_two_tabs_the_older_is_told_and_nothing_typed_is_lost(rounds: CirculatingForms) -> None:
    draft = rounds.begun()
    newer = save_draft(
        draft.serial, {"tempat": "Bandung"}, revision=draft.revision, context=rounds.context, actor=CAHYA
    )
    with pytest.raises(Stale, match="form_changed_meanwhile") as stale:
        save_draft(draft.serial, {"tempat": "Medan"}, revision=draft.revision, context=rounds.context, actor=CAHYA)
    assert (stale.value.current, stale.value.typed) == (newer, {"tempat": "Medan"})
    assert rounds.kept(draft.serial) == newer


def test_only_the_employee_writes_and_only_before_signing(rounds: CirculatingForms) -> None:
    draft = rounds.begun()
    with pytest.raises(NotGranted, match="form_not_yours"):
        save_draft(draft.serial, ANSWERS, revision=draft.revision, context=rounds.context, actor=DIAH)
    rounds.signs(draft.serial, CAHYA)
    with pytest.raises(NotGranted, match=r"form_state_forbids\.awaiting"):
        save_draft(draft.serial, ANSWERS, revision=draft.revision, context=rounds.context, actor=CAHYA)
    with pytest.raises(NotGranted, match=r"form_(not_yours|begun_for_another)"):
        start(
            Request(kind="coaching", scope="nasional", meeting=1, employee_nip=CAHYA), context=rounds.context, actor=EKO
        )
    with pytest.raises(BadInput, match="form_unknown"):
        save_draft("L1V1-X", ANSWERS, revision=1, context=rounds.context, actor=CAHYA)


def test_several_documents_are_signed_in_one_go_each_with_its_outcome(rounds: CirculatingForms) -> None:
    good, other = rounds.begun(), rounds.begun("belajar_mandiri", waktu_mulai="13.00", waktu_selesai="14.00")
    bad = rounds.begun(tempat="")
    choices = [(form.serial, form.revision) for form in (good, bad, other)]
    key = keys().people[CAHYA].pkcs12(PASSPHRASE)
    done = sign_many(choices, key=key, passphrase=PASSPHRASE, context=rounds.context, actor=CAHYA)
    assert [result.taken and result.taken.outcome for result in done] == [Outcome.ADVANCED, None, Outcome.ADVANCED]
    assert done[1].problem is not None
    assert "perlu diperbaiki" in done[1].problem.message
    fresh = rounds.begun()
    with pytest.raises(WrongPassphrase):
        sign_many([(fresh.serial, fresh.revision)], key=key, passphrase=b"salah", context=rounds.context, actor=CAHYA)


def test_key_and_passphrase_are_kept_nowhere(rounds: CirculatingForms, tmp_path: Path) -> None:
    serial = rounds.begun().serial
    rounds.signs(serial, CAHYA)
    key = keys().people[CAHYA].key
    assert isinstance(key, EllipticCurvePrivateKey)
    secret = key.private_numbers().private_value.to_bytes(32, "big")
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [content for content in files if PASSPHRASE in content or secret in content]
    with rounds.office.store.reading() as tx:
        assert PASSPHRASE.decode() not in str(tx.events.list())
    order = KeyOrder(content=b"", role="pegawai", actor=CAHYA, actor_name="", delegation=None, key=b"kunci",
                     passphrase=PASSPHRASE, enrolled=frozenset(), at=NOW, zone=ZONE)  # fmt: skip
    assert PASSPHRASE.decode() not in repr(order)
    assert "kunci" not in repr(order)
