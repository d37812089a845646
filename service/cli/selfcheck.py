"""`cmb check-self`: is everything there that the service needs."""

from __future__ import annotations

import click

from service.cli.door import Door, as_json, emit

_WORDS = {"good": "baik", "plain": "-", "doubt": "perhatikan", "bad": "BERMASALAH"}


@click.command("check-self")
@as_json
@click.pass_obj
def check_self(door: Door, *, as_json: bool) -> None:
    """Periksa penyimpanan, basis data, sertifikat akar, penanda waktu, jam, dan lainnya."""
    from service.selfcheck import Tone, self_check, worst

    found = self_check(door.settings(), clock=door.clock)
    tone = worst(found)
    if as_json:
        told = [
            {"id": each.id, "title": each.title, "tone": each.tone.value, "message": each.message, "hint": each.hint}
            for each in found
        ]
        emit({"tone": tone.value, "checks": told})
    else:
        for each in found:
            click.echo(f"{_WORDS[each.tone.value]:<12}{each.title}: {each.message} {each.hint}".rstrip())
    raise SystemExit(1 if tone is Tone.BAD else 0)
