"""The evaluation predicts before it learns, and the engine beats rates on a history where skill matters."""

import numpy as np
import pytest

from skillmatch.beliefs.evidence import Demand, Evidence, Result
from skillmatch.beliefs.params import BeliefParams
from skillmatch.gaps.evaluation import FinishedJob, evaluate_outcomes, evaluate_rankings, in_time_order
from skillmatch.matching.policy import POLICIES
from skillmatch.model import Requirement
from tests.kit.build import at, outcome

SKILLS = ("cold", "heat", "lift")


def history(jobs: int = 1500, seed: int = 3) -> tuple[dict[str, list[Evidence]], list[FinishedJob]]:
    """Each worker is good at one skill; four in five jobs go to somebody who is."""
    rng = np.random.default_rng(seed)
    facts: dict[str, list[Evidence]] = {}
    finished = []
    for n in range(jobs):
        skill = SKILLS[int(rng.integers(3))]
        mates = [w for w in range(30) if (SKILLS[w % 3] == skill) == (rng.random() < 0.8)]
        who = int(rng.choice(mates))
        good = SKILLS[who % 3] == skill
        result = Result.FIRST_TIME_FIX if rng.random() < (0.9 if good else 0.2) else Result.FAILED
        fact = outcome(
            f"w{who:02}", [Demand(skill)], days=n / 10, result=result, job=f"j{n:05}", job_type=skill, id=f"o{n:05}"
        )
        facts.setdefault(fact.worker, []).append(fact)
        finished.append(FinishedJob(f"j{n:05}", at(n / 10), skill, (Requirement(skill),)))
    return facts, finished


def test_the_engine_beats_every_rate_where_skill_matters():
    found, fitted = evaluate_outcomes(history()[0], BeliefParams())
    engine = found.pop("skillmatch")
    assert engine.count == 300
    assert fitted.fitted_on == 1200
    for baseline in ("job type rate", "worker rate", "worker + job type"):
        assert engine.auc > found[baseline].auc
        assert engine.log_loss < found[baseline].log_loss


def test_the_future_is_never_used():
    """Turning every later outcome upside down must not move the first scored prediction."""
    facts, _ = history(600)
    ordered = in_time_order(facts)
    cut = ordered[480].order
    flipped = {
        worker: [
            outcome(
                f.worker, f.demands, days=(f.time - at(0)).total_seconds() / 86400, job=f.job, job_type=f.job_type,
                id=f.id, result=Result.FAILED if f.result is Result.FIRST_TIME_FIX else Result.FIRST_TIME_FIX,
            )
            if f.order >= cut else f
            for f in own
        ]
        for worker, own in facts.items()
    }  # fmt: skip
    _, one = evaluate_outcomes(facts, BeliefParams())
    _, other = evaluate_outcomes(flipped, BeliefParams())
    assert one == other


def test_the_right_worker_is_found_near_the_top():
    facts, jobs = history()
    _, fitted = evaluate_outcomes(facts, BeliefParams())
    found = evaluate_rankings(facts, jobs, fitted, [POLICIES["familiar"]])
    engine = found["skillmatch, policy familiar"]
    assert engine.count == 300
    succeeded = np.mean([f.result is Result.FIRST_TIME_FIX for own in facts.values() for f in own])
    assert engine.top10 > 0.7 * succeeded > 10 / 30


def test_jobs_on_which_nobody_succeeded_are_misses():
    jobs = [FinishedJob(f"j{n}", at(n), "cold", (Requirement("cold"),)) for n in range(10)]
    found = evaluate_rankings({}, jobs, BeliefParams(), [POLICIES["familiar"]])
    assert found["skillmatch, policy familiar"].count == 2
    assert found["skillmatch, policy familiar"].mrr == pytest.approx(0.0)


def test_too_short_a_history_is_not_scored():
    found, params = evaluate_outcomes({"anna": [outcome()]}, BeliefParams())
    assert found == {}
    assert params == BeliefParams()
