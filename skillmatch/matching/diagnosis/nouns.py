"""Calls, what may be behind them, and what finished jobs turned out to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from skillmatch.beliefs.observation import Demand
from skillmatch.causes import Cause
from skillmatch.errors import Invalid
from skillmatch.matching.diagnosis.words import MOST_CHARACTERS, words_of
from skillmatch.scale import check_id

__all__ = ["OTHER", "Call", "Cause", "Finding", "age_band"]

OTHER = ""
"""Id of the cause that is none of those known."""
AGES = ((3.0, "under 3 years"), (7.0, "3 to 7 years"), (12.0, "7 to 12 years"), (18.0, "12 to 18 years"))
OLDEST = "over 18 years"
SEASONS = ("winter", "spring", "summer", "autumn")
WORD, ASSET, AGE, SEASON, SITE, ANSWER = "word", "asset", "age", "season", "site", "answer"
"""Kinds of features. A call has any number of words and one value, or none, of every other kind."""

Features = dict[str, tuple[str, ...]]
"""By kind what is known of a call; an answer is a kind of its own for each question."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is known when somebody calls. `age` of the machine in years; `month` 1 to 12; None and "" mean unknown.

    `answers` are what was said to questions, by their id.
    """

    text: str = ""
    job_type: str | None = None
    asset_type: str | None = None
    age: float | None = None
    site_kind: str | None = None
    month: int | None = None
    answers: Mapping[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.age is not None and not (isfinite(self.age) and 0.0 <= self.age <= 1000.0):
            raise Invalid(f"age of the machine is {self.age:g} years: expected 0 to 1000")
        if self.month is not None and not 1 <= self.month <= 12:
            raise Invalid(f"month of the call is {self.month}: expected 1 to 12")

    def features(self) -> Features:
        """Return what may tell causes apart, by kind."""
        found: Features = {}
        if words := words_of(self.text):
            found[WORD] = words
        for kind, value in (
            (ASSET, self.asset_type),
            (AGE, None if self.age is None else age_band(self.age)),
            (SEASON, None if self.month is None else SEASONS[self.month % 12 // 3]),
            (SITE, self.site_kind),
        ):
            if value:
                found[kind] = (value,)
        for question in sorted(self.answers):
            found[f"{ANSWER}:{question}"] = ("yes" if self.answers[question] else "no",)
        return found

    @property
    def is_cut(self) -> bool:
        """Whether only the beginning of the text is read."""
        return len(self.text) > MOST_CHARACTERS


def age_band(years: float) -> str:
    """Return the band of age that a machine of so many years falls in.

    >>> age_band(7.0)
    '7 to 12 years'
    """
    return next((name for end, name in AGES if years < end), OLDEST)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a finished job turned out to be. `used` are the skills it drew on; () when nobody noted them."""

    call: Call
    cause: str
    minutes: float | None = None
    used: tuple[Demand, ...] = ()

    def __post_init__(self) -> None:
        check_id(self.cause, "cause")
        if self.minutes is not None and not 0.0 <= self.minutes <= 100_000.0:
            raise Invalid(f"a job with cause {self.cause!r} took {self.minutes:g} minutes: expected 0 to 100000")
