"""Charts are vectors that say their numbers, whatever the numbers are."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.charts import draw_chart
from forms.dossier import Bars

SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = st.lists(st.integers(0, 10**6).map(lambda tenths: Decimal(tenths) / 10), min_size=1, max_size=14)


@settings(deadline=None, max_examples=60)
@given(NUMBERS, st.booleans(), st.none() | st.integers(1, 5000).map(Decimal))
def test_bars_stay_inside_and_the_highest_number_has_the_longest(
    numbers: list[Decimal], upright: bool, aim: Decimal | None
) -> None:
    bars = tuple((f"bulan {place} & <lain>", number) for place, number in enumerate(numbers))
    drawn = ET.fromstring(draw_chart(Bars(title="t", bars=bars, unit="JP", description="t", aim=aim, upright=upright)))  # noqa: S314 - our own
    wide, tall = float(drawn.attrib["width"]), float(drawn.attrib["height"])
    side = "height" if upright else "width"
    rects = drawn.findall(f"{SVG}rect")
    assert len(rects) == len(numbers)
    for rect in rects:
        x, y, right, down = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + right <= wide
        assert 0 <= y <= y + down <= tall
    longest = max(range(len(numbers)), key=lambda place: float(rects[place].attrib[side]))
    assert numbers[longest] == pytest.approx(max(numbers), rel=Decimal("0.02"))


@pytest.mark.parametrize("upright", [True, False])
def test_every_bar_carries_its_number_and_its_label(upright: bool) -> None:
    chart = Bars(
        title="t", bars=(("Jan", Decimal("1234.5")), ("Feb", Decimal(0))), unit="JP", description="t", upright=upright
    )
    texts = re.findall(r">([^<]+)</text>", draw_chart(chart))
    assert sorted(texts) == ["0", "1.234,5", "Feb", "Jan"]
