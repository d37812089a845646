"""A certificate found in a signed file, shown beside the person it is said to belong to."""

from __future__ import annotations

from typing import Any

from service.enrolment import Suggestion


def suggestion_json(each: Suggestion) -> dict[str, Any]:
    """For programs."""
    certificate, signature = each.certificate, each.signature
    return {
        "fingerprint": certificate.fingerprint,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
        "field": signature.field,
        "indication": signature.indication.value,
        "sub_indication": signature.sub_indication,
        "doubts": list(each.doubts),
        "name": certificate.name,
        "register_name": each.employee.name,
        "likeness": each.likeness.value,
    }


def described(each: Suggestion) -> str:
    """For the person who confirms."""
    certificate, signature = each.certificate, each.signature
    alike = {"same": "sama", "similar": "mirip, lihat baik-baik", "different": "BERBEDA"}[each.likeness.value]
    detail = f" ({signature.sub_indication})" if signature.sub_indication else ""
    return "\n".join(
        (
            f"Pegawai          : {each.employee.name}, NIP {each.employee.nip}",
            f"Nama sertifikat  : {certificate.name} – {alike} (hanya petunjuk, bukan bukti)",
            f"Subjek           : {certificate.subject}",
            f"Penerbit         : {certificate.issuer}",
            f"Berlaku          : {certificate.not_before:%Y-%m-%d} s.d. {certificate.not_after:%Y-%m-%d}",
            f"Sidik jari       : {certificate.fingerprint}",
            f"Tanda tangan     : {signature.field} – {signature.indication.value}{detail}",
            "Cocokkan sidik jari dengan yang ditunjukkan pegawai itu sendiri, misalnya dari aplikasi BSrE-nya.",
        )
    )
