"""What skills share, as parameters of the filter: from the graph, from practice, and how often each is called for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from skillmatch.beliefs.evidence import Evidence
from skillmatch.beliefs.observation import Demand
from skillmatch.beliefs.params import FAMILY_PART, GENERAL_PART, LEARNED_PART, BeliefParams, Exposure, Loading
from skillmatch.beliefs.structure import FEWEST_JOBS, from_graph, from_practice, with_exposures
from skillmatch.model import Link, LinkKind, Skill
from skillmatch.skills.graph import SkillGraph
from tests.kit.build import outcome, self_report

PARAMS = BeliefParams()
GRAPH = SkillGraph(
    [
        Skill("hvac", "Heating and cooling"),
        Skill("cold0", "C", half_life_days=100.0),
        Skill("cold1", "D"),
        Skill("x", "X"),
    ],
    [Link("cold0", "hvac", LinkKind.BROADER), Link("cold1", "hvac", LinkKind.BROADER)],
)


def two_trades(workers: int = 30, jobs: int = 40, seed: int = 1) -> dict[str, list[Evidence]]:
    rng = np.random.default_rng(seed)
    return {
        f"w{who:02}": [
            outcome(f"w{who:02}", f"{('cold', 'lift')[who % 2]}{int(rng.integers(8))}", days=n) for n in range(jobs)
        ]
        for who in range(workers)
    }


def test_families_and_half_lives_come_from_the_graph():
    found = from_graph(PARAMS, GRAPH)
    assert found.loadings == {skill: (Loading("family:hvac", 1.0),) for skill in ("cold0", "cold1", "hvac")}
    assert found.half_lives == {"cold0": 100.0}
    assert (found.half_life("cold0"), found.half_life("x")) == (100.0, PARAMS.half_life_days)
    assert found.home("cold1") == "family:hvac"
    assert found.home("x") == GENERAL_PART


def test_the_same_graph_changes_nothing():
    found = from_graph(PARAMS, GRAPH)
    assert from_graph(found, GRAPH) is found
    assert from_graph(PARAMS, SkillGraph()) is PARAMS
    with_circles = from_practice(found, two_trades())
    assert from_graph(with_circles, GRAPH) is with_circles


def test_a_graph_without_its_links_takes_the_families_away_and_leaves_the_circles():
    both = from_practice(from_graph(PARAMS, GRAPH), two_trades())
    bare = from_graph(both, SkillGraph(GRAPH.skills.values()))
    assert bare.loadings == from_practice(PARAMS, two_trades()).loadings
    assert bare.half_lives == {"cold0": 100.0}


def test_two_trades_are_found_without_any_graph():
    found = from_practice(PARAMS, two_trades())
    assert len(found.loadings) == 16
    main = {skill: max(loads, key=lambda one: one.load).part for skill, loads in found.loadings.items()}
    assert all(part.startswith(LEARNED_PART) for part in main.values())
    for trade in ("cold", "lift"):
        assert len({part for skill, part in main.items() if skill.startswith(trade)}) == 1
    assert len(set(main.values())) == 2
    assert found.home("cold0") == main["cold0"]


def test_families_come_before_circles_and_each_kind_sums_to_at_most_one():
    found = from_practice(from_graph(PARAMS, GRAPH), two_trades())
    assert [one.part.split(":")[0] for one in found.loadings["cold0"]][:2] == ["family", "circle"]
    assert found.home("cold0") == "family:hvac"
    for loads in found.loadings.values():
        for prefix in (FAMILY_PART, LEARNED_PART):
            assert sum(one.load**2 for one in loads if one.part.startswith(prefix)) <= 1.0 + 1e-9
    # Learned anew it is the same: nothing piles up.
    assert from_practice(found, two_trades()).loadings == found.loadings


def test_too_little_practice_teaches_no_circles():
    assert from_practice(PARAMS, {"anna": [self_report()]}) is PARAMS
    assert from_practice(PARAMS, two_trades(workers=6)).loadings == {}
    kept = from_practice(from_graph(PARAMS, GRAPH), two_trades(workers=6))
    assert kept.loadings == from_graph(PARAMS, GRAPH).loadings


def test_skills_that_always_come_together_are_no_trouble():
    """Every job of a trade demands all of it: there are fewer different skills than circles would be made."""
    facts = {
        f"w{who:02}": [
            outcome(f"w{who:02}", [Demand(f"{('cold', 'lift')[who % 2]}{n}") for n in range(20)], days=day)
            for day in range(5)
        ]
        for who in range(12)
    }
    found = from_practice(PARAMS, facts)
    main = {max(loads, key=lambda one: one.load).part for loads in found.loadings.values()}
    assert len(found.loadings) == 40
    assert len(main) >= 2


def test_exposures_are_shares_of_what_jobs_are_mainly_about():
    loads = {"a": (Loading("family:f", 1.0),), "b": (Loading("family:f", 1.0),)}
    params = replace(PARAMS, loadings=loads)
    facts = {
        "anna": [outcome("anna", [Demand("a", None, 2.0), Demand("c")], days=n) for n in range(60)],
        "ben": [outcome("ben", "b", days=n) for n in range(20)] + [outcome("ben", "c", days=n) for n in range(100)],
        "chen": [outcome("chen", "b", days=n) for n in range(20)] + [self_report("chen", "a"), outcome("chen", [])],
    }
    found = with_exposures(params, facts).exposures
    assert found == {"a": Exposure(0.6, 0.5), "b": Exposure(0.4, 0.5), "c": Exposure(1.0, 0.5)}


def test_of_skills_that_jobs_are_hardly_ever_about_nothing_is_said():
    loads = {"a": (Loading("family:f", 1.0),), "b": (Loading("family:f", 1.0),), "z": (Loading("family:g", 1.0),)}
    facts = {"anna": [outcome(skill="a", days=n) for n in range(FEWEST_JOBS)] + [outcome(skill="b")]}
    found = with_exposures(replace(PARAMS, loadings=loads), facts)
    assert found.exposures["a"] == pytest.approx(Exposure(20 / 21, 1.0))
    assert found.exposures["b"] == Exposure(-1.0, 1.0)
    assert "z" not in found.exposures
    assert found.exposure("z") == Exposure(-1.0, -1.0)
