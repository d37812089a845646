"""A look at a page as somebody who cannot see, who has a phone, or who waits for a slow line would have it.

`CMB_SCREENSHOTS` names a folder for pictures of every page looked at, outside what git knows.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Any

from guests import DESK, PHONE, Guest
from tools import NotInstalled, node_modules

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@functools.cache
def axe() -> str | None:
    """axe-core's own script; None where npm cannot bring it just now."""
    try:
        return (node_modules() / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    except NotInstalled:
        return None


def look(guest: Guest, name: str) -> None:
    """Nothing is in anybody's way and nothing sticks out sideways, at both widths; a picture where one is wanted."""
    page, before = guest.page, guest.page.viewport_size
    folder = os.environ.get("CMB_SCREENSHOTS")
    for place, size in (("desk", DESK), ("phone", PHONE)):
        if page.locator(".paper[data-pdf]").count():
            guest.reads_paper()
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a dict of exactly these two
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}-{place}.png", full_page=True)
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} at {place}: {wide} pixels too wide"
        assert not (found := violations(guest)), f"{name} at {place} ({guest.path}):\n" + "\n".join(found)
    if before:
        page.set_viewport_size(before)


def violations(guest: Guest) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA, in a line each; the page's own script policy stays as it is."""
    script = axe()
    if script is None:
        return []
    page = guest.page
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(script + ";undefined")
    told: dict[str, Any] = page.evaluate("(rules) => axe.run({runOnly: rules, resultTypes: ['violations']})", _RULES)
    return [
        f"{each['id']} ({each['help']}): " + "; ".join(node["html"][:200] for node in each["nodes"][:5])
        for each in told["violations"]
    ]
