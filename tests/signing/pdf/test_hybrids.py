"""A hybrid file signed as a whole is accepted; a hybrid revision after a signature is not permitted."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from forgeries.readers import another_catalogue, another_field, field_number, root_of, spelled
from signing.changes.references import Usages
from signing.pdf.history import History, Snapshot
from signing.policy import faults
from signing.report import Changes, Indication, Report
from support.added_evidence import with_document_timestamp, with_security_store
from support.hybrid_files import hybrid, hybrid_of_word, hybrid_revision, is_plain, xref_stream
from support.incremental_updates import DictionaryObject, raw_revision
from support.pki import NOW, Office, open_office, sign_own, sign_slot
from support.small_forms import FIELDS, blank


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


def assert_all_passed(report: Report, count: int) -> None:
    found = [
        (signature.intact, signature.valid, signature.permitted, faults(signature)) for signature in report.signatures
    ]
    assert found == [(True, True, True, ())] * count


def assert_nobody_passes_what_follows(report: Report) -> None:
    """The first signature fails for what came after it, or the file cannot be read at all."""
    if report.problem is None:
        first = report.signatures[0]
        assert (first.indication, first.permitted) == (Indication.TOTAL_FAILED, False)


def filled_by_hybrid(pdf: bytes, *, free: int | None = 65535) -> bytes:
    """An answer changed by a hybrid revision, before anybody signs."""
    number = field_number(pdf)
    return hybrid_revision(pdf, packed={number: another_field(pdf)}, free={} if free is None else {number: free})


HONEST: dict[str, Callable[[bytes], bytes]] = {
    "structure_hidden": hybrid,
    "hidden_with_generation_0": lambda pdf: hybrid(pdf, generation=0),
    "hidden_with_generation_1": lambda pdf: hybrid(pdf, generation=1),
    "as_word_writes_it": hybrid_of_word,
    "filled_in_a_hybrid_revision": filled_by_hybrid,
}


@pytest.mark.parametrize("made", HONEST.values(), ids=HONEST)
def test_a_hybrid_file_signed_and_then_given_a_security_store_is_intact_valid_and_permitted(
    made: Callable[[bytes], bytes], office: Office
) -> None:
    signed = sign_slot(made(blank()), "ttd_pegawai", office.people[0], timestamper=office.timestamper())
    crl = office.authority.revocation_list([], at=NOW)
    report = office.inspect(with_security_store(signed, certificates=(office.authority.der,), crls=(crl,)))
    assert_all_passed(report, 1)
    assert (report.signatures[0].changes_after, report.signatures[0].profile) == (Changes.LTV, "PAdES-B-LT")


@pytest.mark.parametrize("made", HONEST.values(), ids=HONEST)
def test_a_hybrid_form_signed_by_three_in_slots_and_own_fields_passes(
    made: Callable[[bytes], bytes], office: Office
) -> None:
    form = sign_slot(made(blank()), "ttd_pegawai", office.people[0])
    form = with_security_store(form, certificates=(office.authority.der,))
    form = sign_own(sign_slot(form, "ttd_pembimbing", office.people[1]), None, office.people[2])
    assert_all_passed(office.inspect(with_document_timestamp(form, office)), 4)


def test_every_number_of_a_hybrid_file_is_known_whichever_part_names_it() -> None:
    both = History(hybrid(blank(), hides=is_plain))
    assert both.packed(0).keys() == both.hidden(0)
    assert {ref for ref, _ in both.written(0)} >= {(number, 0) for number in both.packed(0)}
    users = Usages(both)
    page = next(ref for ref, _ in Snapshot(both, 0).pages())
    assert users.users(page, 0)


def test_other_answers_hidden_in_a_signed_hybrid_are_what_is_read() -> None:
    form = filled_by_hybrid(blank())
    number = field_number(blank())
    assert History(form).get((number, 0), 1)["/V"] == "9 Maret 2025"


# --- Hybrid revisions after a signature: old readers see one thing, others another


def security_store_in_a_hybrid_revision(pdf: bytes) -> bytes:
    root = spelled(pdf, root_of(pdf))
    return hybrid_revision(pdf, shown={root_of(pdf): root[: root.rindex(b">>")] + b"/DSS << >> >>"})


def answer_in_the_stream_of_a_hybrid_revision(pdf: bytes) -> bytes:
    return hybrid_revision(pdf, packed={field_number(pdf): another_field(pdf)})


def answer_shown_to_old_readers_only(pdf: bytes) -> bytes:
    number = field_number(pdf)
    return hybrid_revision(pdf, shown={number: another_field(pdf)}, unpacked={number: spelled(pdf, number)})


def nothing_in_a_hybrid_revision(pdf: bytes) -> bytes:
    return hybrid_revision(pdf, shown={9000: b"null"})


@pytest.mark.parametrize(
    "step",
    [
        security_store_in_a_hybrid_revision,
        answer_in_the_stream_of_a_hybrid_revision,
        answer_shown_to_old_readers_only,
        nothing_in_a_hybrid_revision,
    ],
    ids=lambda change: change.__name__,
)
@pytest.mark.parametrize("base", [bytes, hybrid], ids=["plain", "hybrid"])
@pytest.mark.parametrize("signed_again", [False, True], ids=["last", "between"])
def test_a_hybrid_step_after_a_signature_fails_it(
    step: Callable[[bytes], bytes], base: Callable[[bytes], bytes], signed_again: bool, office: Office
) -> None:
    form = step(sign_slot(base(blank()), "ttd_pegawai", office.people[0]))
    if signed_again:
        form = sign_slot(form, "ttd_atasan", office.people[2])
    report = office.inspect(form)
    assert report.problem is None
    assert_nobody_passes_what_follows(report)


# --- Before the signatures: table and stream that differ; the signers may have seen either


def table_and_stream_with_two_answers(pdf: bytes) -> bytes:
    number = field_number(pdf)
    return hybrid_revision(pdf, shown={number: spelled(pdf, number)}, unpacked={number: another_field(pdf)})


def table_and_packed_answer(pdf: bytes) -> bytes:
    number = field_number(pdf)
    return hybrid_revision(pdf, shown={number: spelled(pdf, number)}, packed={number: another_field(pdf)})


def answer_changed_for_new_readers_only(pdf: bytes) -> bytes:
    return filled_by_hybrid(pdf, free=None)


def stream_that_frees_what_the_table_shows(pdf: bytes) -> bytes:
    return _with_rows(pdf, {field_number(pdf): (0, 0, 1)})


def stream_that_says_a_number_twice(pdf: bytes) -> bytes:
    number = field_number(pdf)
    place = pdf.index(b"obj") - 4
    return _with_rows(pdf, {number: (0, 0, 65535), number + 9000: (1, place, 0)}, renamed={number + 9000: number})


def stream_with_another_catalogue(pdf: bytes) -> bytes:
    number = max(_numbers(pdf)) + 1
    written = hybrid_revision(pdf, shown={number: another_catalogue(pdf)}, packed={number + 9: b"null"})
    at = int(re.findall(rb"/XRefStm (\d+)", written)[-1])
    old = b"/Root %d 0 R" % root_of(pdf)
    place = written.index(old, at)
    return written[:place] + (b"/Root %d 0 R" % number).ljust(len(old)) + written[place + len(old) :]


def trailer_that_names_two_streams(pdf: bytes) -> bytes:
    number = field_number(pdf)
    written = filled_by_hybrid(pdf)
    first = re.findall(rb"/XRefStm (\d+)", written)[-1]
    return hybrid_revision(
        written, packed={number: spelled(pdf, number)}, free={number: 65535}, trailer=b"/XRefStm %s" % first
    )


def _with_rows(pdf: bytes, rows: dict[int, tuple[int, int, int]], renamed: dict[int, int] | None = None) -> bytes:
    """A hybrid revision whose stream says just these rows, some under another number than they are sorted by."""
    written = hybrid_revision(pdf, packed={max(_numbers(pdf)) + 5: b"null"})
    body = bytearray(written)
    at = len(body)
    stream = xref_stream(rows, 9999, root_of(pdf))
    for number, name in (renamed or {}).items():
        stream = stream.replace(b" %d 1" % number, b" %d 1" % name)
    body += b"%d 0 obj\n%s\nendobj\n" % (max(_numbers(pdf)) + 20, stream)
    tail = re.sub(rb"/XRefStm \d+", b"/XRefStm %d" % at, written[written.rindex(b"xref\n0 1") :])
    start = len(body)
    body += re.sub(rb"startxref\n\d+", b"startxref\n%d" % start, tail)
    return bytes(body)


def _numbers(pdf: bytes) -> set[int]:
    return {number for number, _ in History(pdf).listed(0)}


@pytest.mark.parametrize(
    "lie",
    [
        table_and_stream_with_two_answers,
        table_and_packed_answer,
        answer_changed_for_new_readers_only,
        stream_that_frees_what_the_table_shows,
        stream_with_another_catalogue,
        trailer_that_names_two_streams,
    ],
    ids=lambda change: change.__name__,
)
def test_what_shows_two_kinds_of_readers_two_things_fails_once_somebody_else_signs(
    lie: Callable[[bytes], bytes], office: Office
) -> None:
    form = sign_slot(lie(blank()), "ttd_pegawai", office.people[0])
    report = office.inspect(sign_slot(form, "ttd_atasan", office.people[2]))
    assert report.problem is None
    assert_nobody_passes_what_follows(report)
    report = office.inspect(with_security_store(form, certificates=(office.authority.der,)))
    assert_nobody_passes_what_follows(report)


def test_a_form_that_old_readers_did_not_see_may_not_appear_to_them_after_the_signature(office: Office) -> None:
    signed = sign_slot(hybrid(blank(), hides=is_plain), "ttd_pegawai", office.people[0])
    assert_all_passed(office.inspect(signed), 1)
    report = office.inspect(sign_slot(signed, "ttd_atasan", office.people[2]))
    assert_nobody_passes_what_follows(report)


def test_a_stream_that_says_a_number_twice_is_not_read(office: Office) -> None:
    assert office.inspect(hybrid_revision(blank(), shown={9000: b"null"})).problem is None
    assert office.inspect(stream_that_says_a_number_twice(blank())).problem is not None


def test_an_answer_hidden_from_old_readers_may_not_appear_to_them_after_the_signature(office: Office) -> None:
    """The same object written again changes nothing for new readers, everything for old ones."""
    signed = sign_slot(filled_by_hybrid(blank()), "ttd_pegawai", office.people[0])
    number = field_number(blank())
    report = office.inspect(raw_revision(signed, {number: another_field(blank())}))
    assert_nobody_passes_what_follows(report)
    # An answer nobody hid may be written again.
    shown = field_number(blank(), FIELDS[0])
    assert_all_passed(office.inspect(raw_revision(signed, {shown: spelled(blank(), shown)})), 1)


def test_a_stream_beyond_the_signed_bytes_is_not_covered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed by a program that does not know of hybrids; what the stream says is appended afterwards."""
    form = blank()
    number, far = field_number(form), 987_654
    base = hybrid_revision(form, shown={max(_numbers(form)) + 1: b"null"})
    base = re.sub(rb"/XRefStm \d+", b"/XRefStm %d" % far, base)

    known = DictionaryObject.raw_get

    def blind(found: DictionaryObject, key: str, *more: object) -> object:
        if key == "/XRefStm":
            raise KeyError(key)
        return known(found, key, *more)

    with monkeypatch.context() as patched:
        patched.setattr(DictionaryObject, "raw_get", blind)
        signed = sign_slot(base, "ttd_pegawai", office.people[0])
    assert len(signed) < far
    lie = b"%d 0 obj\n%s\nendobj\n" % (number, another_field(form))
    stream = xref_stream({number: (1, far - len(lie), 0)}, 9999, root_of(form))
    forged = signed.ljust(far - len(lie), b"\n") + lie + b"9000 0 obj\n%s\nendobj\n" % stream
    forged += b"startxref\n%s\n%%%%EOF\n" % re.findall(rb"startxref\s+(\d+)", signed)[-1]
    report = office.inspect(forged)
    assert not any(signature.indication is Indication.TOTAL_PASSED for signature in report.signatures)
