"""Every look, one after the other inside the house and side by side outside; one that fails is a finding too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from service.config import Settings
from service.opening import store_of
from service.problems import problem_of
from service.selfcheck import inside, outside
from service.selfcheck.findings import Finding, Tone

Clock = Callable[[], dt.datetime]


def self_check(settings: Settings, *, clock: Clock) -> tuple[Finding, ...]:
    """Look at everything; takes as long as the slowest neighbour, some seconds at most. Raises nothing of that."""
    with ThreadPoolExecutor() as beside:
        asked = [
            beside.submit(_looked, id_, title, partial(look, settings, clock)) for id_, title, look in outside.LOOKS
        ]
        found = [
            _looked("settings", "Pengaturan", partial(inside.settings_told, settings)),
            _looked("settings_file", "Berkas pengaturan", partial(inside.settings_file, settings)),
        ]
        try:
            with store_of(settings) as store:
                found.append(Finding(id="schema", title="Skema", tone=Tone.GOOD, message="Skema basis data sesuai."))
                found += [
                    _looked(id_, title, partial(look, store, settings, clock)) for id_, title, look in inside.LOOKS
                ]
        except Exception as error:  # noqa: BLE001 - whatever it is, this is where it is told
            found.append(_failed("schema", "Skema", error))
        found.append(_looked("disk", "Ruang penyimpanan", partial(inside.disk, settings)))
        return (*found, *(each.result() for each in asked))


def _looked(id_: str, title: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - a look that fails has found something
        return _failed(id_, title, error)


def _failed(id_: str, title: str, error: Exception) -> Finding:
    problem = problem_of(error)
    message = problem.message if problem else f"Pemeriksaan ini sendiri gagal ({type(error).__name__})."
    return Finding(id=id_, title=title, tone=Tone.BAD, message=message, hint=problem.hint if problem else "")
