"""Folders and ZIP files through the command: what is walked, what is refused and why, file by file."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from service.sandbox.inputs import members
from support.command import Run, objects
from support.filled_forms import filled


def verified(cmb: Run, *paths: object) -> dict[str, list[str]]:
    """The reasons of each file, by what follows the folder or the archive in its name."""
    answers = objects(cmb("verify", *paths, "--json", expect=None))
    return {answer["file"].split("!")[-1]: [reason["code"] for reason in answer["reasons"]] for answer in answers}


def packed(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def with_bits(path: Path, **changed: Any) -> Path:
    """The archive with fields of its last central directory entry (and the local header before it) overwritten."""
    content = bytearray(path.read_bytes())
    central, local = content.rindex(b"PK\x01\x02"), content.rindex(b"PK\x03\x04")
    if "flags" in changed:
        struct.pack_into("<H", content, central + 8, changed["flags"])
        struct.pack_into("<H", content, local + 6, changed["flags"])
    if "size" in changed:
        struct.pack_into("<L", content, central + 24, changed["size"])
    path.write_bytes(content)
    return path


FORM = filled()
READ = "missing_signature"


def test_names_that_point_outside_are_refused_and_the_others_are_read(cmb: Run, tmp_path: Path) -> None:
    names = ("../../luar.pdf", "/etc/mutlak.pdf", "C:\\luar.pdf", "a/../b.pdf", "dalam/baik.pdf", "dua..titik.pdf")
    codes = verified(cmb, packed(tmp_path / "a.zip", **dict.fromkeys(names, FORM)))
    assert {name for name, found in codes.items() if found == ["unsafe_name"]} == set(names[:4])
    assert READ in codes["dalam/baik.pdf"]
    assert READ in codes["dua..titik.pdf"]


def test_archives_in_an_archive_are_refused_and_other_files_are_left_aside(cmb: Run, tmp_path: Path) -> None:
    inner = packed(tmp_path / "dalam.zip", **{"x.pdf": FORM}).read_bytes()
    (tmp_path / "dalam.zip").unlink()
    files = {"dalam.zip": inner, "lain.7z": b"7z", "catatan.txt": b"x", "__MACOSX/._a.pdf": b"x", ".b.pdf": b"x"}
    codes = verified(cmb, packed(tmp_path / "a.zip", **files, **{"a.pdf": FORM}))
    assert codes.pop("a.pdf")
    assert codes == {"dalam.zip": ["nested_archive"], "lain.7z": ["nested_archive"]}


def test_a_pdf_is_known_by_its_first_bytes_in_folders_and_archives(cmb: Run, tmp_path: Path) -> None:
    names = ("formulir (2)", "formulir.pdf.download", "DOC-20260407-WA0001.", "formulir.pdf.txt")
    folder = tmp_path / "masuk"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(FORM)
    (folder / "didahului").write_bytes(b"\n" + FORM)
    codes = verified(cmb, packed(tmp_path / "a.zip", **dict.fromkeys(names, FORM)), folder)
    assert {Path(name).name for name in codes} == {*names, "didahului"}
    assert all(READ in found or found == ["bytes_before_header"] for found in codes.values())


def test_files_left_aside_are_counted_and_named_with_why(cmb: Run, tmp_path: Path) -> None:
    folder = tmp_path / "masuk"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(FORM)
    (folder / "surat.docx").write_bytes(b"PK\x03\x04")
    (folder / ".DS_Store").write_bytes(b"x")
    archive = packed(folder / "b.zip", **{"foto.jpg": b"\xff\xd8\xff", "b.pdf": FORM, "__MACOSX/._b.pdf": b"x"})
    said = cmb("verify", folder, expect=1).stderr
    assert "4 berkas dilewati: 2 berkas tersembunyi, 2 bukan PDF." in said
    assert f"{folder / 'surat.docx'}\n" in said
    assert f"{archive}!foto.jpg\n" in said


def test_a_member_behind_a_password_is_refused(cmb: Run, tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", **{"baik.pdf": FORM, "kunci.pdf": FORM})
    codes = verified(cmb, with_bits(path, flags=1))
    assert codes["kunci.pdf"] == ["encrypted"]
    assert READ in codes["baik.pdf"]


def test_members_that_grow_beyond_reason_are_refused(cmb: Run, tmp_path: Path) -> None:
    codes = verified(cmb, packed(tmp_path / "a.zip", **{"bom.pdf": bytes(20 * 2**20), "baik.pdf": os.urandom(2**18)}))
    assert codes == {"bom.pdf": ["archive_bomb"], "baik.pdf": ["broken_pdf"]}
    whole = packed(tmp_path / "b.zip", **{f"{number}.pdf": bytes(2**19) for number in range(10)})
    assert verified(cmb, whole) == {str(whole): ["archive_bomb"]}


def test_a_member_larger_or_other_than_it_says_is_refused(cmb: Run, tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", **{"bohong.pdf": FORM})
    assert verified(cmb, with_bits(path, size=1000)) == {"bohong.pdf": ["cannot_open"]}
    damaged = bytearray(packed(tmp_path / "b.zip", **{"rusak.pdf": FORM}).read_bytes())
    damaged[200] ^= 0xFF
    (tmp_path / "b.zip").write_bytes(damaged)
    assert verified(cmb, tmp_path / "b.zip") == {"rusak.pdf": ["cannot_open"]}


def test_members_that_overlap_are_a_bomb(tmp_path: Path) -> None:
    """Every entry of the list points at the same packed bytes, as in the strongest bombs."""
    size, crc = 2**20, zlib.crc32(bytes(2**20))
    deflated = zlib.compress(bytes(size), 9)[2:-4]
    same = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 0, crc, len(deflated), size, 5, 0)
    head = b"PK\x03\x04" + same
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + same + struct.pack("<HHHLL", 0, 0, 0, 0, 0)
    body, listed = head + b"a.pdf" + deflated, (entry + b"a.pdf") * 1000
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 1000, 1000, len(listed), len(body), 0)
    (tmp_path / "a.zip").write_bytes(body + listed + end)
    (whole,) = members(tmp_path / "a.zip")
    assert whole.refusal is not None
    assert whole.refusal.code == "archive_bomb.whole"


def test_two_members_of_one_name_are_two_files(cmb: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.pdf", FORM)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.pdf", b"%PDF-1.7 lain")
    answers = objects(cmb("verify", tmp_path / "a.zip", "--json", expect=1))
    assert [answer["readable"] for answer in answers] == [True, False]


def test_names_are_read_as_they_were_meant(tmp_path: Path) -> None:
    def named(stored: bytes, *, utf8: bool) -> str:
        path = packed(tmp_path / "n.zip", **{"x" * len(stored): b"x"})
        content = path.read_bytes().replace(b"x" * len(stored), stored)
        path.write_bytes(content)
        with_bits(path, flags=0x800 if utf8 else 0)
        (member,) = members(path)
        return member.name

    assert named("Évaluasi é.pdf".encode(), utf8=True) == "Évaluasi é.pdf"
    assert named("Évaluasi é.pdf".encode(), utf8=False) == "Évaluasi é.pdf"
    assert named("café.pdf".encode("cp437"), utf8=False) == "café.pdf"


def test_a_damaged_archive_is_one_refused_file_and_not_the_end_of_the_batch(cmb: Run, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 bukan ZIP")
    (tmp_path / "b.pdf").write_bytes(FORM)
    codes = verified(cmb, tmp_path)
    assert codes.pop(str(tmp_path / "a.zip")) == ["cannot_open"]
    assert READ in codes[str(tmp_path / "b.pdf")]


def test_hidden_files_and_links_to_folders_are_left_aside_and_strange_names_are_read(cmb: Run, tmp_path: Path) -> None:
    folder = tmp_path / "berkas"
    for inner in (".git", "__MACOSX", "unit"):
        (folder / inner).mkdir(parents=True)
        (folder / inner / "a.pdf").write_bytes(FORM)
    (folder / "._b.pdf").write_bytes(FORM)
    (folder / "unit" / "lingkar").symlink_to(folder)
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.pdf")).write_bytes(FORM)
    found = objects(cmb("verify", folder, "--json", expect=1))
    assert [Path(answer["file"]).name for answer in found] == ["a.pdf", "\ufffd.pdf"]
    assert all(answer["readable"] for answer in found)


def test_what_is_no_file_or_has_gone_is_refused_by_itself(cmb: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa.pdf")
    (tmp_path / "hilang.pdf").symlink_to(tmp_path / "tidak-ada")
    (tmp_path / "z.pdf").write_bytes(FORM)
    codes = verified(cmb, tmp_path)
    assert codes.pop(str(tmp_path / "z.pdf"))
    assert set(map(tuple, codes.values())) == {("cannot_open",)}
    kept = objects(cmb("submit", tmp_path, "--json", expect=1))
    assert [answer["status"] for answer in kept] == ["refused"] * 3
    assert [answer["submission"] is None for answer in kept] == [True, True, False]
