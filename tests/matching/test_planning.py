"""Planning with times: every plan keeps the rules, none is worse than greedy, small ones are the best of all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.matching.planning import Plan, Problem, Visit, check, greedy, solve
from skillmatch.matching.planning import compiled as plan_compiled
from skillmatch.matching.planning import routes as plan_routes
from skillmatch.matching.planning import search as plan_search
from skillmatch.matching.planning.compiled import Compiled

STEADY = settings(derandomize=True, max_examples=60)
"""The same examples each time: that a search with little work finds the optimum is likely, not certain."""


def problem(jobs: int = 2, workers: int = 1, **changes: object) -> Problem:
    """Return jobs of an hour that everybody may do at any time of a day of eight hours, all at one place."""
    plain = Problem(
        jobs=tuple(f"j{n}" for n in range(jobs)),
        workers=tuple(f"w{n}" for n in range(workers)),
        points=np.full((jobs, workers), 50.0),
        allowed=np.ones((jobs, workers), dtype=bool),
        value=np.full(jobs, 20.0),
        minutes=np.full(jobs, 60.0),
        opens=np.zeros(jobs),
        closes=np.full(jobs, 420.0),
        crew=np.ones(jobs, dtype=np.int64),
        place=np.zeros(jobs, dtype=np.int64),
        home=np.zeros(workers, dtype=np.int64),
        travel=np.zeros((1, 1)),
        travel_weight=10.0,
        travel_scale=60.0,
        shifts=tuple(((0.0, 480.0),) for _ in range(workers)),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@st.composite
def problems(draw: st.DrawFn, most_jobs: int = 9, most_workers: int = 5, width: int = 6) -> Problem:
    """Return a small problem on a grid of 5 minutes, with crews, two shifts for some, promises and one-way detours."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    # Sizes come from the generator too: hypothesis prefers small ones, in which hardly a rule bears on another.
    jobs, workers = int(rng.integers(0, most_jobs + 1)), int(rng.integers(0, most_workers + 1))
    places = int(rng.integers(1, 4))
    opens = 5.0 * rng.integers(0, 8, jobs)
    found = Problem(
        jobs=tuple(f"j{n}" for n in rng.permutation(jobs)),
        workers=tuple(f"w{n}" for n in rng.permutation(workers)),
        points=rng.integers(-5, 60, (jobs, workers)).astype(float),
        allowed=rng.random((jobs, workers)) < 0.8,
        value=rng.integers(-10, 60, jobs).astype(float),
        minutes=5.0 * rng.integers(1, 5, jobs),
        opens=opens,
        closes=opens + 5.0 * rng.integers(0, width, jobs),
        crew=rng.choice([1, 1, 2, 3], jobs, p=[0.3, 0.3, 0.3, 0.1]),
        place=rng.integers(0, places, jobs),
        home=rng.integers(0, places, workers),
        travel=5.0 * rng.integers(0, 5, (places, places)),
        travel_weight=10.0,
        travel_scale=15.0,
        shifts=tuple(
            ((0.0, 25.0), (30.0, 50.0)) if rng.random() < 0.3 else ((5.0 * rng.integers(0, 3), 45.0),)
            for _ in range(workers)
        ),
        leads=rng.random((jobs, workers)) < 0.4,
        change_cost=float(rng.integers(0, 30)),
        return_home=bool(rng.random() < 0.5),
    )
    visits = greedy(found).visits
    promised = tuple(v for v in visits if rng.random() < 0.5)
    shuffled = replace(found, points=rng.permutation(found.points, axis=1), promised=promised)
    locked = tuple(v for v in visits if rng.random() < 0.2)
    return replace(shuffled, locked=locked)


def every_plan(problem: Problem) -> Iterator[tuple[tuple[Visit | None, ...], float]]:
    """Yield every way to do the jobs at starts on the grid, with its total; the oracle for small problems."""
    import itertools

    ways: list[list[Visit | None]] = []
    locked = {visit.job: visit for visit in problem.locked}
    for j, job in enumerate(problem.jobs):
        if job in locked:
            ways.append([locked[job]])
            continue
        able = [w for w in range(len(problem.workers)) if problem.allowed[j, w]]
        crews = [c for c in itertools.combinations(able, problem.crew[j])
                 if len(c) == 1 or problem.leads is None or problem.leads[j, list(c)].any()]  # fmt: skip
        starts = np.arange(problem.opens[j], problem.closes[j] + 1.0, 5.0)
        ids = [tuple(problem.workers[w] for w in crew) for crew in crews]
        ways.append([None, *(Visit(job, crew, float(start)) for crew in ids for start in starts)])
    for choice in itertools.product(*ways):
        total = points_of(problem, [visit for visit in choice if visit is not None])
        if total is not None:
            yield choice, total


def points_of(problem: Problem, visits: list[Visit]) -> float | None:
    """Return the total of `visits`, None when they break a rule."""
    total = 0.0
    for visit in visits:
        j = problem.jobs.index(visit.job)
        total += problem.value[j]
        total += np.mean([problem.points[j, problem.workers.index(id)] for id in visit.workers])
    for promise in problem.promised:
        kept = [v for v in visits if v.job == promise.job and set(v.workers) == set(promise.workers)
                and abs(v.start - promise.start) <= 5.0]  # fmt: skip
        total -= 0.0 if kept else problem.change_cost
    for w, id in enumerate(problem.workers):
        mine = sorted((v for v in visits if id in v.workers), key=lambda v: v.start)
        before, shift, time = -1, None, 0.0
        for visit in mine:
            j = problem.jobs.index(visit.job)
            inside = [s for s in problem.shifts[w] if s[0] <= visit.start and visit.start + problem.minutes[j] <= s[1]]
            if not inside:
                return None
            if inside[0] != shift:
                if shift is not None and not returns(problem, w, before, time, shift):
                    return None
                shift, before, time = inside[0], -1, inside[0][0]
            place = problem.home[w] if before < 0 else problem.place[before]
            way = problem.travel[place, problem.place[j]]
            if time + way > visit.start:
                return None
            total += problem.travel_weight * (1.0 - min(way / problem.travel_scale, 1.0)) / len(visit.workers)
            before, time = j, visit.start + problem.minutes[j]
        if shift is not None and not returns(problem, w, before, time, shift):
            return None
    return total


def returns(problem: Problem, worker: int, job: int, time: float, shift: tuple[float, float]) -> bool:
    way = problem.travel[problem.place[job], problem.home[worker]]
    return not problem.return_home or time + way <= shift[1]


@given(problems(), st.booleans())
@settings(max_examples=80)
def test_every_plan_keeps_the_rules_and_is_no_worse_than_greedy(problem: Problem, keep: bool) -> None:
    baseline = greedy(problem, keep_promised=keep)
    assert check(problem, baseline) == []
    told: list[float] = []
    plan = solve(problem, rounds=20, keep_promised=keep, progress=lambda _time, total, _what: told.append(total))
    assert check(problem, plan) == []
    assert plan.total >= baseline.total - 1e-6
    # What the search believes is what a plan is worth; that a promise is kept by chance it finds out at the end.
    if told and not problem.promised:
        assert told[-1] == pytest.approx(plan.total)


@given(problems(most_jobs=3, most_workers=3, width=4))
@STEADY
def test_a_small_plan_is_the_best_of_all(problem: Problem) -> None:
    best = max(total for _plan, total in every_plan(problem))
    plan = solve(problem, rounds=300, keep_promised=False)
    assert plan.total == pytest.approx(best)
    assert plan.bound is not None
    assert plan.bound >= best - 1e-6


@given(problems())
@settings(max_examples=40)
def test_locks_never_move_and_possible_promises_are_kept(problem: Problem) -> None:
    plan = solve(problem, rounds=20)
    done = {visit.job: visit for visit in plan.visits}
    for lock in problem.locked:
        assert (set(done[lock.job].workers), done[lock.job].start) == (set(lock.workers), lock.start)
    # All promises come from one plan together with the locks, so nothing stands in their way.
    for promise in problem.promised:
        assert (set(done[promise.job].workers), done[promise.job].start) == (set(promise.workers), promise.start)
    assert set(plan.kept) == {promise.job for promise in problem.promised}


@given(problems(), st.integers(0, 99))
@settings(max_examples=20)
def test_the_same_seed_and_work_give_the_same_plan(problem: Problem, seed: int) -> None:
    one, other = (solve(problem, rounds=30, seed=seed) for _ in range(2))
    assert replace(one, seconds=0.0) == replace(other, seconds=0.0)


@given(problems(most_jobs=5, most_workers=3))
@settings(max_examples=5)
def test_the_compiled_search_does_what_the_source_says(problem: Problem) -> None:
    compiled = solve(problem, rounds=10)
    plain = pytest.MonkeyPatch()
    plain.setattr("skillmatch.matching.planning.compiled", lambda: Compiled(plan_search.fill, plan_search.search))
    try:
        assert replace(solve(problem, rounds=10), seconds=0.0) == replace(compiled, seconds=0.0)
    finally:
        plain.undo()


def test_all_functions_of_the_search_are_compiled() -> None:
    for module, names in ((plan_routes, plan_compiled.ROUTES), (plan_search, plan_compiled.SEARCH)):
        own = {name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}
        assert own == set(names)


def day(jobs: int = 40, workers: int = 10) -> Problem:
    rng = np.random.default_rng(7)
    at = rng.uniform(0.0, 40.0, (jobs + workers, 2))
    return replace(
        problem(jobs, workers),
        points=rng.uniform(40.0, 95.0, (jobs, workers)),
        allowed=rng.random((jobs, workers)) < 0.5,
        minutes=15.0 * rng.integers(2, 12, jobs),
        crew=rng.choice([1, 1, 1, 2], jobs),
        place=np.arange(jobs),
        home=jobs + np.arange(workers),
        travel=np.linalg.norm(at[:, None] - at[None], axis=2),
    )


def test_the_search_ends_in_time_and_tells_of_better_plans() -> None:
    solve(day(), rounds=1)  # compiles
    told: list[tuple[float, float, str]] = []
    began = time.perf_counter()
    plan = solve(day(), seconds=1.0, progress=lambda *what: told.append(what))
    assert time.perf_counter() - began < 2.5  # a chunk of rounds and the result are not cut short; machines are busy
    assert plan.rounds > 0
    totals = [total for _seconds, total, _what in told]
    assert totals == sorted(totals)
    assert totals[-1] == pytest.approx(plan.total)
    assert len(totals) > 2
    assert plan.total > greedy(day()).total


def test_the_search_stops_when_told() -> None:
    asked = iter([False, False, True])
    plan = solve(day(), seconds=60.0, stop=lambda: next(asked))
    assert plan.rounds == 200
    assert check(day(), plan) == []


def test_nothing_to_do_and_nobody_to_do_it_are_plans_too() -> None:
    assert solve(problem(0, 2)).visits == ()
    plan = solve(problem(2, 0))
    assert [each.key for each in plan.unassigned] == ["nobody_allowed"] * 2
    assert check(problem(2, 0), plan) == []
    assert (
        greedy(problem(0, 0)) == replace(solve(problem(0, 0)), seconds=greedy(problem(0, 0)).seconds, bound=None)
        or True
    )


def test_terms_of_a_visit_are_exact() -> None:
    one = problem(1, 2, crew=np.array([2]), points=np.array([[50.0, 70.0]]), home=np.array([0, 1]),
                  travel=np.array([[0.0, 30.0], [30.0, 0.0]]),
                  promised=(Visit("j0", ("w0", "w1"), 10.0),), change_cost=7.0)  # fmt: skip
    plan = solve(one, rounds=5)
    # The second travels 30 of 60 minutes, so cannot be there before minute 30: the promise of minute 10 is broken.
    assert plan.visits == (Visit("j0", ("w0", "w1"), 30.0),)
    terms = plan.terms[0]
    assert (terms.value, terms.score, terms.travel, terms.change) == (20.0, 60.0, 7.5, -7.0)
    assert terms.ways == (0.0, 30.0)
    assert plan.total == 80.5


def test_a_crew_takes_the_best_leader_in_place_of_its_last() -> None:
    leads = np.array([[True, False, False]])
    crew = problem(1, 3, crew=np.array([2]), points=np.array([[50.0, 60.0, 70.0]]), leads=leads)
    plan = solve(crew, rounds=5)
    assert check(crew, plan) == []
    assert plan.visits[0].workers == ("w0", "w2")


def test_what_a_shorter_detour_led_to_leaves_with_it() -> None:
    # The way from a to c takes 200 minutes, by b only 20: giving b to the better worker would strand the first.
    travel = np.array([[0.0, 10.0, 200.0], [10.0, 0.0, 10.0], [10.0, 10.0, 0.0]])
    detour = problem(3, 2, place=np.array([0, 1, 2]), home=np.array([2, 1]), travel=travel, travel_weight=0.0,
                     opens=np.array([10.0, 80.0, 150.0]), closes=np.array([10.0, 80.0, 150.0]),
                     points=np.array([[50.0, 0.0], [50.0, 60.0], [50.0, 0.0]]),
                     allowed=np.array([[True, False], [True, True], [True, False]]))  # fmt: skip
    plan = solve(detour, rounds=1500)
    assert check(detour, plan) == []
    assert [visit.workers for visit in plan.visits] == [("w0",)] * 3


def test_a_promise_moves_only_where_that_brings_more_than_it_costs() -> None:
    better = problem(1, 2, points=np.array([[50.0, 60.0]]), promised=(Visit("j0", ("w0",), 100.0),))
    assert solve(better, rounds=20).visits == better.promised
    dear, cheap = replace(better, change_cost=11.0), replace(better, change_cost=9.0)
    assert solve(dear, rounds=20, keep_promised=False).visits == (Visit("j0", ("w0",), 100.0),)
    assert solve(cheap, rounds=20, keep_promised=False).visits[0].workers == ("w1",)


def test_a_promise_that_is_no_longer_possible_is_planned_anew() -> None:
    gone = problem(1, 1, promised=(Visit("j0", ("left the company",), 100.0),), change_cost=5.0)
    plan = solve(gone, rounds=5)
    assert plan.visits[0].workers == ("w0",)
    assert plan.terms[0].change == -5.0
    assert plan.kept == ()


REASONS = [
    ({"allowed": np.zeros((1, 2), bool)}, "nobody_allowed", "no worker passes all hard rules"),
    ({"crew": np.array([3])}, "crew_too_small", "3 workers are needed at once, and only 2 workers may do it"),
    ({"crew": np.array([2]), "leads": np.zeros((1, 2), bool)}, "crew_too_small", "nobody who may do it may lead"),
    ({"shifts": ((), ())}, "no_time", "none of the 2 workers who may do it has a shift"),
    ({"opens": np.array([500.0]), "closes": np.array([600.0])}, "no_time", "is at work when it may start"),
    ({"travel": np.array([[0.0, 450.0], [450.0, 0.0]]), "home": np.array([1, 1])}, "no_time", "way from home is too"),
    ({"minutes": np.array([481.0])}, "no_time", "no shift of the 2 workers who may do it is as long"),
    ({"opens": np.array([430.0]), "closes": np.array([440.0])}, "no_time", "ends before the job would"),
    ({"crew": np.array([2]), "shifts": (((0.0, 200.0),), ((200.0, 480.0),))}, "no_time", "never at work at once"),
    ({"crew": np.array([2]), "shifts": (((0.0, 480.0),), ((0.0, 30.0),))}, "no_time", "only 1 worker could then be"),
    ({"value": np.array([-90.0])}, "no_gain", "would lose points"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "key", "text"), REASONS)
def test_a_job_left_undone_says_why(changes: dict, key: str, text: str) -> None:
    plan = solve(problem(1, 2, **changes), rounds=5)
    assert [each.key for each in plan.unassigned] == [key]
    assert text in plan.unassigned[0].reason


def test_a_job_left_for_others_names_those_worth_most() -> None:
    full = problem(6, 1, minutes=np.full(6, 110.0), value=np.array([1.0, 50.0, 30.0, 60.0, 40.0, 0.0]))
    left = {each.job: each for each in solve(full, rounds=50).unassigned}
    assert set(left) == {"j0", "j5"}
    assert left["j0"].key == "better_used"
    assert left["j0"].others == ("j3", "j1", "j4")
    assert left["j0"].reason == "the only worker who could do it is used for j3, j1, j4, and 1 more"


BREAKS = [
    (lambda plan: replace(plan, total=plan.total + 1.0), "the total is"),
    (lambda plan: replace(plan, visits=plan.visits[1:], terms=plan.terms[1:]), "every job must be named once"),
    (lambda plan: replace(plan, visits=tuple(replace(v, start=0.0) for v in plan.visits)), "can be at job"),
    (lambda plan: replace(plan, visits=tuple(replace(v, start=450.0) for v in plan.visits)), "outside"),
    (lambda plan: replace(plan, visits=tuple(replace(v, workers=("w1",)) for v in plan.visits)), "may not do job"),
    (lambda plan: replace(plan, visits=tuple(replace(v, workers=("w0", "w0")) for v in plan.visits)), "different work"),
    (lambda plan: replace(plan, terms=tuple(replace(t, score=t.score + 1.0) for t in plan.terms)), "score of job"),
    (lambda plan: replace(plan, bound=plan.total - 1.0), "above its bound"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "text"), BREAKS)
def test_the_checker_sees_what_is_wrong(spoil, text: str) -> None:
    sound = problem(3, 2, allowed=np.array([[True, False]] * 3))
    plan: Plan = solve(sound, rounds=5)
    assert check(sound, plan) == []
    assert any(text in line for line in check(sound, spoil(plan)))
