"""A widget read from its bytes alone is the same as one read from the file."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String

from forgeries.table import LIES, Ground, Lie, ground_of
from forms.catalog import LAMPIRAN_I_V1
from forms.errors import NotThisForm
from forms.genuine import genuine, static_digest
from forms.pdf import annotations_on, plain_widget
from service.store import migrate, open_store
from support.examples import examples
from support.filled_forms import filled
from support.office import open_office, plain_settings


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    home = tmp_path_factory.mktemp("kantor")
    url = f"sqlite:///{home / 'store.sqlite3'}"
    migrate(url)
    with open_store(database_url=url, storage_url=str(home / "documents")) as store:
        yield ground_of(open_office(store, plain_settings(str(home))))


def verdict(pdf: bytes) -> tuple[bool, str | None]:
    try:
        return genuine(pdf, LAMPIRAN_I_V1), static_digest(pdf)
    except (NotThisForm, pikepdf.PasswordError):
        return False, None


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_no_lie_is_told_otherwise_by_asking_less(lie: Lie, ground: Ground) -> None:
    content = lie.tell(ground).content
    expected = verdict(content)
    with patch("forms.pdf.plain_widget", return_value=None):
        assert verdict(content) == expected


def test_every_widget_of_an_honest_form_is_plain_and_the_same_in_the_next() -> None:
    widgets = []
    for place in ("Jakarta", "Ruang (2) \\ /V (x) >>"):
        with Pdf.open(BytesIO(filled(tempat=place))) as document:
            widgets.append([plain for _, plain in annotations_on(document.pages[0].obj)])
    assert all(widgets[0])
    assert len(widgets[0]) > 20
    assert all(first is second for first, second in zip(*widgets, strict=True))


TEXTS = st.text(alphabet="ab()\\<>/ PVR0", max_size=12) | st.sampled_from(
    ["/P 34 0 R", "a /P 34 0 R b", " /Lock 1 0 R ", "x /V (y) >>", " /V <00> >>", ") /V (", "<< /AP << /N 1 0 R >> "]
)
VALUES = (
    TEXTS.map(String) | st.integers(0, 9) | st.sampled_from(["/Tx", "/Sig", "/P", "/Widget"]).map(Name) | st.booleans()
)
KEYS = [
    "/A",
    "/AA",
    "/AP",
    "/FT",
    "/Ff",
    "/Lock",
    "/OC",
    "/P",
    "/Parent",
    "/Rect",
    "/Subtype",
    "/T",
    "/TU",
    "/V",
    "/Zz",
    "/ca",
]


@settings(max_examples=examples(600), deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES | st.just("drawn") | st.just("pointed"), max_size=9))
def test_what_is_said_plainly_is_what_the_widget_says(entries: dict[str, Any]) -> None:
    with Pdf.new() as pdf:
        widget = Dictionary()
        for key, value in entries.items():
            if isinstance(value, str) and value in {"drawn", "pointed"}:
                target = pdf.make_stream(b"")
                widget[key] = Dictionary(N=target) if value == "drawn" else target
            else:
                widget[key] = value
        widget["/Opt"] = Array([String("1"), Array([1.5, Name.A])])
        plain = plain_widget(pdf.make_indirect(widget))
        if plain is None:
            return
        is_widget = widget.get("/Subtype") == Name.Widget
        assert not {"/Parent", "/Kids"} & set(entries)
        assert plain.name == str(widget.get("/T"))
        assert plain.inert == (is_widget and not {"/A", "/AA", "/OC"} & set(entries))
        assert plain.kind == (str(widget.FT) if is_widget and isinstance(widget.get("/FT"), pikepdf.Name) else None)
        left_out = {"/V", "/AP", "/P", "/Lock"}
        assert set(plain.entries.keys()) - left_out == set(widget.keys()) - left_out
        for key in set(widget.keys()) - left_out:
            assert plain.entries.get(key) == widget.get(key)


def test_what_is_no_dictionary_says_nothing_plainly() -> None:
    assert plain_widget(pikepdf.Array([])) is None
    assert plain_widget(None) is None
