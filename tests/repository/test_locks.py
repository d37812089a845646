"""The lock files name exact versions with digests, for every dependency of pyproject.toml, and no place to get them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support import clone

RUN, DEV, FUZZ = (clone.ROOT / f"requirements{group}.lock" for group in ("", "-dev", "-fuzz"))


def pins(lock: Path) -> dict[str, str]:
    named = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in named}


def wanted(*, dev: bool) -> list[Requirement]:
    project = tomllib.loads((clone.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = project["project"]["dependencies"] + (project["dependency-groups"]["dev"] if dev else [])
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("lock", [RUN, DEV, FUZZ], ids=lambda path: path.name)
def test_every_line_of_a_lock_is_a_pin_or_a_digest(lock: Path) -> None:
    pin = re.compile(r"[A-Za-z0-9._-]+==[^\s;]+( ; [^\\]+)? \\")
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    lines = lock.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if not (pin.fullmatch(line) or digest.fullmatch(line))]
    assert lines[0].endswith("\\")


@pytest.mark.parametrize(("lock", "dev"), [(RUN, False), (DEV, True)], ids=["run", "dev"])
def test_a_lock_satisfies_every_dependency(lock: Path, dev: bool) -> None:
    pinned = pins(lock)
    unmet = [
        str(need)
        for need in wanted(dev=dev)
        if not need.specifier.contains(pinned.get(canonicalize_name(need.name), "0"), prereleases=True)
    ]
    assert not unmet


def test_both_locks_name_the_same_versions() -> None:
    assert pins(RUN).items() <= pins(DEV).items()


def test_every_dependency_says_why_it_is_there() -> None:
    text = (clone.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    lines = [line for part in lists for line in part.splitlines()]
    assert len(lines) == len(wanted(dev=True))
    assert not [line for line in lines if not re.fullmatch(r'  "[^"]+",\s+# \S.{10,}', line)]
