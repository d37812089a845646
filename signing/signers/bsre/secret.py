"""A text that is used and never shown: a passphrase, a one-time code, an identity number."""

from __future__ import annotations

import re
from typing import NoReturn

_SHOWN = "•••"


class Secret:
    """Holds a text for one call. It prints as dots, is equal to nothing, and travels to no other process or file."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one request that needs it."""
        return self._text

    def hidden_in(self, words: str) -> str:
        """Other people's words without this text in them, also where they broke it over spaces or lines."""
        letters = "".join(self._text.split())
        if not letters:
            return words
        return re.sub(r"\s*".join(map(re.escape, letters)), _SHOWN, words)

    def __bool__(self) -> bool:
        """Whether there is any text."""
        return bool(self._text)

    def __repr__(self) -> str:
        """Dots."""
        return _SHOWN

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        """Never written anywhere."""
        raise TypeError("a secret is not written anywhere")
