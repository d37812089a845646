"""Read the project's pages as tests need them: fenced blocks, commands, links and the paths they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from support import clone

# In the order in which their commands run: what the README leaves in the sample office, the other pages use.
PAGES = (
    "README.md",
    "docs/verification.md",
    "docs/api.md",
    "docs/operations.md",
    "docs/settings.md",
    "docs/seal.md",
    "docs/architecture.md",
    "docs/interoperability.md",
    "docs/performance.md",
    "docs/adding.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
)
_FENCE = re.compile(r"^```(\S*)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(((?!https?://)[^)#\s]+)")
# A path of this project, with at least one slash: `service/law/`, `web/biro/siasn.py`.
_PATH = re.compile(r"(?<![\w./<{*:~$-])((?:\.?[\w-]+/)+[\w.-]*)(?![\w.*-])")
_PLACEHOLDER = re.compile(r"(?:^|/)[A-Z]{2,}(?:[/.]|$)")  # `HOME/cmb.toml`, `biro/NAME.html`
_SUFFIXES = frozenset({".py", ".md", ".toml", ".html", ".css", ".json", ".png", ".pdf", ".java", ".mjs", ".lock", ""})
_TOP = ("forms/", "parsers/", "signing/", "service/", "tests/", "bench/", "docs/", ".ci/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block. `mark` is the second word of its opening: `test`, `served`, or the file it is written to."""

    page: str
    language: str
    mark: str
    body: str

    @property
    def commands(self) -> list[str]:
        """The command lines, continued lines joined, comments left out."""
        lines = self.body.replace("\\\n", "").splitlines()
        return [line.split("  #")[0].strip() for line in lines if line.strip() and not line.startswith("#")]


def read_page(name: str) -> str:
    """Return the text of a page."""
    return (clone.ROOT / name).read_text(encoding="utf-8")


def blocks(*pages: str) -> list[Block]:
    """Return the fenced blocks of these pages (all without any), in their order."""
    return [
        Block(page=page, language=language, mark=mark, body=body)
        for page in pages or PAGES
        for language, mark, body in _FENCE.findall(read_page(page))
    ]


def prose(page: str) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", read_page(page))


def inline_code(page: str) -> list[str]:
    """Return what stands between single backticks outside the fenced blocks of a page."""
    return _INLINE.findall(prose(page))


def links(page: str) -> list[str]:
    """Return the link targets of a page that are files, relative to the page."""
    return _LINK.findall(prose(page))


def named_paths(page: str) -> Iterator[str]:
    """Yield every path of this project that a page names in code or in a diagram."""
    diagrams = [block.body for block in blocks(page) if block.language in {"", "text"}]
    for text in (*inline_code(page), *diagrams):
        for path in _PATH.findall(text):
            # Without its full stop at the end of a sentence; `forms/`, not `application/json` or `a/b`.
            name = path.rstrip(".")
            known = name.startswith(_TOP) or Path(name).suffix in _SUFFIXES - {""}
            if known and Path(name).suffix in _SUFFIXES and not _PLACEHOLDER.search(name):
                yield name


def exists(path: str) -> bool:
    """Tell whether a named path is there, from the root or inside `service/`, as the pages shorten it."""
    return (clone.ROOT / path).exists() or (clone.ROOT / "service" / path).exists()
