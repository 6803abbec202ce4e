"""What to hire out: sets within the budget that hold all successors of what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from benchmarks.roadef.instance import PRIORITY_WEIGHTS, Instance, Intervention


class Unsolvable(Exception):
    """There is no solution: interventions that nobody can do, or their successors, cost more than the budget."""


def able(instance: Instance, job: Intervention) -> bool:
    """Return whether all technicians together could do an intervention."""
    for at, count in enumerate(job.requirement):
        domain, level = divmod(at, instance.levels)
        if sum(technician.levels[domain] > level for technician in instance.technicians) < count:
            return False
    return True


def closures(instance: Instance) -> dict[int, frozenset[int]]:
    """Return for each intervention itself and everything that waits for it, directly or not."""
    direct: dict[int, set[int]] = {job.number: set() for job in instance.interventions}
    for job in instance.interventions:
        for earlier in job.predecessors:
            direct[earlier].add(job.number)
    found = {}
    for number in direct:
        reached, ahead = {number}, [number]
        while ahead:
            ahead = [later for each in ahead for later in direct[each] if later not in reached]
            reached.update(ahead)
        found[number] = frozenset(reached)
    return found


def unavoidable(instance: Instance) -> frozenset[int]:
    """Return what has to be hired out because nobody can do it, with its successors.

    Raises
    ------
    Unsolvable
        When that costs more than the budget.
    """
    closed = closures(instance)
    impossible = [job.number for job in instance.interventions if not able(instance, job)]
    hired = frozenset().union(*(closed[number] for number in impossible))
    if (price := price_of(instance, hired)) > instance.budget:
        raise Unsolvable(
            f"The technicians of {instance.name} cannot do the interventions {impossible}; hiring them and their"
            f" successors out costs {price}, the budget is {instance.budget}."
        )
    return hired


def price_of(instance: Instance, hired: frozenset[int]) -> int:
    return sum(job.cost for job in instance.interventions if job.number in hired)


def candidates(instance: Instance, count: int, rng: np.random.Generator) -> Iterator[frozenset[int]]:
    """Yield up to `count` different sets to hire out, the least possible one first.

    The others are filled greedily by gain for each unit of cost, the gain being work, by turns as it is and weighted
    by priority, with more and more chance in it: there is no telling beforehand which work stands in the way.
    """
    least = unavoidable(instance)
    yield least
    seen = {least}
    closed = closures(instance)
    for attempt in range(count - 1 if instance.budget > 0 else 0):
        gains = {
            job.number: job.duration
            * max(1, *job.requirement)
            * (PRIORITY_WEIGHTS[job.priority - 1] if attempt % 2 else 1)
            * rng.lognormal(0.0, attempt / count)
            for job in instance.interventions
        }
        hired = fill(instance, least, closed, gains)
        if hired not in seen:
            seen.add(hired)
            yield hired


def fill(
    instance: Instance, hired: frozenset[int], closed: Mapping[int, frozenset[int]], gains: Mapping[int, float]
) -> frozenset[int]:
    """Return `hired` with as much as the budget allows, the highest gain for each unit of cost first."""
    costs = {job.number: job.cost for job in instance.interventions}
    left = instance.budget - price_of(instance, hired)
    while True:
        best, best_ratio = frozenset[int](), 0.0
        for number in costs:
            more = closed[number] - hired
            price = sum(costs[each] for each in more)
            if more and price <= left and (ratio := sum(gains[each] for each in more) / max(price, 0.5)) > best_ratio:
                best, best_ratio = more, ratio
        if not best:
            return hired
        hired |= best
        left -= sum(costs[each] for each in best)
