"""Properties: no covered byte may change, and no later revision may touch what is to be seen, whatever it does."""

from __future__ import annotations

import io
from functools import cache

import pikepdf
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeries.readers import by_hand
from signing.report import Indication, Report
from support.hand_made_cms import byte_range
from support.pki import Office, open_office, sign_slot
from support.small_forms import blank

KEYS = ("/V", "/AP", "/Rect", "/F", "/Contents", "/Annots", "/Rotate", "/BaseFont", "/BBox", "/DA", "/T", "/Kids", "/X")
VALUES = (b"true", b"99", b"(20 JP)", b"/Symbol", b"[0 0 9 9]", b"<< /N 1700 0 R >>", b"[1700 0 R]", b"1700 0 R")
DRAWN = b"\nstream\n0 0 9 9 re\nendstream"
DRAWING = b"<< /Length 10 /Subtype /Form /BBox [0 0 9 9] >>" + DRAWN
Entries = dict[str, bytes]


@cache
def signed() -> tuple[Office, bytes]:
    office = open_office()
    once = sign_slot(blank(), "ttd_pegawai", office.people[0])
    return office, sign_slot(once, "ttd_pembimbing", office.people[1])


@cache
def to_be_seen() -> tuple[tuple[int, Entries, bool], ...]:
    """Everything the page shows: number, entries, and whether it is a stream. Itself, its content, fields, fonts."""
    found: dict[int, tuple[int, Entries, bool]] = {}
    with pikepdf.open(io.BytesIO(signed()[1])) as opened:
        waiting: list[pikepdf.Object] = [opened.pages[0].obj]
        while waiting:
            each = waiting.pop()
            if isinstance(each, pikepdf.Array):
                waiting += [one for one in each if isinstance(one, pikepdf.Object)]
            if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream) or each.objgen[0] in found:
                continue
            if each.is_indirect:
                entries = {key: _spelled(value) for key, value in each.items()}
                found[each.objgen[0]] = (each.objgen[0], entries, isinstance(each, pikepdf.Stream))
            # Not upwards and not into the signatures: those are not drawn.
            inner = [value for key, value in each.items() if key not in ("/Parent", "/P", "/V", "/Lock")]
            waiting += [one for one in inner if isinstance(one, pikepdf.Object)]
    return tuple(found[number] for number in sorted(found))


def _spelled(value: object) -> bytes:
    return value.unparse() if isinstance(value, pikepdf.Object) else str(value).lower().encode()


def all_pass(report: Report) -> bool:
    return report.readable and all(each.indication is Indication.TOTAL_PASSED for each in report.signatures)


@settings(max_examples=80, deadline=None)
@given(place=st.integers(0, 10**6), change=st.integers(1, 255))
def test_no_covered_byte_may_change(place: int, change: int) -> None:
    office, pdf = signed()
    _, first, second, rest = byte_range(pdf)
    covered = [*range(first), *range(second, second + rest)]
    forged = bytearray(pdf)
    forged[covered[place % len(covered)]] ^= change
    report = office.inspect(bytes(forged))
    assert not report.signatures or not all_pass(report)


@settings(max_examples=80, deadline=None)
@given(turn=st.integers(0, 10**6), key=st.sampled_from(KEYS), value=st.sampled_from((None, *VALUES)))
def test_nothing_to_be_seen_may_be_written_another_way(turn: int, key: str, value: bytes | None) -> None:
    office, pdf = signed()
    number, entries, stream = to_be_seen()[turn % len(to_be_seen())]
    changed = {name: told for name, told in entries.items() if name not in (key, "/Length", "/Filter")}
    if value is not None:
        changed[key] = value
    if stream:
        changed["/Length"] = b"10"
    elif changed == entries:
        return
    spelled = b" ".join(name.encode() + b" " + told for name, told in changed.items())
    forged = by_hand(pdf, [(number, b"<< %s >>" % spelled + (DRAWN if stream else b"")), (1700, DRAWING)])
    assert not all_pass(office.inspect(forged))


def test_everything_to_be_seen_may_be_written_again_as_it_was() -> None:
    """So that the property above is about the change."""
    office, pdf = signed()
    for number, entries, stream in to_be_seen():
        spelled = b" ".join(name.encode() + b" " + told for name, told in entries.items())
        if not stream:
            assert all_pass(office.inspect(by_hand(pdf, [(number, b"<< %s >>" % spelled)])))
