"""Sentences that have no code yet, beside messages that have one; deleted when the last room is converted.

What uses this module is what is left to convert: `grep -rn "language.bridge" service`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from service.language.message import CODE, Coded, Message
from service.language.words import Reader, words

_INDONESIAN = Reader()
# The code of a finished Indonesian sentence: the entry of the catalogues is the parameter itself.
SENTENCE = "sentence"


def sentence_params(code: str, hint: str, params: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return code and parameters of an error that was raised with a code, or with a sentence and a hint."""
    return (code, params) if CODE.fullmatch(code) and not hint else (SENTENCE, {"sentence": code, "hint": hint})


def sentence(text: str, hint: str = "") -> Message:
    """Return a finished Indonesian sentence as a message; one made from a message is that message again."""
    if isinstance(text, IndonesianWords):
        return text.said
    return Message(SENTENCE, sentence=text, hint=hint)


class IndonesianWords(str):
    """The Indonesian words of a message, which doors that know the reader's language make anew."""

    __slots__ = ("__dict__", "said")

    said: Message

    def __new__(cls, said: Message) -> Self:
        text = super().__new__(cls, words(said, _INDONESIAN))
        text.said = said
        return text

    def __reduce__(self) -> tuple[type[Self], tuple[Message]]:
        """Keep the message when pickled between processes."""
        return type(self), (self.said,)


def indonesian(coded: Coded) -> IndonesianWords:
    """Return the words of a message where a sentence is still made of several."""
    return IndonesianWords(Message.of(coded))


def indonesian_hint(coded: Coded) -> IndonesianWords:
    return IndonesianWords(Message.of(coded, "hint"))


class SpeaksIndonesian:
    """Gives an error its `message` and `hint` as sentences, for callers that do not make words of it yet."""

    code: str
    params: Mapping[str, Any]

    @property
    def message(self) -> str:
        return IndonesianWords(Message.of(self))

    @property
    def hint(self) -> str:
        return IndonesianWords(Message.of(self, "hint"))


def message_of_error(error: Exception) -> Message:
    """Return what an error says: its code and parameters, or its sentence."""
    if isinstance(getattr(error, "params", None), Mapping):
        coded: Coded = error  # type: ignore[assignment] # it has both
        return Message.of(coded)
    return sentence(str(error), str(getattr(error, "hint", "")))
