"""Generated days of a field service: a city, teams with skills, jobs with windows, promises and locks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from skillmatch.matching.planning import Problem, greedy

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

HOUR = 60.0
MORNING, EVENING = 8 * HOUR, 18 * HOUR
JOBS, WORKERS, TEAMS = 300, 80, 6
PRIORITY_POINTS = (10.0, 20.0, 40.0, 70.0, 110.0)
"""What doing a job of priority 1 to 5 brings beside its match score."""
PRIORITIES = (0.15, 0.25, 0.30, 0.20, 0.10)
CREWS, PROMISED, LOCKED = 0.10, 0.10, 0.03
SPEED = 30.0
"""Kilometres an hour through the city, with 4 minutes to park."""


@dataclass(frozen=True, slots=True)
class City:
    """Where jobs and homes are, in kilometres, shapes (jobs, 2) and (workers, 2)."""

    jobs: Floats
    homes: Floats


def city(rng: np.random.Generator, jobs: int, workers: int) -> City:
    """Return jobs in quarters of different size and homes further out, on 30 by 30 km."""
    quarters = rng.uniform(4.0, 26.0, (8, 2))
    sizes = rng.dirichlet(np.full(8, 2.0))
    at_job = quarters[rng.choice(8, jobs, p=sizes)] + rng.normal(0.0, 1.8, (jobs, 2))
    at_home = quarters[rng.choice(8, workers)] + rng.normal(0.0, 4.0, (workers, 2))
    return City(np.clip(at_job, 0.0, 30.0), np.clip(at_home, 0.0, 30.0))


def day(seed: int, *, jobs: int = JOBS, workers: int = WORKERS) -> Problem:
    """Return a day with somewhat more work than the workers can do; the same `seed` gives the same day."""
    rng = np.random.default_rng(seed)
    town = city(rng, jobs, workers)
    points = np.concatenate([town.jobs, town.homes])
    # Streets are not straight: 1.3 times the distance as the crow flies.
    kilometres = 1.3 * np.linalg.norm(points[:, None] - points[None], axis=2)
    travel = np.round(kilometres / SPEED * HOUR + 4.0 * (kilometres > 0.0), 1)
    allowed, match = candidates(rng, jobs, workers)
    opens, closes, minutes = windows(rng, jobs)
    crew = np.where(rng.random(jobs) < CREWS, 2, 1)
    problem = Problem(
        jobs=tuple(f"j{n:03d}" for n in range(jobs)),
        workers=tuple(f"w{n:02d}" for n in range(workers)),
        points=match,
        allowed=allowed,
        value=np.array(PRIORITY_POINTS)[rng.choice(5, jobs, p=PRIORITIES)],
        minutes=minutes,
        opens=opens,
        closes=closes,
        crew=crew,
        place=np.arange(jobs),
        home=jobs + np.arange(workers),
        travel=travel,
        travel_weight=10.0,
        travel_scale=60.0,
        shifts=shifts(rng, workers),
        leads=rng.random((jobs, workers)) < 0.5,
        change_cost=15.0,
    )
    return with_promises(rng, problem)


def candidates(rng: np.random.Generator, jobs: int, workers: int) -> tuple[Flags, Floats]:
    """Return who may do what, 5 to 25 workers for most jobs, and match scores from 40 to 95."""
    team = rng.integers(TEAMS, size=workers)
    skilled = rng.random((workers, TEAMS)) < 0.06
    skilled[np.arange(workers), team] = True
    needs = rng.integers(TEAMS, size=jobs)
    special = rng.uniform(0.45, 1.0, jobs)
    allowed = skilled[:, needs].T & (rng.random((jobs, workers)) < special[:, None])
    ability = rng.normal(0.0, 8.0, (workers, TEAMS))
    match = 68.0 + ability[:, needs].T + rng.normal(0.0, 7.0, (jobs, workers))
    return allowed, np.asarray(np.round(np.clip(match, 40.0, 95.0), 1), dtype=np.float64)


def windows(rng: np.random.Generator, jobs: int) -> tuple[Floats, Floats, Floats]:
    """Return first and last start and duration: a third all day, the others 2 to 4 hours."""
    minutes = 15.0 * rng.integers(2, 13, size=jobs).astype(np.float64)
    width = np.where(rng.random(jobs) < 0.35, EVENING - MORNING, 60.0 * rng.integers(2, 5, size=jobs))
    opens = MORNING + np.floor(rng.random(jobs) * (EVENING - MORNING - width) / 30.0 + 1e-9) * 30.0
    closes = np.maximum(opens + width - minutes, opens)
    return (
        np.asarray(opens, dtype=np.float64),
        np.asarray(closes, dtype=np.float64),
        np.asarray(minutes, dtype=np.float64),
    )


def shifts(rng: np.random.Generator, workers: int) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Return 8 hours from 8 for most, early, late, part-time and split shifts for some."""
    kinds = (
        ((480.0, 960.0),),
        ((420.0, 900.0),),
        ((600.0, 1080.0),),
        ((480.0, 720.0),),
        ((480.0, 720.0), (840.0, 1080.0)),
    )
    return tuple(kinds[kind] for kind in rng.choice(5, workers, p=(0.6, 0.12, 0.12, 0.1, 0.06)))


def with_promises(rng: np.random.Generator, problem: Problem) -> Problem:
    """Return the day with visits promised yesterday, when only a part of the jobs was known, some of them locked."""
    known = replace(problem, allowed=problem.allowed & (rng.random(len(problem.jobs)) < PROMISED + LOCKED)[:, None])
    visits = greedy(known).visits
    locked = rng.random(len(visits)) < LOCKED / (PROMISED + LOCKED)
    return replace(
        problem,
        promised=tuple(v for v, lock in zip(visits, locked, strict=True) if not lock),
        locked=tuple(v for v, lock in zip(visits, locked, strict=True) if lock),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Jobs and workers with a slot each: `points` and `allowed` (jobs, workers), `value` (jobs,)."""

    points: Floats
    allowed: Flags
    value: Floats


def slots(seed: int, *, jobs: int = 1000, workers: int = 1000) -> Slots:
    """Return as many jobs as workers; a job needs one of 40 skills, of which workers have one to three."""
    rng = np.random.default_rng(seed)
    skills = 40
    popular = rng.dirichlet(np.full(skills, 2.0))
    has = np.zeros((workers, skills), dtype=np.bool_)
    for share in (1.0, 0.5, 0.25):
        chosen = rng.random(workers) < share
        has[chosen, rng.choice(skills, int(chosen.sum()), p=popular)] = True
    needs = rng.choice(skills, jobs, p=popular)
    level = rng.normal(0.0, 8.0, (workers, skills))
    match = 68.0 + level[:, needs].T + rng.normal(0.0, 7.0, (jobs, workers))
    value = np.array(PRIORITY_POINTS)[rng.choice(5, jobs, p=PRIORITIES)]
    return Slots(np.asarray(np.round(np.clip(match, 40.0, 95.0), 1), dtype=np.float64), has[:, needs].T, value)
