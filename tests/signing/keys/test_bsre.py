"""The gateway client over real HTTP: an outcome is a file, a refusal or unknown, and nothing is sent twice."""

from __future__ import annotations

import io
import logging
import pickle
import socket
import traceback
from collections.abc import Iterator

import pikepdf
import pytest
from PIL import Image

from signing.certificates import read_certificate
from signing.errors import SigningError
from signing.keys.bsre import (
    Gateway,
    GatewayRefused,
    GatewayUnreachable,
    Installation,
    OutcomeUnknown,
    Secret,
    Signatory,
    SignRequest,
    StampPosition,
)
from signing.report import Indication, TimeSource
from signing.trust import Trust
from signing.validation.inspect import inspect
from support.bsre import NIKS, PASSPHRASE, PASSWORD, STATES, WRONG, SimulatedGateway, signatory, simulated
from support.office import CAHYA, NOW, keys
from support.said import advice, said
from support.small_forms import blank

BOX = (343.2, 181.7, 528.0, 251.7)
LOST = [
    "lost after signing",
    "cut after signing",
    "slow after signing",
    "web page",
    "nothing",
    "proxy gave up",
    "no pdf",
]
NIK = Secret(NIKS[CAHYA])


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedGateway]:
    with simulated(tmp_path_factory.mktemp("bsre")) as running:
        yield running


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedGateway]:
    """A gateway without version 2."""
    with simulated(tmp_path_factory.mktemp("bsre1"), ("v1",)) as running:
        yield running


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (74, 28), (10, 80, 160)).save(out, "PNG")
    return out.getvalue()


def request(pdf: bytes | None = None, place: StampPosition | None = None) -> SignRequest:
    return SignRequest(
        pdf=blank() if pdf is None else pdf,
        reason="Pegawai, formulir uji",
        location="Jakarta",
        place=place,
        image=picture() if place else b"",
    )


@pytest.mark.parametrize("version", ["v1", "v2", "auto"])
def test_a_file_comes_back_signed_by_its_person_in_a_field_of_the_gateway_s_own(
    both: SimulatedGateway, version: str
) -> None:
    pdf = blank()
    signed = both.gateway(version).sign(signatory(CAHYA), request(pdf))
    root = keys().authority.der
    report = inspect(signed.content, trust=Trust(roots=(root,), timestamp_roots=(root,), moment=NOW))
    (signature,) = report.signatures
    assert signed.content.startswith(pdf)
    assert signature.field.startswith("sig_")
    assert signature.signer is not None
    assert signature.signer.fingerprint == read_certificate(keys().people[CAHYA].der).fingerprint
    assert signature.time_source is TimeSource.TIMESTAMP
    assert signature.indication is Indication.TOTAL_PASSED
    assert (signed.document_id is not None) == (version == "v1")


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_stamp_goes_where_it_was_meant_in_both_versions_coordinates(both: SimulatedGateway, version: str) -> None:
    place = StampPosition(page=1, height=842.0, box=BOX)
    signed = both.gateway(version).sign(signatory(CAHYA), request(place=place))
    with pikepdf.open(io.BytesIO(signed.content)) as pdf:
        widgets = [
            annotation
            for annotation in pdf.pages[0].Annots.as_list()
            if str(annotation.get("/T", "")).startswith("sig_")
        ]
        (box,) = [[float(corner) for corner in widget.Rect.as_list()] for widget in widgets]
    for found, meant in zip(box, BOX, strict=True):
        assert abs(found - meant) < 1
    assert box[0] >= BOX[0] - 0.01
    assert box[3] <= BOX[3] + 0.01


def test_version_1_is_asked_only_where_version_2_is_not_there(old: SimulatedGateway, both: SimulatedGateway) -> None:
    gateway = old.gateway()
    assert gateway.sign(signatory(CAHYA), request()).document_id is not None
    gateway.sign(signatory(CAHYA), request())
    assert [path for path in old.asked() if "sign" in path] == [
        "POST /api/v2/sign/pdf",
        "POST /api/sign/pdf",
        "POST /api/sign/pdf",
    ]
    with pytest.raises(GatewayRefused, match="Not Found"):
        old.gateway("v2").sign(signatory(CAHYA), request())
    for what in (lambda: gateway.request_totp(NIK, 1), lambda: gateway.signer_certificate(NIK)):
        with pytest.raises(GatewayUnreachable, match="gateway_unreachable"):
            what()
    before = len(both.asked())
    with pytest.raises(GatewayRefused):
        both.gateway().sign(signatory(CAHYA, WRONG), request())
    assert both.asked()[before:] == ["POST /api/v2/sign/pdf"]


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_wrong_passphrase_is_told_in_the_provider_s_words_and_not_tried_again(
    both: SimulatedGateway, version: str
) -> None:
    before = both.sign_calls()
    with pytest.raises(GatewayRefused) as caught:
        both.gateway(version).sign(signatory(CAHYA, WRONG), request())
    assert caught.value.number == 2031
    assert "Passphrase anda salah" in said(caught.value)
    assert "Ketik ulang" in advice(caught.value)
    assert both.sign_calls() == before + 1


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_an_unknown_person_is_refused_though_the_answer_says_200(both: SimulatedGateway, version: str) -> None:
    stranger = Signatory(nik=Secret("3201010101010999"), passphrase=Secret(PASSPHRASE))
    with pytest.raises(GatewayRefused, match="User tidak terdaftar") as caught:
        both.gateway(version).sign(stranger, request())
    assert caught.value.number == 2011
    assert both.gateway(version).status(stranger.nik).word == "NOT_REGISTERED"


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_file_it_cannot_read_is_refused(both: SimulatedGateway, version: str) -> None:
    with pytest.raises(GatewayRefused, match="Internal Server Error"):
        both.gateway(version).sign(signatory(CAHYA), request(b"bukan PDF"))


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("mood", LOST)
def test_an_answer_that_is_lost_or_is_none_leaves_the_outcome_unknown(
    both: SimulatedGateway, version: str, mood: str
) -> None:
    before = both.sign_calls()
    both.mood(mood)
    with pytest.raises(OutcomeUnknown) as caught:
        both.gateway(version, patience=1.0).sign(signatory(CAHYA), request())
    assert "Jangan menandatangani ulang" in advice(caught.value)
    assert both.sign_calls() == before + 1


@pytest.mark.parametrize("mood", ["failed", "error with 200", "moved", "not json"])
def test_a_clear_no_in_any_dress_is_a_no(both: SimulatedGateway, mood: str) -> None:
    before = both.sign_calls()
    both.mood(mood)
    with pytest.raises(GatewayRefused) as caught:
        both.gateway().sign(signatory(CAHYA), request())
    assert both.sign_calls() == before + 1
    assert NIKS[CAHYA] not in str(caught.value)


def test_a_slow_answer_within_patience_is_waited_for(both: SimulatedGateway) -> None:
    both.mood("a little slow")
    assert both.gateway(patience=20).sign(signatory(CAHYA), request()).content.startswith(b"%PDF")


def test_a_copy_kept_by_version_1_is_had_once(both: SimulatedGateway) -> None:
    both.mood("cut after signing")
    gateway = both.gateway("v1")
    with pytest.raises(OutcomeUnknown) as caught:
        gateway.sign(signatory(CAHYA), request())
    number = caught.value.document_id
    assert number is not None
    assert gateway.download(number).content.startswith(blank())
    with pytest.raises(GatewayRefused, match="tidak ditemukan") as gone:
        gateway.download(number)
    assert gone.value.number == 4044


def test_a_one_time_code_signs_so_many_files_and_no_more(both: SimulatedGateway) -> None:
    gateway = both.gateway()
    gateway.request_totp(NIK, 2)
    person = Signatory(nik=NIK, totp=Secret(both.codes()[-1]))
    for _ in range(2):
        assert gateway.sign(person, request()).content
    with pytest.raises(GatewayRefused, match="TOTP"):
        gateway.sign(person, request())
    with pytest.raises(GatewayRefused, match="tidak terdaftar"):
        gateway.request_totp(Secret("3201010101010999"), 1)


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("word", list(STATES))
def test_only_one_state_of_a_person_can_sign_and_each_has_its_sentence(
    both: SimulatedGateway, version: str, word: str
) -> None:
    status = both.gateway(version).status(Secret(STATES[word]))
    assert (status.word, status.can_sign) == (word, word == "ISSUE")
    assert said(status.said).endswith(".")
    assert word not in said(status.said)


def test_a_certificate_is_had_without_a_signature(both: SimulatedGateway) -> None:
    assert both.gateway().signer_certificate(NIK) == read_certificate(keys().people[CAHYA].der)
    with pytest.raises(GatewayRefused, match="tidak terdaftar"):
        both.gateway().signer_certificate(Secret("3201010101010999"))


def test_nothing_is_sent_where_nobody_listens_or_nothing_can_come_of_it(both: SimulatedGateway) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        silent = Gateway(Installation(url=url, user="esign", password=Secret("x"), connecting=0.5))
        with pytest.raises(GatewayUnreachable, match="gateway_unreachable"):
            silent.sign(signatory(CAHYA), request())
        with pytest.raises(GatewayUnreachable):
            silent.status(NIK)
    before = len(both.asked())
    for wrong in (
        Signatory(nik=Secret(CAHYA), passphrase=Secret("x")),
        Signatory(nik=NIK),
        Signatory(nik=NIK, passphrase=Secret("x"), totp=Secret("123456")),
    ):
        with pytest.raises(SigningError):
            both.gateway().sign(wrong, request())
    assert len(both.asked()) == before


def test_a_wrong_password_of_the_installation_is_the_operator_s_matter(both: SimulatedGateway) -> None:
    with pytest.raises(GatewayRefused, match="Unauthorized") as caught:
        both.gateway(password="salah").sign(signatory(CAHYA), request())
    assert "[gateway]" in advice(caught.value)


def test_no_secret_is_shown_logged_or_written(both: SimulatedGateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    person, asked = signatory(CAHYA), request()
    shown = [repr(person), str(person.passphrase), repr(both.gateway()), repr(asked), f"{person.nik}"]
    for mood in ("", *LOST, "error with 200", "failed"):
        both.mood(mood)
        try:
            both.gateway(patience=0.8).sign(signatory(CAHYA, WRONG if not mood else PASSPHRASE), asked)
        except SigningError as error:
            shown += [repr(error), str(error), "".join(traceback.format_exception(error)), repr(pickle.dumps(error))]
    for secret in (NIKS[CAHYA], PASSPHRASE, WRONG, PASSWORD):
        assert not [text for text in (*shown, caplog.text) if secret in text]
    with pytest.raises(TypeError):
        pickle.dumps(person.passphrase)
    assert person.nik != Secret(NIKS[CAHYA])
