"""Every page of the application, with something on it: no barrier, and nothing sticks out sideways."""

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

Places = Mapping[str, Mapping[str, str]]  # for each visitor: the name of a page and its address


@contextmanager
def at_a_port(app: Flask) -> Iterator[str]:
    """The application as browsers reach it."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def build(page: str) -> frozenset[str]:
    """The sorts of pieces in the main part of a page; two pages of the same sorts are looked at once."""
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    pieces: list[str] = re.findall(r"<\w+|class=\"[^\"]*\"", main.group() if main else page)
    return frozenset(pieces)


@pytest.fixture(scope="module")
def places(furnished: Furnished) -> Places:
    """Each page once for each build, with the first visitor who gets it; pieces of pages are looked at in theirs."""
    found: dict[str, dict[str, str]] = {role: {} for role in VISITORS}
    builds: Counter[str] = Counter()
    seen, known = set(), set()
    for page in walk(furnished):
        seen.add(page.endpoint)
        if "<html" in page.text and (kind := (page.endpoint, build(page.text))) not in known:
            known.add(kind)
            builds[page.endpoint] += 1
            found[page.role][f"{page.endpoint}-{builds[page.endpoint]}"] = page.address
    assert seen >= endpoints(furnished) - NO_PAGES.keys()
    return found


@pytest.fixture(scope="module")
def address(furnished: Furnished, places: Places) -> Iterator[str]:
    """Where the application is, furnished before a browser is there: signing has an event loop of its own."""
    assert places
    with at_a_port(furnished.web.app) as url:
        yield url


@pytest.mark.parametrize("who", VISITORS)
def test_no_page_has_a_barrier_or_sticks_out_sideways(
    furnished: Furnished, places: Places, address: str, browser: Browser, who: str
) -> None:
    with browser.new_context(viewport=DESK, locale="id-ID") as context:  # type: ignore[arg-type]  # exactly these two
        context.set_default_timeout(TIMEOUT)
        cookie = furnished.visits[who].client.get_cookie("cmb")
        if cookie:
            context.add_cookies([{"name": "cmb", "value": cookie.value, "url": address}])
        page = context.new_page()
        for name, place in places[who].items():
            page.goto(f"{address}{place}")
            if page.locator("[hx-trigger=load]").count():
                page.wait_for_load_state("networkidle")
            look_at(page, f"{who}-{name}")
    require_axe()
