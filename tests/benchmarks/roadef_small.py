"""Small instances of the ROADEF 2007 challenge as its files, and their best cost, found by trying everything."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations, product
from pathlib import Path

from benchmarks.roadef.instance import Instance, Intervention, Technician

WEIGHTS = {1: 28, 2: 14, 3: 4}


def job(
    number: int,
    duration: int = 60,
    *,
    after: Sequence[int] = (),
    priority: int = 1,
    cost: int = 100,
    needs: Sequence[int] = (1, 0),
) -> Intervention:
    return Intervention(number, duration, tuple(after), priority, cost, tuple(needs))


def person(number: int, *levels: int, away: Sequence[int] = ()) -> Technician:
    return Technician(number, levels, frozenset(away))


def case(jobs: Sequence[Intervention], people: Sequence[Technician], *, levels: int = 2, budget: int = 0) -> Instance:
    return Instance("small", len(people[0].levels), levels, budget, tuple(jobs), tuple(people))


def write_instance(instance: Instance, folder: Path) -> Path:
    """Write the three files of an instance and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    jobs, people = instance.interventions, instance.technicians
    head = (instance.name, instance.domains, instance.levels, len(people), len(jobs), instance.budget)
    lines = {
        "instance": ["name domains level techs interv abandon", " ".join(map(str, head))],
        "interv_list": ["number time preds prio cost d1_1 ..."],
        "tech_list": ["tech d1 ... dispo"],
    }
    for each in jobs:
        numbers = " ".join(map(str, (each.priority, each.cost, *each.requirement)))
        lines["interv_list"].append(f"{each.number} {each.duration} {bracketed(each.predecessors)} {numbers}  ")
    for worker in people:
        numbers = " ".join(map(str, (worker.number, *worker.levels)))
        lines["tech_list"].append(f"{numbers} {bracketed(sorted(worker.away))}")
    for name, text in lines.items():
        (folder / name).write_text("\n".join(text) + "\n", encoding="utf-8")
    return folder


def bracketed(numbers: Sequence[int]) -> str:
    return " ".join(["[", *map(str, numbers), "]"])


def draw_instance(seed: int) -> Instance:
    """Return a random instance that `best_cost` can still try out; each intervention can be done by somebody."""
    chance = random.Random(seed)
    people = [
        person(t, chance.randint(1, 2), chance.randint(1, 2), away=chance.sample([1, 2, 3], chance.randint(0, 1)))
        for t in (1, 2, 3)
    ]
    jobs = []
    for number in range(1, 4):
        needs: list[int] = []
        for domain in range(2):
            high = min(chance.randint(0, 1), sum(each.levels[domain] == 2 for each in people))
            needs += [max(high, chance.choice([0, 1, 1, 2])), high]
        needs[0] = max(needs[0], 1)
        after = [earlier for earlier in range(1, number) if chance.random() < 0.3]
        jobs.append(
            job(number, chance.choice([15, 30, 60, 120]), after=after, priority=chance.randint(1, 4), needs=needs)
        )
    return case(jobs, people, budget=chance.choice([0, 100, 200]))


def best_cost(instance: Instance, *, days: int) -> int:
    """Return the lowest cost, by trying every set to hire out, every day and crew for the rest, and every order."""
    numbers = [each.number for each in instance.interventions]
    return min(
        cost
        for count in range(len(numbers) + 1)
        for hired in combinations(numbers, count)
        if may_be_hired(instance, set(hired))
        for cost in costs(instance, set(hired), days)
    )


def may_be_hired(instance: Instance, hired: set[int]) -> bool:
    price = sum(each.cost for each in instance.interventions if each.number in hired)
    closed = all(each.number in hired or not hired & set(each.predecessors) for each in instance.interventions)
    return closed and price <= instance.budget


def costs(instance: Instance, hired: set[int], days: int) -> Iterator[int]:
    """Yield the costs of plans among which the best one is."""
    jobs = [each for each in instance.interventions if each.number not in hired]
    choices = [
        [(day, crew) for day in range(days) for crew in crews(instance, day + 1) if can(instance, crew, each)]
        for each in jobs
    ]
    for places in product(*choices):
        pairs = combinations(places, 2)
        if any(one[0] == two[0] and one[1] != two[1] and set(one[1]) & set(two[1]) for one, two in pairs):
            continue
        for order in permutations(range(len(jobs))):
            ends = in_this_order(jobs, places, order)
            if ends is not None:
                yield sum(
                    weight * max((ends[each.number] for each in jobs if each.priority == priority), default=0)
                    for priority, weight in WEIGHTS.items()
                ) + max(ends.values(), default=0)


def crews(instance: Instance, day: int) -> list[tuple[int, ...]]:
    present = [worker.number for worker in instance.technicians if day not in worker.away]
    return [crew for count in range(1, len(present) + 1) for crew in combinations(present, count)]


def can(instance: Instance, crew: Sequence[int], each: Intervention) -> bool:
    members = [instance.technicians[number - 1] for number in crew]
    return all(
        sum(member.levels[at // instance.levels] > at % instance.levels for member in members) >= count
        for at, count in enumerate(each.requirement)
    )


def in_this_order(
    jobs: Sequence[Intervention], places: Sequence[tuple[int, tuple[int, ...]]], order: Sequence[int]
) -> dict[int, int] | None:
    """Return when each ends if all start as early as the order allows; None if a day is too short."""
    ends: dict[int, int] = {}
    idle: dict[tuple[int, tuple[int, ...]], int] = {}
    planned = {each.number for each in jobs}
    for at in order:
        each, place = jobs[at], places[at]
        if any(earlier in planned and earlier not in ends for earlier in each.predecessors):
            return None
        begin = max([place[0] * 120, idle.get(place, 0), *(ends[earlier] for earlier in each.predecessors)])
        ends[each.number] = idle[place] = begin + each.duration
        if idle[place] > place[0] * 120 + 120:
            return None
    return ends
