"""Words are made of a message for a reader: values in their language and zone, plurals, and messages in messages."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import BadRows, NotGranted
from service.language import Message, Param, Reader, words
from service.language.message import kept_text, message_json, message_of, public_params, said_in
from service.language.words import CATALOGUES, JAKARTA
from support.pseudo import use_catalogues

ID, EN = Reader(language="id"), Reader(language="en")
AT = dt.datetime(2026, 4, 7, 23, 30, tzinfo=dt.UTC)
SAID = {
    "id": {
        "late": "Terlambat sejak {day}, pukul {time}, {moment}: {jp} JP bagi {names}.",
        "late.hint": "Hubungi {role}.",
        "late.once": "Sekali terlambat.",
        "chief": "atasan langsung",
        "files": ("{count} berkas",),
        "ended": "Oleh {name}.",
    },
    "en": {
        "late": "Late since {day}, {time}, {moment}: {jp} JP for {names}.",
        "late.hint": "Ask the {role}.",
        "late.once": "Late once.",
        "chief": "direct supervisor",
        "files": ("{count} file", "{count} files"),
        "ended": "By {name}.",
    },
}


@pytest.fixture(autouse=True, scope="module")
def _catalogues(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("catalogues")
    for language, entries in SAID.items():
        folder = home / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "formats.mo").write_bytes((CATALOGUES / language / "LC_MESSAGES" / "formats.mo").read_bytes())
        made = Catalog(locale=language)
        for code, text in entries.items():
            made.add((code, code) if isinstance(text, tuple) else code, text)
        with (folder / "tests.mo").open("wb") as file:
            write_mo(file, made)
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_catalogues(home, monkeypatch)
        yield


LATE = Message(
    "late", day=AT.date(), time=dt.time(9), moment=AT, jp=Decimal("7.5"), names=["Ani", "Budi"], role=Message("chief")
)


@pytest.mark.parametrize(
    ("reader", "sentence"),
    [
        (ID, "Terlambat sejak 7 April 2026, pukul 09.00, 8 April 2026 pukul 06.30 WIB: 7,5 JP bagi Ani, Budi."),
        (EN, "Late since 7 April 2026, 09:00, 8 April 2026 at 06:30 WIB: 7.5 JP for Ani, Budi."),
        (
            Reader(language="en", zone=ZoneInfo("Asia/Jayapura")),
            "Late since 7 April 2026, 09:00, 8 April 2026 at 08:30 WIT: 7.5 JP for Ani, Budi.",
        ),
    ],
)
def test_values_are_written_as_the_reader_writes_them(reader: Reader, sentence: str) -> None:
    assert words(LATE, reader) == sentence


def test_a_label_in_a_message_is_words_too() -> None:
    assert [words(LATE.hint, reader) for reader in (ID, EN)] == [
        "Hubungi atasan langsung.",
        "Ask the direct supervisor.",
    ]


def test_a_wording_takes_what_it_lacks_from_its_code() -> None:
    once = Message("late.once", role=Message("chief"))
    assert (words(once, EN), words(once.hint, EN), words(once.title, EN)) == (
        "Late once.",
        "Ask the direct supervisor.",
        "",
    )


@pytest.mark.parametrize(("count", "said"), [(1, "1 file"), (0, "0 files"), (2, "2 files")])
def test_a_count_chooses_among_the_plurals(count: int, said: str) -> None:
    assert words(Message("files", count=count), EN) == said
    assert words(Message("files", count=count), ID) == f"{count} berkas"


def test_a_title_at_the_end_brings_its_own_full_stop_and_braces_of_people_stay() -> None:
    assert words(Message("ended", name="Heri, S.H."), ID) == "Oleh Heri, S.H."
    assert words(Message("ended", name="{name} {0} %s"), ID) == "Oleh {name} {0} %s."


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert words(Message("never_heard"), EN) == "never_heard"


values = st.recursive(
    st.text(max_size=20)
    | st.integers(-10, 10**6)
    | st.decimals(allow_nan=False, allow_infinity=False, places=2)
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.just(JAKARTA)).map(lambda at: at.astimezone(dt.timezone(dt.timedelta(hours=7)))),
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["name", "day", "jp"]), inner, max_size=3).map(lambda p: Message("late", **p))
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(params=st.dictionaries(st.sampled_from(["one", "two", "count"]), values))
def test_a_stored_message_comes_back_as_it_was(params: dict[str, Param]) -> None:
    message = Message("late.once", **params)
    stored = json.loads(json.dumps(message_json(message.hint)))
    assert message_of(stored) == message.hint
    assert deepcopy(message) == message
    json.dumps(public_params(message.params))


@pytest.mark.parametrize("text", ["Penanda waktu tidak menjawab.", "", "{", "[]", "7", '{"code": 7}', "null"])
def test_a_text_column_holds_a_message_or_what_somebody_else_wrote(text: str) -> None:
    message = Message("late", day=dt.date(2026, 4, 7), role=Message("role.atasan"))
    assert said_in(kept_text(message)) == message
    assert said_in(text) == text


def test_programs_get_plain_values() -> None:
    assert public_params(LATE.params) == {
        "day": "2026-04-07",
        "time": "09:00:00",
        "moment": "2026-04-07T23:30:00+00:00",
        "jp": "7.5",
        "names": ["Ani", "Budi"],
        "role": "chief",
    }


@pytest.mark.parametrize(
    "error",
    [
        NotGranted("late.once", role=Message("chief")),
        NotGranted("Belum giliran Anda.", "Tunggu."),
        BadRows("late", [Message("chief"), "Baris 2: salah."], role="x"),
    ],
    ids=["code", "sentence", "rows"],
)
def test_an_error_comes_out_of_another_process_as_it_was(error: NotGranted) -> None:
    again = deepcopy(error)  # as pickle does
    assert (type(again), again.code, dict(again.params)) == (type(error), error.code, dict(error.params))
    assert getattr(again, "problems", ()) == getattr(error, "problems", ())
    assert (again.message, again.hint) == (error.message, error.hint)
