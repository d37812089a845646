"""How suggestions and remarks read."""

from __future__ import annotations

from decimal import Decimal

from service.law.outlook import Suggestion, Way
from service.monitoring.wording import listed, share, steps, suggestion, ways


def way(kind: str, times: int, until: int, scope: str = "nasional") -> Way:
    return Way(kind=kind, scope=scope, times=times, jp=Decimal(2 * times), until=until)


def test_ways_to_the_target_are_one_sentence() -> None:
    assert ways([]) == ""
    assert ways([way("coaching", 2, 6)]) == "Coaching 2 kali sampai Juni."
    same = [way("coaching", 2, 6), way("mentoring", 1, 6, "internasional")]
    assert ways(same) == "Coaching 2 kali dan mentoring internasional 1 kali sampai Juni."
    apart = [way("coaching", 3, 6), way("mentoring", 1, 5)]
    assert ways(apart) == "Coaching 3 kali sampai Juni dan mentoring 1 kali sampai Mei."


def test_what_cmb_cannot_give_is_left_to_other_learning() -> None:
    both = Suggestion(ways=(way("coaching", 2, 12),), rest=Decimal("3.2"))
    assert suggestion(both).endswith("Sisanya 3,2 JP dari pelatihan, workshop, atau sosialisasi (5.f.6).")
    alone = Suggestion(ways=(), rest=Decimal(4))
    assert suggestion(alone) == "Tugaskan 4 JP dari pelatihan, workshop, atau sosialisasi (5.f.6)."
    assert suggestion(Suggestion(ways=(), rest=Decimal(0))) == ""


def test_lists_shares_and_steps_read_as_people_write_them() -> None:
    assert [listed([]), listed("a"), listed("ab"), listed("abc")] == ["", "a", "a dan b", "a, b, dan c"]
    assert [share(1, 3), share(0, 0)] == ["33 %", "–"]
    assert steps(2026) == ("0", "< 4", "4 – < 8", "8 – < 12", "12 – < 16", "16 – < 20", "≥ 20")
