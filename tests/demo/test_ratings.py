"""What customers say of the sample company, and what its managers set by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import numpy as np
import pytest

from skillmatch.beliefs.evidence import CustomerRating, JobOutcome, Override
from skillmatch.beliefs.observation import Result
from skillmatch.demo import Company, generate, ratings, statements
from skillmatch.model import Job

TODAY = date(2026, 11, 21)
MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)


class Rated(NamedTuple):
    """A visit and what the customer said of it, if anything; `ability` in logits."""

    outcome: JobOutcome
    job: Job
    ability: float
    rating: CustomerRating | None

    @property
    def stars(self) -> float:
        assert self.rating is not None
        return self.rating.stars

    @property
    def days_late(self) -> int:
        assert self.job.due is not None
        return max((self.outcome.time.date() - self.job.due).days, 0)


@pytest.fixture(scope="module")
def company() -> Company:
    """A firm of a third of the full size with a year and a half of history."""
    return generate(seed=1, workers=100, days=545, today=TODAY)


@pytest.fixture(scope="module")
def visits(company: Company) -> list[Rated]:
    said = {fact.id: fact for fact in company.evidence if isinstance(fact, CustomerRating)}
    jobs, able = {job.id: job for job in company.jobs}, {row.outcome: row.ability for row in company.truth.outcomes}
    outcomes = [fact for fact in company.evidence if isinstance(fact, JobOutcome)]
    return [Rated(fact, jobs[fact.job], able[fact.id], said.get(f"{fact.id} rating")) for fact in outcomes]


@pytest.fixture(scope="module")
def rated(visits: list[Rated]) -> list[Rated]:
    return [visit for visit in visits if visit.rating is not None]


def share_rated(visits: Iterable[Rated]) -> float:
    return float(np.mean([visit.rating is not None for visit in visits]))


def mean_stars(rated: Iterable[Rated], where: Callable[[Rated], bool]) -> float:
    return float(np.mean([visit.stars for visit in rated if where(visit)]))


def parameters(company: Company) -> dict[str, float]:
    return {row.name: row.value for row in company.truth.parameters}


def overrides(company: Company) -> list[Override]:
    return [fact for fact in company.evidence if isinstance(fact, Override)]


def test_about_a_third_of_the_visits_are_rated_each_for_its_worker_and_customer(
    company: Company, visits: list[Rated], rated: list[Rated]
) -> None:
    assert 0.32 <= share_rated(visits) <= 0.38
    assert len(rated) == sum(isinstance(fact, CustomerRating) for fact in company.evidence)
    for visit in rated:
        assert visit.rating is not None
        assert (visit.rating.worker, visit.rating.job) == (visit.outcome.worker, visit.job.id)
        assert visit.rating.customer == visit.job.customer


def test_bad_visits_are_rated_more_often_and_planned_ones_less(visits: list[Rated]) -> None:
    bad = (Result.REWORK, Result.HANDED_ON, Result.FAILED)
    assert share_rated(visit for visit in visits if visit.outcome.result in bad) > 0.4
    assert share_rated(visit for visit in visits if visit.outcome.result not in bad) < 0.36
    # What was found at planned work is noted as such; see `sample_data/README.md`.
    fixed = [visit for visit in visits if visit.outcome.result is Result.FIRST_TIME_FIX]
    planned, called = ([v for v in fixed if v.outcome.note.startswith(word)] for word in ("found:", "cause:"))
    assert share_rated(planned) < share_rated(called) - 0.05


def test_stars_are_whole_with_the_usual_mean_and_the_usual_pile_at_five(rated: list[Rated]) -> None:
    stars = [visit.stars for visit in rated]
    shares = {star: count / len(stars) for star, count in Counter(stars).items()}
    assert sorted(shares) == [1.0, 2.0, 3.0, 4.0, 5.0]
    # The full firm has 4.2; a smaller one lacks people for some work, and the habits of few customers weigh more.
    assert 3.9 <= np.mean(stars) <= 4.4
    assert 0.9 <= np.std(stars) <= 1.25
    assert shares[5.0] > 0.45
    assert shares[5.0] > shares[4.0] > shares[3.0] > shares[2.0] > shares[1.0] > 0.01


def test_the_better_it_went_the_more_stars(rated: list[Rated]) -> None:
    order = (Result.FIRST_TIME_FIX, Result.WITH_HELP, Result.REWORK, Result.HANDED_ON, Result.FAILED)
    means = [mean_stars(rated, lambda visit, result=result: visit.outcome.result is result) for result in order]  # type: ignore[misc]
    assert means == sorted(means, reverse=True)
    fix, helped, rework = means[:3]
    assert fix - helped < helped - rework


def test_at_the_same_result_stars_tell_a_little_of_ability(rated: list[Rated]) -> None:
    by_result: dict[Result, list[tuple[float, float]]] = defaultdict(list)
    for visit in rated:
        by_result[visit.outcome.result].append((visit.stars, visit.ability))
    centred = np.concatenate([np.array(rows) - np.mean(rows, axis=0) for rows in by_result.values()])
    assert 0.1 <= np.corrcoef(centred.T)[0, 1] <= 0.3


def test_customers_have_habits_and_the_truth_knows_them(company: Company, rated: list[Rated]) -> None:
    known = parameters(company)
    habit = {customer.id: known[f"leniency of {customer.id}"] for customer in company.customers}
    assert np.std(list(habit.values())) == pytest.approx(ratings.LENIENCY_SD, rel=0.3)
    stars: dict[str, list[float]] = defaultdict(list)
    for visit in rated:
        stars[visit.job.customer or ""].append(visit.stars)
    often = [customer for customer, given in stars.items() if len(given) >= 20]
    assert len(often) > 20
    means = [float(np.mean(stars[customer])) for customer in often]
    assert np.corrcoef(means, [habit[customer] for customer in often])[0, 1] > 0.6


def test_whoever_comes_late_gets_fewer_stars(rated: list[Rated]) -> None:
    in_time, late = (ratings.felt_stars(Result.FIRST_TIME_FIX, 0.0, days) for days in (-3, 4))
    assert in_time == ratings.HAPPY[Result.FIRST_TIME_FIX] > late + 0.5
    assert mean_stars(rated, lambda visit: visit.days_late >= 1) < mean_stars(rated, lambda visit: not visit.days_late)


def test_a_visit_is_rated_after_it_within_a_week_in_the_evening_and_before_today(rated: list[Rated]) -> None:
    days: Counter[int] = Counter()
    for visit in rated:
        assert visit.rating is not None
        assert visit.outcome.time < visit.rating.time < MIDNIGHT
        assert 17 <= visit.rating.time.hour <= 22
        days[(visit.rating.time.date() - visit.outcome.time.date()).days] += 1
    assert max(days) <= 7
    assert 0.5 <= days[0] / days.total() <= 0.7


def test_nobody_is_rated_after_she_left(company: Company, rated: list[Rated]) -> None:
    left = {worker.id: worker.active_to for worker in company.workers if worker.active_to}
    assert any(visit.outcome.worker in left for visit in rated)
    for visit in rated:
        assert visit.rating is not None
        assert visit.rating.time.date() <= left.get(visit.rating.worker, TODAY)


def test_a_visit_that_goes_on_into_the_evening_is_rated_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratings, "EVENING", (0.0, 0.5))
    company = generate(seed=1, workers=12, days=180, today=TODAY)
    end = {fact.id: fact.time for fact in company.evidence if isinstance(fact, JobOutcome)}
    said = [fact for fact in company.evidence if isinstance(fact, CustomerRating)]
    assert said
    assert all(end[fact.id.removesuffix(" rating")] < fact.time < MIDNIGHT for fact in said)


def test_a_few_say_why(rated: list[Rated]) -> None:
    noted = [visit for visit in rated if visit.rating and visit.rating.note]
    assert 0.05 <= len(noted) / len(rated) <= 0.25
    for visit in noted:
        assert visit.rating is not None
        assert visit.rating.note in ratings.WORDS[int(visit.stars)]


def test_the_numbers_behind_ratings_are_in_the_truth(company: Company) -> None:
    known = parameters(company)
    assert known["share of visits rated"] == ratings.RATED
    assert known["stars felt after first-time fix"] == ratings.HAPPY[Result.FIRST_TIME_FIX]
    assert known["spread of leniency in stars"] == ratings.LENIENCY_SD


def test_ratings_and_overrides_are_the_same_on_every_run_and_change_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def small() -> Company:
        return generate(seed=3, workers=12, days=180, today=TODAY)

    before = small()
    assert small() == before
    monkeypatch.setattr(ratings, "rate", lambda rng, *_: [] if rng.random(1000).any() else None)
    monkeypatch.setattr(statements, "overrides", lambda *_, **__: [])
    without, kinds = small(), (CustomerRating, Override)
    assert without.jobs == before.jobs
    assert without.truth == before.truth
    assert without.evidence == tuple(fact for fact in before.evidence if not isinstance(fact, kinds))


def test_managers_have_set_a_few_levels_by_hand_each_with_a_reason(company: Company) -> None:
    workers = {worker.id: worker for worker in company.workers}
    facts = overrides(company)
    assert 1 <= len(facts) <= statements.OVERRIDES
    assert len({fact.worker for fact in facts}) == len({fact.note for fact in facts}) == len(facts)
    for fact in facts:
        assert fact.note in {reason for _, reason in statements.REASONS}
        assert fact.rater != fact.worker
        assert workers[fact.rater].team == workers[fact.worker].team
        assert MIDNIGHT - timedelta(days=300) < fact.time < MIDNIGHT
        assert workers[fact.worker].active_on(fact.time.date())


@pytest.mark.parametrize("seed", range(3))
def test_even_the_smallest_firm_has_ratings(seed: int) -> None:
    company = generate(seed=seed, workers=1, days=180, today=TODAY)
    assert sum(isinstance(fact, CustomerRating) for fact in company.evidence) > 20
    assert len(overrides(company)) <= 1
