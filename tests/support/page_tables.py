"""Make the tables of the docs from the code; `make docs` writes them, and a test compares them.

A cell that the code does not know (the English meaning of a setting) is written by hand and kept.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path
from string import Formatter
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from babel.messages.pofile import read_po

from parsers.records import make_problem
from service.access import GRANTS, Relation
from service.config import FILE_NAME, TEMPLATE, read_settings
from service.language import Message, Reader, words
from service.language.words import CATALOGUES
from service.siasn.settings import read_access, read_codes
from service.verification.reasons import CODES, reader_reason, reason
from service.web.api import OPERATIONS, models
from service.web.api.document import document
from support import clone

# --- Reason codes: what each weighs, and in which step of `service/verification/prove.py` it is found

# Which step of the proof a file belongs to; `prove.py` says it by its own numbered comments.
STEPS = {
    "service/sandbox/limits.py": "reading",
    "signing/report.py": "reading",
    "parsers/errors.py": "1",
    "signing/policy.py": "2",
    "service/verification/attribution.py": "3",
    "service/verification/reasons.py": "3",
    "service/verification/revisions.py": "4",
    "parsers/appearance.py": "5",
    "parsers/stamps.py": "5",
    "parsers/build.py": "6",
    "parsers/values.py": "6",
    "service/verification/register_checks.py": "6",
    "service/verification/overlaps.py": "approval",
}
PROVE = "service/verification/prove.py"
# In these every word that is a reason code is one it gives; in the others only the argument of a call is.
_WHOLE = ("signing/", "parsers/", "service/sandbox/")
_NUMBERED = re.compile(r"^\s+# \((\d)\)", re.MULTILINE)
_SHARED_CALL = {"stamp_over_text": "5"}  # attribution judges the stamps that parsers/stamps.py found
_ELSEWHERE = {("signing/policy.py", "missing_signature")}  # asked for certificates and cards, not in the proof
_OTHER_CODES = ("active_content", "bytes_before_header", "encrypted", "flattened", "invalid_value", "missing_value")
# Codes that the readers put into words themselves.
READERS_CODES = frozenset({*_OTHER_CODES, "no_text", "too_large", "too_long"})


def reason_codes() -> list[str]:
    """Return every reason code there is, in alphabetical order."""
    return sorted(CODES | READERS_CODES)


def weight_of(code: str) -> str:
    """Return how a reason of that code weighs."""
    return reader_reason(make_problem(code)).weight.value


def steps_of_codes() -> dict[str, list[str]]:
    """Return the steps in which each code is given, in the order of the proof."""
    found: dict[str, set[str]] = {code: set() for code in reason_codes()}
    for path, step in STEPS.items():
        for code, _ in _codes_in(path):
            if (path, code) not in _ELSEWHERE:
                found[code].add(_SHARED_CALL.get(code, step))
    source = (clone.ROOT / PROVE).read_text(encoding="utf-8")
    numbered = [(source[: match.end()].count("\n") + 1, match.group(1)) for match in _NUMBERED.finditer(source)]
    for code, line in _codes_in(PROVE):
        before = [step for start, step in numbered if start <= line]
        found[code].add(before[-1] if before else "reading")
    order = ["reading", "1", "2", "3", "4", "5", "6", "7", "approval"]
    return {code: sorted(steps, key=order.index) for code, steps in found.items()}


def _codes_in(path: str) -> Iterator[tuple[str, int]]:
    known = set(reason_codes())
    tree = ast.parse((clone.ROOT / path).read_text(encoding="utf-8"))
    whole = path.startswith(_WHOLE)
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if whole and isinstance(node, ast.Constant):
            values = [node]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == reason.__name__:
            values = [_constant_of(value, tree) for value in node.args[:1]]
        # What stands after a dot only chooses among the wordings of a code.
        yield from ((str(value.value).partition(".")[0], value.lineno) for value in values if _is_code(value, known))


def _constant_of(value: ast.expr, tree: ast.Module) -> ast.expr:
    """Return the value of a constant of the module for its name, anything else as it is."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(value, ast.Name):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            if value.id in names:
                return statement.value
    return value


def _is_code(value: ast.expr, known: set[str]) -> bool:
    return isinstance(value, ast.Constant) and str(value.value).partition(".")[0] in known


def reasons_table() -> str:
    """Return the table of all reasons."""
    weights = {"passed": "notice", "review": "review", "failed": "fails"}
    lines = ["| code | weight | step | what people read |", "|---|---|---|---|"]
    for code, steps in steps_of_codes().items():
        read = words(Message(code).title, Reader())
        lines.append(f"| `{code}` | {weights[weight_of(code)]} | {', '.join(steps)} | {read} |")
    return "\n".join(lines)


# --- Settings: every key that is read, its environment name, its default


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting; `table` is empty for those at the top of the file. `variable` is its environment name, or empty."""

    table: str
    key: str
    variable: str
    default: str

    @property
    def name(self) -> str:
        return f"[{self.table}] {self.key}" if self.table else self.key


@dataclass(slots=True)
class _Recorder:
    """Note which keys of the file and which variables are asked for."""

    keys: list[tuple[str, str]] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)


class _Table(dict[str, Any]):
    """A table of the settings file that notes what is read from it."""

    def __init__(self, values: Mapping[str, Any], name: str, recorder: _Recorder) -> None:
        super().__init__(values)
        self.name, self.recorder = name, recorder

    def get(self, key: str, default: Any = None) -> Any:
        value = super().get(key, default)
        if isinstance(value, Mapping):
            return _Table(value, key, self.recorder)
        if (self.name, key) not in self.recorder.keys:
            self.recorder.keys.append((self.name, key))
        return value

    def __getitem__(self, key: str) -> Any:
        self.get(key)
        return super().__getitem__(key)


class _Environment(dict[str, str]):
    """An environment that notes which variables are asked for."""

    def __init__(self, values: Mapping[str, str], recorder: _Recorder) -> None:
        super().__init__(values)
        self.recorder = recorder

    def get(self, key: str, default: Any = None) -> Any:
        if key not in self.recorder.variables:
            self.recorder.variables.append(key)
        return super().get(key, default)


# A value that fits where any text would not.
_FITTING: Mapping[str, Any] = {
    "[decisions] second_person": "no",
    "[decisions] second_admin": "yes",
    "timezone": "Asia/Makassar",
    "check_url": "https://lain.example/periksa",
    "[web] base_url": "https://lain.example",
    "[seal] level": "B-LT",
    "[mail] port": 2525,
    "[mail] security": "tls",
    "[mail] from": "lain@lain.example",
    "[gateway] url": "https://lain.example",
    "[gateway] version": "v1",
    "[oidc] issuer": "https://lain.example",
    "[siasn] url": "https://lain.example",
}
# What has to be there so that every part of the file is read to its end.
_COMPLETE: Mapping[str, Mapping[str, str]] = {
    "mail": {"host": "surel.example", "from": "cmb@surel.example"},
    "gateway": {"url": "https://esign.example"},
    "oidc": {"issuer": "https://sso.example", "client_id": "cmb"},
    "seal": {"module": "pustaka.so", "token": "token", "label": "kunci"},
    "official": {"place": "a", "name": "b", "nip": "c", "position": "d"},
    "siasn": {"token_file": "token", "token_sso_file": "token-sso", "url": "https://siasn.example"},
}
_EVERYTHING = "(everything)"


def settings_of_code() -> list[Setting]:
    """Return every setting that the code reads, in the order of the settings file; the others follow."""
    recorder = _Recorder()
    with TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("token", "token-sso", "lain"):
            (home / name).write_text(name, encoding="ascii")
        base = _complete_file()
        before = _read(home, base, {}, recorder)
        variables = [name for name in recorder.variables if name.startswith("CMB_")]
        template = tomllib.loads(TEMPLATE)
        order = [(table, key) for table, key in _keys(template) if (table, key) in recorder.keys]
        order += [pair for pair in recorder.keys if pair not in order and pair[0] in {"", *template}]
        found = []
        by_variable: dict[tuple[str, str], str | None] = {}
        for table, key in order:
            value = _FITTING.get(Setting(table=table, key=key, variable="", default="").name, "lain")
            changed = {name: dict(values) if isinstance(values, dict) else values for name, values in base.items()}
            (changed.setdefault(table, {}) if table else changed)[key] = value
            by_file = None
            with suppress(Exception):  # a list of hosts, a switch: not text, and so in no variable
                by_file = _read(home, changed, {}, _Recorder())
            for name in variables:
                if (name, str(value)) not in by_variable:
                    by_variable[name, str(value)] = _read_or_none(home, base, {name: str(value)})
            same = [name for name in variables if by_file == by_variable[name, str(value)]]
            variable = next(iter(same), "") if by_file not in {None, before} else ""
            default = (template.get(table, {}) if table else template).get(key, "")
            found.append(Setting(table=table, key=key, variable=variable, default=_shown(default)))
        unused = set(variables) - {setting.variable for setting in found}
        if unused:
            raise AssertionError(f"no setting for {sorted(unused)}")
    return found


def _complete_file() -> dict[str, Any]:
    complete: dict[str, Any] = tomllib.loads(TEMPLATE)
    for table, values in _COMPLETE.items():
        complete[table] |= values
    for key in complete["siasn"]:
        complete["siasn"][key] = complete["siasn"][key] or "kode"
    return complete


def _keys(template: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in template.items():
        if isinstance(value, Mapping):
            yield from ((name, key) for key in value)
        else:
            yield "", name


def _read_or_none(home: Path, values: Mapping[str, Any], environ: Mapping[str, str]) -> str | None:
    with suppress(Exception):  # a variable that wants another shape of value is not this setting's
        return _read(home, values, environ, _Recorder())
    return None


def _read(home: Path, values: Mapping[str, Any], environ: Mapping[str, str], recorder: _Recorder) -> str:
    """Return all that is read from such a file and environment, as text."""
    (home / FILE_NAME).write_text("", encoding="utf-8")
    environment = _Environment(environ, recorder)
    with mock.patch.object(tomllib, "loads", return_value=_Table(values, "", recorder)):
        settings = read_settings(home, environment)
        codes, access = read_codes(home), read_access(home, environment)
    return repr((settings, codes, astuple(access)))  # a tuple, because tokens do not show when they are printed


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default in ("", []) else f"`{default}`"


def settings_table(page: str) -> str:
    """Return the table of all settings; the meaning of each is what the page says already."""
    meanings = dict(re.findall(r"^\| `([^`]+)` \|[^|]*\|[^|]*\| (.*) \|$", page, re.MULTILINE))
    lines = ["| setting | environment | default | meaning |", "|---|---|---|---|"]
    for setting in settings_of_code():
        variable = f"`{setting.variable}`" if setting.variable else ""
        lines.append(f"| `{setting.name}` | {variable} | {setting.default} | {meanings.get(setting.name, '')} |")
    return "\n".join(lines)


# --- Calls of the API and what each role may do


def calls_table() -> str:
    """Return the calls of the API with the scope a token needs for each."""
    lines = ["| call | scope | what it does |", "|---|---|---|"]
    lines += [f"| `{call.method} /api/v1{call.path}` | `{call.scope}` | {call.summary} |" for call in OPERATIONS]
    return "\n".join(lines)


def objects_table() -> str:
    """Return what programs send and get: each object of the API's document with its fields."""
    lines = ["| object | what it is | fields |", "|---|---|---|"]
    for name, schema in document(OPERATIONS)["components"]["schemas"].items():
        meaning = inspect.getdoc(getattr(models, name, None)) or "A word."
        lines.append(f"| `{name}` | {meaning.splitlines()[0]} | {_fields(schema)} |")
    return "\n".join(lines)


def _fields(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return _words(schema)
    required = schema.get("required", ())
    fields = [
        f"`{name}`{'' if name in required else ' (may be left out)'}: {_words(field)}"
        for name, field in schema["properties"].items()
    ]
    return "; ".join(fields)


def _words(schema: Mapping[str, Any]) -> str:
    """Return a schema in words."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "anyOf" in schema:
        return " or ".join(map(_words, schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if schema["type"] == "array":
        return f"list of {_words(schema['items'])}"
    if schema["type"] == "integer" and "maximum" in schema:
        return f"{schema['minimum']} to {schema['maximum']}"
    names = {"string": "text", "boolean": "true or false", "integer": "whole number"}
    return str(schema.get("format") or names.get(schema["type"], schema["type"]))


def faults_table() -> str:
    """Return the codes of what is wrong with a request, with their parameters and their sentence."""
    lines = ["| code | params | what people read |", "|---|---|---|"]
    with (CATALOGUES / "en" / "LC_MESSAGES" / "api.po").open("rb") as file:
        entries = {str(entry.id): str(entry.string) for entry in read_po(file, locale="en") if entry.id}
    for entry, sentence in entries.items():
        if entry.startswith("fault."):
            params = [f"`{name}`" for _text, name, _format, _conversion in Formatter().parse(sentence) if name]
            lines.append(f"| `{entry.removeprefix('fault.')}` | {', '.join(params)} | {sentence} |")
    return "\n".join(lines)


def roles_table() -> str:
    """Return which acts on which objects each relation to an object allows."""
    lines = ["| who | may |", "|---|---|"]
    for relation in Relation:
        acts: dict[str, list[str]] = {}
        for (act, kind), granted in GRANTS.items():
            if relation in granted:
                acts.setdefault(act.value, []).append(kind.value)
        allowed = "; ".join(f"{act} {', '.join(kinds)}" for act, kinds in acts.items())
        lines.append(f"| `{relation.value}` | {allowed} |")
    return "\n".join(lines)


# --- The bands, as import-linter holds them

# Each band is recognised by one of its rooms.
_BANDS = {
    "cli": "doors",
    "wiring": "jobs and wiring",
    "submissions": "features",
    "bootstrap": "composition",
    "verification": "verification",
    "store": "store",
    "law": "ground",
}


def bands_table() -> str:
    """Return the bands of `service` and their rooms, uppermost first."""
    settings = tomllib.loads((clone.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    lines, waiting = ["| band | rooms |", "|---|---|"], []
    for layer in layers:
        # The doors are layers of their own: demo above the command, the command above the web.
        waiting += layer.split(" : ")
        band = next((_BANDS[room] for room in waiting if room in _BANDS), None)
        if band is not None and not (band == "doors" and "web" not in waiting):
            lines.append(f"| {band} | {' '.join(f'`{_room(room)}`' for room in waiting)} |")
            waiting = []
    if waiting:
        raise AssertionError(f"no band for {waiting}")
    return "\n".join(lines)


def _room(name: str) -> str:
    """Return the folder or the file of a room of `service`."""
    return f"{name}/" if (clone.ROOT / "service" / name).is_dir() else f"{name}.py"


# --- Into the pages

TABLES: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "bands": ("docs/architecture.md", lambda _: bands_table()),
    "reasons": ("docs/verification.md", lambda _: reasons_table()),
    "settings": ("docs/settings.md", settings_table),
    "calls": ("docs/api.md", lambda _: calls_table()),
    "objects": ("docs/api.md", lambda _: objects_table()),
    "faults": ("docs/api.md", lambda _: faults_table()),
    "roles": ("docs/operations.md", lambda _: roles_table()),
}


def page_with_table(name: str, page: str) -> str:
    """Return the page with that table between its marks; ValueError when the marks are not there."""
    begin, end = f"<!-- {name}: written by `make docs` -->\n", f"<!-- end of {name} -->"
    before, found, rest = page.partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"no place for {name}")
    return f"{before}{begin}\n{TABLES[name][1](page)}\n\n{end}{after}"


def main() -> None:
    """Write every table into its page."""
    for name, (page, _) in TABLES.items():
        path = clone.ROOT / page
        path.write_text(page_with_table(name, path.read_text(encoding="utf-8")), encoding="utf-8")
        sys.stdout.write(f"{page}: {name}\n")


if __name__ == "__main__":
    main()
