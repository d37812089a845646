"""What people read of a problem, an error or a reason, in Indonesian, for tests that look at words."""

from __future__ import annotations

from service.language import Coded, Message, Reader, words


def said(coded: Coded) -> str:
    return words(Message.of(coded), Reader())


def advice(coded: Coded) -> str:
    """Return what it says to do now."""
    return words(Message.of(coded).hint, Reader())


def title(coded: Coded) -> str:
    return words(Message.of(coded).title, Reader())
