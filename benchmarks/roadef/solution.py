"""A solution in the challenge's own two files.

============== =======================================================================================
file           lines
============== =======================================================================================
`interv_dates` number, day, start, team of each intervention that is done; one that does not appear is hired out
`tech_teams`   `#day`, then the technicians of team 0, 1, 2 ... each in brackets; team 0 does not work
============== =======================================================================================

Days, teams, interventions and technicians count from 1; the start is the time since the beginning of that day, 0 to
119. Each day up to the last one has a line, and on it each technician once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FILES = ("interv_dates", "tech_teams")


class MalformedSolution(ValueError):
    """A file does not follow the format above; the message names the file, the line and what is expected."""


@dataclass(frozen=True, slots=True, order=True)
class Visit:
    """When and by which team an intervention is done."""

    intervention: int
    day: int
    start: int
    team: int


@dataclass(frozen=True, slots=True)
class Solution:
    """What is done when, by intervention; and for each day the technicians of each team, team 0 (not working) first."""

    visits: tuple[Visit, ...]
    teams: tuple[tuple[tuple[int, ...], ...], ...]


def write_solution(solution: Solution, folder: Path) -> None:
    """Write both files into `folder`, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    visits = [f"{visit.intervention} {visit.day} {visit.start} {visit.team}" for visit in sorted(solution.visits)]
    days = [
        f"#{day} " + " ".join(f"[ {' '.join([*map(str, team), ']'])}" for team in teams)
        for day, teams in enumerate(solution.teams, start=1)
    ]
    for name, lines in zip(FILES, (visits, days), strict=True):
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read_solution(folder: Path) -> Solution:
    """Return what the two files in `folder` say; whether it is any good is for `checker.check` to tell.

    Raises
    ------
    MalformedSolution
        When a line does not follow the format.
    """
    visits = tuple(read_visit(line, where) for where, line in numbered(folder / "interv_dates"))
    teams = [read_day(line, where, day) for day, (where, line) in enumerate(numbered(folder / "tech_teams"), start=1)]
    return Solution(tuple(sorted(visits)), tuple(teams))


def numbered(file: Path) -> list[tuple[str, str]]:
    """Return the lines of `file` that are not empty, each with where it stands."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [(f"{file}, line {number}", line) for number, line in enumerate(lines, start=1) if line.strip()]


def read_visit(line: str, where: str) -> Visit:
    words = line.split()
    if len(words) != 4 or not all(map(str.isdecimal, words)):
        raise MalformedSolution(
            f"{where}: expected four whole numbers: intervention, day, start, team; found {line.strip()!r}."
        )
    return Visit(*map(int, words))


def read_day(line: str, where: str, day: int) -> tuple[tuple[int, ...], ...]:
    """Return the teams on a line of `tech_teams` that must be about `day`."""
    if not re.fullmatch(r"\s*#\d+(\s*\[[\d\s]*\])+\s*", line):
        raise MalformedSolution(f"{where}: expected a line such as '#1 [ 3 ] [ 1 2 ]'; found {line.strip()!r}.")
    if (found := int(line.split("[")[0].strip().lstrip("#"))) != day:
        raise MalformedSolution(f"{where}: expected day {day}, found day {found}; each day has one line, in order.")
    return tuple(tuple(map(int, group.split())) for group in re.findall(r"\[([\d\s]*)\]", line))
