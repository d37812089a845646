"""Every page of the application with content: no accessibility fault, no horizontal overflow."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from support.accessibility import look_at, require_axe
from support.browser_people import DESK, TIMEOUT
from support.furnished_office import VISITORS, Furnished
from support.page_walk import NO_PAGES, endpoints, walk

Places = Mapping[str, Mapping[str, str]]  # by visitor: name and address of a page


@contextmanager
def serve_application(app: Flask) -> Iterator[str]:
    """Serve the application on a free port; yield its URL."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def structure(page: str) -> frozenset[str]:
    """Return the tags and classes in the main part of a page; pages with the same set are checked once."""
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    parts: list[str] = re.findall(r"<\w+|class=\"[^\"]*\"", main.group() if main else page)
    return frozenset(parts)


@pytest.fixture(scope="module")
def places(furnished: Furnished) -> Places:
    """Return every page once per structure, for the first visitor who gets it; fragments are checked in their pages."""
    found: dict[str, dict[str, str]] = {role: {} for role in VISITORS}
    structures: Counter[str] = Counter()
    seen, known = set(), set()
    for page in walk(furnished):
        seen.add(page.endpoint)
        if "<html" in page.text and (kind := (page.endpoint, structure(page.text))) not in known:
            known.add(kind)
            structures[page.endpoint] += 1
            found[page.role][f"{page.endpoint}-{structures[page.endpoint]}"] = page.address
    assert seen >= endpoints(furnished) - NO_PAGES.keys()
    return found


@pytest.fixture(scope="module")
def address(furnished: Furnished, places: Places) -> Iterator[str]:
    """The application's URL. The office is furnished before a browser opens: signing has an event loop of its own."""
    assert places
    with serve_application(furnished.web.app) as url:
        yield url


@pytest.mark.parametrize("role", VISITORS)
def test_no_page_has_a_barrier_or_sticks_out_sideways(
    furnished: Furnished, places: Places, address: str, browser: Browser, role: str
) -> None:
    with browser.new_context(viewport=DESK, locale="id-ID") as context:  # type: ignore[arg-type]  # exactly these two
        context.set_default_timeout(TIMEOUT)
        cookie = furnished.visits[role].client.get_cookie("cmb")
        if cookie:
            context.add_cookies([{"name": "cmb", "value": cookie.value, "url": address}])
        page = context.new_page()
        for name, path in places[role].items():
            page.goto(f"{address}{path}")
            if page.locator("[hx-trigger=load]").count():
                page.wait_for_load_state("networkidle")
            look_at(page, f"{role}-{name}")
    require_axe()
