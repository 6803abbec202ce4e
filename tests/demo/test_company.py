"""The sample company is a world one could believe in, and the truth behind it is what it claims to be."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import numpy as np
import pytest

from skillmatch.beliefs.evidence import CertificationGranted, JobOutcome, SelfReport
from skillmatch.beliefs.observation import Result
from skillmatch.beliefs.params import BeliefParams
from skillmatch.demo import Company, generate
from skillmatch.demo.catalogue import read_catalogue
from skillmatch.demo.people import hire
from skillmatch.model import Certification, CertificationRequirement, JobStatus, skill_needs

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def company() -> Company:
    """A firm of a third of the full size with a year and a half of history."""
    return generate(seed=1, workers=100, days=545, today=TODAY)


def outcomes(company: Company) -> list[JobOutcome]:
    return [fact for fact in company.evidence if isinstance(fact, JobOutcome)]


def correlation(pairs: list[tuple[float, float]]) -> float:
    return float(np.corrcoef(np.array(pairs).T)[0, 1])


def test_a_firm_of_full_size_has_300_workers_120_skills_and_a_few_masters_of_rare_ones() -> None:
    catalogue = read_catalogue()
    staff = hire(catalogue, np.random.default_rng(1), workers=300, start=TODAY - timedelta(days=730), days=730)
    assert staff.stable.shape == (300, 120)
    assert len({worker.name for worker in staff.workers}) == 300
    masters = staff.learned[:, catalogue.place["absorption-chillers"]].sum()
    assert 1 <= masters <= 3
    assert staff.learned[:, catalogue.place["electrical-faults"]].sum() > 40


@pytest.mark.parametrize("seed", range(5))
def test_even_the_smallest_firm_has_work_for_its_people(seed: int) -> None:
    company = generate(seed=seed, workers=1, days=180, today=TODAY)
    assert len(company.workers) == 12
    assert len(outcomes(company)) > 100


def test_about_three_quarters_of_the_visits_are_a_first_time_fix(company: Company) -> None:
    results = Counter(fact.result for fact in outcomes(company))
    assert 0.68 <= results[Result.FIRST_TIME_FIX] / results.total() <= 0.80
    assert all(results[result] / results.total() > 0.01 for result in Result)


def test_everything_that_happened_happened_before_today(company: Company) -> None:
    assert max(fact.time.date() for fact in company.evidence) < TODAY
    assert min(fact.time.date() for fact in outcomes(company)) >= TODAY - timedelta(days=545)


def test_better_people_get_the_harder_jobs(company: Company) -> None:
    hard = {p.name.removeprefix("difficulty of "): p.value for p in company.truth.parameters}
    types = {job.id: job.type or "" for job in company.jobs}
    able: dict[str, list[float]] = defaultdict(list)
    for level in company.truth.levels:
        able[level.worker].append(level.logit)
    first = [
        (hard[types[fact.job]], row.ability, float(np.mean(able[fact.worker])))
        for fact, row in zip(outcomes(company), company.truth.outcomes, strict=True)
        if fact.id.endswith("-1")
    ]
    # A smaller firm than the full one has nobody good for some of the hardest work, which dampens the first of these.
    assert correlation([(difficulty, ability) for difficulty, ability, _ in first]) > 0.05
    assert correlation([(difficulty, all_round) for difficulty, _, all_round in first]) > 0.2


def test_so_raw_success_rates_tell_people_apart_less_than_their_ability_does(company: Company) -> None:
    by_worker: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for fact, row in zip(outcomes(company), company.truth.outcomes, strict=True):
        by_worker[fact.worker].append((row.ability, row.difficulty, row.chance))
    means = np.array([np.mean(rows, axis=0) for rows in by_worker.values() if len(rows) >= 30])
    assert np.corrcoef(means[:, 0], means[:, 1])[0, 1] > 0.3
    as_if_equal = 1.0 / (1.0 + np.exp(means[:, 1].mean() - means[:, 0]))
    assert means[:, 2].std() < 0.85 * as_if_equal.std()


def test_the_true_chance_is_borne_out_by_what_happened(company: Company) -> None:
    chances = np.array([row.chance for row in company.truth.outcomes])
    fixed = np.array([fact.result is Result.FIRST_TIME_FIX for fact in outcomes(company)])
    for tenth in np.array_split(np.argsort(chances), 10):
        # Four standard errors of a share over about 700 visits.
        assert fixed[tenth].mean() == pytest.approx(chances[tenth].mean(), abs=4 * 0.5 / len(tenth) ** 0.5)


def test_self_reports_are_weakly_valid_and_too_high(company: Company) -> None:
    true = {(row.worker, row.skill): row.level for row in company.truth.levels}
    said = [fact for fact in company.evidence if isinstance(fact, SelfReport)]
    pairs = [(fact.level, true[fact.worker, fact.skill]) for fact in said]
    assert 0.2 <= correlation(pairs) <= 0.55
    assert np.mean([level - truth for level, truth in pairs]) > 0.1


def test_a_true_level_is_its_logit_on_the_scale(company: Company) -> None:
    assert len(company.truth.levels) == 100 * 120
    for row in company.truth.levels[:500]:
        assert row.level == BeliefParams().level_of_logit(row.logit)


def test_some_certifications_have_expired_and_some_are_about_to(company: Company) -> None:
    latest: dict[tuple[str, str], date] = {}
    for fact in company.evidence:
        if isinstance(fact, CertificationGranted) and fact.expires:
            latest[fact.worker, fact.type] = max(latest.get((fact.worker, fact.type), fact.expires), fact.expires)
    left = [(expires - TODAY).days for expires in latest.values()]
    assert sum(days < 0 for days in left) >= 3
    assert sum(0 <= days <= 30 for days in left) >= 3


def test_whoever_was_sent_was_there_and_held_what_the_job_asks_for(company: Company) -> None:
    workers, types = {w.id: w for w in company.workers}, {t.id: t for t in company.job_types}
    type_of = {job.id: types[job.type or ""] for job in company.jobs}
    held: dict[tuple[str, str], list[Certification]] = defaultdict(list)
    for fact in company.evidence:
        if isinstance(fact, CertificationGranted):
            held[fact.worker, fact.type].append(fact.certification())
    for fact in outcomes(company):
        # Who comes for a second visit was looked for on the day of the first.
        if fact.id.endswith("-1"):
            day = (fact.time - timedelta(minutes=fact.minutes or 0.0)).date()
            assert workers[fact.worker].active_on(day)
            needed = [n.type for n in type_of[fact.job].requirements if isinstance(n, CertificationRequirement)]
            for type in needed:
                assert any(certification.valid_on(day) for certification in held[fact.worker, type])


def test_a_job_that_was_handed_on_is_visited_by_somebody_else(company: Company) -> None:
    visits: dict[str, list[JobOutcome]] = defaultdict(list)
    for fact in outcomes(company):
        visits[fact.job].append(fact)
    several = [facts for facts in visits.values() if len(facts) > 1]
    assert len(several) > 50
    for facts in several:
        assert facts[0].result in (Result.HANDED_ON, Result.FAILED)
        assert len({fact.worker for fact in facts}) == len(facts)


def test_cooling_fails_in_summer_and_heating_in_winter(company: Company) -> None:
    months: dict[str, Counter[int]] = defaultdict(Counter)
    for job in company.jobs:
        if job.created is not None:
            months[job.type or ""][job.created.month] += 1
    summer = (6, 7, 8)
    assert sum(months["too-hot-rooftop"][m] for m in summer) > 0.45 * months["too-hot-rooftop"].total()
    assert sum(months["no-heating"][m] for m in summer) < 0.15 * months["no-heating"].total()


def test_there_are_open_jobs_for_today_and_they_are_not_overdue_by_much(company: Company) -> None:
    open_jobs = [job for job in company.jobs if job.status is JobStatus.OPEN]
    assert 12 <= len(open_jobs) <= 60
    assert all(job.due is not None and job.due >= TODAY - timedelta(days=3) for job in open_jobs)
    assert {fact.job for fact in outcomes(company)}.isdisjoint(job.id for job in open_jobs)


def test_what_a_customer_says_never_names_a_skill_the_job_requires(company: Company) -> None:
    skills, types = {skill.id: skill for skill in company.skills}, {type.id: type for type in company.job_types}
    for job in company.jobs:
        for need in skill_needs(job.requirements or types[job.type or ""].requirements):
            assert skills[need.skill].name.casefold() not in job.text.casefold()


def test_older_machines_fail_from_wear(company: Company) -> None:
    causes = {row.job: row.cause for row in company.truth.jobs}
    made = {asset.id: int(asset.model[-5:-1]) for asset in company.assets}
    years: dict[str, list[int]] = defaultdict(list)
    for job in company.jobs:
        if job.type == "cold-room-warm" and job.asset:
            years[causes[job.id]].append(made[job.asset])
    assert np.mean(years["compressor valves"]) < np.mean(years["door left open"])


def test_everybody_gets_work_but_not_alike(company: Company) -> None:
    counts = sorted(Counter(fact.worker for fact in outcomes(company)).values())
    assert len(counts) > 90
    assert sum(counts[-10:]) > 0.2 * sum(counts)
