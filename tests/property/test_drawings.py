"""Where the check says that a page shows a value, two viewers show the same as the value set plainly."""

from __future__ import annotations

import random
from io import BytesIO

import pikepdf
import pytest

from support.drawings import AcceptedDrawing, Trial, trial, visible_differences
from support.filled_forms import filled


def test_what_is_believed_looks_like_its_value_in_two_viewers() -> None:
    trials = [trial(random.Random(number)) for number in range(20)]
    assert sum(one_trial.drawn for one_trial in trials) >= 300
    assert sum(len(one_trial.accepted) for one_trial in trials) >= 40
    assert [(name, accepted) for name, _, accepted in visible_differences(trials)] == []


@pytest.mark.parametrize(("shown", "value"), [("21 April 2025", "12 April 2025"), ("1-2 jam", "12 jam"), ("I2", "l2")])
def test_the_pictures_tell_two_values_from_each_other(shown: str, value: str) -> None:
    received, plain_copy = filled(tempat=shown), filled(tempat=value)
    accepted = AcceptedDrawing(field="tempat", value=value, content=b"")
    one_trial = Trial(received=received, plain_copy=plain_copy, accepted=(accepted,), drawn=1)
    same = Trial(received=plain_copy, plain_copy=plain_copy, accepted=(accepted,), drawn=1)
    assert [name for name, _, _ in visible_differences([one_trial])] == ["PDFium", "poppler"]
    assert list(visible_differences([same])) == []


def test_a_one_trialdraws_every_answer_that_a_person_gives() -> None:
    one_trial = trial(random.Random(1))
    with pikepdf.open(BytesIO(one_trial.received)) as pdf:
        streams = [widget.AP.N.read_bytes() for widget in pdf.pages[0].obj.Annots.as_list()]
    assert all(accepted.content in streams for accepted in one_trial.accepted)
