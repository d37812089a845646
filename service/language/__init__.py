"""Words for people: messages are codes with parameters, and words are made of them once, for a reader."""

from __future__ import annotations

from service.language.message import Coded, Message, Param
from service.language.words import Reader, words

__all__ = ["Coded", "Message", "Param", "Reader", "words"]
