"""What each scope of a token is called, for whoever makes one and whoever reads the API's document."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SCOPE_WORDS = {
    "forms:write": _("Membuat formulir"),
    "submissions:read": _("Membaca formulir yang dikirim"),
    "submissions:write": _("Mengirim formulir"),
    "jp:read": _("Membaca jam pelajaran"),
    "certificates:read": _("Membaca sertifikat"),
    "certificates:issue": _("Menerbitkan sertifikat (Biro SDM)"),
    "certificates:revoke": _("Mencabut sertifikat (Biro SDM)"),
    "checks:read": _("Memeriksa keaslian sertifikat"),
    "batches:read": _("Membaca kemajuan pekerjaan panjang"),
    "batches:write": _("Menghentikan pekerjaan panjang"),
    "webhooks:read": _("Membaca alamat webhook (Biro SDM)"),
    "webhooks:write": _("Mengatur alamat webhook (Biro SDM)"),
}
