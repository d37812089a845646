"""Whether a file is an earlier one and signatures: what was signed is what was handed out, not something over it."""

from __future__ import annotations

from signing.changes import judge_step
from signing.history import History, only_blanks
from signing.usages import Usages


def only_signed(content: bytes, before: bytes) -> bool:
    """Whether nothing but signatures, time stamps and revocation data came since `before`, also before the first one.

    A report tells what followed each signature; what somebody wrote first and signed then is that signer's own, and
    only this tells. For bytes that `signing.verify.inspect` could read.
    """
    if not content.startswith(before):
        return False
    history = History(content)
    usages = Usages(history)
    ours = [each for each in range(history.last + 1) if 0 <= history.end(each) <= len(before)]
    if not ours or not only_blanks(before[history.end(ours[-1]) :]):
        return False
    return all(judge_step(history, usages, each).why is None for each in range(ours[-1] + 1, history.last + 1))
