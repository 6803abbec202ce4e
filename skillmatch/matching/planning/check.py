"""Whether a plan is what it says: rules and points calculated by code of their own, straight from the problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from skillmatch.matching.planning.model import Plan, Problem, Terms, Visit

SLACK = 1e-4
"""Minutes or points by which sums in another order may differ."""
SAME_TIME = 5.0


def check(problem: Problem, plan: Plan) -> list[str]:
    """Return a line for each rule that `plan` breaks and each number that is not right; empty when all is well."""
    return [*_whole(problem, plan), *_visits(problem, plan), *_routes(problem, plan), *_points(problem, plan)]


def _whole(problem: Problem, plan: Plan) -> Iterator[str]:
    mentioned = [*(visit.job for visit in plan.visits), *(each.job for each in plan.unassigned)]
    if sorted(mentioned) != sorted(problem.jobs):
        wrong = sorted({id for id in (*mentioned, *problem.jobs) if mentioned.count(id) != 1 or id not in problem.jobs})
        yield f"every job must be named once, as a visit or as unassigned: {', '.join(wrong)}"
    if len(plan.terms) != len(plan.visits):
        yield f"{len(plan.visits)} visits have {len(plan.terms)} terms"
    done = {visit.job: visit for visit in plan.visits}
    for lock in problem.locked:
        visit = done.get(lock.job)
        if visit is None or set(visit.workers) != set(lock.workers) or abs(visit.start - lock.start) > SLACK:
            yield f"the lock on job {lock.job} was moved to {visit}"


def _visits(problem: Problem, plan: Plan) -> Iterator[str]:
    for visit in plan.visits:
        if visit.job not in problem.jobs or not set(visit.workers) <= set(problem.workers):
            yield f"{visit} names somebody or something unknown"
            continue
        j, rows = problem.jobs.index(visit.job), [problem.workers.index(id) for id in visit.workers]
        if len(set(rows)) != len(rows) or len(rows) != problem.crew[j]:
            yield f"job {visit.job} needs {problem.crew[j]} different workers: {visit.workers}"
        for row in rows:
            if not problem.allowed[j, row]:
                yield f"worker {problem.workers[row]} may not do job {visit.job}"
        if len(rows) > 1 and problem.leads is not None and not any(problem.leads[j, row] for row in rows):
            yield f"nobody leads job {visit.job}"
        if not problem.opens[j] - SLACK <= visit.start <= problem.closes[j] + SLACK:
            yield f"job {visit.job} starts at {visit.start}, outside {problem.opens[j]} to {problem.closes[j]}"


def _by_shift(problem: Problem, plan: Plan) -> dict[tuple[int, int], list[Visit]]:
    """Return the visits of each (worker, shift) in order; the shift is -1 where none holds a visit."""
    found: dict[tuple[int, int], list[Visit]] = defaultdict(list)
    for visit in sorted(plan.visits, key=lambda each: (each.start, _minutes(problem, each))):
        for id in visit.workers:
            w = problem.workers.index(id)
            end = visit.start + _minutes(problem, visit)
            holds = [n for n, (a, b) in enumerate(problem.shifts[w]) if a - SLACK <= visit.start and end <= b + SLACK]
            found[w, holds[0] if holds else -1].append(visit)
    return found


def _minutes(problem: Problem, visit: Visit) -> float:
    return float(problem.minutes[problem.jobs.index(visit.job)])


def _routes(problem: Problem, plan: Plan) -> Iterator[str]:
    for (w, number), visits in _by_shift(problem, plan).items():
        id = problem.workers[w]
        if number < 0:
            yield f"worker {id} does {', '.join(visit.job for visit in visits)} outside her shifts"
            continue
        begin, end = problem.shifts[w][number]
        time, at = begin, int(problem.home[w])
        for visit in visits:
            j = problem.jobs.index(visit.job)
            there = time + float(problem.travel[at, problem.place[j]])
            if visit.start < there - SLACK:
                yield f"worker {id} can be at job {visit.job} at {there}, after it starts at {visit.start}"
            time, at = visit.start + float(problem.minutes[j]), int(problem.place[j])
        back = float(problem.travel[at, problem.home[w]]) if problem.return_home else 0.0
        if time + back > end + SLACK:
            yield f"worker {id} is busy until {time + back}, after her shift ends at {end}"


def _points(problem: Problem, plan: Plan) -> Iterator[str]:
    travelled: dict[tuple[str, str], float] = {}
    for (w, _number), visits in _by_shift(problem, plan).items():
        at = int(problem.home[w])
        for visit in visits:
            place = int(problem.place[problem.jobs.index(visit.job)])
            travelled[visit.job, problem.workers[w]] = float(problem.travel[at, place])
            at = place
    total = 0.0
    promises = {visit.job: visit for visit in problem.promised}
    for visit, terms in zip(plan.visits, plan.terms, strict=False):
        j = problem.jobs.index(visit.job)
        ways = tuple(travelled[visit.job, id] for id in visit.workers)
        score = sum(float(problem.points[j, problem.workers.index(id)]) for id in visit.workers) / len(ways)
        lost = sum(min(way / problem.travel_scale, 1.0) for way in ways) / len(ways)
        cost = _cost(problem, promises.get(visit.job), visit)
        expected = Terms(float(problem.value[j]), score, problem.travel_weight * (1.0 - lost), -cost, ways)
        for name in ("value", "score", "travel", "change"):
            if abs(getattr(expected, name) - getattr(terms, name)) > SLACK:
                yield f"{name} of job {visit.job} is {getattr(terms, name)}, not {getattr(expected, name)}"
        if len(terms.ways) != len(ways) or any(abs(a - b) > SLACK for a, b in zip(ways, terms.ways, strict=True)):
            yield f"the ways to job {visit.job} take {ways}, not {terms.ways}"
        total += expected.value + expected.score + expected.travel + expected.change
    total -= sum(_cost(problem, promises.get(each.job), None) for each in plan.unassigned)
    if abs(total - plan.total) > SLACK * max(1.0, len(problem.jobs)):
        yield f"the total is {total}, not {plan.total}"
    if plan.bound is not None and plan.total > plan.bound + SLACK * max(1.0, len(problem.jobs)):
        yield f"the total {plan.total} is above its bound {plan.bound}"


def _cost(problem: Problem, promise: Visit | None, visit: Visit | None) -> float:
    if promise is None:
        return 0.0
    if visit is None or set(visit.workers) != set(promise.workers):
        return problem.change_cost
    return 0.0 if abs(visit.start - promise.start) <= SAME_TIME + SLACK else problem.change_cost
