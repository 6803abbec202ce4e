"""What the sample firm knows and does, read from the folder `tables`: skills, trades, customers, kinds of call.

The words of the tables are the fields of the classes here. `season` runs from -1 (winter) over 0 to 1 (summer); `age`
is how much likelier a cause gets with each ten years of the machine, in logits; `minutes` of a cause are added to
those of its nature; cells of `needs` have the form of an import (`leak-finding:3; brazing:2`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from skillmatch.importers.needs import parse_needs
from skillmatch.model import (
    CertificationRequirement,
    Link,
    LinkKind,
    Need,
    Requirement,
    Risk,
    Skill,
    SkillKind,
    skill_needs,
)

BROADER_WEIGHT, NEEDS_WEIGHT = 0.6, 0.8
CALLS = ("heating", "cooling", "refrigeration", "electrical", "controls", "lifts", "fire")
"""The tables with natures of call, one for each trade."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What can be behind a call. `share` is its weight among the causes; `hint` what the customer may notice."""

    name: str
    share: float
    needs: tuple[Requirement, ...] = ()
    age: float = 0.0
    season: float = 0.0
    hint: str = ""
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a customer says; only customers of these sectors where any are named, as in `[hotel, leisure] ...`."""

    text: str
    sectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nature:
    """A nature of call: what the customer says of which machines, and what may be behind it.

    `share` is how often a year it befalls one machine; `difficulty` in logits, beyond the levels it needs.

    The last six say what is asked for now and change nothing of the history: certifications that both of a crew hold;
    by skill the level preferred; by certification another that is accepted instead; skills of which the job at hand
    may ask for one alone.
    """

    id: str
    name: str
    on: tuple[str, ...]
    share: float
    needs: tuple[Need, ...]
    calls: tuple[Phrase, ...]
    causes: tuple[Cause, ...]
    season: float = 0.0
    minutes: float = 100.0
    priority: int = 3
    difficulty: float = 0.0
    planned: bool = False
    risk: Risk = Risk.NORMAL
    crew: int = 1
    both: tuple[str, ...] = ()
    preferred: Mapping[str, float] = field(default_factory=dict)
    accepts: Mapping[str, str] = field(default_factory=dict)
    either: tuple[str, ...] = ()

    @property
    def skills(self) -> tuple[Requirement, ...]:
        """The skills it needs."""
        return skill_needs(self.needs)

    @property
    def certifications(self) -> tuple[str, ...]:
        """The types of certification it needs."""
        return tuple(need.type for need in self.needs if isinstance(need, CertificationRequirement))


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade: its family of skills, its share of the staff, and the families in which its people can help."""

    name: str
    family: str
    share: float
    near: tuple[str, ...]
    certifications: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exam:
    """A type of certification: how long it holds, who holds it beyond the trades that need it, what it proves."""

    type: str
    years: int
    issuer: str
    held: float = 0.0
    masters_of: tuple[str, ...] = ()
    skill: str | None = None
    level: float | None = None


@dataclass(frozen=True, slots=True)
class Town:
    """A town of the region."""

    name: str
    latitude: float
    longitude: float
    share: float
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sector:
    """A sort of customer: how many of 250, sites each, how they are called, mean machines by type at a site."""

    name: str
    share: float
    sites: float
    names: tuple[str, ...]
    place: str
    machines: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Words:
    """What names are made of."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    w: tuple[str, ...]
    v: tuple[str, ...]
    n: tuple[str, ...]
    tails: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Everything there is before the dice are thrown; the same for every seed.

    `family` and `known` are by skill id: the family it belongs to, and the share of its trade that has learned it.
    """

    skills: tuple[Skill, ...]
    links: tuple[Link, ...]
    family: Mapping[str, str]
    known: Mapping[str, float]
    natures: tuple[Nature, ...]
    trades: tuple[Trade, ...]
    exams: tuple[Exam, ...]
    towns: tuple[Town, ...]
    sectors: tuple[Sector, ...]
    makes: tuple[str, ...]
    words: Words
    place: Mapping[str, int] = field(init=False)
    """Where a skill stands in `skills`, and so in every array over skills."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", {skill.id: place for place, skill in enumerate(self.skills)})


@cache
def read_catalogue() -> Catalogue:
    """Return the catalogue that comes with the package."""
    families = read_table("skills")["family"]
    firm = read_table("firm")
    skills, links, family, known = _skills(families)
    return Catalogue(
        skills=skills,
        links=links,
        family=family,
        known=known,
        natures=tuple(_nature(row) for name in CALLS for row in read_table(name)["nature"]),
        trades=tuple(Trade(**_frozen(row)) for row in firm["trade"]),
        exams=tuple(Exam(**_frozen(row)) for row in firm["certification"]),
        towns=tuple(Town(**_frozen(row)) for row in firm["town"]),
        sectors=tuple(Sector(**_frozen(row)) for row in firm["sector"]),
        makes=tuple(firm["makers"]["makes"]),
        words=Words(**{key: _words(value) for key, value in read_table("names").items()}),
    )


def read_table(name: str) -> dict[str, Any]:
    """Return a table that comes with the package."""
    text = resources.files(__package__).joinpath("tables", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def _words(value: str | list[str]) -> tuple[str, ...]:
    return tuple(value.split() if isinstance(value, str) else value)


def _skills(
    families: Iterable[Mapping[str, Any]],
) -> tuple[tuple[Skill, ...], tuple[Link, ...], dict[str, str], dict[str, float]]:
    skills, links = [], []
    family, known = {}, {}
    for table in families:
        head = table["id"]
        skills.append(Skill(head, table["name"], SkillKind(table.get("kind", "technical")), table["about"]))
        family[head], known[head] = head, 1.0
        for row in table["skills"]:
            skills.append(
                Skill(
                    row["id"],
                    row["name"],
                    SkillKind(row.get("kind", "technical")),
                    row["about"],
                    half_life_days=row.get("forget"),
                    alt_names=tuple(row.get("also", ())),
                )
            )
            family[row["id"]], known[row["id"]] = head, row.get("known", 0.85)
            links.append(Link(row["id"], head, LinkKind.BROADER, BROADER_WEIGHT))
            links += [Link(row["id"], other, LinkKind.NEEDS, NEEDS_WEIGHT) for other in row.get("needs", ())]
            for cell in row.get("related", ()):
                other, weight = cell.split(":")
                links.append(Link(row["id"], other, LinkKind.RELATED, float(weight)))
    return tuple(skills), tuple(links), family, known


def _nature(row: Mapping[str, Any]) -> Nature:
    values = _frozen(row)
    causes = [{**cause, "needs": skill_needs(parse_needs(cause.get("needs", "")))} for cause in row["causes"]]
    values["needs"] = parse_needs(row["needs"])
    values["risk"] = Risk(row.get("risk", Risk.NORMAL))
    values["calls"] = tuple(map(_phrase, row["calls"]))
    values["causes"] = tuple(Cause(**cause) for cause in causes)
    return Nature(**values)


def _phrase(text: str) -> Phrase:
    if not text.startswith("["):
        return Phrase(text)
    sectors, text = text[1:].split("] ", 1)
    return Phrase(text, tuple(sectors.split(", ")))
