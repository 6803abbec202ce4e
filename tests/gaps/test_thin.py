"""How many can: against every combination counted out."""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.gaps.thin import CLOSE, FEW, count_able

chances = st.lists(st.floats(0.0, 1.0), max_size=8)


def counted_out(chance: list[float], at_most: int) -> float:
    """Return the probability that at most so many are able, by going through all combinations."""
    return sum(
        prod(p if able else 1.0 - p for p, able in zip(chance, every, strict=True))
        for every in product((False, True), repeat=len(chance))
        if sum(every) <= at_most
    )


@given(chances)
def test_the_chance_that_nobody_or_one_can_is_that_of_all_combinations(chance: list[float]):
    found = count_able(np.array(chance), 0.5)
    # A chance of 1 is taken for 1 - 1e-12.
    assert found.none == pytest.approx(counted_out(chance, 0), abs=1e-9)
    assert found.at_most_one == pytest.approx(counted_out(chance, 1), abs=1e-9)
    assert found.expected == pytest.approx(sum(chance))


@given(chances, st.floats(0.01, 0.99))
def test_whoever_is_sure_enough_is_able_and_the_next_come_closest(chance: list[float], floor: float):
    found = count_able(np.array(chance), floor)
    able = [place for place, p in enumerate(chance) if p >= floor]
    assert found.count == len(able)
    assert found.able.tolist() == sorted(able, key=lambda place: -chance[place])[:FEW]
    rest = sorted((p for p in chance if 0.0 < p < floor), reverse=True)
    assert [chance[place] for place in found.close] == rest[:CLOSE]


def test_of_nobody_nobody_can():
    found = count_able(np.zeros(0), 0.5)
    assert (found.count, found.expected, found.none, found.at_most_one) == (0, 0.0, 1.0, 1.0)


def test_ten_thousand_who_surely_can_leave_no_chance_of_one():
    found = count_able(np.full(10_000, 1.0), 0.5)
    assert (found.none, found.at_most_one) == (0.0, 0.0)
