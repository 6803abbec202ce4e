"""Objectives: each on its scale, whoever else is listed, and with the facts behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import log

import numpy as np
import pytest
from hypothesis import given

from skillmatch.matching.changes import alone
from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.objectives import OBJECTIVES
from skillmatch.matching.policy import POLICIES, WEIGHTED
from skillmatch.matching.view import View
from skillmatch.model import Customer, Place, Requirement, Risk, Worker
from tests.kit.build import at, booking, outcome, view, week, wish
from tests.matching.companies import SEARCH, SITE, Company, companies

LIMITS = POLICIES["balanced"].limits
ANNA, BEN = Worker("anna", "Anna"), Worker("ben", "Ben")
BY_KEY = {objective.key: objective for objective in OBJECTIVES}


def points(key: str, seen: View) -> dict[str, float]:
    """Return the points of every worker for one objective, {} when it has nothing to say."""
    columns = BY_KEY[key].columns(seen, LIMITS)
    if not columns:
        return {}
    total = sum((column.values for column in columns), np.zeros(len(seen.table)))
    return dict(zip(seen.table.workers, total.tolist(), strict=True))


def detail(key: str, seen: View, worker: str = "anna") -> str:
    (column,) = BY_KEY[key].columns(seen, LIMITS)
    place = seen.table.place(worker)
    assert place is not None
    return BY_KEY[key].detail(seen, LIMITS, column, place)


def test_the_objectives_are_those_that_policies_weigh_in_their_order():
    assert tuple(objective.key for objective in OBJECTIVES) == WEIGHTED


@SEARCH
@given(companies())
def test_an_objective_stays_on_its_scale_and_tells_why(company: Company):
    for seen in company.seen():
        for objective in OBJECTIVES:
            columns = objective.columns(seen, company.policy.limits)
            total = sum((column.values for column in columns), np.zeros(len(seen.table)))
            assert np.all((total >= -1e-12) & (total <= 1.0 + 1e-12)), objective.key
            assert len({column.key for column in columns}) == len(columns)
            for column in columns:
                assert column.key.partition(":")[0] == objective.key
                assert column.label
                for place in range(len(seen.table)):
                    assert objective.detail(seen, company.policy.limits, column, place)


@SEARCH
@given(companies())
def test_points_do_not_depend_on_who_else_is_listed(company: Company):
    for seen in company.seen():
        for place, worker in enumerate(seen.table.workers):
            own = alone(seen, worker)
            for objective in OBJECTIVES:
                among = [float(one.values[place]) for one in objective.columns(seen, company.policy.limits)]
                by_herself = [float(one.values[0]) for one in objective.columns(own, company.policy.limits)]
                # A column of zeros and none are worth the same.
                assert sum(among) == pytest.approx(sum(by_herself), rel=1e-12, abs=1e-12), objective.key


def test_a_wish_counts_until_its_last_day():
    asked = Customer("bakery", "Bakery", preferred=("anna",), until=(("anna", at(100).date()),))
    assert points("preferred", view(workers=[ANNA, BEN], customer=asked)) == {"anna": 1.0, "ben": 0.0}
    assert points("preferred", view(workers=[ANNA, BEN], customer=asked, day=at(101).date())) == {}


def test_the_job_may_name_whom_it_prefers():
    seen = view(workers=[ANNA, BEN], circumstances=Circumstances("j1", preferred=("ben",)))
    assert points("preferred", seen) == {"anna": 0.0, "ben": 1.0}


def test_a_level_between_needed_and_preferred_fits_fully_and_an_expert_fits_less():
    facts = [outcome("anna", days=n) for n in range(90)]
    seen = view(facts, workers=[BEN], needs=(Requirement("refrigeration", 1.0),))
    level = float(seen.levels(0)[1])
    assert points("fit", seen)["anna"] == pytest.approx(1.0 - min((level - 1.0) / 2.5, 1.0))
    wider = view(facts, needs=(Requirement("refrigeration", 1.0, preferred_level=level),))
    assert points("fit", wider) == {"anna": pytest.approx(1.0)}
    assert points("fit", view(facts, needs=(Requirement("refrigeration"),))) == {}


def test_who_was_there_is_known_there_and_ten_visits_are_enough():
    visits = {"customer": {"anna": 3, "ben": 99}, "site": {"ben": 10}}
    seen = view(workers=[ANNA, BEN], circumstances=Circumstances("j1", visits=visits))
    assert points("continuity", seen) == pytest.approx({"anna": 0.5 * log(4) / log(11), "ben": 1.0})


def test_a_short_way_counts_and_an_unknown_one_counts_as_the_policy_says():
    near = replace(ANNA, home=SITE)
    seen = view(workers=[near, BEN], circumstances=Circumstances("j1", place=SITE))
    assert points("travel", seen) == pytest.approx({"anna": 1 - 5 / 120, "ben": 1 - LIMITS.unknown_travel / 120})
    assert detail("travel", seen, "ben") == "way unknown, counted as 45 minutes"
    assert points("travel", view(workers=[near, BEN])) == {}


def test_load_is_work_of_four_weeks_and_bookings_of_the_week_against_the_capacity():
    part_time = Worker("ben", "Ben", capacity=10.0)
    day = at(102).date()
    work = [("anna", day - timedelta(days=27), 600.0), ("anna", day - timedelta(days=28), 6000.0)]
    work += [("ben", day, 600.0)]
    seen = view(
        workers=[ANNA, part_time], day=day, work=work, bookings=[booking("anna", start=at(103), minutes=1000.0)]
    )
    expected = {"anna": 1 - 1600 / (40 * 4 * 60), "ben": 1 - 600 / (10 * 4 * 60)}
    assert points("load", seen) == pytest.approx(expected)


def test_whoever_can_begin_sooner_after_the_promise_has_more_points():
    late = [*week("anna", 480, 1020, [0]), *week("ben", 630, 1020, [0])]
    ten = Circumstances("j1", priority=2, dated=True, opens=600.0, closes=800.0, place=SITE)
    both = [replace(ANNA, home=SITE), replace(BEN, home=SITE)]
    seen = view(workers=both, day=at(102).date(), shifts=late, circumstances=ten)
    assert points("promise", seen) == pytest.approx({"anna": 1.0, "ben": 1 - 35 / 120})
    assert detail("promise", seen, "ben") == "can begin at 10:35 on 2026-04-13"
    missed = replace(seen, circumstances=replace(ten, late=True))
    assert points("promise", missed) == {"anna": 0.0, "ben": 0.0}
    assert detail("promise", missed).startswith("the promised time has passed")


def test_an_hour_costs_the_rate_with_the_way_there_and_back():
    cheap = replace(ANNA, cost_per_hour=30.0, home=SITE)
    seen = view(workers=[cheap, BEN], circumstances=Circumstances("j1", minutes=60.0, place=SITE))
    expected = {"anna": 1 - 0.3 * (1 + 10 / 60), "ben": 1 - min(0.5 * (1 + 90 / 60), 1.0)}
    assert points("cost", seen) == pytest.approx(expected)
    assert points("cost", view(workers=[ANNA, BEN])) == {}


def test_a_wish_to_learn_counts_within_reach_and_where_little_is_at_risk():
    facts = [outcome("anna", days=n) for n in range(3)]

    def learning(risk: Risk, **more) -> dict[str, float]:
        seen = view(facts, circumstances=Circumstances("j1", risk=risk, **more), papers=[wish("anna")])
        assert 0.5 <= float(seen.chance[0]) <= 0.85
        return points("development", seen)

    assert learning(Risk.LOW) == pytest.approx({"anna": 0.7})
    assert learning(Risk.NORMAL) == pytest.approx({"anna": 0.4})
    assert learning(Risk.HIGH) == {}
    assert learning(Risk.HIGH, crew=2) == pytest.approx({"anna": 1.0})


def test_a_wish_that_was_taken_back_no_longer_counts():
    papers = [wish("anna", days=1), wish("anna", days=2, active=False)]
    assert points("development", view([outcome()], papers=papers)) == {}


def test_thin_evidence_is_worth_trying_only_where_little_is_at_risk():
    facts = [outcome("anna", days=n) for n in range(60)]
    seen = view(facts, workers=[BEN], circumstances=Circumstances("j1", risk=Risk.LOW))
    assert points("exploration", seen)["ben"] > points("exploration", seen)["anna"] > 0.0
    assert points("exploration", view(facts, workers=[BEN])) == {}


def test_a_worker_without_a_home_is_ranked_and_said_to_be_unknown():
    seen = view(workers=[ANNA], circumstances=Circumstances("j1", place=Place(0.0, 0.0)))
    assert "unknown" in detail("travel", seen)
