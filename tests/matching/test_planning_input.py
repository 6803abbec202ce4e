"""A problem that cannot be planned with is refused with the name of the job or worker and what to do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from skillmatch.errors import Invalid
from skillmatch.matching.planning import Problem, Visit, greedy, solve


def problem(**changes: object) -> Problem:
    """Return two jobs of an hour for two workers with a shift of eight hours each, at two places 30 minutes apart."""
    plain = Problem(
        jobs=("boiler", "pump"),
        workers=("ana", "ben"),
        points=np.full((2, 2), 50.0),
        allowed=np.ones((2, 2), dtype=bool),
        value=np.zeros(2),
        minutes=np.full(2, 60.0),
        opens=np.zeros(2),
        closes=np.full(2, 400.0),
        crew=np.ones(2, dtype=np.int64),
        place=np.array([0, 1]),
        home=np.array([0, 0]),
        travel=np.array([[0.0, 30.0], [30.0, 0.0]]),
        travel_weight=10.0,
        travel_scale=60.0,
        shifts=(((0.0, 480.0),), ((0.0, 480.0),)),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


BAD = [
    ({"jobs": ("boiler", "boiler")}, "job 'boiler' is listed more than once"),
    ({"workers": ("ana", "ana")}, "worker 'ana' is listed more than once"),
    ({"points": np.zeros((2, 3))}, r"points has the shape \(2, 3\): expected \(2, 2\)"),
    ({"value": np.zeros(3)}, "value has the shape"),
    ({"leads": np.ones((1, 2), bool)}, "leads has the shape"),
    ({"shifts": (((0.0, 480.0),),)}, "shifts has 1 entries: expected 2"),
    ({"points": np.array([[1.0, np.nan], [1.0, 1.0]])}, "points of job 'boiler' and worker 'ben' are nan"),
    ({"points": np.array([[1.0, 1.0], [np.inf, 1.0]])}, "points of job 'pump' and worker 'ana' are inf"),
    ({"value": np.array([np.nan, 0.0])}, "value of job 'boiler' is nan"),
    ({"minutes": np.array([60.0, -1.0])}, "duration of job 'pump' is -1.0"),
    ({"minutes": np.array([60.0, np.inf])}, "duration of job 'pump' is inf"),
    ({"closes": np.array([400.0, -5.0])}, "closing time of job 'pump' is -5.0"),
    ({"opens": np.array([np.nan, 0.0])}, "opening time of job 'boiler' is nan"),
    ({"crew": np.array([0, 1])}, "crew size of job 'boiler' is 0"),
    ({"place": np.array([0, 2])}, "job 'pump' is at place 2: expected 0 to 1"),
    ({"home": np.array([0, -1])}, "worker 'ben' is at place -1"),
    ({"travel": np.array([[0.0, -1.0], [1.0, 0.0]])}, "travel from place 0 to place 1 is -1.0"),
    ({"travel": np.array([[0.0, np.nan], [1.0, 0.0]])}, "travel from place 0 to place 1 is nan"),
    ({"travel_scale": 0.0}, "travel_scale is 0.0"),
    ({"change_cost": -1.0}, "change_cost is -1.0"),
    ({"shifts": (((480.0, 0.0),), ())}, "a shift of worker 'ana' goes from 480.0 to 0.0"),
    ({"shifts": ((), ((0.0, 100.0), (50.0, 200.0)))}, "shifts of worker 'ben' overlap"),
    ({"promised": (Visit("roof", ("ana",), 0.0),)}, "the promised job 'roof' is not among the jobs"),
    ({"locked": (Visit("pump", ("ana",), 60.0), Visit("pump", ("ben",), 60.0))}, "job 'pump' is locked twice"),
    ({"locked": (Visit("pump", ("ana",), np.nan),)}, "the start of the locked job 'pump' is nan"),
    ({"locked": (Visit("pump", ("eva",), 60.0),)}, "lock on job 'pump' with eva: there is no worker 'eva'"),
    ({"locked": (Visit("pump", ("ana", "ben"), 60.0),)}, "expected 1 different workers"),
    ({"locked": (Visit("pump", (), 60.0),)}, "with nobody: expected 1"),
    ({"locked": (Visit("pump", ("ana",), 401.0),)}, "begins at minute 401: expected 0 to 400"),
    ({"locked": (Visit("pump", ("ana",), 60.0),), "allowed": np.array([[True, True], [False, True]])},
     "worker 'ana' may not do it; remove the lock"),
    ({"locked": (Visit("pump", ("ana",), 60.0),), "shifts": (((0.0, 100.0),), ())},
     "lock on job 'pump' with worker 'ana' at minute 60 lies outside her shifts"),
    ({"locked": (Visit("pump", ("ana",), 20.0),)}, "too little time for the way between home and the job"),
    ({"locked": (Visit("boiler", ("ana",), 100.0), Visit("pump", ("ana",), 150.0))},
     "lock on job 'pump' with worker 'ana' at minute 150 overlaps with the lock on job 'boiler'"),
    ({"locked": (Visit("boiler", ("ana",), 100.0), Visit("pump", ("ana",), 189.0))}, "leaves no time for the way"),
    ({"locked": (Visit("pump", ("ana", "ben"), 60.0),), "crew": np.array([1, 2]), "leads": np.zeros((2, 2), bool)},
     "none of them may lead"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), BAD)
def test_what_cannot_be_planned_with_is_refused(changes: dict, message: str) -> None:
    for plan in (solve, greedy):
        with pytest.raises(Invalid, match=message):
            plan(problem(**changes))


def test_the_plain_problem_is_accepted() -> None:
    assert len(greedy(problem()).visits) == 2
    assert len(greedy(problem(points=np.full((2, 2), np.nan), allowed=np.zeros((2, 2), bool))).unassigned) == 2


def test_locks_with_just_enough_time_for_the_way_are_accepted() -> None:
    locked = (Visit("boiler", ("ana",), 100.0), Visit("pump", ("ana",), 190.0))
    assert greedy(problem(locked=locked)).visits == locked


def test_time_to_search_must_be_above_zero() -> None:
    with pytest.raises(Invalid, match="seconds is 0"):
        solve(problem(), seconds=0.0)
