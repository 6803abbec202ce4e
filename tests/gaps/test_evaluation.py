"""The evaluation predicts before it learns, and the engine beats rates on a history where skill matters."""

from dataclasses import replace

import numpy as np
import pytest

from skillmatch.beliefs.evidence import Evidence
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.beliefs.params import BeliefParams
from skillmatch.gaps.baselines import BASELINES
from skillmatch.gaps.evaluation import FinishedJob, evaluate, evaluate_outcomes, evaluate_rankings
from skillmatch.gaps.replay import MIN_ROWS, in_time_order, replay_outcomes
from skillmatch.gaps.slices import SLICES
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


def flipped_from(facts: dict[str, list[Evidence]], cut: tuple) -> dict[str, list[Evidence]]:
    """Return the history with every outcome from `cut` on turned upside down."""
    other = {Result.FAILED: Result.FIRST_TIME_FIX, Result.FIRST_TIME_FIX: Result.FAILED}
    return {
        worker: [replace(fact, result=other[fact.result]) if fact.order >= cut else fact for fact in own]
        for worker, own in facts.items()
    }


def test_what_is_learned_once_is_learned_before_the_scored_part():
    facts, _ = history(600)
    _, one = evaluate_outcomes(facts, BeliefParams())
    _, other = evaluate_outcomes(flipped_from(facts, in_time_order(facts)[480].order), BeliefParams())
    assert one == other


def test_no_prediction_moves_when_its_own_and_all_later_outcomes_are_turned_upside_down():
    facts, _ = history(600)
    one = replay_outcomes(facts, BeliefParams())
    other = replay_outcomes(flipped_from(facts, in_time_order(facts)[540].order), BeliefParams())
    assert list(one.chances) == ["skillmatch", *(new().name for new in BASELINES)]
    for name, chances in one.chances.items():
        assert (chances[:61] == other.chances[name][:61]).all()
        assert (chances[61:] != other.chances[name][61:]).any()


def test_every_slice_is_scored_by_itself():
    facts, jobs = history()
    found = evaluate(facts, jobs, BeliefParams(), [POLICIES["familiar"]])
    assert list(found.slices) == list(SLICES)
    everything = found.slices["all"]
    assert everything.scores == found.outcomes
    assert everything.count == 300 == sum(each.count for each in found.reliability)
    assert everything.coverage is not None
    assert everything.coverage.count > 200
    assert everything.coverage.without < everything.coverage.share < 1.0


def test_a_slice_with_too_few_rows_has_no_scores():
    found = evaluate(*history(), BeliefParams(), [POLICIES["familiar"]])
    newcomers = found.slices["worker's first 60 days"]
    assert newcomers.count < MIN_ROWS
    assert newcomers.scores == {}
    assert newcomers.coverage is None


def test_a_slice_of_one_class_has_no_scores():
    facts = {"anna": [outcome(days=n, result=Result.FIRST_TIME_FIX, id=f"o{n:03}") for n in range(200)]}
    everything = replay_outcomes(facts, BeliefParams()).slices()["all"]
    assert (everything.count, everything.successes, everything.scores) == (40, 40, {})


def test_the_right_worker_is_found_near_the_top():
    facts, jobs = history()
    _, fitted = evaluate_outcomes(facts, BeliefParams())
    found = evaluate_rankings(facts, jobs, fitted, [POLICIES["familiar"]])
    engine = found["skillmatch, policy familiar"]
    last = {job.id for job in sorted(jobs, key=lambda job: job.created)[1200:]}
    won = {f.job for own in facts.values() for f in own if f.result is Result.FIRST_TIME_FIX}
    assert engine.count == len(last & won)
    # Ten of thirty are good at the work, and nearly always one of them is sent.
    assert engine.top10 > 0.8 > 10 / 30


def test_jobs_on_which_nobody_succeeded_are_left_out():
    """They have no right answer; a job that somebody won of whom nothing was known has one, and is a miss."""
    jobs = [FinishedJob(f"j{n}", at(n), "cold", (Requirement("cold"),)) for n in range(20)]
    failed = [outcome("anna", "cold", days=n + 0.5, job=f"j{n}", result=Result.FAILED) for n in range(16)]
    failed.append(outcome("anna", "cold", days=16.5, job="j16", result=Result.REWORK))
    stranger = [outcome("zoe", "cold", days=17.5, job="j17")]
    known = [outcome("anna", "cold", days=18.5, job="j18", result=Result.WITH_HELP)]
    policy = POLICIES["familiar"]
    assert evaluate_rankings({"anna": failed}, jobs, BeliefParams(), [policy]) == {}
    missed = evaluate_rankings({"anna": failed, "zoe": stranger}, jobs, BeliefParams(), [policy])
    assert {(score.count, score.mrr) for score in missed.values()} == {(1, 0.0)}
    found = evaluate_rankings({"anna": failed + known, "zoe": stranger}, jobs, BeliefParams(), [policy])
    engine = found["skillmatch, policy familiar"]
    assert engine.count == 2
    # Anna, who has failed sixteen times, comes after Zoe or before her; she is found.
    assert engine.top3 == pytest.approx(0.5)


def test_too_short_a_history_is_not_scored():
    found, params = evaluate_outcomes({"anna": [outcome()]}, BeliefParams())
    assert found == {}
    assert params == BeliefParams()
