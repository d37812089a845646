"""No covered byte may change, and no later revision may change anything that is shown."""

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
    """Return every object the page shows (page, content, fields, fonts): number, entries, whether it is a stream."""
    parts: dict[int, tuple[int, Entries, bool]] = {}
    with pikepdf.open(io.BytesIO(signed()[1])) as document:
        waiting: list[pikepdf.Object] = [document.pages[0].obj]
        while waiting:
            part = waiting.pop()
            if isinstance(part, pikepdf.Array):
                waiting += [member for member in part if isinstance(member, pikepdf.Object)]
            if not isinstance(part, pikepdf.Dictionary | pikepdf.Stream) or part.objgen[0] in parts:
                continue
            if part.is_indirect:
                entries = {key: _written(value) for key, value in part.items()}
                parts[part.objgen[0]] = (part.objgen[0], entries, isinstance(part, pikepdf.Stream))
            # Parents and signature values are not drawn.
            inner = [value for key, value in part.items() if key not in ("/Parent", "/P", "/V", "/Lock")]
            waiting += [member for member in inner if isinstance(member, pikepdf.Object)]
    return tuple(parts[number] for number in sorted(parts))


def _written(value: object) -> bytes:
    return value.unparse() if isinstance(value, pikepdf.Object) else str(value).lower().encode()


def all_pass(report: Report) -> bool:
    return report.readable and all(signature.indication is Indication.TOTAL_PASSED for signature in report.signatures)


@settings(max_examples=80, deadline=None)
@given(position=st.integers(0, 10**6), change=st.integers(1, 255))
def test_no_covered_byte_may_change(position: int, change: int) -> None:
    office, pdf = signed()
    _, first, second, rest = byte_range(pdf)
    covered = [*range(first), *range(second, second + rest)]
    forged = bytearray(pdf)
    forged[covered[position % len(covered)]] ^= change
    report = office.inspect(bytes(forged))
    assert not report.signatures or not all_pass(report)


@settings(max_examples=80, deadline=None)
@given(index=st.integers(0, 10**6), key=st.sampled_from(KEYS), value=st.sampled_from((None, *VALUES)))
def test_nothing_to_be_seen_may_be_written_another_way(index: int, key: str, value: bytes | None) -> None:
    office, pdf = signed()
    number, entries, stream = to_be_seen()[index % len(to_be_seen())]
    changed = {name: entry for name, entry in entries.items() if name not in (key, "/Length", "/Filter")}
    if value is not None:
        changed[key] = value
    if stream:
        changed["/Length"] = b"10"
    elif changed == entries:
        return
    written = b" ".join(name.encode() + b" " + entry for name, entry in changed.items())
    forged = by_hand(pdf, [(number, b"<< %s >>" % written + (DRAWN if stream else b"")), (1700, DRAWING)])
    assert not all_pass(office.inspect(forged))


def test_everything_to_be_seen_may_be_written_again_as_it_was() -> None:
    """The property above is then about the change."""
    office, pdf = signed()
    for number, entries, stream in to_be_seen():
        written = b" ".join(name.encode() + b" " + entry for name, entry in entries.items())
        if not stream:
            assert all_pass(office.inspect(by_hand(pdf, [(number, b"<< %s >>" % written)])))
