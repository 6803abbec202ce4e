"""What an import read: sound nouns and evidence, problems by line, and notes for people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from skillmatch.beliefs.evidence import Evidence
from skillmatch.importers.facts import Employment
from skillmatch.model import (
    Asset,
    Booking,
    Cause,
    Correction,
    Customer,
    Job,
    JobType,
    Leave,
    Link,
    Merge,
    Noun,
    Problem,
    Question,
    Shift,
    Site,
    SiteNote,
    Skill,
    Worker,
)

Key = tuple[str, str]
"""Source and id of a fact."""

NOUNS = (
    "skills",
    "links",
    "workers",
    "customers",
    "sites",
    "assets",
    "job_types",
    "jobs",
    "shifts",
    "leave",
    "bookings",
    "causes",
    "questions",
    "corrections",
    "merges",
    "site_notes",
)
"""What a batch calls each class of nouns, what is referred to before what refers to it."""


def _nothing_recorded(_keys: Collection[Key]) -> Mapping[Key, Evidence]:
    return {}


@dataclass(frozen=True, slots=True)
class Known:
    """What the database already has, so that a row may refer to it: skills, links and merges whole, the rest by id.

    `employment` has the days of those workers of whom any is known; `facts` looks up the latest versions of keys in
    the log.
    """

    skills: Mapping[str, Skill] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    merges: tuple[Merge, ...] = ()
    workers: AbstractSet[str] = frozenset()
    customers: AbstractSet[str] = frozenset()
    sites: AbstractSet[str] = frozenset()
    assets: AbstractSet[str] = frozenset()
    job_types: AbstractSet[str] = frozenset()
    jobs: AbstractSet[str] = frozenset()
    employment: Mapping[str, Employment] = field(default_factory=dict)
    facts: Callable[[Collection[Key]], Mapping[Key, Evidence]] = _nothing_recorded

    @classmethod
    def nothing(cls) -> Known:
        """Return what an empty database knows."""
        return cls()


@dataclass(slots=True)
class Batch:
    """The outcome of reading: everything that can be taken, consistent in itself and with the database.

    A row that has a problem is not among the nouns and the evidence, nor is any row that refers to it.
    """

    skills: list[Skill] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    assets: list[Asset] = field(default_factory=list)
    job_types: list[JobType] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
    leave: list[Leave] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    site_notes: list[SiteNote] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def nouns(self) -> Iterator[Noun]:
        """Yield every noun, what is referred to before what refers to it."""
        for name in NOUNS:
            yield from getattr(self, name)

    def counts(self) -> dict[str, int]:
        """Return how many there are of each kind that occurs; evidence is counted by its kind.

        >>> Batch(skills=[Skill("cutting", "Cutting")]).counts()
        {'skills': 1}
        """
        numbers = {name: len(getattr(self, name)) for name in NOUNS}
        for one in self.evidence:
            numbers[one.KIND] = numbers.get(one.KIND, 0) + 1
        return {name: number for name, number in numbers.items() if number}
