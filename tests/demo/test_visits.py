"""How a visit ends depends on how far ability exceeds difficulty."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from skillmatch.beliefs.observation import Result
from skillmatch.demo.calls import CAUSE_SHARE, UNKNOWN, demands
from skillmatch.demo.catalogue import read_catalogue
from skillmatch.demo.visits import level_offset, result_of
from skillmatch.model import Requirement


@pytest.mark.parametrize("margin", [-1.0, 0.0, 2.0])
def test_the_share_of_first_time_fixes_is_the_logistic_of_the_margin(margin: float) -> None:
    rng = np.random.default_rng(1)
    fixed = sum(result_of(margin, rng) is Result.FIRST_TIME_FIX for _ in range(4000))
    # Four standard errors of a share over 4000 draws.
    assert fixed / 4000 == pytest.approx(1.0 / (1.0 + exp(-margin)), abs=4 * 0.5 / 4000**0.5)


def test_the_shares_of_the_work_sum_to_one_and_the_cause_has_its_part() -> None:
    nature = next(nature for nature in read_catalogue().natures if nature.id == "cabinet-icing")
    cause = next(cause for cause in nature.causes if cause.name == "controller parameters lost")
    needed = demands(nature, cause, (Requirement("hospital-work", 2.0, 0.5),))
    assert sum(share for _, share in needed.values()) == pytest.approx(1.0)
    assert needed["refrigeration-controls"] == (3.0, pytest.approx(CAUSE_SHARE))


def test_a_skill_that_call_and_cause_both_need_is_needed_at_the_higher_level() -> None:
    nature = next(nature for nature in read_catalogue().natures if nature.id == "leak-alarm")
    cause = next(cause for cause in nature.causes if cause.name == "pinhole in the evaporator")
    assert demands(nature, UNKNOWN, ())["leak-finding"][0] == 3.0
    assert demands(nature, cause, ())["leak-finding"][0] == 3.5


def test_work_of_the_average_level_is_of_ordinary_difficulty() -> None:
    assert level_offset({"a": (2.5, 0.5), "b": (2.5, 0.5)}) == 0.0
    assert level_offset({"a": (3.5, 1.0)}) == pytest.approx(0.6)
