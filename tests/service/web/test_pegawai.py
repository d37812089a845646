"""The employee's pages: the year, uploads with verdicts, own submissions and certificates."""

from __future__ import annotations

import io

from support.office import CAHYA, DIAH, EKO, HERI
from support.web_client import Visit, WebOffice, readable

THIS_YEAR = {"tanggal": "3 November 2026", "tanggal_tanda_tangan": "3 November 2026"}


def upload(visit: Visit, *files: tuple[bytes, str]) -> str:
    return readable(visit.post("/unggah", files=[(io.BytesIO(content), name) for content, name in files]))


def test_the_first_page_shows_the_year_and_teaches_the_first_step(web: WebOffice) -> None:
    page = readable(web.visit(CAHYA).get("/beranda"))
    assert "0 dari 20 JP" in page
    assert "Kurang 20 JP" in page
    assert "Belum ada kegiatan tahun ini" in page


def test_an_uploaded_form_is_judged_at_once_and_counts_after_approval(web: WebOffice) -> None:
    visit = web.visit(CAHYA)
    signed = web.office.signed("coaching", **THIS_YEAR)
    page = upload(visit, (signed, "coaching november.pdf"))
    assert "coaching november.pdf" in page
    assert "Menunggu pengesahan" in page
    assert "Cahya Lestari" in page
    web.office.approved("mentoring", **(THIS_YEAR | {"waktu_mulai": "13.00", "waktu_selesai": "14.00"}))
    home = readable(web.visit(CAHYA).get("/beranda"))
    assert "2 dari 20 JP" in home
    assert "Disahkan" in home
    assert "masih 1 dari 2 kali" in home


def test_a_refused_form_says_what_is_missing_what_to_do_and_where_it_is_kept(web: WebOffice) -> None:
    half = web.office.sign(web.office.filled("coaching", **THIS_YEAR), *_employee())
    page = upload(web.visit(CAHYA), (half, "belum lengkap.pdf"))
    assert "Belum lengkap" in page
    assert "Kirimkan formulir ini kepada" in page
    assert "tersimpan aman dengan nomor K-" in page


def test_rubbish_is_refused_in_words_beside_what_is_fine(web: WebOffice) -> None:
    signed = web.office.signed("coaching", **THIS_YEAR)
    rubbish = ((b"\x00\x01nonsense", "foto.pdf"), (b"", "kosong.pdf"), (b"\n" + signed, "geser.pdf"))
    page = upload(web.visit(CAHYA), (signed, "baik.pdf"), *rubbish)
    assert page.count("Belum dapat diterima") == 3
    assert "Berkas bergeser" in page
    assert page.count("Menunggu pengesahan") == 1


def test_a_name_that_is_markup_stays_text(web: WebOffice) -> None:
    page = web.visit(CAHYA).post("/unggah", files=[(io.BytesIO(b"x"), "<img src=x onerror=alert(1)>.pdf")])
    assert "<img src=x" not in page


def test_the_same_file_twice_is_one_submission(web: WebOffice) -> None:
    signed = web.office.signed("coaching", **THIS_YEAR)
    visit = web.visit(CAHYA)
    first, second = upload(visit, (signed, "a.pdf")), upload(visit, (signed, "b.pdf"))
    number = first[first.index("K-") :].split()[0]
    assert number in second


def test_ones_submission_is_open_to_those_it_concerns_and_hidden_from_others(web: WebOffice) -> None:
    submission = web.office.submit(web.office.signed("coaching", **THIS_YEAR))
    for nip in (CAHYA, DIAH):
        assert "Coaching pemahaman" in readable(web.visit(nip).get(f"/kiriman/{submission.id}"))
        assert web.visit(nip).client.get(f"/kiriman/{submission.id}/berkas.pdf").data.startswith(b"%PDF")
    for nip in (EKO, HERI):
        assert "Halaman tidak ada" in readable(web.visit(nip).get(f"/kiriman/{submission.id}", expect=404))
        web.visit(nip).get(f"/kiriman/{submission.id}/berkas.pdf", expect=404)
    assert "Masuk" in readable(web.visit().get(f"/kiriman/{submission.id}", expect=401))


def test_what_the_law_left_out_says_which_norm(web: WebOffice) -> None:
    for hour in ("08", "10", "13"):
        web.office.approved("coaching", **(THIS_YEAR | {"waktu_mulai": f"{hour}.00", "waktu_selesai": f"{hour}.45"}))
    visit = web.visit(CAHYA)
    page = visit.get("/kegiatan")
    assert "tidak dihitung" in readable(page)
    left_out = next(line for line in page.split("<tr>") if "tidak dihitung" in line)
    link = left_out.split('href="')[1].split('"')[0]
    assert "paling tinggi 2 kali" in readable(visit.get(link))
    assert "5.c.1)c)" in readable(visit.get(link))


def test_ones_certificate_is_opened_by_its_holder_only(web: WebOffice) -> None:
    web.office.approved("coaching")
    number = web.office.issue().certificate.number
    visit = web.visit(CAHYA)
    assert number in readable(visit.get("/sertifikat"))
    assert visit.client.get(f"/sertifikat/{number}.pdf").data.startswith(b"%PDF")
    web.visit(EKO).get(f"/sertifikat/{number}.pdf", expect=404)


def _employee() -> tuple:  # type: ignore[type-arg]  # the two arguments of `sign`
    from forms.schema import Role

    return Role.PEGAWAI, CAHYA
