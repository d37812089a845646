"""Whenever the check says that a page shows a value, two viewers show what the value set plainly looks like."""

from __future__ import annotations

import random
from io import BytesIO

import pikepdf
import pytest

from support.drawings import Believed, Trial, seen_otherwise, trial
from support.filled_forms import filled


def test_what_is_believed_looks_like_its_value_in_two_viewers() -> None:
    trials = [trial(random.Random(number)) for number in range(20)]
    assert sum(made.drawn for made in trials) >= 300
    assert sum(len(made.believed) for made in trials) >= 40
    assert [(name, believed) for name, _, believed in seen_otherwise(trials)] == []


@pytest.mark.parametrize(("shown", "value"), [("21 April 2025", "12 April 2025"), ("1-2 jam", "12 jam"), ("I2", "l2")])
def test_the_pictures_tell_two_values_from_each_other(shown: str, value: str) -> None:
    received, plainly = filled(tempat=shown), filled(tempat=value)
    believed = Believed(field="tempat", value=value, content=b"")
    made = Trial(received=received, plainly=plainly, believed=(believed,), drawn=1)
    same = Trial(received=plainly, plainly=plainly, believed=(believed,), drawn=1)
    assert [name for name, _, _ in seen_otherwise([made])] == ["PDFium", "poppler"]
    assert list(seen_otherwise([same])) == []


def test_a_trial_draws_every_answer_that_a_person_gives() -> None:
    made = trial(random.Random(1))
    with pikepdf.open(BytesIO(made.received)) as pdf:
        streams = [widget.AP.N.read_bytes() for widget in pdf.pages[0].obj.Annots.as_list()]
    assert all(believed.content in streams for believed in made.believed)
