"""Files are finished, and free of the machine they were written on."""

from __future__ import annotations

import re

from support import clone

# Words are put together here so that this file does not contain what it looks for.
UNFINISHED = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b|raise " + "NotImplemented")
REGISTRIES = re.compile(
    "|".join(
        re.escape(f"{name}.{domain}") for name, domain in (("pypi", "org"), ("pythonhosted", "org"), ("pkg", "dev"))
    )
    + "|artifact"
    + "ory|npm"
    + r"js\.|--extra-"
    + "index|--index"
    + "-url|--find"
    + "-links"
)
PLACES = re.compile("|".join(rf"(?<![\w.])/{folder}/" for folder in ("wo" + "rk", "ro" + "ot", "home/" + r"\w+")))
# Other people's files, kept as their packages ship them.
VENDORED = clone.ROOT / "service" / "web" / "static" / "vendor"


def found(pattern: re.Pattern[str], *patterns: str) -> list[str]:
    return [
        f"{path.relative_to(clone.ROOT)}:{number}: {line.strip()[:100]}"
        for path in clone.files(*patterns)
        if not path.is_relative_to(VENDORED)
        for number, line in enumerate((clone.text(path) or "").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_nothing_is_left_unfinished() -> None:
    assert not found(UNFINISHED)


def test_no_file_names_a_package_registry() -> None:
    assert not found(REGISTRIES)


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert not found(PLACES)


def test_every_module_says_in_its_first_line_what_it_promises() -> None:
    silent = [
        path.relative_to(clone.ROOT)
        for path in clone.files("*.py")
        if (source := path.read_text(encoding="utf-8")).strip() and not source.lstrip().startswith(('"""', 'r"""'))
    ]
    assert not silent


def test_silenced_checks_say_why() -> None:
    bare = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no cover)(?:\s*:\s*[A-Z0-9, ]+|\[[\w, -]+\])?\s*$")
    assert not found(bare, "*.py")
