"""An error of our own is never said to be the file's: it is shown to who runs the service, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from service.cli import verify
from service.sandbox.inputs import Source
from service.sandbox.limits import Limits
from service.submissions.sandboxed import Json, VerifyTask
from service.verification.reasons import Verdict
from support.command import command, objects
from support.filled_forms import filled
from support.office import Office


@dataclass(frozen=True, slots=True)
class Defective:
    """Real work in whose own steps one file meets a defect of ours."""

    work: VerifyTask
    name: str

    @property
    def modules(self) -> tuple[str, ...]:
        return self.work.modules

    @property
    def limits(self) -> Limits:
        return self.work.limits

    @property
    def keep(self) -> bool:
        return self.work.keep

    @contextmanager
    def opened(self) -> Iterator[Callable[..., Json]]:
        with self.work.opened() as judge:

            def defective(source: Source, *rest: object) -> Json:
                if source.path.name != self.name:
                    return judge(source, *rest)
                with patch("service.verification.prove.against_calendar", side_effect=AttributeError("ours")):
                    return judge(source, *rest)

            yield defective


def test_what_goes_wrong_in_our_own_steps_is_not_said_of_the_file(office: Office) -> None:
    content = office.signed()
    with (
        patch("service.verification.prove.against_calendar", side_effect=AttributeError("ours")),
        pytest.raises(AttributeError),
    ):
        office.prove(content)


@pytest.mark.parametrize("reader", ["examine", "compare_revisions"])
@pytest.mark.parametrize(
    ("error", "verdict", "code"),
    [(KeyError("/V"), Verdict.FAILED, "broken_pdf"), (RuntimeError("odd"), Verdict.REVIEW, "reader_gave_up")],
)
def test_what_a_reader_stumbles_over_is_said_of_the_file(
    reader: str, error: Exception, verdict: Verdict, code: str, office: Office
) -> None:
    content = office.signed()
    with patch(f"service.verification.prove.{reader}", side_effect=error):
        answer = office.prove(content)
    assert (answer.verdict, [reason.code for reason in answer.reasons]) == (verdict, [code])


@pytest.mark.parametrize(("asked", "state"), [("verify", "verdict"), ("submit", "status")])
def test_a_defect_is_shown_costs_one_file_its_judgement_and_ends_in_three(
    asked: str, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = command(tmp_path / "home")
    run("init", "--sample")
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (tmp_path / name).write_bytes(filled(nama_kegiatan=f"Coaching {name}"))
    honest = verify._judging
    monkeypatch.setattr(verify, "_judging", lambda door, *, keep: Defective(honest(door, keep=keep), "b.pdf"))
    ran = run(asked, tmp_path / "a.pdf", tmp_path / "b.pdf", tmp_path / "c.pdf", "--json", expect=3)
    first, second, third = objects(ran)
    assert [reason["code"] for reason in second["reasons"]] == ["internal_error"]
    assert second[state] == "review"
    assert not {"internal_error", "reader_gave_up"} & {reason["code"] for reason in first["reasons"] + third["reasons"]}
    assert "AttributeError: ours" in ran.stderr
    if asked == "verify":
        return
    monkeypatch.undo()
    (again,) = objects(run("submit", tmp_path / "b.pdf", "--json", expect=1))
    assert again["submission"] == second["submission"]
    assert "internal_error" not in {reason["code"] for reason in again["reasons"]}
