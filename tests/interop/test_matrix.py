"""Forms filled and signed with other people's programs pass, cell by cell; what did not run is never called passed."""

from __future__ import annotations

import json

import pytest

from interop import matrix
from interop.fillers import FILLERS
from interop.signers import COUNTERSIGNERS

CELLS = [(filler.name, signer.name) for filler in FILLERS for signer in COUNTERSIGNERS]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Cell]:
    """Return every cell by filler and signer; every program is started once for all its cells."""
    return {(cell.filler, cell.signer): cell for cell in matrix.cells(tmp_path_factory.mktemp("matrix"))}


@pytest.mark.parametrize(("filler", "signer"), CELLS, ids=[f"{one} - {two}" for one, two in CELLS])
def test_a_form_filled_by_one_program_and_signed_by_another_passes(
    filler: str, signer: str, found: dict[tuple[str, str], matrix.Cell]
) -> None:
    cell = found[filler, signer]
    if cell.verdict == matrix.NOT_RUN:
        pytest.skip(f"not run: {cell.why}")
    assert (cell.verdict, cell.why) == (matrix.PASSED, "")


def test_the_table_of_the_page_is_the_last_result() -> None:
    kept = json.loads(matrix.KEPT.read_text(encoding="utf-8"))
    page = matrix.PAGE.read_text(encoding="utf-8")
    assert matrix.BEGIN in page
    assert matrix.END in page
    assert matrix.page_with(kept["cells"], kept["versions"], page) == page
    assert {(cell["filler"], cell["signer"]) for cell in kept["cells"]} == set(CELLS)


def test_what_did_not_run_is_not_called_passed() -> None:
    filler, signer = CELLS[0]
    text = matrix.table(
        [{"filler": filler, "signer": signer, "verdict": matrix.NOT_RUN, "why": "not installed"}], "nothing"
    )
    assert matrix.PASSED not in text.partition("\n\n- ")[0]
    assert "- not run: not installed" in text
