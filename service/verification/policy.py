"""The verification policies, named and numbered: a new one is added, an old one is never edited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPolicy:
    """One version of a policy. `text` is Indonesian, for the people a report is made for.

    A change that can turn any verdict is a new version with a text of its own; reports kept before go on naming theirs.
    """

    name: str
    version: int
    text: str

    @property
    def id(self) -> str:
        """`cmb-verify-1`."""
        return f"{self.name}-{self.version}"


_UNNAMED = VerificationPolicy(
    name="cmb-verify",
    version=0,
    text="Pemeriksaan sebelum kebijakan pemeriksaan diberi nama dan versi.",
)
_FIRST = VerificationPolicy(
    name="cmb-verify",
    version=1,
    text=(
        "Formulir dinyatakan lulus bila halamannya sama dengan Lampiran I yang diterbitkan layanan ini dan nomor "
        "serinya dikenal; semua pihak yang harus menandatangani telah menandatangani dengan sertifikat elektronik "
        "yang terdaftar atas NIP-nya, diterbitkan oleh penerbit yang dipercaya, dan tidak dicabut; sesudah sebuah "
        "tanda tangan hanya ditambahkan tanda tangan lain, bahan pemeriksaan, atau penanda waktu; isi yang "
        "tersimpan sama dengan yang tampak dan sama bagi semua penanda tangan; serta kegiatannya sudah "
        "berlangsung, ditandatangani sesudahnya, dan belum pernah dilaporkan. Keadaan tanda tangan dinyatakan "
        "menurut ETSI EN 319 102-1. Yang tidak dapat dipastikan tidak dianggap lulus, melainkan diputuskan oleh "
        "Biro SDM."
    ),
)
_SECOND = VerificationPolicy(
    name="cmb-verify",
    version=2,
    text=(
        f"{_FIRST.text} Peran coach, mentor, dan atasan langsung dapat ditandatangani oleh Plt. atau Plh. yang "
        "delegasinya tercatat untuk peran itu dan berlaku pada hari penandatanganan; pegawai yang melaporkan dan "
        "pihak lain pada formulir itu tidak menandatangani sebagai Plt. atau Plh., dan seorang Plt. atau Plh. mewakili "
        "satu pejabat saja pada satu formulir."
    ),
)

_THIRD = VerificationPolicy(
    name="cmb-verify",
    version=3,
    text=(
        f"{_SECOND.text} Formulir yang dikembalikan kepada pegawai atau ditarik dari layanan ini, lalu ditandatangani "
        "di tempat lain, tidak lulus karena tanda tangannya saja, melainkan diputuskan oleh Biro SDM."
    ),
)

_FOURTH = VerificationPolicy(
    name="cmb-verify",
    version=4,
    text=(
        f"{_THIRD.text} Kegiatan yang melewati tengah malam diterima pada tanggal mulainya, paling lama 8 jam; pukul "
        "24.00 sebagai waktu selesai ialah tengah malam. Tanggal tanda tangan pada formulir yang lebih awal daripada "
        "kegiatannya, dan tanda tangan lebih dari 90 hari sesudahnya, diberi catatan bagi yang mengesahkan."
    ),
)

POLICIES = (_UNNAMED, _FIRST, _SECOND, _THIRD, _FOURTH)
CURRENT = POLICIES[-1]


def policy_of(policy_id: str) -> VerificationPolicy:
    """The policy of that id; KeyError for one that never was."""
    return {policy.id: policy for policy in POLICIES}[policy_id]


def policy_json(policy: VerificationPolicy) -> dict[str, Any]:
    """The key `policy` of an answer."""
    return {"id": policy.id, "name": policy.name, "version": policy.version, "text": policy.text}
