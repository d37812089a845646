"""A folder of signed forms through `cmb verify`: how it scales with processes, and what memory it takes with its size.

`python bench/bench_batch.py [FILES]`: the larger folder has FILES files (2000 by default; 20000 takes some minutes).
The forms are real and signed twice, a few of them under many names. The best of several rounds, because other work
shares the machine; processor seconds are of all processes of the command together.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from pathlib import Path

from forms.catalog import LAMPIRAN_I_V1
from forms.fill import fill
from forms.schema import Role
from service.blanks import Request, open_blank_context, prepare
from service.bootstrap import open_key, utc_now
from service.config import read_settings
from service.demo.sample import PEOPLE
from service.form_signing import sign_form
from service.store import open_store
from support.command import command
from support.measured import Measured, measured
from support.office import ANSWERS

CMB = Path(sys.executable).with_name("cmb")
DISTINCT, FEW, SCALED, ROUNDS = 40, 100, 1000, 2


def forms(home: Path) -> list[bytes]:
    """So many signed coachings of the sample office, each on another blank."""
    settings, blank_context = read_settings(home, {}), open_blank_context()
    passphrase = home / "sample" / "passphrase"
    signers = [(Role.PEGAWAI, "cahya"), (Role.ATASAN, "diah")]
    keys = [(role, open_key(home / "sample" / f"{key}.p12", passphrase)) for role, key in signers]
    request = Request(kind="coaching", scope="nasional", meeting=1, employee_nip=PEOPLE["cahya"].nip)
    made = []
    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        for _ in range(DISTINCT):
            blank = prepare(
                request,
                store=store,
                blank_context=blank_context,
                now=utc_now(),
                randomness=secrets.token_bytes,
                actor="bench",
            )
            content = fill(LAMPIRAN_I_V1, blank.content, ANSWERS)
            for role, holder in keys:
                content = sign_form(
                    content,
                    role=role,
                    holder=holder,
                    at=utc_now(),
                    zone=settings.timezone,
                    timestamper=None,
                    enrolled_nip=None,
                ).content
            made.append(content)
    return made


def folder_of(count: int, within: Path, made: list[bytes]) -> Path:
    """A folder of `count` names over the forms made."""
    folder = within / f"{count}"
    folder.mkdir()
    for number in range(count):
        path = folder / f"{number:06}.pdf"
        if number < len(made):
            path.write_bytes(made[number])
        else:
            os.link(folder / f"{number % len(made):06}.pdf", path)
    return folder


def run(home: Path, folder: Path, jobs: int) -> Measured:
    took = measured(CMB, "--home", home, "verify", folder, "--jobs", jobs, "--json")
    if took.code != 0:
        raise RuntimeError(took.err)
    return took


def main(many: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        command(home)("init", "--sample")
        made = forms(home)
        scaled, few = folder_of(SCALED, Path(name), made), folder_of(FEW, Path(name), made)
        print(f"{SCALED} forms of {len(made[0]) // 1024} KiB, two signatures, best of {ROUNDS}, {os.cpu_count()} cores")
        single = folder_of(1, Path(name), made)
        one = min(run(home, single, 1).seconds for _ in range(ROUNDS))
        walls = {}
        for jobs in (1, 2):
            runs = [run(home, scaled, jobs) for _ in range(ROUNDS)]
            walls[jobs] = min(run.seconds for run in runs)
            cpu = min(run.cpu for run in runs)
            pace = f"{walls[jobs]:6.2f} s  {SCALED / walls[jobs]:4.0f} files a second"
            print(f"  --jobs {jobs}  {pace}  processor {cpu:6.2f} s")
        without = (walls[1] - one) / (walls[2] - one)
        print(f"  scales {walls[1] / walls[2]:.2f} times, {without:.2f} without the start ({one:.2f} s, one file)")
        large = folder_of(many, Path(name), made)
        for folder, count in ((few, FEW), (large, many)):
            took = run(home, folder, 2)
            memory = f"parent {took.first:4.0f} MiB  largest child {took.mebibytes:4.0f} MiB"
            print(f"  {count:6} files  {memory}  {count / took.seconds:4.0f} a second")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
