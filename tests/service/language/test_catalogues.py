"""Every code has words in every language, with the same parameters, and every entry is used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from forms.catalog import LAMPIRAN_I_V1
from service.language.words import CATALOGUES, DEFAULT, languages
from support.codes import texts, uses

PARTS = ("hint", "title")
PLACES = re.compile(r"\{(\w+)(?:\.\w+)?\}")


def rooms(language: str) -> list[Path]:
    return sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.po"))


def entries_of(path: Path, language: str) -> Iterator[Entry]:
    with path.open("rb") as file:
        yield from (entry for entry in read_po(file, locale=language) if entry.id)


def key(entry: Entry) -> str:
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def forms(entry: Entry) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)


def catalogue(language: str) -> Mapping[str, tuple[str, ...]]:
    return {key(entry): forms(entry) for path in rooms(language) for entry in entries_of(path, language)}


def base(entry: str) -> str:
    head, _, part = entry.rpartition(".")
    return head if part in PARTS else entry


def has_words(code: str, entries: Mapping[str, object]) -> bool:
    return code in entries or ("." in code and has_words(code.rpartition(".")[0], entries))


def places_of(code: str, entries: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return the parameters that the words of a code need, with its parts, its own or those it takes over."""
    needed: set[str] = set()
    for part in ("", *PARTS):
        name = code
        while name:
            found = entries.get(f"{name}.{part}" if part else name)
            if found is not None:
                needed |= {place for form in found for place in PLACES.findall(form)}
                break
            name = name.rpartition(".")[0]
    return needed


def beginnings(code: str) -> set[str]:
    parts = code.split(".")
    return {".".join(parts[:length]) + "." for length in range(1, len(parts))}


@pytest.mark.parametrize("language", languages())
def test_every_code_that_the_source_says_has_words(language: str) -> None:
    entries = catalogue(language)
    assert not sorted(f"{use.place} {use.code}" for use in uses() if not has_words(use.code, entries))


@pytest.mark.parametrize("language", languages())
def test_every_call_gives_the_parameters_that_the_words_need(language: str) -> None:
    entries = catalogue(language)
    lacking = {
        f"{use.place} {use.code}": places_of(use.code, entries) - use.params for use in uses() if use.params is not None
    }
    assert not {place: sorted(names) for place, names in lacking.items() if names}


@pytest.mark.parametrize("language", [language for language in languages() if language != DEFAULT])
def test_every_language_has_the_same_entries_with_the_same_parameters(language: str) -> None:
    ours, theirs = catalogue(DEFAULT), catalogue(language)
    assert sorted(ours.keys() ^ theirs.keys()) == []
    # Which of the texts of a code (sentence, hint, title) names a parameter may differ, the parameters may not.
    codes = {base(entry) for entry in ours}
    assert not [code for code in sorted(codes) if places_of(code, ours) != places_of(code, theirs)]


@pytest.mark.parametrize("language", languages())
def test_no_entry_is_empty_uncertain_or_in_two_files(language: str) -> None:
    found = [entry for path in rooms(language) for entry in entries_of(path, language)]
    assert not [key(entry) for entry in found if entry.fuzzy or not all(forms(entry))]
    assert not [name for name, times in Counter(map(key, found)).items() if times > 1]


def test_every_entry_is_used() -> None:
    said = texts()
    codes = {base(entry) for entry in catalogue(DEFAULT)}
    # A composed code (`role.` and a value) is in the source by its beginning.
    unused = [code for code in sorted(codes) if code not in said and not said & beginnings(code)]
    inherited = {code for code in unused if any(text.startswith(f"{code}.") for text in said)}
    assert not sorted(set(unused) - inherited - {"format.date", "format.time"})


@pytest.mark.parametrize("path", [path for language in languages() for path in rooms(language)], ids=str)
def test_the_compiled_catalogue_is_the_text_as_it_is_now(path: Path) -> None:
    made = BytesIO()
    with path.open("rb") as file:
        write_mo(made, read_po(file, locale=path.parts[-3]))
    assert made.getvalue() == path.with_suffix(".mo").read_bytes(), "run `make messages`"


def test_every_field_of_the_form_is_named_as_it_is_printed() -> None:
    entries = catalogue(DEFAULT)
    assert {field.name: entries[f"form_field.{field.name}"] for field in LAMPIRAN_I_V1.fields} == {
        field.name: (field.label,) for field in LAMPIRAN_I_V1.fields
    }
