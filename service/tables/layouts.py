"""The tables the service takes in, column by column; `cmb template` hands them out."""

from __future__ import annotations

from service.tables.layout import Column, Layout

STAFF = Layout(
    subject="employees",
    title="Tabel pegawai",
    columns=(
        Column(name="nip", meaning="18 angka, sebagai teks.", width=22),
        Column(name="nama", meaning="Nama lengkap dengan gelar, seperti pada formulir.", width=34),
        Column(name="jabatan", meaning="Jabatan saat itu.", width=30),
        Column(name="gol", meaning="I/a sampai IV/e untuk PNS, I sampai XVII untuk PPPK.", width=8),
        Column(name="unit_kerja", meaning="Nama unit kerja, selalu ditulis sama.", width=34),
        Column(name="atasan_nip", meaning="NIP atasan langsung; kosong bagi pimpinan tertinggi.", width=22),
        Column(name="email", meaning="Alamat surel dinas; boleh kosong.", width=30),
        Column(
            name="peran",
            meaning="pegawai, pengelola, pimpinan, biro_sdm, admin, dipisah spasi. Kosong = tetap; yang baru: pegawai.",
            required=False,
        ),
        Column(
            name="berlaku_sejak",
            meaning="Sejak kapan baris ini berlaku, mis. 2026-07-01. Kosong = hari impor; bagi yang baru = sejak awal.",
            required=False,
            width=16,
        ),
        Column(
            name="status",
            meaning="aktif, berhenti, atau pensiun (sejak tanggal berlaku_sejak). Kosong = aktif.",
            required=False,
            width=12,
            choices=("aktif", "berhenti", "pensiun"),
        ),
    ),
    sample={
        "nip": "199708212020122005",
        "nama": "Cahya Lestari",
        "jabatan": "Analis SDM Aparatur",
        "gol": "III/b",
        "unit_kerja": "Biro Sumber Daya Manusia",
        "atasan_nip": "197801012003122001",
        "email": "cahya@contoh.go.id",
        "peran": "pegawai",
        "berlaku_sejak": "2026-01-01",
        "status": "aktif",
    },
)

APPROVALS = Layout(
    subject="approvals",
    title="Tabel pengesahan",
    columns=(
        Column(name="kiriman", meaning="Nomor kiriman, seperti pada jawaban `cmb submit`.", width=22),
        Column(
            name="keputusan",
            meaning="sah atau tolak; baris yang kosong dilewati.",
            width=12,
            choices=("sah", "tolak"),
        ),
        Column(name="alasan", meaning="Wajib bila ditolak; dibaca oleh pegawai.", width=60),
        Column(name="nip", meaning="Hanya untuk dilihat, tidak dibaca.", required=False, width=22),
        Column(name="nama", meaning="Hanya untuk dilihat, tidak dibaca.", required=False, width=30),
        Column(name="tanggal", meaning="Hanya untuk dilihat, tidak dibaca.", required=False, width=14),
        Column(name="kegiatan", meaning="Hanya untuk dilihat, tidak dibaca.", required=False, width=60),
        Column(name="catatan", meaning="Hanya untuk dilihat, tidak dibaca.", required=False, width=60),
    ),
    sample={"kiriman": "K-AB12CD34EF", "keputusan": "tolak", "alasan": "Hasil pengembangan belum diuraikan."},
)
