"""How people are compared under a cause, and what outcomes say once the cause of their job is noted."""

from dataclasses import replace

import numpy as np
import pytest

from skillmatch.beliefs.observation import Demand, Result, Trial, work_key
from skillmatch.beliefs.params import BeliefParams, Difficulty
from skillmatch.beliefs.structure import with_types
from skillmatch.matching.diagnosis.found import as_found, type_for
from skillmatch.matching.diagnosis.prospects import Trust, prospects
from skillmatch.matching.view import View
from skillmatch.model import Worker
from skillmatch.needs import Requirement
from tests.kit.build import outcome, view

WORKERS = [Worker(name, name.title()) for name in ("ada", "bob", "new")]


def views() -> list[View]:
    """Return the job type's view, cooling alone, and that of a cause that needs wiring as well.

    Ada and Bob do both, Bob is bad at wiring, and nothing is known of the third.
    """
    facts = []
    for day in range(1, 13):
        for worker, wiring in (("ada", Result.FIRST_TIME_FIX), ("bob", Result.FAILED)):
            facts.append(outcome(worker, [Demand("cooling")], days=day, result=Result.FIRST_TIME_FIX))
            facts.append(outcome(worker, [Demand("wiring")], days=day, result=wiring))
    needs = (Requirement("cooling"),), (Requirement("cooling"), Requirement("wiring"))
    return [view(facts, workers=WORKERS, needs=each) for each in needs]


def test_taken_at_its_word_a_chance_is_that_of_ranking_while_nothing_is_learned_of_practice():
    found = views()
    chance, _pace = prospects(found, 0, Trust(cause=1.0, caution=0.0))
    for row, one in zip(chance, found, strict=True):
        assert row == pytest.approx(one.chance)


def test_what_sets_people_apart_under_a_cause_counts_in_part():
    found = views()
    ada, bob, _new = (found[0].table.place(name) for name in ("ada", "bob", "new"))
    gaps = []
    for share in (0.0, 0.5, 1.0):
        chance, _pace = prospects(found, 0, Trust(cause=share, caution=0.0))
        gaps.append(float(chance[1, ada] - chance[1, bob]))
    assert gaps[0] < gaps[1] < gaps[2]
    alone, _pace = prospects(found, None, Trust(cause=0.0, caution=0.0))
    assert alone[1, ada] - alone[1, bob] == pytest.approx(gaps[2])


def test_who_is_not_known_loses_by_caution_and_who_is_able_is_quick():
    found = views()
    ada, bob, new = (found[0].table.place(name) for name in ("ada", "bob", "new"))
    bold, _ = prospects(found, 0, Trust(caution=0.0))
    careful, pace = prospects(found, 0, Trust(caution=1.0))
    assert careful[0, new] < bold[0, new]
    assert careful[0, ada] == pytest.approx(bold[0, ada], abs=0.02)
    assert pace[1, ada] < pace[1, bob]
    assert pace[0, ada] < pace[0, new]
    assert np.all(np.isfinite(pace))


def test_an_outcome_demands_what_its_cause_needs_and_is_work_of_its_own():
    before = outcome("ada", [Demand("cooling")], days=1, result=Result.REWORK, job_type="too hot")
    after = as_found(before, "leak", (Requirement("cooling", 2.0, 0.5), Requirement("brazing", 3.0, 0.5)))
    (tried,) = after.observe()
    assert isinstance(tried, Trial)
    assert tried.demands == (Demand("cooling", 2.0, 0.5), Demand("brazing", 3.0, 0.5))
    assert (tried.job_type, tried.main) == (work_key("too hot", "leak"), "cooling")
    assert (after.demands, after.job_type) == (before.demands, "too hot")
    assert (after.id, after.result, after.time) == (before.id, before.result, before.time)
    assert as_found(before, "leak", ()).observe()[0].demands == before.demands
    noted = replace(before, used=(Demand("welding"),))
    assert as_found(noted, "leak", (Requirement("brazing"),)).observe()[0].demands == (Demand("welding"),)


def test_a_type_is_as_hard_as_its_causes_on_average_and_an_unlearned_cause_as_its_type():
    learned = {work_key("too hot", "leak"): Difficulty(1.0, 0.1), work_key("too hot", "fuse"): Difficulty(-1.0, 0.1)}
    params = BeliefParams(difficulties={**learned, "too hot": Difficulty(3.0, 0.1)})
    causes = ["leak", "leak", "leak", "fuse", None]
    done = [replace(outcome("ada", days=n, job_type="too hot"), cause=cause) for n, cause in enumerate(causes)]
    found = with_types(params, {"ada": done})
    assert found.difficulty("too hot").mean == pytest.approx(0.5)
    assert found.difficulty("too hot").var == pytest.approx(0.1 + 0.75)
    assert type_for(found, "too hot", "leak") == work_key("too hot", "leak")
    assert type_for(found, "too hot", "mice") == "too hot"
    assert type_for(found, None, "leak") is None
    assert with_types(params, {"ada": done[-1:]}) is params
