"""An instance of the ROADEF 2007 challenge, read from its three files.

Format: Sujet du challenge ROADEF 2007, France Télécom R&D, section on the data files.

============== =======================================================================================
file           lines after the header
============== =======================================================================================
`instance`     one: name, number of domains, of levels, of technicians, of interventions, budget
`interv_list`  number, duration, `[ predecessors ]`, priority, cost, then for each domain and level how many
               technicians of that level **or higher** are needed (in the published files the counts of a
               domain never rise with the level, as that implies)
`tech_list`    number, level in each domain, `[ days on which the technician is away ]`
============== =======================================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DAY = 120
"""Units of time in a day."""
PRIORITY_WEIGHTS = (28, 14, 4, 1)
"""What a unit of time costs for the priorities 1, 2, 3 and for the end of everything."""
PRIORITIES = (1, 2, 3, 4)
FILES = ("instance", "interv_list", "tech_list")


class MalformedInstance(ValueError):
    """A file does not follow the format of the challenge; the message names the file, the line and what is expected."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """A job of the challenge.

    Parameters
    ----------
    number
        Its name in the files, from 1 on.
    duration
        Units of time, 1 to 120.
    predecessors
        Numbers of the interventions that must have ended before it starts.
    priority
        1 (most urgent) to 4.
    cost
        What it takes from the budget when it is hired out.
    requirement
        Technicians needed, domain by domain, and in a domain level by level: at least this many must hold that
        level or a higher one. Length domains × levels.
    """

    number: int
    duration: int
    predecessors: tuple[int, ...]
    priority: int
    cost: int
    requirement: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Technician:
    """A technician: `levels` has one level per domain, `away` the days (from 1 on) on which nobody may plan her."""

    number: int
    levels: tuple[int, ...]
    away: frozenset[int]


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything that the three files say; interventions and technicians are in the order of their numbers."""

    name: str
    domains: int
    levels: int
    budget: int
    interventions: tuple[Intervention, ...]
    technicians: tuple[Technician, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file: the whole numbers before the brackets, inside them and behind them."""

    where: str
    before: tuple[int, ...]
    inside: tuple[int, ...]
    behind: tuple[int, ...]


def read_instance(folder: Path) -> Instance:
    """Return the instance whose three files are in `folder`.

    Raises
    ------
    MalformedInstance
        When a file does not follow the format or contradicts another one.
    """
    name, (domains, levels, technicians, interventions, budget) = read_header(folder / "instance")
    found = Instance(
        name=name,
        domains=domains,
        levels=levels,
        budget=budget,
        interventions=tuple(
            read_intervention(line, domains * levels)
            for line in read_lines(folder / "interv_list", interventions, "interventions")
        ),
        technicians=tuple(
            read_technician(line, domains, levels)
            for line in read_lines(folder / "tech_list", technicians, "technicians")
        ),
    )
    check_predecessors(found, folder / "interv_list")
    return found


def read_header(file: Path) -> tuple[str, tuple[int, ...]]:
    """Return the name of the instance and its five numbers."""
    lines = file.read_text(encoding="utf-8").splitlines()
    words = lines[1].split() if len(lines) > 1 else []
    if len(words) != 6:
        raise MalformedInstance(
            f"{file}, line 2: expected a name and the numbers of domains, levels, technicians and interventions and"
            f" the budget; found {' '.join(words)!r}."
        )
    numbers = whole_numbers(words[1:], f"{file}, line 2")
    if min(numbers[:4]) < 1 or numbers[4] < 0:
        raise MalformedInstance(
            f"{file}, line 2: expected at least one domain, level, technician and intervention and a budget that is"
            f" not negative; found {' '.join(words[1:])!r}."
        )
    return words[0], numbers


def read_lines(file: Path, count: int, what: str) -> list[Line]:
    """Return the `count` lines below the header of `file`; they must be numbered 1, 2, 3 ... ."""
    texts = [
        (number, text)
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if number > 1 and text.strip()
    ]
    if len(texts) != count:
        raise MalformedInstance(f"{file}: found {len(texts)} {what}, but the file `instance` announces {count}.")
    lines = [read_line(f"{file}, line {number}", text) for number, text in texts]
    for expected, line in enumerate(lines, start=1):
        if not line.before or line.before[0] != expected:
            raise MalformedInstance(f"{line.where}: expected the number {expected} first; found {line.before[:1]}.")
    return lines


def read_line(where: str, text: str) -> Line:
    """Return the numbers of a line that has one pair of brackets."""
    if text.count("[") != 1 or text.count("]") != 1 or text.index("[") > text.index("]"):
        raise MalformedInstance(f"{where}: expected one list in brackets such as '[ 1 2 ]'; found {text.strip()!r}.")
    before, rest = text.split("[")
    inside, behind = rest.split("]")
    return Line(where, *(whole_numbers(part.split(), where) for part in (before, inside, behind)))


def whole_numbers(words: Sequence[str], where: str) -> tuple[int, ...]:
    try:
        return tuple(map(int, words))
    except ValueError as error:
        raise MalformedInstance(f"{where}: expected whole numbers; found {' '.join(words)!r}.") from error


def read_intervention(line: Line, width: int) -> Intervention:
    """Return the intervention on a line with `width` requirements."""
    if len(line.before) != 2 or len(line.behind) != 2 + width:
        raise MalformedInstance(
            f"{line.where}: expected number, duration, [ predecessors ], priority, cost and {width} requirements;"
            f" found {len(line.before)} numbers before the brackets and {len(line.behind)} behind them."
        )
    (number, duration), (priority, cost, *requirement) = line.before, line.behind
    if not 1 <= duration <= DAY:
        raise MalformedInstance(f"{line.where}: expected a duration from 1 to {DAY}; found {duration}.")
    if priority not in PRIORITIES:
        raise MalformedInstance(f"{line.where}: expected a priority from 1 to 4; found {priority}.")
    if cost < 0 or min(requirement) < 0:
        raise MalformedInstance(f"{line.where}: a cost or a requirement is negative; expected 0 or more.")
    return Intervention(number, duration, line.inside, priority, cost, tuple(requirement))


def read_technician(line: Line, domains: int, levels: int) -> Technician:
    """Return the technician on a line with one level for each of the domains."""
    if len(line.before) != 1 + domains or line.behind:
        raise MalformedInstance(
            f"{line.where}: expected number, {domains} levels and [ days away ]; found {len(line.before)} numbers"
            f" before the brackets and {len(line.behind)} behind them."
        )
    number, *held = line.before
    if min(held) < 0 or max(held) > levels:
        raise MalformedInstance(f"{line.where}: expected levels from 0 to {levels}; found {held}.")
    if line.inside and min(line.inside) < 1:
        raise MalformedInstance(f"{line.where}: days count from 1; found {min(line.inside)}.")
    return Technician(number, tuple(held), frozenset(line.inside))


def check_predecessors(instance: Instance, file: Path) -> None:
    """Refuse predecessors that do not exist or that wait for each other."""
    known = {intervention.number: set(intervention.predecessors) for intervention in instance.interventions}
    for number, predecessors in known.items():
        if strange := predecessors - known.keys():
            raise MalformedInstance(f"{file}, intervention {number}: there is no intervention {min(strange)}.")
    waiting = dict(known)
    while waiting:
        ready = {number for number, predecessors in waiting.items() if not predecessors & waiting.keys()}
        if not ready:
            raise MalformedInstance(f"{file}: the interventions {sorted(waiting)} wait for each other in a circle.")
        waiting = {number: rest for number, rest in waiting.items() if number not in ready}
