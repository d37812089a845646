"""What the README and the docs tell a reader to type works, and what they name is there.

Blocks opened with ```sh test run in one empty folder, page after page, after every block whose opening names a file
(```json answers.json) was written there. ```sh served blocks run beside `cmb serve` over that office. In other ```sh
blocks each line is a `make` target, or named below with the reason why no test runs it.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from service.cli import main
from service.law import RULES, Activity, Rule, assess, jp_text
from service.notifications.webhooks import signature
from support import clone
from support.page_tables import STEPS, TABLES, page_with_table, reason_codes, steps_of_codes
from support.pages import PAGES, Block, blocks, exists, inline_code, links, named_paths, prose, read_page
from support.service_processes import free_port, running_programs
from support.untraced import untraced

# A reader's own machine has none of ours.
OURS = ("CMB_", "PYTHONPATH")
ADDING = "docs/adding.md"
# Lines of the docs that no test of this file runs, and why; a line that is not in the docs any more fails.
NOT_RUN: Mapping[str, str] = {
    "git clone https://git.example.go.id/cmb.git && cd cmb": "the address is an example",
    ".ci/setup": "tests/repository/test_setup.py runs it on a bare machine",
    ".venv/bin/cmb --home /srv/cmb init": "writes outside the test; `cmb init` is run by the README's blocks",
    "docker build -t cmb .": "a test machine has no Docker; tests/repository/test_wheel.py builds what it installs",
    "docker run -v cmb:/var/lib/cmb cmb init": "as above",
    "docker run -p 127.0.0.1:8000:8000 -v cmb:/var/lib/cmb cmb": "as above",
    "docker run -v cmb:/var/lib/cmb --no-healthcheck cmb worker": "as above",
    ".venv/bin/python -m forms.publish lampiran-i 2": "tests/forms/test_publish.py makes the published blank again",
}


# A test run inside a test run; the files it names run beside this one and must exist.
TEST_RUN = re.compile(r"\.venv/bin/pytest -n0((?: tests/[\w/]+(?:\.py)?)+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who types what the pages say, in one folder, with the office they made there."""

    folder: Path
    environ: Mapping[str, str]

    def run(self, script: str, **more: str) -> None:
        """Run a block as one script; its commands and their output are shown when one of them fails."""
        outcome = subprocess.run(
            ["sh", "-eux"],
            input=script,
            cwd=self.folder,
            env={**self.environ, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert outcome.returncode == 0, f"{script}\n{outcome.stdout}{outcome.stderr}"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Have a reader follow every page to its end, except where the web service must run."""
    folder = tmp_path_factory.mktemp("reader")
    environ = {name: value for name, value in untraced().items() if not name.startswith(OURS)}
    environ |= {"CMB_HOME": str(folder / "var"), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    found = Reader(folder=folder, environ=environ)
    for block in written_files():
        path = folder / block.mark
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.body, encoding="utf-8")
    for block in blocks():
        if block.language == "sh" and block.mark == "test":
            found.run(block.body)
    return found


def written_files() -> list[Block]:
    return [block for block in blocks() if "." in block.mark]


@contextmanager
def service_of(reader: Reader) -> Iterator[str]:
    """Run the web service over the reader's office; gives its address."""
    port = free_port()
    with running_programs(reader.folder / "var", dict(reader.environ), port):
        yield f"http://127.0.0.1:{port}"


def test_every_command_of_the_pages_works_in_an_empty_folder(reader: Reader) -> None:
    assert (reader.folder / "two.pdf").stat().st_size > 0
    assert list((reader.folder / "certificates").glob("*.pdf"))


def test_every_call_of_the_pages_works_while_the_service_runs(reader: Reader) -> None:
    served = [block for block in blocks() if block.language == "sh" and block.mark == "served"]
    assert served
    with service_of(reader) as address:
        # One shell, so that what one block sets the next one has.
        reader.run("\n".join(block.body for block in served), SERVICE=address)


def test_every_other_command_is_a_target_of_make_or_is_named_with_a_reason() -> None:
    lines = [line for block in blocks() if block.language == "sh" and not block.mark for line in block.commands]
    targets = {line.split()[1] for line in lines if line.startswith("make ")}
    assert {"demo", "serve"} <= targets
    for target in sorted(targets):
        subprocess.run(["make", "--dry-run", target], cwd=clone.ROOT, check=True, capture_output=True)
    others = {line for line in lines if not line.startswith("make ")}
    runs = {line for line in others if TEST_RUN.fullmatch(line)}
    assert all(exists(path) for line in runs for path in line.split()[2:])
    assert others - runs == NOT_RUN.keys()


def test_every_block_of_the_pages_is_of_a_known_kind() -> None:
    marks = {(block.language, block.mark) for block in blocks() if "." not in block.mark}
    assert marks <= {("", ""), ("sh", ""), ("sh", "test"), ("sh", "served"), ("html", ""), ("py", ""), ("toml", "")}


@pytest.mark.parametrize("page", PAGES)
def test_no_code_in_a_sentence_is_broken_over_two_lines(page: str) -> None:
    """What is broken is not looked at by the tests below."""
    assert not [line for line in prose(page).splitlines() if line.count("`") % 2]


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_a_page_names_is_there(page: str) -> None:
    targets = {code.split()[1] for code in inline_code(page) if re.fullmatch(r"make \w+( \w+=\w+)*", code)}
    makefile = (clone.ROOT / "Makefile").read_text(encoding="utf-8")
    assert not {target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES)
def test_every_command_a_page_names_in_its_text_is_there_with_its_options(page: str) -> None:
    wrong = [code for code in inline_code(page) if code.startswith("cmb ") and not known_command(code.split()[1:])]
    assert not wrong


def known_command(words: list[str]) -> bool:
    """Tell whether these words are a command of `cmb` with options it has; `rename|merge` are two commands."""
    group: click.Command = main
    for number, word in enumerate(words):
        if word.startswith("-") or not isinstance(group, click.Group):
            options = {option for found in (main, group) for param in found.params for option in param.opts}
            given = {part.split("=")[0].strip("[].…") for part in words[number:] if part.startswith("-")}
            return given <= options
        names = word.split("|")
        if not all(name in group.commands for name in names):
            return False
        group = group.commands[names[0]]
    return True


@pytest.mark.parametrize("page", PAGES)
def test_every_path_a_page_names_exists(page: str) -> None:
    made = {block.mark for block in written_files() if block.page == page}
    missing = [path for path in named_paths(page) if path not in made and not exists(path)]
    beside = (clone.ROOT / page).parent
    assert not missing + [link for link in links(page) if not (beside / link).exists()]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_docs_is_what_the_code_says(name: str) -> None:
    page = read_page(TABLES[name][0])
    assert page_with_table(name, page) == page, "run `make docs`"


def test_every_reason_has_its_step_and_every_setting_its_meaning() -> None:
    assert set(steps_of_codes()) == set(reason_codes())
    assert all(steps_of_codes().values())
    assert all(exists(path) for path in STEPS)
    assert not re.findall(r"^\| `.*\|  \|$", read_page("docs/settings.md"), re.MULTILINE)


def test_the_readme_stays_short() -> None:
    assert len(read_page("README.md").splitlines()) <= 130


@pytest.mark.parametrize(("body", "code"), [(b'{"event": "ping"}', 0), (b'{"event": "pong"}', 1)])
def test_the_example_for_webhooks_tells_a_signed_event_from_another(body: bytes, code: int) -> None:
    (example,) = [block for block in written_files() if block.mark == "check_webhook.py"]
    made = signature("whsec_contoh", "1764550000", b'{"event": "ping"}')
    command = [sys.executable, "-c", example.body, "whsec_contoh", "1764550000", made]
    assert subprocess.run(command, input=body, check=False).returncode == code


# --- docs/adding.md: its example of a rule holds for its example cases


def test_the_example_of_a_rule_does_what_its_cases_say() -> None:
    example = {
        Path(block.mark).suffix: block for block in written_files() if block.page == ADDING and "contoh_1" in block.mark
    }
    names: dict[str, object] = {}
    source = compile(ast.parse(example[".py"].body), example[".py"].mark, "exec")
    exec(source, names)  # noqa: S102 - our own example
    (rule,) = [value for value in names.values() if isinstance(value, Rule)]
    for case in tomllib.loads(example[".toml"].body)["case"]:
        activities = [Activity(**activity) for activity in case["activities"]]
        found = assess(activities, rules=(RULES[0], rule, *RULES[1:]))
        assert [jp_text(item.jp) for item in found.items] == case["jp"], case["says"]
        objected = any(finding.rule == rule.id for item in found.items for finding in item.findings)
        assert objected is (rule.id in case.get("breaks", ()))
