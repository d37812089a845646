"""Extraction method of Babel: the Indonesian sentences in the source of packages below the web, for `make messages`.

A sentence with values in it is one message, the values as `{1}`, `{2}` in their order (`{nama}` where the source names
them), so that `service.web.i18n` can match it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

# Words that tell an Indonesian sentence from a format, an SQL statement, or an English text.
INDONESIAN = re.compile(
    r"\b(?:yang|dan|atau|dari|untuk|dengan|pada|tidak|belum|sudah|oleh|ini|itu|akan|dapat|anda|kami|bila|agar|lagi|lalu"
    r"|adalah|ialah|bukan|hanya|paling|setiap|semua|masih|sedang|harus|sejak|sampai|seperti|tanpa|sebelum|sesudah|nama"
    r"|nomor|tanggal|waktu|hari|bulan|tahun|berkas|kolom|baris|formulir|sertifikat|tanda|tangan|kunci|akar|pegawai"
    r"|atasan|kegiatan|unit|jenis|isi|perlu|tambahkan|pasang|siapkan|nyalakan|tambah|atur|daftarkan|minta|pakai|pilih"
    r"|periksa|ketik|tulis|tuliskan|ulangi|tunggu|muat|lihat|buat|basis|ruang|penanda|layanan|jam|surel|akun|peran"
    r"|kosong|sama|terlalu|menit|detik|kurang|karena|salah|coba|kirim|hubungi|unduh|unggah|pembelajaran|tempat|isian"
    r"|terkunci|arsip|masuk|perbarui|alamat|tindakan|perhitungan|media|skrip|sinyal|halaman|tercantum|ketika|batas"
    r"|terhenti|tersandung|sebutkan|orang|hapus|simpan|mulai|selesai|tingkat|mungkin|jalankan|tersisa|impor|kode|satuan|target"
    r"|urutan|perbaiki|mudah|menolak|gunakan|terdiri|sekitar|pukul|dalam|coaching|pemeriksaan)\b",
    re.IGNORECASE,
)
_LABEL_NAMES = {"label", "title", "tooltip"}  # labels of fields and findings: translated even when they are one word
# The circular's own words are quoted, not translated.
_QUOTING_CALLS = {"_angka", "Citation"}
_QUOTATION = re.compile(r"angka \d[\w.)]*: “")
_CODE = re.compile(r"[|\\]| IN \(| = ")
_PLACE = re.compile(r"\{(\w*)[^{}]*\}")


def extract(
    file: BinaryIO, *_arguments: object, options: Mapping[str, str] | None = None
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Yield (line, None, message, no comments), as Babel wants them.

    The option `without` names definitions whose texts are for papers only and are left out.
    """
    without = set((options or {}).get("without", "").split())
    tree = ast.parse(file.read())
    tree.body = [node for node in tree.body if not without & _defined(node)]
    for line, message in _sentences(tree):
        yield line, None, message, []


def _defined(node: ast.stmt) -> set[str]:
    """Return the names that a statement at the top of a module defines."""
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    names = {part.id for target in targets if target for part in ast.walk(target) if isinstance(part, ast.Name)}
    return names | ({node.name} if isinstance(node, ast.FunctionDef | ast.ClassDef) else set())


def _sentences(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of every sentence but docstrings and quotations."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _QUOTING_CALLS:
        return
    name = node.arg if isinstance(node, ast.keyword) else getattr(getattr(node, "targets", [None])[0], "id", None)
    if isinstance(node, (ast.keyword, ast.Assign)) and name in _LABEL_NAMES and isinstance(node.value, ast.Constant):
        yield node.value.lineno, _message(node.value)
    elif isinstance(node, (ast.JoinedStr, ast.Constant)):
        text = _message(node)
        if " " in text and INDONESIAN.search(text) and not (_QUOTATION.search(text) or _CODE.search(text)):
            yield node.lineno, text
        for value in getattr(node, "values", ()):
            if isinstance(value, ast.FormattedValue):
                yield from _sentences(value.value)
    elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):  # a docstring
        for child in ast.iter_child_nodes(node):
            yield from _sentences(child)


def _message(node: ast.expr) -> str:
    """Return the text in source, white space folded, values as places; empty when it is no text."""
    if isinstance(node, ast.Constant):
        text = _PLACE.sub(r"{\1}", node.value) if isinstance(node.value, str) else ""
        return " ".join(text.split())
    parts, count = [], 0
    for part in node.values if isinstance(node, ast.JoinedStr) else ():
        count += isinstance(part, ast.FormattedValue)
        parts.append(str(part.value) if isinstance(part, ast.Constant) else f"{{{count}}}")
    return " ".join("".join(parts).split())
