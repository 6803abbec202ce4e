"""New parameters come into force only if they did well on workers from whom nothing was learned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import HeldOut
from skillmatch.gaps.gate import FEWEST, MAY_WORSEN, Check, judge, scores

PARAMS = BeliefParams(instance_var=0.0)
WORKERS = tuple(f"w{n}" for n in range(40))
TEAMS = {worker: ("north", "south")[n % 2] for n, worker in enumerate(WORKERS)}


def logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


def held_out(
    *, rows: int = 8000, before: float = 0.0, after: float = 0.0, sd: float = 1.0, south: float = 0.0, tell: float = 1.0
) -> HeldOut:
    """Simulate outcomes; `before` and `after` are errors of the chances in logits, `sd` how sure beliefs claim to be.

    What is believed is off by a standard normal error for each worker at one kind of job. `south` shifts what one team
    really does; `tell` is how much of the differences the new parameters see.
    """
    rng = np.random.default_rng(11)
    worker = np.sort(rng.integers(0, len(WORKERS), rows)).astype(np.intp)
    work = (worker * 25 + rng.integers(0, 25, rows)).astype(np.intp)
    believed = rng.normal(0.5, 1.0, 25 * len(WORKERS))[work]
    truth = believed + rng.normal(0, 1.0, 25 * len(WORKERS))[work] + south * (worker % 2)
    success = (rng.random(rows) < logistic(truth)).astype(np.float64)
    # The chance of uncertain log-odds lies nearer to even.
    shrink = 1.0 / np.sqrt(1.0 + np.pi / 8)
    return HeldOut(
        WORKERS,
        worker,
        success,
        logistic(shrink * believed + before),
        logistic(shrink * (0.5 + tell * (believed - 0.5)) + after),
        believed,
        np.full(rows, sd**2),
        work,
    )


def by_name(checks: tuple[Check, ...]) -> dict[str, Check]:
    return {check.name: check for check in checks}


LOSS, ERROR = "log-loss on workers held out", "calibration error on workers held out"
COVERED, SOUTH = "coverage of the 80 % interval", "predicted against observed in team south"


def test_right_chances_pass_every_check():
    checks = judge(held_out(), PARAMS, TEAMS)
    assert [check.name for check in checks] == [LOSS, ERROR, COVERED, "predicted against observed in team north", SOUTH]
    assert all(check.passed for check in checks), [check.describe() for check in checks]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (LOSS, held_out(tell=0.3)),
        (ERROR, held_out(before=1.0, after=0.5)),
        (COVERED, held_out(sd=0.0)),
        (COVERED, held_out(sd=3.0)),
        (SOUTH, held_out(south=1.2)),
    ],
)
def test_each_check_can_fail(name: str, found: HeldOut):
    check = by_name(judge(found, PARAMS, TEAMS))[name]
    assert not check.passed
    assert not check.low <= check.value <= check.high


def test_a_check_fails_for_its_own_reason_only():
    """Worse chances than before that are as calibrated; better ones that are not; intervals alone."""
    failed = {
        what: {check.name for check in judge(found, PARAMS, TEAMS) if not check.passed}
        for what, found in {"sure": held_out(sd=0.0), "vague": held_out(sd=3.0), "team": held_out(south=1.2)}.items()
    }
    assert failed["sure"] == failed["vague"] == {COVERED}
    assert SOUTH in failed["team"]
    assert LOSS not in failed["team"]


def test_a_little_more_log_loss_is_chance():
    same = by_name(judge(held_out(), PARAMS))[LOSS]
    assert same.high == pytest.approx(same.value + MAY_WORSEN, abs=1e-12)
    worse = by_name(judge(held_out(after=-0.06), PARAMS))[LOSS]
    assert worse.passed
    assert worse.value > same.value


def test_the_interval_is_wider_by_the_spread():
    narrow = by_name(judge(held_out(sd=0.4), PARAMS))[COVERED]
    spread = by_name(judge(held_out(sd=0.4), replace(PARAMS, spread=6.25)))[COVERED]
    assert spread.value > narrow.value
    right = by_name(judge(held_out(sd=1.0), PARAMS))[COVERED]
    assert spread.value == pytest.approx(right.value, abs=1e-9)


def test_too_few_outcomes_of_a_team_or_windows_are_not_judged():
    few = held_out(rows=FEWEST)
    assert [check.name for check in judge(few, PARAMS, TEAMS)][:2] == [LOSS, ERROR]
    assert not any("team" in check.name for check in judge(few, PARAMS, TEAMS))
    assert COVERED not in by_name(judge(held_out(rows=60), PARAMS))
    assert not any("team" in check.name for check in judge(held_out(), PARAMS))
    assert not any("team" in check.name for check in judge(held_out(), PARAMS, dict.fromkeys(WORKERS, "")))


def test_limits_leave_more_room_where_less_is_known():
    many, few = (by_name(judge(held_out(rows=rows), PARAMS, TEAMS)) for rows in (8000, 1000))
    assert few[ERROR].high > many[ERROR].high
    assert few[SOUTH].high > many[SOUTH].high
    assert few[COVERED].low < many[COVERED].low
    assert few[COVERED].high > many[COVERED].high


def test_a_line_names_the_value_and_the_limits():
    assert Check("log-loss", 0.51239, -10.0, 0.5).describe() == "log-loss: 0.5124, expected at most 0.500"
    assert Check("coverage", 0.9, 0.75, 0.85).describe() == "coverage: 0.9000, expected 0.750 to 0.850"
    for check in judge(held_out(south=1.2, sd=0.0), PARAMS, TEAMS):
        assert check.describe().startswith(f"{check.name}: {check.value:.4f}, expected ")
        assert f"{check.high:.3f}" in check.describe()


def test_the_limits_themselves_pass():
    assert Check("x", 0.75, 0.75, 0.85).passed
    assert Check("x", 0.85, 0.75, 0.85).passed
    assert not Check("x", np.nextafter(0.85, 1), 0.75, 0.85).passed
    assert not Check("x", float("nan"), 0.75, 0.85).passed


def test_scores_of_both_stand_side_by_side():
    found = scores(held_out(before=0.5))
    assert found["held_out"] == 8000.0
    assert found["log_loss"] < found["before_log_loss"]
    assert found["ece"] < found["before_ece"]
    assert found["auc"] == pytest.approx(found["before_auc"], abs=1e-12)
