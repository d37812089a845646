"""The activities of the sample office's year: who does what when, and what goes wrong with which form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleActivity:
    """One activity: who (a key of the sample office), when (`MM-DD`), and what becomes of its form.

    `fate`: `honest`; `unsigned` (the supervisor forgot); `forged` (an answer was changed after signing);
    `again` (the same activity on a second form).
    """

    who: str
    kind: str
    day: str
    title: str
    begins: str = "09.00"
    ends: str = "10.30"
    scope: str = "nasional"
    guide: str | None = None
    source: str | None = None
    fate: str = "honest"


STORY: tuple[SampleActivity, ...] = (
    # Three coachings in one month: the circular counts two.
    SampleActivity(who="cahya", kind="coaching", day="03-04", title="Coaching pemahaman pola karier 1"),
    SampleActivity(who="cahya", kind="coaching", day="03-11", title="Coaching pemahaman pola karier 2"),
    SampleActivity(who="cahya", kind="coaching", day="03-18", title="Coaching pemahaman pola karier 3"),
    SampleActivity(
        who="cahya", kind="mentoring", day="05-20", title="Mentoring penyusunan gap kompetensi", guide="heri"
    ),
    SampleActivity(
        who="cahya",
        kind="belajar_mandiri",
        day="06-05",
        title="Belajar mandiri komunikasi efektif",
        ends="10.00",
        source="Buku Komunikasi Efektif di Tempat Kerja",
    ),
    # At the day's limit, with the international addition: 2.4 JP.
    SampleActivity(
        who="bagus",
        kind="belajar_mandiri",
        day="04-07",
        title="Kursus daring analisis jabatan",
        begins="08.00",
        ends="11.00",
        scope="internasional",
        source="Kelas daring Job Analysis Fundamentals",
    ),
    SampleActivity(
        who="bagus", kind="mentoring", day="04-14", title="Mentoring lintas negara", scope="internasional", guide="heri"
    ),
    SampleActivity(who="dewi", kind="coaching", day="02-10", title="Coaching penyusunan sasaran kinerja"),
    SampleActivity(who="dewi", kind="coaching", day="02-10", title="Coaching penyusunan sasaran kinerja", fate="again"),
    SampleActivity(who="dewi", kind="mentoring", day="07-15", title="Mentoring verifikasi berkas", guide="cahya"),
    SampleActivity(who="eko", kind="coaching", day="08-04", title="Coaching pelayanan kepegawaian", fate="unsigned"),
    SampleActivity(who="eko", kind="coaching", day="09-08", title="Coaching penataan arsip"),
    SampleActivity(who="fajar", kind="coaching", day="05-06", title="Coaching penulisan nota dinas", fate="forged"),
    SampleActivity(who="fajar", kind="mentoring", day="10-13", title="Mentoring tata naskah dinas", guide="indra"),
    SampleActivity(who="gita", kind="coaching", day="01-15", title="Coaching rencana kerja unit"),
    SampleActivity(
        who="gita",
        kind="belajar_mandiri",
        day="11-03",
        title="Belajar mandiri manajemen data",
        ends="10.00",
        source="Modul Pengantar Manajemen Data",
    ),
    SampleActivity(who="joko", kind="coaching", day="06-17", title="Coaching pelayanan prima"),
    SampleActivity(who="joko", kind="mentoring", day="06-24", title="Mentoring penilaian kompetensi", guide="lestari"),
    SampleActivity(who="kartika", kind="coaching", day="12-02", title="Coaching evaluasi akhir tahun"),
    SampleActivity(who="heri", kind="coaching", day="04-21", title="Coaching kepemimpinan tim"),
)

# Answers of boxes A to D.
SHORT = (
    "Memahami tahapan karier dan kompetensi yang dipersyaratkan jabatan.",
    "Menjadi dasar penyusunan rencana pengembangan pegawai di unit kerja.",
    "Diskusi terarah, latihan menyusun rencana, dan umpan balik.",
    "Rencana pengembangan tersusun dan disepakati bersama.",
)
LONG = (
    (
        "Berdasarkan hasil penilaian kompetensi terakhir terdapat kesenjangan pada kemampuan menyusun peta jalan "
        "karier, khususnya dalam mengenali jabatan yang menjadi tujuan dan syarat kompetensi teknis, manajerial, serta "
        "sosial kultural yang menyertainya."
    ),
    (
        "Sebagai analis, pegawai menyusun bahan pengembangan kompetensi bagi seluruh unit; tanpa pemahaman pola karier "
        "yang memadai, bahan tersebut tidak dapat dipertanggungjawabkan dan berulang kali harus diperbaiki."
    ),
    (
        "Pertemuan tatap muka: (1) menelaah pola karier instansi; (2) membandingkan kompetensi saat ini dengan standar "
        "kompetensi jabatan; (3) menyusun tiga langkah pengembangan beserta tenggatnya; (4) menyepakati cara memantau "
        "kemajuan setiap dua minggu."
    ),
    (
        "Tersusun rencana pengembangan pribadi untuk dua belas bulan dengan sasaran ≥ 80 % capaian pada triwulan dua; "
        "pegawai dapat menjelaskan hubungan antara tugas, kesenjangan, dan kegiatan pengembangan yang dipilih."
    ),
)
