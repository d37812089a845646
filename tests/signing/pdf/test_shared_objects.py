"""Objects shared between files equal what a general reader reads in each, and cannot be changed."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NullObject, NumberObject, Reference, StreamObject

from forgeries.after_signing import AFTER_SIGNING, Lie
from signing.pdf.history import History
from signing.pdf.reader import BoundedReader
from signing.pdf.syntax import SharedArray, SharedDictionary, unchangeable
from support.pdf_spellings import described
from support.pki import Office, open_office, sign_slot
from support.small_forms import blank

# One has no cross-references where it says they are, and is refused before any object is read.
READABLE = [lie for lie in AFTER_SIGNING if lie.__name__ != "only_an_end_marker_appended"]


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def signed(office: Office) -> bytes:
    return sign_slot(blank(), "ttd_pegawai", office.people[0])


def unshared(value: Any) -> Any:
    """Return the value in pyHanko's own types."""
    if isinstance(value, StreamObject):
        return value
    if isinstance(value, DictionaryObject):
        return DictionaryObject({key: unshared(value.raw_get(key)) for key in value})
    if isinstance(value, ArrayObject):
        return ArrayObject(unshared(value.raw_get(at)) for at in range(len(value)))
    return value


def compared(pdf: bytes) -> int:
    """Compare every version of every object with pyHanko's; return how many are shared."""
    reader = BoundedReader(pdf)
    kept = 0
    for revision in range(reader.total_revisions):
        for number, generation in reader.xrefs.get_xref_data(revision).explicit_refs_in_revision:
            reference = Reference(number, generation, reader)
            found = reader.object_of(reference, revision)
            general = reader.get_object(reference, revision=revision)
            assert type(general) is NullObject is type(found) or described(unshared(found)) == described(general)
            kept += isinstance(found, SharedDictionary | SharedArray)
    return kept


def test_every_object_of_an_honest_form_says_the_same_shared_or_not(signed: bytes) -> None:
    assert compared(signed) > 15


@pytest.mark.parametrize("lie", READABLE, ids=lambda lie: lie.__name__)
def test_every_object_of_a_forged_form_says_the_same_shared_or_not(lie: Lie, signed: bytes) -> None:
    assert compared(lie(signed)) > 15


@pytest.mark.parametrize("lie", [None, *READABLE], ids=lambda lie: "honest" if lie is None else lie.__name__)
def test_every_revision_holds_what_pyhanko_finds_in_it(lie: Lie | None, signed: bytes) -> None:
    history = History(signed if lie is None else lie(signed))
    listed = {ref for revision in range(history.last + 1) for ref in history.listed(revision)}
    next_generation = {(number, generation + 1) for number, generation in listed}
    for revision in range(history.last + 1):
        for ref in listed | next_generation:
            found = history.reader.xrefs.get_historical_ref(Reference(*ref, history.reader), revision)
            version = history.version(ref, revision)
            assert (version is None) == (not found)
            if version is not None:
                assert dict(history.written(version))[ref] == found


def test_what_is_shared_is_the_very_object_of_the_file_before(signed: bytes) -> None:
    one, other = History(signed), History(signed)
    form = next(ref for ref, _ in one.written(0) if "/Fields" in (one.get(ref, 0) or ()))
    assert one.get(form, 0) is other.get(form, 0)


CHANGES = {
    "set": lambda value: value.__setitem__("/A", NumberObject(2)),
    "delete": lambda value: value.__delitem__("/A"),
    "merge": lambda value: value.__ior__({}),
    "update": lambda value: value.update({}),
    "default": lambda value: value.setdefault("/B", NumberObject(2)),
    "pop": lambda value: value.pop("/A"),
    "popitem": lambda value: value.popitem(),
    "clear": lambda value: value.clear(),
    "append": lambda value: value.raw_get("/A").append(NumberObject(2)),
    "extend": lambda value: value.raw_get("/A").extend([]),
    "insert": lambda value: value.raw_get("/A").insert(0, NumberObject(2)),
    "set member": lambda value: value.raw_get("/A").__setitem__(0, NumberObject(2)),
    "remove": lambda value: value.raw_get("/A").remove(1),
    "sort": lambda value: value.raw_get("/A").sort(),
    "reverse": lambda value: value.raw_get("/A").reverse(),
    "add": lambda value: value.raw_get("/A").__iadd__([NumberObject(2)]),
    "repeat": lambda value: value.raw_get("/A").__imul__(2),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_changes_what_files_share(change: Any) -> None:
    value = unchangeable(DictionaryObject({"/A": ArrayObject([NumberObject(1)])}))
    before = copy.deepcopy(described(value))
    with pytest.raises(TypeError, match="cannot be changed"):
        change(value)
    assert described(value) == before
