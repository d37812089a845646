"""What a person is told who signs one of our forms."""

from __future__ import annotations

import io

import pikepdf
from pikepdf.form import Form

from forms.schema import Role
from service.form_signing import SignedForm, sign_form
from service.language import Reader, words
from support.office import ANSWERS, CAHYA, NOW, ZONE, Office, keys


def signed(content: bytes) -> SignedForm:
    return sign_form(
        content,
        role=Role.PEGAWAI,
        holder=keys().people[CAHYA].holder(),
        at=NOW,
        zone=ZONE,
        timestamper=None,
        enrolled_nip=CAHYA,
    )


def stored_and_not_drawn(blank: bytes) -> bytes:
    """As pikepdf fills by default: viewers are asked to draw the answers, and some do."""
    with pikepdf.open(io.BytesIO(blank)) as pdf:
        form = Form(pdf)
        for name, value in ANSWERS.items():
            form[name].value = value
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def test_whoever_signs_what_nobody_sees_is_told_before_the_others_sign(office: Office) -> None:
    form = signed(stored_and_not_drawn(office.blank().content))
    assert "Kolom “Tempat” menyimpan nilai yang tidak tampak di halaman." in [
        words(warning, Reader()) for warning in form.warnings
    ]
    assert "value_differs_from_appearance" in office.codes(form.content)


def test_whoever_signs_a_good_form_is_told_nothing(office: Office) -> None:
    assert signed(office.filled()).warnings == ()
