"""Checks of a page in a browser: accessibility by axe-core, and no overflow at two widths.

A screenshot of every checked page is kept in the folder `CMB_SCREENSHOTS`; without it, only of pages with faults, in
var/screenshots, which git ignores.
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
from support.browser_people import DESK, PHONE, BrowserUser

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


WANTED = os.environ.get("CMB_SCREENSHOTS")
PICTURES = Path(WANTED or clone.ROOT / "var" / "screenshots")


@functools.cache
def axe() -> tuple[str, str]:
    """Return axe-core's script, or an empty text and why npm could not install it."""
    try:
        return (node_modules() / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"), ""
    except NotInstalled as why:
        return "", str(why)


def require_axe() -> None:
    """Skip the test when axe-core is not there: then nothing was checked."""
    script, why = axe()
    if not script:
        pytest.skip(f"axe-core looked at no page: {why}")


def look(guest: BrowserUser, name: str) -> None:
    """Check the page that a browser user is on, as `look_at` does."""
    look_at(guest.page, name)


def look_at(page: Page, name: str) -> None:
    """Assert that a page has no accessibility fault and no horizontal overflow, at both widths."""
    before = page.viewport_size
    for place, size in (("desk", DESK), ("phone", PHONE)):
        if page.locator(".pdf-viewer[data-pdf]").count():
            page.locator(".pdf-viewer[data-shown]").first.wait_for()
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
    """Return axe-core's findings against WCAG 2.2 AA, one a line; the page's script policy stays in force."""
    script, _why = axe()
    if not script:
        return []
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(script + ";undefined")
    report: dict[str, Any] = page.evaluate("(rules) => axe.run({runOnly: rules, resultTypes: ['violations']})", _RULES)
    return [
        f"{violation['id']} ({violation['help']}): " + "; ".join(node["html"][:200] for node in violation["nodes"][:5])
        for violation in report["violations"]
    ]
