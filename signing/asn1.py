"""asn1crypto's modules, extended by pyHanko and ready for several threads; signing takes them from here alone.

asn1crypto prepares a class when the first object of it is made, and not safely: two threads that do so at once leave
the class with each field twice, and until the process ends an intact signature reads as broken. So every class is
prepared here, once, while Python's import lock keeps other threads out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyhanko.sign.general
import pyhanko.sign.validation  # noqa: F401 - defines the last of the classes
from asn1crypto import algos, cms, core, crl, keys, ocsp, parser, tsp, x509

__all__ = ["algos", "cms", "core", "crl", "keys", "ocsp", "parser", "tsp", "x509"]


def _subclasses(cls: Any) -> Iterator[Any]:
    for subclass in cls.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


for _cls in _subclasses(core.Asn1Value):
    if _cls is not core.Choice:  # the only one nobody can make an object of
        _cls()
