"""English titles and sentences of verification reasons, by code; shown above the Indonesian that is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import get_locale


@dataclass(frozen=True, slots=True)
class Wording:
    """Title, and sentence on what to do now; names and values are in the Indonesian sentence below it."""

    title: str
    sentence: str


ENGLISH: Mapping[str, Wording] = {
    # Signatures
    "missing_signature": Wording(
        "Not complete yet", "A signature is still missing. Send the form to that person to sign, then upload it again."
    ),
    "unknown_signer": Wording(
        "The signer is not known yet",
        "This signer certificate is not registered for any NIP. Biro SDM will match it; you need not sign again.",
    ),
    "wrong_signer": Wording(
        "Another person signed",
        "The form names one person, another signed. Ask the person named to sign, or make a new form.",
    ),
    "delegated_signer": Wording(
        "Signed by a Plt. or Plh.",
        "An official's substitute signed, under a delegation. Nothing to do; Biro SDM sees it before approving.",
    ),
    "delegation_unproven": Wording(
        "The day a Plt. or Plh. signed is not proven",
        "The delegation has ended and the signature has no time stamp. Biro SDM will decide; you need not sign again.",
    ),
    "further_signature": Wording(
        "A signature too many",
        "Somebody signed whom the form does not ask any more. Biro SDM will look at it; nobody needs to sign again.",
    ),
    "stamp_over_text": Wording(
        "A signature covers part of the page",
        "A visible signature lies over something that people read. Place signatures where the form has room for them; "
        "what to do now is told below.",
    ),
    "changed_after_signature": Wording(
        "Changed after signing",
        "Part of the form changed after it was signed. Make a new form; do not edit a signed file.",
    ),
    "value_differs_between_signatures": Wording(
        "The signers saw different content",
        "A field was not the same when each of them signed. Make a new form; do not edit a signed file.",
    ),
    "signature_broken": Wording(
        "The signature does not match the file",
        "Upload the file straight from the signing application, not saved again or compressed.",
    ),
    "weak_algorithm": Wording(
        "An outdated kind of signature",
        "The signature uses an algorithm that is no longer safe. Sign again with an up-to-date application.",
    ),
    "signed_before_activity": Wording(
        "Signed before the activity",
        "A signature is older than the end of the activity. Sign after it; make a new form if the date is wrong.",
    ),
    "signed_in_future": Wording(
        "Signed at a time still to come",
        "Check the date and time of the computer used; Biro SDM will decide.",
    ),
    # Signer certificates
    "untrusted_chain": Wording(
        "The signer certificate cannot be trusted",
        "Its issuer is not one this service trusts. Use a BSrE certificate; if it is one, contact Biro SDM.",
    ),
    "hidden_from_some_readers": Wording(
        "Not every program shows the same content",
        "The way this file was saved (hybrid cross-references) hides content from some PDF readers, so the signers may "
        "not all have seen the same. Fill in a new form with another program, then sign again.",
    ),
    "expired": Wording(
        "The signer certificate has expired",
        "No time stamp proves when it was used. Renew it with the BSrE verifier of your unit, then sign again.",
    ),
    "revoked": Wording(
        "The signer certificate was revoked",
        "Ask the BSrE verifier of your unit for a new one, then sign again.",
    ),
    "key_usage": Wording(
        "The signer certificate is not for signing",
        "It was not issued for signing documents. Use the certificate you were given for signing.",
    ),
    "not_yet_valid": Wording(
        "The signer certificate is not valid yet",
        "It was not valid at the time of signing. Check the date and time of your computer, then sign again.",
    ),
    "unknown_signer_certificate": Wording(
        "The signer certificate is missing",
        "The signature holds no certificate to check. Sign again with an application that includes it.",
    ),
    "revocation_unknown": Wording(
        "Not certain yet",
        "The state of the signer certificate cannot be checked now. Biro SDM will try again; you need not sign again.",
    ),
    # The file
    "broken_pdf": Wording(
        "The file cannot be read",
        "Open it on your computer; if that fails too, download it again from where it came.",
    ),
    "bytes_before_header": Wording(
        "The file has shifted",
        "Something stands before the start of the PDF, so signatures cannot be matched. Upload the original file.",
    ),
    "encrypted": Wording("The file is locked", "Upload it without a password, straight from the signing application."),
    "too_large": Wording(
        "The file is too large", "It is larger, or holds more, than any form. Upload only the form itself."
    ),
    "active_content": Wording(
        "The file can change itself", "It holds something that can change the form. Download a new form and fill it in."
    ),
    "flattened": Wording(
        "A print, not the form",
        "It seems to come from “Print to PDF”, which loses signatures. Upload the file of the signing application.",
    ),
    "no_text": Wording(
        "A scan, not the form", "The file holds only a picture. Upload the file straight from the signing application."
    ),
    "reader_gave_up": Wording(
        "Cannot be checked yet",
        "Our reader gave up on this file; it has not been judged. Send it once more, or fill in a new form.",
    ),
    "internal_error": Wording(
        "Not judged yet",
        "The service failed while judging this file; it has not been judged. That is our fault, not yours: tell "
        "whoever runs the service, then send it once more.",
    ),
    # The form
    "altered_template": Wording(
        "Not the original form",
        "The page differs from the Lampiran I this service issued. Download a new form and fill it in.",
    ),
    "unknown_serial": Wording(
        "Serial not known",
        "The form holds no serial that this service ever issued. Download a new form and fill it in.",
    ),
    "prefilled_value_changed": Wording(
        "Data of the form changed",
        "A field differs from what was printed when the form was issued. Download a new form; wrong data is corrected "
        "by the personnel officer first.",
    ),
    "value_differs_from_appearance": Wording(
        "Content and appearance differ",
        "A field holds another value than the page shows. Fill in a blank form with another application, or here.",
    ),
    "drawing_not_plain": Wording(
        "The appearance has to be compared",
        "A field is drawn in a way that cannot be checked with certainty. Biro SDM will compare its picture with its "
        "content; nobody needs to sign again.",
    ),
    "missing_value": Wording("A field is empty", "Fill it in before the form is signed."),
    "invalid_value": Wording("A field does not fit", "Its value cannot be understood. Make a new form and correct it."),
    "too_long": Wording("A field is too long", "Shorten the text so that all of it can be read on the page."),
    "off_its_way": Wording(
        "This form was sent back or withdrawn",
        "It was taken off its way before everybody had signed. Biro SDM will look at it; if another form took its "
        "place, go on with that one.",
    ),
    # The activity and the people
    "name_differs_from_register": Wording(
        "The name differs from the personnel records", "Biro SDM will match the name on the form with the records."
    ),
    "not_employed_then": Wording(
        "Not in service on that day",
        "The personnel records do not have this person in service then. Biro SDM will look at it.",
    ),
    "supervisor_of_another_day": Wording(
        "The direct supervisor changed",
        "The records name another supervisor for that day. Biro SDM sees it before approving; no need to upload again.",
    ),
    "coach_is_not_supervisor": Wording(
        "The coach is not the direct supervisor",
        "Biro SDM will decide; if mentoring was meant, make a mentoring form.",
    ),
    "duplicate_activity": Wording(
        "This activity is already here", "It is the same as one handed in before. There is nothing to do."
    ),
    "overlapping_activity": Wording(
        "The times overlap",
        "Another activity covers the same time. Biro SDM sees it before approving; no need to upload again.",
    ),
    "overlap_needs_look": Wording(
        "The times overlap",
        "Another activity of this person covers the same time. Look at both, then decide on each by itself.",
    ),
    "form_date_before_activity": Wording(
        "The form's date is before the activity",
        "The signing date printed on the form lies before the activity. Make a new form if the activity's date is "
        "wrong; otherwise there is nothing to do.",
    ),
    "signed_long_after_activity": Wording(
        "Signed long after the activity",
        "The last signature is dated unusually long after the activity. There is nothing to do; Biro SDM sees this "
        "when approving.",
    ),
    "future_activity": Wording(
        "The activity is still to come",
        "Upload the form after the activity, or make a new form if the date is wrong.",
    ),
}
_UNKNOWN = Wording("Needs correcting", "What needs correcting is told below.")


def english_reason(code: str) -> Wording | None:
    """Return the English of a reason when the reader's language is English; None otherwise."""
    return ENGLISH.get(code, _UNKNOWN) if str(get_locale() or "id") == "en" else None
