"""Several threads of a fresh process look at signatures at once, and each sees what one alone would see.

asn1crypto prepares its classes and parses its values at first use, which is not safe in threads: an intact signature
read as broken, and stayed so until the process ended. What happens once in many runs is shown here by its causes.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from signing.certificates import cached_certificate
from support import clone
from support.pki import open_office
from support.untraced import untraced

EVERY_CLASS = """
import importlib, pkgutil, signing
for module in pkgutil.walk_packages(signing.__path__, "signing."):
    importlib.import_module(module.name)
from asn1crypto import core
classes, found = [core.Asn1Value], set()
while classes:
    found |= set(classes)
    classes = [below for cls in classes for below in cls.__subclasses__()]
print(*sorted(str(cls) for cls in found - core._SETUP_CLASSES.keys() - {core.Asn1Value, core.Choice}))
"""


def test_every_class_is_ready_before_the_first_thread_uses_it() -> None:
    outcome = subprocess.run(
        [sys.executable, "-c", EVERY_CLASS], cwd=clone.ROOT, env=untraced(), capture_output=True, text=True, check=True
    )
    assert outcome.stdout.strip() == ""


def test_no_parsed_certificate_is_shared_by_two_threads() -> None:
    der = open_office().people[0].holder().certificate
    together = Barrier(2)

    def twice(_: int) -> tuple[int, bool]:
        first = cached_certificate(der)
        together.wait(10)
        return id(first), first is cached_certificate(der)

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(twice, range(2)))
    assert len({identity for identity, _ in found}) == 2
    assert all(again for _, again in found)
