"""A language that nobody speaks: every letter accented, so that a text which no catalogue knows is seen at once."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from service.language import words
from support import clone

PSEUDO = "eo"  # Babel has to know the language's months; no catalogue of ours has it
_ACCENTS = str.maketrans("AEIOUaeiouBCDGHJKLNPRSTWYZbcdghjklnprstwyz", "ÀÈÌÒÙàèìòùƁĆĎĞĤĴĶĹŃƤŔŚŤŴÝŹƀćďğĥĵķĺńƥŕśťŵýź")
# What stays in a text: a place of a value, a tag, an entity.
_KEPT = re.compile(r"(\{[\w.]+\}|%\(\w+\)[sd]|%%|<[^>]+>|&\w+;)")
_PAGES = clone.ROOT / "service" / "web" / "translations"


def accented(text: str) -> str:
    """Return a text in the language nobody speaks; places of values stay."""
    return "".join(part if _KEPT.fullmatch(part) else part.translate(_ACCENTS) for part in _KEPT.split(text))


def plain_words(text: str) -> list[str]:
    """Return the words of a shown text (two letters or more) that are not accented: no catalogue knows them."""
    return re.findall(r"\b[A-Za-z]{2,}\b", text)


def pseudo_catalogues(folder: Path) -> Path:
    """Make a folder of all catalogues and those of the language nobody speaks, from the English ones; return it."""
    made = folder / "catalogues"
    shutil.copytree(words_module().CATALOGUES, made)
    for path in sorted((made / "en" / "LC_MESSAGES").glob("*.po")):
        change = _as_it_is if path.stem in {"formats", "bridge"} else accented
        _accented_catalogue(path, made / PSEUDO / "LC_MESSAGES" / path.name, change)
    return made


def pseudo_pages(folder: Path) -> Path:
    """Make a folder of translations of the pages (Flask-Babel) with the language nobody speaks; return it."""
    made = folder / "translations"
    shutil.copytree(_PAGES, made)
    source = made / "en" / "LC_MESSAGES" / "messages.po"
    _accented_catalogue(source, made / PSEUDO / "LC_MESSAGES" / "messages.po", accented)
    return made


def use_catalogues(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let words be made from the catalogues of that folder until the test ends."""
    module = words_module()
    module._catalogue.cache_clear()
    monkeypatch.setattr(module, "CATALOGUES", folder)
    monkeypatch.setattr(module, "_catalogue", module.cache(module._catalogue.__wrapped__))


def words_module() -> ModuleType:
    return sys.modules[words.__module__]


def _as_it_is(text: str) -> str:
    return text


def _accented_catalogue(source: Path, target: Path, change: Callable[[str], str]) -> None:
    with source.open("rb") as file:
        catalogue = read_po(file, locale="en")
    made = Catalog(locale=PSEUDO)
    for entry in catalogue:
        if entry.id:
            said = entry.string
            made.add(entry.id, change(said) if isinstance(said, str) else tuple(map(change, said)))
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_suffix(".mo").open("wb") as file:
        write_mo(file, made)
