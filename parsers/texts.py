"""Free text and choices: whitespace tidied, invisible characters refused, length kept."""

from __future__ import annotations

import re
import unicodedata

from forms.schema import Field
from parsers.complaints import quoted, wrong
from parsers.records import Problem

# Characters that draw nothing but change how the rest is drawn or read: nobody can sign what they cannot see.
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs"})
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"


def read_text(text: str, field: Field) -> str | Problem:
    """One line: every run of white space is one space."""
    return _checked(" ".join(text.split()), field)


def read_long_text(text: str, field: Field) -> str | Problem:
    """Several lines: line breaks stay, spaces inside a line are one, at most one empty line in a row."""
    lines = [" ".join(line.split()) for line in re.split(r"\r\n|[\r\n\u2028\u2029]", text)]
    return _checked(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"), field)


def read_choice(text: str, field: Field) -> str | Problem:
    """Give the value of the option whose value or shown word this is, in any case."""
    plain = " ".join(text.split()).casefold()
    for value, shown in field.options:
        if plain in {value.casefold(), " ".join(shown.split()).casefold()}:
            return value
    shown_words = ", ".join(shown for _, shown in field.options)
    return wrong(f"{quoted(text)} bukan salah satu pilihan.", f"Pilih salah satu dari: {shown_words}.")


def _checked(text: str, field: Field) -> str | Problem:
    plain = text.replace(_SOFT_HYPHEN, "")
    if not plain:
        return wrong("isinya kosong.", "Ketik isinya.")
    # What is printable has none of them; other white space is neither, and asked about sign by sign.
    if not plain.replace("\n", "").isprintable() and any(
        unicodedata.category(sign) in _INVISIBLE for sign in plain if sign != "\n"
    ):
        return wrong(
            "isinya memuat karakter yang tidak tampak.", "Ketik ulang isinya tanpa menempelkan dari dokumen lain."
        )
    if field.max_length is not None and len(plain) > field.max_length:
        return Problem(
            field=None,
            code="too_long",
            message=f"isinya {len(plain)} karakter, paling banyak {field.max_length}.",
            hint="Persingkat isinya, lalu buat formulir baru.",
        )
    return plain
