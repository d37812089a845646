"""What the provider says of a person, and what that means for them. Only ISSUE can sign."""

from __future__ import annotations

from dataclasses import dataclass

_SENTENCES = {
    "ISSUE": "Sertifikat elektronik Anda aktif dan dapat dipakai.",
    "EXPIRED": "Sertifikat elektronik Anda sudah berakhir; ajukan pembaruan kepada verifikator BSrE di unit Anda.",
    "RENEW": "Sertifikat elektronik Anda sedang diperbarui; selesaikan pembaruannya lewat surel dari BSrE.",
    "WAITING_FOR_VERIFICATION": "Pendaftaran Anda menunggu verifikasi; hubungi verifikator BSrE di unit Anda.",
    "NEW": "Pendaftaran Anda baru dibuat; selesaikan pendaftaran dan buat passphrase lewat surel dari BSrE.",
    "NO_CERTIFICATE": "Anda terdaftar tetapi belum memiliki sertifikat elektronik; hubungi verifikator BSrE.",
    "NOT_REGISTERED": "NIK itu belum terdaftar di BSrE; hubungi verifikator BSrE di unit Anda.",
    "SUSPEND": "Sertifikat elektronik Anda ditangguhkan; hubungi verifikator BSrE di unit Anda.",
    "REVOKE": "Sertifikat elektronik Anda sudah dicabut; ajukan yang baru kepada verifikator BSrE di unit Anda.",
}
WORDS = tuple(_SENTENCES)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStatus:
    """`word` is the provider's, `provider` what else it said."""

    word: str
    provider: str = ""

    @property
    def can_sign(self) -> bool:
        return self.word == "ISSUE"

    @property
    def sentence(self) -> str:
        """Indonesian, for the person."""
        otherwise = (
            f"Layanan BSrE menyebut keadaan Anda “{self.word}”, yang tidak kami kenal; Anda belum dapat menandatangani."
        )
        return _SENTENCES.get(self.word, otherwise)
