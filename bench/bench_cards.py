"""Control cards: one against a renderer that starts for each, and thousands in one run.

python bench/bench_cards.py                        # one card by number of rows, beside a naive WeasyPrint
python bench/bench_cards.py --house 7000 70000     # everybody's cards, and again after nothing changed
python bench/bench_cards.py --house 7000 300000 --url postgresql://... --recaps-only
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from html import escape
from importlib.resources import files
from pathlib import Path

from weasyprint import HTML
from whole_house import GUIDES, TITLES, fill

from forms.card import KINDS, CardActivity, CardContent, Officer, PrintTime
from forms.card_pdf import GROUPS, LAW, SIGNED, TITLE, facts, group_of, title_of, total_of
from forms.indonesian import comma, long_date
from forms.typesetting.fonts import FontFamily
from service.cli.context import write_file
from service.monitoring.cards import CardFolder, card_pdf, draw_many, people_with_cards
from service.store import Store, migrate, open_store

PRINTED = PrintTime(day=dt.date(2026, 12, 20), moment="20 Desember 2026 10.00 WIB")
YEAR = 2026


def card(rows: int) -> CardContent:
    return CardContent(
        year=YEAR,
        nip="199708212020122005",
        name="Contoh Pegawai, S.Kom.",
        grade="III/b",
        position="Analis SDM Aparatur",
        unit="Biro Contoh",
        starts=dt.date(YEAR, 1, 1),
        ends=dt.date(YEAR, 12, 31),
        activities=tuple(
            CardActivity(
                date=dt.date(YEAR, 1 + place % 12, 1 + place % 28),
                kind=KINDS[place % 3],
                scope="nasional",
                title=f"{TITLES[place % len(TITLES)]}, bagian {place + 1}",
                guide=GUIDES[place % len(GUIDES)],
                jp=Decimal(2),
            )
            for place in range(rows)
        ),
        officer=Officer(name="Contoh Pengelola, S.Psi.", nip="199406302019032004"),
    )


def naive(content: CardContent) -> bytes:
    """The same card as HTML, through a renderer that starts anew: tagged, with our face, without slot or JSON."""
    font = files("forms") / "templates" / "fonts" / "SourceSerifPro-Regular.ttf"
    rows = []
    for place, activity in enumerate(content.activities, 1):
        cells = [""] * 9
        start = 3 * group_of(activity)
        cells[start : start + 3] = (long_date(activity.date), activity.guide, comma(activity.jp))
        texts = (str(place), title_of(activity), *cells)
        rows.append("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in texts) + "</tr>")
    groups = "".join(f"<th colspan=3>{name}</th>" for name, _ in GROUPS)
    heads = "".join(f"<th>{text}</th>" for _, texts in GROUPS for text in texts)
    intro = "".join(f"<p>{escape(label)} : {escape(value)}</p>" for label, value in facts(content))
    style = (
        f"@font-face{{font-family:F;src:url({Path(str(font)).as_uri()})}} @page{{size:A4 landscape;margin:17mm 18mm;"
        "@bottom-right{content:'Halaman ' counter(page) ' dari ' counter(pages)}} html{font:8.4pt F} "
        "table{border-collapse:collapse;width:100%} td,th{border:.5pt solid;padding:1mm;vertical-align:top}"
    )
    body = (
        f"<html lang=id><title>Kartu</title><style>{style}</style><p>{'<br>'.join(LAW)}</p><h1>{TITLE}</h1>{intro}"
        f"<table><thead><tr><th rowspan=2>NO<th rowspan=2>NAMA KEGIATAN{groups}<tr>{heads}</thead>"
        f"<tbody>{''.join(rows)}</tbody></table><p>{total_of(content)}</p><p>{'<br>'.join(SIGNED)}</p>"
    )
    return bytes(HTML(string=body).write_pdf(pdf_variant="pdf/ua-1") or b"")


def median_ms(work: Callable[[], object], times: int) -> float:
    work()
    taken = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append((time.process_time() - began) * 1000)
    return statistics.median(taken)


def single(times: int) -> None:
    letters = FontFamily()
    print("milliseconds of processor time for one card, with its slot and its JSON")
    for rows in (0, 4, 10, 43, 60):
        content = card(rows)
        ours = median_ms(lambda it=content: card_pdf(it, letters, PRINTED), times)
        theirs = median_ms(lambda it=content: naive(it), max(3, times // 4))
        print(f"{rows:3} rows  ours {ours:7.1f}   WeasyPrint {theirs:7.1f}   {theirs / ours:5.1f} times")


def house(store: Store, folder: Path, jobs: int) -> None:
    with store.reading() as tx:
        people = people_with_cards(YEAR, tx, unit=None)
    for run in ("all of them", "again, nothing changed"):
        began, worked, new, kept = time.monotonic(), processor(), 0, 0
        with CardFolder(folder, YEAR, "pdf", write_file) as cards:
            drawing = draw_many(people, YEAR, store=store, printed=PRINTED, kind="pdf", jobs=jobs, kept=cards.has)
            for place, drawn in enumerate(drawing):
                kept += drawn.kept
                if drawn.file is not None:
                    cards.keep(drawn.content, drawn.file)
                    new += 1
                if place in {len(people) // 10, len(people) - 1}:
                    print(f"  after {place + 1:5} cards: {peak():.0f} MB here, at most {children():.0f} MB in a child")
        took = time.monotonic() - began
        print(f"{run}: {new} drawn, {kept} kept, {took:.0f} s, {(new + kept) / took:.0f} a second, {jobs} at a time")
        print(f"  {(processor() - worked) * 1000 / (new + kept):.1f} ms of processor time each, all processes together")


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def processor() -> float:
    """Seconds of this process and of its children that have ended."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def children() -> float:
    """The largest child that has ended, or nothing while all of them work."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--house", type=int, nargs=2, metavar=("EMPLOYEES", "ACTIVITIES"))
    parser.add_argument("--url", help="An empty database; a SQLite file of its own otherwise.")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    if not arguments.house:
        single(arguments.times)
        return
    with tempfile.TemporaryDirectory() as folder:
        url, storage = arguments.url or f"sqlite:///{folder}/house.sqlite3", f"{folder}/documents"
        migrate(url)
        employees, activities = arguments.house
        fill(url, storage, employees=employees, activities=activities, units=max(1, employees // 70), year=YEAR)
        with open_store(database_url=url, storage_url=storage) as store:
            house(store, Path(folder) / "cards", arguments.jobs)


if __name__ == "__main__":
    main()
