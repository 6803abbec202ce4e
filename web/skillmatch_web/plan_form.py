"""What somebody chooses for a day plan: read, checked, and kept for the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from skillmatch.workspace import MOST_PLAN_DAYS, KeptPlan
from skillmatch_web.addresses import today, workspace
from skillmatch_web.candidates import DEFAULT_POLICY
from skillmatch_web.languages import N_, _
from skillmatch_web.words import day as day_in_words

FILL, ANEW = "fill", "anew"
MODES = {
    FILL: N_("Only what nobody does yet – what is promised stays where it can"),
    ANEW: N_("Everything that is not locked – promises move where that is worth it"),
}
USUAL_SECONDS, LEAST_SECONDS, MOST_SECONDS = "3", 0.5, 30.0
"""The page waits for the search; nobody waits longer, and the server in front of the pages not much longer either."""
FARTHEST = timedelta(days=366)
LONGEST = 40
"""Characters of what was typed that are shown again."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a plan is made by."""

    first: date
    days: int
    policy: str
    seconds: float
    keep: bool


@dataclass(frozen=True, slots=True)
class PlanForm:
    """The form as it was typed, with what is wrong with each of its fields."""

    first: str
    days: str = "1"
    policy: str = DEFAULT_POLICY
    seconds: str = USUAL_SECONDS
    mode: str = FILL
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def fresh(cls) -> PlanForm:
        """Return the form before anything was chosen."""
        return cls(today().isoformat())

    @classmethod
    def typed(cls, fields: Mapping[str, str]) -> PlanForm:
        """Return the form as it was sent."""
        names = ("first", "days", "policy", "seconds", "mode")
        first, days, policy, seconds, mode = (fields.get(name, "").strip()[:LONGEST] for name in names)
        return cls(first, days, policy, seconds, mode)

    @classmethod
    def of_plan(cls, kept: KeptPlan, fields: Mapping[str, str]) -> PlanForm:
        """Return the form by which a plan was made; `fields` are those of its address."""
        preview = kept.preview
        asked = cls(
            preview.first.isoformat(),
            str(preview.days),
            preview.policy,
            fields.get("seconds", USUAL_SECONDS)[:LONGEST],
            fields.get("mode", FILL),
        )
        seconds = asked.seconds if _seconds(asked.seconds) is not None else USUAL_SECONDS
        return replace(asked, seconds=seconds, mode=asked.mode if asked.mode in MODES else FILL)

    @property
    def kept(self) -> dict[str, Any]:
        """What the address of a plan keeps of it."""
        return {"mode": self.mode, "seconds": self.seconds}

    def checked(self) -> tuple[PlanForm, Choice | None]:
        """Return the form with what is wrong with it, and the choice when nothing is."""
        first, days, seconds = _day(self.first), _whole(self.days), _seconds(self.seconds)
        problems = {
            "first": _about_the_day(self.first, first),
            "days": "" if days else _("Expected 1 to %(most)s days, as a whole number.", most=MOST_PLAN_DAYS),
            "policy": "" if self.policy in workspace().policies() else _("There is no such policy: choose one here."),
            "seconds": ""
            if seconds
            else _("Expected %(least)s to %(most)s seconds.", least=LEAST_SECONDS, most=int(MOST_SECONDS)),
            "mode": "" if self.mode in MODES else _("Choose one of the two."),
        }
        problems = {name: text for name, text in problems.items() if text}
        if problems or first is None or days is None or seconds is None:
            return replace(self, problems=problems), None
        return self, Choice(first, days, self.policy, seconds, self.mode == FILL)

    def refused(self, why: str) -> PlanForm:
        """Return the form with why no plan could be made."""
        return replace(self, problems={"form": why})


def _about_the_day(typed: str, first: date | None) -> str:
    if first is None:
        return _("“%(typed)s” is no day: expected one such as %(day)s.", typed=typed, day=today().isoformat())
    if first < today():
        return _("%(day)s has passed: choose today or later.", day=day_in_words(first))
    if first > today() + FARTHEST:
        return _("%(day)s is more than a year away: choose a day before.", day=day_in_words(first))
    return ""


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _whole(typed: str) -> int | None:
    plain = typed.isascii() and typed.isdecimal() and len(typed) < 5
    return int(typed) if plain and 1 <= int(typed) <= MOST_PLAN_DAYS else None


def _seconds(typed: str) -> float | None:
    try:
        found = float(typed.replace(",", "."))
    except ValueError:
        return None
    return found if LEAST_SECONDS <= found <= MOST_SECONDS else None
