"""From a job to the search for its crew: who may go, what each holds, what counts."""

from dataclasses import replace
from datetime import date
from math import log

import numpy as np
import pytest

from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.policy import POLICIES
from skillmatch.matching.ranking import WayScoring
from skillmatch.matching.teams import CANDIDATES, USUAL_LEVEL, crew_problem, pool
from skillmatch.model import (
    Certification,
    CertificationRequirement,
    Customer,
    LanguageRequirement,
    Requirement,
    Risk,
    Worker,
)
from tests.kit.build import outcome, view, wish

POLICY = POLICIES["balanced"]
NEEDS = (
    Requirement("refrigeration", 2.0, 3.0, must=True, count=2),
    Requirement("controls"),
    CertificationRequirement("F-GAS"),
    LanguageRequirement("Polish"),
)
ANNA = Worker("anna", "Anna", languages=("Polish",), cost_per_hour=30.0)
BEN, GONE = Worker("ben", "Ben"), Worker("gone", "Gone", active_to=date(2026, 1, 2))
FACTS = [outcome("anna", days=n) for n in range(20)] + [outcome("ben", "controls", days=n) for n in range(20)]


def scored(**more) -> WayScoring:
    usual = {"workers": [ANNA, BEN, GONE], "needs": NEEDS, "circumstances": Circumstances("j1", crew=2, minutes=120.0)}
    return WayScoring(view(FACTS, **{**usual, **more}), POLICY)


def test_what_a_crew_meets_together_stops_none_of_its_members():
    assert pool(scored()).tolist() == [True, True, False]
    excluded = scored(customer=Customer("c", "Care Home", excluded=("ben",)))
    assert pool(excluded).tolist() == [True, False, False]


def test_each_holds_what_she_is_surely_able_to_do():
    held = {"anna": [Certification("anna", "F-GAS", date(2026, 1, 1))]}
    way = scored(certifications=held)
    problem = crew_problem(way, 2, {})
    assert problem is not None
    assert problem.workers == ("anna", "ben")
    assert problem.needs == ("refrigeration", "controls", "certification F-GAS", "language Polish")
    sure = way.view.certainty
    assert problem.holds[0].tolist() == [float(sure(0)[0]), 0.0, 1.0, 1.0]
    assert problem.holds[1].tolist() == [0.0, float(sure(1, USUAL_LEVEL)[1]), 0.0, 0.0]


def test_counts_and_weights_are_those_of_the_needs():
    problem = crew_problem(scored(), 2, {})
    assert problem is not None
    assert problem.counts.tolist() == [2, 1, 1, 1]
    assert problem.hard.tolist() == [True, False, True, True]
    assert problem.weights.tolist() == pytest.approx([0.75, 0.25, 0.0, 0.0])
    assert (problem.least, problem.most) == (2, 2)


def test_costs_are_for_the_length_of_the_job_and_unknown_ones_half_the_full_cost():
    problem = crew_problem(scored(), 2, {})
    assert problem is not None
    assert problem.cost.tolist() == [60.0, POLICY.limits.full_cost]
    assert problem.cost_scale == POLICY.limits.full_cost * 2 * 2


def test_who_wishes_to_learn_is_a_trainee_in_that_need():
    problem = crew_problem(scored(papers=[wish("ben", "refrigeration")]), 2, {})
    assert problem is not None
    assert problem.trainee.tolist() == [[False] * 4, [True, False, False, False]]


@pytest.mark.parametrize(("jobs", "expected"), [(0, 0.0), (3, log(4) / log(11)), (10, 1.0), (99, 1.0)])
def test_jobs_done_well_together_count_up_to_ten(jobs: int, expected: float):
    problem = crew_problem(scored(), 2, {("anna", "ben"): jobs, ("anna", "zoe"): 9})
    assert problem is not None
    assert problem.together == pytest.approx(np.array([[0.0, expected], [expected, 0.0]]))


def test_the_lead_needs_a_surer_chance_the_more_is_at_risk():
    floors = []
    for risk in Risk:
        problem = crew_problem(scored(circumstances=Circumstances("j1", risk, crew=2)), 2, {})
        assert problem is not None
        floors.append((problem.lead_floor, problem.sure))
    assert floors == [(0.6, 0.4), (0.7, 0.5), (0.8, 0.8)]


def test_nobody_who_may_go_is_no_problem_at_all():
    assert (
        crew_problem(scored(workers=[replace(one, active_to=date(2026, 1, 2)) for one in (ANNA, BEN)]), 2, {}) is None
    )


def test_of_many_the_best_and_those_who_hold_a_need_are_candidates():
    crowd = [Worker(f"w{n:03}", f"W{n}") for n in range(300)]
    speaker = Worker("w299", "W299", languages=("Polish",))
    seen = scored(workers=[ANNA, BEN, *crowd[:-1], speaker])
    problem = crew_problem(seen, 2, {}, include=("w298",))
    assert problem is not None
    assert len(problem.workers) <= CANDIDATES + 1
    assert {"anna", "ben", "w298", "w299"} <= set(problem.workers)
    assert "w298" not in crew_problem(seen, 2, {}).workers
