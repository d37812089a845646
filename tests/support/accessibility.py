"""A look at a page as somebody who cannot see, who has a phone, or who waits for a slow line would have it.

A picture of every page looked at is kept where `CMB_SCREENSHOTS` says; one of a page that is not in order, always: in
var/screenshots, which git does not know.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from interop.tools import NotInstalled, node_modules
from support import clone
from support.browser_people import DESK, PHONE, Guest

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


WANTED = os.environ.get("CMB_SCREENSHOTS")
PICTURES = Path(WANTED or clone.ROOT / "var" / "screenshots")


@functools.cache
def axe() -> tuple[str, str]:
    """axe-core's own script; or nothing, and why npm cannot bring it just now."""
    try:
        return (node_modules() / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"), ""
    except NotInstalled as why:
        return "", str(why)


def require_axe() -> None:
    """Without axe-core nobody looked for barriers: the test is skipped and says so, it has not passed."""
    script, why = axe()
    if not script:
        pytest.skip(f"axe-core looked at no page: {why}")


def look(guest: Guest, name: str) -> None:
    """See `look_at`, at the page somebody is on."""
    look_at(guest.page, name)


def look_at(page: Page, name: str) -> None:
    """Nothing is in anybody's way and nothing sticks out sideways, at both widths."""
    before = page.viewport_size
    for place, size in (("desk", DESK), ("phone", PHONE)):
        if page.locator(".paper[data-pdf]").count():
            page.locator(".paper[data-shown]").first.wait_for()
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a dict of exactly these two
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = violations(page)
        if WANTED or wide > 0 or found:
            page.screenshot(path=PICTURES / f"{name}-{place}.png", full_page=True)
        assert wide <= 0, f"{name} at {place}: {wide} pixels too wide"
        assert not found, f"{name} at {place} ({page.url}):\n" + "\n".join(found)
    if before:
        page.set_viewport_size(before)


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA, in a line each; the page's own script policy stays as it is."""
    script, _why = axe()
    if not script:
        return []
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(script + ";undefined")
    told: dict[str, Any] = page.evaluate("(rules) => axe.run({runOnly: rules, resultTypes: ['violations']})", _RULES)
    return [
        f"{violation['id']} ({violation['help']}): " + "; ".join(node["html"][:200] for node in violation["nodes"][:5])
        for violation in told["violations"]
    ]
