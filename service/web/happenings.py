"""What the event log's actions are called on a page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

_TOLD = {
    "submission.received": _("Berkas diterima dan disimpan"),
    "submission.verified": _("Lulus pemeriksaan"),
    "submission.review": _("Diteruskan kepada Biro SDM untuk dilihat"),
    "submission.refused": _("Belum dapat diterima"),
    "submission.approved": _("Disahkan oleh Biro SDM"),
    "submission.rejected": _("Tidak disahkan oleh Biro SDM"),
    "submission.reverified": _("Diperiksa lagi"),
    "blank.prepared": _("Formulir dibuat"),
    "circulation.started": _("Draf dimulai"),
    "circulation.saved": _("Draf disimpan"),
    "circulation.signed": _("Ditandatangani"),
    "circulation.returned": _("Dikembalikan kepada pegawai"),
    "circulation.withdrawn": _("Ditarik oleh pegawai"),
    "circulation.kept": _("Berkas diterima dan disimpan"),
    "circulation.refused": _("Berkas tidak dapat dipakai"),
    "circulation.unsigned": _("Berkas tanpa tanda tangan baru disimpan"),
    "circulation.out_of_turn": _("Ditandatangani sebelum gilirannya"),
    "circulation.unknown_next": _("Penanda tangan berikutnya tidak ada pada data kepegawaian"),
    "circulation.unknown_signer": _("Menunggu pencocokan sertifikat penanda tangan"),
    "circulation.submitted": _("Diserahkan"),
    "circulation.reminded": _("Diingatkan"),
    "gateway.started": _("Dikirim ke BSrE untuk ditandatangani"),
    "gateway.signed": _("Ditandatangani lewat BSrE"),
    "gateway.refused": _("Belum jadi ditandatangani lewat BSrE"),
    "gateway.unknown": _("Jawaban BSrE terputus; hasilnya belum diketahui"),
    "gateway.settled": _("Hasil dari BSrE sudah diketahui"),
    "gateway.looked": _("Hasil dari BSrE ditanyakan lagi"),
    "gateway.looked_in_vain": _("Hasil dari BSrE tidak dapat dipastikan"),
    "attachment.added": _("Lampiran ditambahkan"),
    "attachment.removed": _("Lampiran dihapus"),
    "account.opened": _("Akun dibuka"),
    "account.signed_in": _("Masuk ke layanan ini"),
    "account.refused": _("Percobaan masuk ditolak"),
    "account.password_set": _("Kata sandi diganti"),
    "account.reset": _("Kata sandi pertama yang baru diberikan"),
    "account.closed": _("Akun ditutup"),
    "account.reopened": _("Akun dibuka lagi"),
    "account.linked": _("Akun instansi dihubungkan"),
    "signer.enrolled": _("Sertifikat penanda tangan didaftarkan"),
    "signer.ended": _("Sertifikat penanda tangan tidak dipakai lagi"),
    "token.made": _("Token dibuat"),
    "token.revoked": _("Token dicabut"),
    "certificate.intended": _("Sertifikat tahunan disiapkan"),
    "certificate.issued": _("Sertifikat tahunan diterbitkan"),
    "certificate.shared": _("Sertifikat tahunan dibagikan"),
    "certificate.unshared": _("Sertifikat tahunan tidak dibagikan lagi"),
    "certificate.revoked": _("Sertifikat tahunan dicabut"),
    "employee.roles_set": _("Peran diubah"),
    "delegation.made": _("Delegasi dibuat"),
    "delegation.ended": _("Delegasi diakhiri"),
    "assignment.made": _("Penugasan dibuat"),
    "assignment.done": _("Penugasan selesai"),
    "learning.entered": _("Pembelajaran lain dicatat"),
    "learning.approved": _("Pembelajaran lain disahkan oleh Biro SDM"),
    "learning.rejected": _("Pembelajaran lain tidak disahkan oleh Biro SDM"),
}


def told_event(action: str) -> str:
    """A sentence for an action; its own word where no page has one."""
    return str(_TOLD.get(action, action))
