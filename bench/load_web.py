"""People at the web service at once: errors, and how long a page and a verdict on a file take.

`python bench/load_web.py [USERS [SECONDS]]` (by default 20 users, 60 seconds). It starts `cmb serve` and `cmb worker`
of its own on the loopback. Each user looks at a page every second or two and in between uploads signed forms of
their own, one in about ten requests; the verdict is in the answer to the upload.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import requests

from service.demo.sample import PEOPLE
from support.running_service import LAST_YEAR, Served, serving

# Each page with the heading that says it is the page meant, and not some other one.
PAGES = {
    "/beranda": "Selamat datang, ",
    "/kegiatan": "Kegiatan ",
    "/kegiatan/baru": "Kegiatan baru",
    "/unggah": "Unggah formulir",
    "/sertifikat": "Sertifikat",
    "/tanda-tangan": "Menunggu tanda tangan saya",
    "/pesan": "Pesan",
    "/data-saya": "Data saya",
}
FORMS_EACH = 4
PATIENCE = 60
OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Seconds of what succeeded, words for what did not."""

    pages: list[float] = field(default_factory=list)
    verdicts: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def visit(served: Served, who: str, place: int, forms: Sequence[bytes], *, until: float, tally: Tally) -> None:
    """One user's minute."""
    choice = random.Random(place)  # noqa: S311 - the same minute every time, nothing secret
    waiting = list(forms)
    with requests.Session() as browser:
        browser.headers["X-Forwarded-For"] = f"198.51.100.{place + 1}"
        browser.cookies.set("cmb", served.cookie(who), domain="127.0.0.1", path="/")
        while time.monotonic() < until:
            try:
                if waiting and choice.random() < 0.1:
                    upload(browser, served.url, waiting.pop(), tally)
                else:
                    look(browser, served.url, choice.choice([*PAGES]), tally)
            except requests.RequestException as error:
                tally.errors.append(type(error).__name__)
            time.sleep(choice.uniform(0.5, 1.5))


def upload(browser: requests.Session, url: str, form: bytes, tally: Tally) -> None:
    token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get(f"{url}/unggah", timeout=PATIENCE).text)
    files = {"files": ("formulir.pdf", form, "application/pdf")}
    data = {"csrf_token": token.group(1) if token else ""}
    begun = time.monotonic()
    answer = browser.post(f"{url}/unggah", data=data, files=files, timeout=PATIENCE)
    if answer.ok and "Lihat kiriman" in answer.text:
        tally.verdicts.append(time.monotonic() - begun)
    else:
        tally.errors.append(f"upload: {answer.status_code}")


def look(browser: requests.Session, url: str, path: str, tally: Tally) -> None:
    """One page: a way to sign in, or any page but the one meant, is an error however quickly it came."""
    answer = browser.get(url + path, timeout=PATIENCE, allow_redirects=False)
    heading = re.search(r"<h1[^>]*>([^<]*)", answer.text)
    if answer.status_code == OK and heading and heading.group(1).startswith(PAGES[path]):
        tally.pages.append(answer.elapsed.total_seconds())
    else:
        tally.errors.append(f"{path}: {answer.status_code} {heading.group(1) if heading else 'without a heading'}")


def p95(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return "–"
    slow, middle = statistics.quantiles(seconds, n=20)[-1], statistics.median(seconds)
    return f"{1000 * slow:.1f} ms (median {1000 * middle:.1f} ms)"


def main() -> int:
    users = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as served:
        # Diah has no supervisor to sign for her.
        people = [key for key, person in PEOPLE.items() if person.supervisor]
        whose = [people[place % len(people)] for place in range(users)]
        first = dt.date(LAST_YEAR, 1, 6)
        forms = [
            [
                served.signed(who, day=first + dt.timedelta(days=FORMS_EACH * (place // len(people)) + number))
                for number in range(FORMS_EACH)
            ]
            for place, who in enumerate(whose)
        ]
        for who in set(whose):
            served.cookie(who)
        until = time.monotonic() + seconds
        threads = [
            threading.Thread(
                target=visit, args=(served, who, place, forms[place]), kwargs={"until": until, "tally": tally}
            )
            for place, who in enumerate(whose)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    load = os.getloadavg()[0]
    print(f"{users} users, {seconds} s, {os.cpu_count()} cores, load average at the end {load:.1f}")
    print(
        f"errors             {len(tally.errors)}{': ' + ', '.join(sorted(set(tally.errors))) if tally.errors else ''}"
    )
    print(f"page views         {len(tally.pages)}, p95 {p95(tally.pages)}")
    print(f"upload to verdict  {len(tally.verdicts)}, p95 {p95(tally.verdicts)}")
    return 1 if tally.errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
