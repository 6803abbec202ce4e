"""Is a solution allowed, and what does it cost? Reads all five files itself and knows nothing of the solver.

By hand: `python -m benchmarks.roadef.checker INSTANCE SOLUTION`, two folders.

What is assumed where the challenge leaves room is listed in `solution.py`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path

UNITS_A_DAY = 120
WEIGHTS = {1: 28, 2: 14, 3: 4}
WEIGHT_OF_ALL = 1


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that is broken: `rule` is one of `RULES` or `format`, `text` says by what."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The cost, or why there is none: with any violation it is None."""

    cost: int | None
    violations: tuple[Violation, ...]


class Unreadable(ValueError):
    """A file of the solution says something that cannot be understood."""


@dataclass(slots=True)
class Case:
    """All five files, as they stand; everything is keyed by the numbers in the files."""

    levels: int
    budget: int
    durations: dict[int, int] = field(default_factory=dict)
    waits_for: dict[int, set[int]] = field(default_factory=dict)
    priorities: dict[int, int] = field(default_factory=dict)
    prices: dict[int, int] = field(default_factory=dict)
    needs: dict[int, list[int]] = field(default_factory=dict)
    skills: dict[int, list[int]] = field(default_factory=dict)
    absences: dict[int, set[int]] = field(default_factory=dict)
    dates: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    """Day, start within it and team of each intervention that is done."""
    crews: dict[int, list[list[int]]] = field(default_factory=dict)
    """Of each day, the technicians of each team."""

    def begin(self, job: int) -> int:
        day, start, _ = self.dates[job]
        return (day - 1) * UNITS_A_DAY + start

    def end(self, job: int) -> int:
        return self.begin(job) + self.durations[job]

    def crew(self, job: int) -> list[int]:
        """Return who does an intervention; nobody when its team is not on the line of that day."""
        day, _, team = self.dates[job]
        crews = self.crews.get(day, [])
        return crews[team] if team < len(crews) else []


def check(instance: Path, solution: Path) -> Verdict:
    """Return the cost of the solution in one folder of the instance in another, or everything that is wrong with it."""
    case = load_instance(instance)
    try:
        load_dates(case, solution / "interv_dates")
        load_crews(case, solution / "tech_teams")
    except Unreadable as error:
        return Verdict(None, (Violation("format", str(error)),))
    violations = tuple(Violation(rule, text) for rule, broken in RULES.items() for text in broken(case))
    return Verdict(None if violations else cost(case), violations)


def cost(case: Case) -> int:
    """Return 28 t1 + 14 t2 + 4 t3 + t4, t being the end of the last intervention of a priority, and t4 of all."""
    total = WEIGHT_OF_ALL * max((case.end(job) for job in case.dates), default=0)
    for priority, weight in WEIGHTS.items():
        total += weight * max((case.end(job) for job in case.dates if case.priorities[job] == priority), default=0)
    return total


# Reading


def load_instance(folder: Path) -> Case:
    """Return a case with the three files of an instance; they are taken to be right."""
    words = (folder / "instance").read_text(encoding="utf-8").split("\n")[1].split()
    case = Case(levels=int(words[2]), budget=int(words[5]))
    for left, inside, right in bracketed(folder / "interv_list"):
        job = left[0]
        case.durations[job] = left[1]
        case.waits_for[job] = set(inside)
        case.priorities[job], case.prices[job] = right[:2]
        case.needs[job] = right[2:]
    for left, inside, _ in bracketed(folder / "tech_list"):
        case.skills[left[0]] = left[1:]
        case.absences[left[0]] = set(inside)
    return case


def bracketed(file: Path) -> Iterator[tuple[list[int], list[int], list[int]]]:
    """Yield the numbers before, inside and behind the brackets of each line below the header."""
    for text in file.read_text(encoding="utf-8").split("\n")[1:]:
        if text.strip():
            left, _, rest = text.partition("[")
            inside, _, right = rest.partition("]")
            yield ([int(word) for word in part.split()] for part in (left, inside, right))  # type: ignore[misc]


def load_dates(case: Case, file: Path) -> None:
    for text in lines_of(file):
        try:
            job, day, start, team = (int(word) for word in text.split())
        except ValueError as error:
            raise Unreadable(f"{file.name}: expected 'number day start team', found {text!r}") from error
        if job in case.dates:
            raise Unreadable(f"{file.name}: intervention {job} is there twice")
        if job not in case.durations:
            raise Unreadable(f"{file.name}: there is no intervention {job}")
        case.dates[job] = (day, start, team)


def load_crews(case: Case, file: Path) -> None:
    for text in lines_of(file):
        head, *groups = text.replace("]", " ").split("[")
        try:
            day = int(head.strip().removeprefix("#"))
            crews = [[int(word) for word in group.split()] for group in groups]
        except ValueError as error:
            raise Unreadable(f"{file.name}: expected '#day [ ... ] [ ... ]', found {text!r}") from error
        if not head.startswith("#") or text.count("[") != text.count("]"):
            raise Unreadable(f"{file.name}: expected '#day [ ... ] [ ... ]', found {text!r}")
        if day in case.crews:
            raise Unreadable(f"{file.name}: day {day} is there twice")
        case.crews[day] = crews


def lines_of(file: Path) -> list[str]:
    if not file.is_file():
        raise Unreadable(f"{file.name}: there is no such file in {file.parent}")
    return [text.strip() for text in file.read_text(encoding="utf-8").split("\n") if text.strip()]


# The rules. Each yields a text for everything that breaks it.


def within_a_day(case: Case) -> Iterator[str]:
    for job, (day, start, _) in case.dates.items():
        if day < 1 or start < 0 or start + case.durations[job] > UNITS_A_DAY:
            yield f"intervention {job} is on day {day} from {start} to {start + case.durations[job]}"


def one_after_the_other(case: Case) -> Iterator[str]:
    queues: dict[tuple[int, int], list[int]] = {}
    for job, (day, _, team) in case.dates.items():
        queues.setdefault((day, team), []).append(job)
    for (day, team), jobs in queues.items():
        for first, second in pairwise(sorted(jobs, key=case.begin)):
            if case.end(first) > case.begin(second):
                yield f"team {team} does interventions {first} and {second} at once on day {day}"


def in_order(case: Case) -> Iterator[str]:
    for job in case.dates:
        for earlier in sorted(case.waits_for[job] & case.dates.keys()):
            if case.end(earlier) > case.begin(job):
                yield f"intervention {job} starts before its predecessor {earlier} has ended"


def hired_with_successors(case: Case) -> Iterator[str]:
    for job in case.dates:
        for earlier in sorted(case.waits_for[job] - case.dates.keys()):
            yield f"intervention {job} is done although its predecessor {earlier} is hired out"


def within_budget(case: Case) -> Iterator[str]:
    spent = sum(price for job, price in case.prices.items() if job not in case.dates)
    if spent > case.budget:
        yield f"hiring out costs {spent}, the budget is {case.budget}"


def team_exists(case: Case) -> Iterator[str]:
    for job, (day, _, team) in case.dates.items():
        if not 1 <= team < len(case.crews.get(day, [])):
            yield f"intervention {job} is given to team {team} of day {day}, which does not exist"


def skilled(case: Case) -> Iterator[str]:
    for job in case.dates:
        for at, count in enumerate(case.needs[job]):
            domain, level = divmod(at, case.levels)
            able = sum(case.skills.get(person, [0] * (domain + 1))[domain] > level for person in set(case.crew(job)))
            if able < count:
                yield f"intervention {job}: {able} instead of {count} of level {level + 1} in domain {domain + 1}"


def in_one_team(case: Case) -> Iterator[str]:
    for day, crews in case.crews.items():
        for (first, some), (second, others) in combinations(enumerate(crews), 2):
            for person in sorted(set(some) & set(others)):
                yield f"technician {person} is in the teams {first} and {second} of day {day}"


def everybody_listed(case: Case) -> Iterator[str]:
    for day, crews in case.crews.items():
        listed = {person for crew in crews for person in crew}
        for person in sorted(listed ^ case.skills.keys()):
            yield f"technician {person} is {'unknown' if person in listed else 'in no team'} on day {day}"


def nobody_away(case: Case) -> Iterator[str]:
    for day, crews in case.crews.items():
        for team, crew in enumerate(crews[1:], start=1):
            for person in crew:
                if day in case.absences.get(person, ()):
                    yield f"technician {person} is in team {team} of day {day}, but away"


RULES: dict[str, Callable[[Case], Iterator[str]]] = {
    "day": within_a_day,
    "overlap": one_after_the_other,
    "precedence": in_order,
    "hired successor": hired_with_successors,
    "budget": within_budget,
    "team": team_exists,
    "skills": skilled,
    "two teams": in_one_team,
    "everybody": everybody_listed,
    "away": nobody_away,
}
"""Every rule by its name."""


def main(arguments: list[str]) -> int:
    """Print the cost of a solution, or what is wrong with it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.roadef.checker", description="Check a solution.")
    parser.add_argument("instance", type=Path, help="folder with instance, interv_list, tech_list")
    parser.add_argument("solution", type=Path, help="folder with interv_dates, tech_teams")
    options = parser.parse_args(arguments)
    verdict = check(options.instance, options.solution)
    for violation in verdict.violations:
        print(f"{violation.rule}: {violation.text}")
    if verdict.cost is not None:
        print(f"cost {verdict.cost}")
    return 0 if verdict.cost is not None else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
