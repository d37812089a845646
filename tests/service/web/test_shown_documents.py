"""A document can be signed only in a session that showed it; several may be loaded at once."""

from __future__ import annotations

from support.circulation_pages import TYPED, key, revision, sign, start_draft
from support.office import CAHYA, HERI
from support.web_client import Visit, WebOffice, readable

PASSPHRASE = "rahasia"


def waiting_for_heri(web: WebOffice, *hours: str) -> list[str]:
    """Return the marks of forms that Cahya signed and that wait for Heri."""
    cahya, marks = web.visit(CAHYA), []
    for hour in hours:
        path = start_draft(cahya)
        typed = TYPED | {"waktu_mulai": f"{hour}:00", "waktu_selesai": f"{hour}:50"}
        cahya.post(path, revision=revision(cahya.get(path)), then="save", **typed)
        serial = path.rsplit("/", 1)[-1]
        sign(cahya, serial, CAHYA)
        with web.office.store.reading() as tx:
            circulation = tx.circulations.get(serial)
        assert circulation
        marks.append(f"{serial}:{circulation.revision}")
    return marks


def show(visit: Visit, *marks: str) -> None:
    """Load documents at once, as one page does: no request has the cookies of another's answer yet."""
    before = visit.client.get_cookie("cmb")
    assert before
    for mark in marks:
        visit.client.set_cookie("cmb", before.value)
        assert visit.client.get(f"/tanda-tangan/{mark.partition(':')[0]}/dokumen.pdf").data.startswith(b"%PDF")


def sign_all(visit: Visit, marks: list[str], *, expect: int = 200) -> str:
    fields = {"document": marks, "key": key(HERI), "passphrase": PASSPHRASE}
    return readable(visit.post("/tanda-tangan/beberapa/tanda-tangani", at="/tanda-tangan", expect=expect, **fields))


def test_documents_that_are_loaded_at_once_are_all_shown(web: WebOffice) -> None:
    marks = waiting_for_heri(web, "07", "08")
    heri = web.visit(HERI)
    show(heri, *marks)
    assert sign_all(heri, marks).count("Ditandatangani.") == 2


def test_one_that_was_not_shown_keeps_all_from_being_signed(web: WebOffice) -> None:
    marks = waiting_for_heri(web, "07", "08")
    heri = web.visit(HERI)
    show(heri, marks[0])
    assert "belum Anda buka" in sign_all(heri, marks, expect=422)


def test_what_was_shown_to_one_session_was_not_shown_to_another(web: WebOffice) -> None:
    marks = waiting_for_heri(web, "07")
    first, second = web.visit(HERI), web.visit(HERI)
    show(first, *marks)
    name = f"cmb-{marks[0].partition(':')[0]}"
    word = first.client.get_cookie(name, path="/tanda-tangan")
    assert word
    second.client.set_cookie(name, word.value, path="/tanda-tangan")
    assert "belum Anda buka" in sign_all(second, marks, expect=422)
