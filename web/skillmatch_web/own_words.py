"""What a worker says in her own words: the form, and recording each skill that she chooses of it once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from secrets import token_hex
from threading import Lock

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import RUNGS
from skillmatch.workspace import Linked, SelfReport
from skillmatch_web.addresses import workspace
from skillmatch_web.languages import _
from skillmatch_web.sight import sight
from skillmatch_web.words import at_level, whole

LONGEST_TEXT = 2000
SUGGESTED = 6
SOURCE = "own words"

_one_at_a_time = Lock()
"""A double click sends two requests at once; the second must see what the first has recorded."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What stands in the form.

    Parameters
    ----------
    said, asked
        What is typed, and the text that the suggestions are for.
    levels
        What is chosen of the scale, by skill.
    settled
        Skills that were added from this text and are suggested no more.
    token
        Begins the ids of what is recorded, so that one form records each fact once.
    notice, problem, problems
        What was done; what is wrong with the text, and with each skill.
    """

    said: str = ""
    asked: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    settled: tuple[str, ...] = ()
    token: str = ""
    notice: str = ""
    problem: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def sent(cls, form: Mapping[str, str], settled: tuple[str, ...]) -> OwnWords:
        """Return what a browser sent."""
        places = [name.removeprefix("skill-") for name in form if name.startswith("skill-")]
        levels = {form[f"skill-{place}"]: form.get(f"level-{place}", "") for place in places}
        return cls(form.get("said", ""), form.get("asked", ""), levels, settled, form.get("token", ""))

    def renewed(self) -> OwnWords:
        """Return the form good for other facts."""
        return replace(self, token=token_hex(16))

    def suggestions(self) -> Linked | None:
        """Return the skills that the words may mean, None before anything was asked."""
        if not self.asked:
            return None
        found = workspace().suggest(self.asked, limit=SUGGESTED + len(self.settled))
        return replace(found, links=tuple(one for one in found.links if one.skill not in self.settled)[:SUGGESTED])

    def find(self) -> OwnWords:
        """Return the form with the text that is to be linked, or with what is wrong with it."""
        text = self.said.strip()
        if not text:
            return replace(self, problem=_("Type what you can do, such as “I repair compressors and find leaks”."))
        if len(text) > LONGEST_TEXT:
            told = _("That is %(length)s characters: at most %(most)s, so say less.")
            return replace(self, problem=told % {"length": whole(len(text)), "most": whole(LONGEST_TEXT)})
        return replace(self, asked=text, settled=() if text != self.asked else self.settled)

    def wrong(self, skill: str, problem: str) -> OwnWords:
        """Return the form with what is wrong with a skill."""
        return replace(self, problems={skill: problem}).renewed()

    def reject(self, skill: str) -> OwnWords:
        """Keep that the words do not mean a skill, and return the form that says so."""
        try:
            workspace().judge_link(self.asked, skill, accepted=False, by=sight().account.signature)
        except (Invalid, NotFound) as error:
            return self.wrong(skill, str(error))
        return replace(
            self, notice=_("%(skill)s will not be suggested for these words again.", skill=_name(skill))
        ).renewed()

    def add(self, place: str, skill: str, worker: str) -> OwnWords:
        """Record the level that is chosen for a skill, however often the form is sent, and return what it says then."""
        chosen = self.levels.get(skill, "")
        if not re.fullmatch("[0-9a-f]{32}", self.token):
            return self.wrong(skill, _("This form was damaged on its way. Look at what is chosen and send it again."))
        if chosen not in map(str, range(len(RUNGS))):
            return self.wrong(skill, _("Choose how well %(skill)s is mastered, then add it.", skill=_name(skill)))
        fact = SelfReport(
            id=f"{self.token}-{place}",
            worker=worker,
            time=workspace().now(),
            source=SOURCE,
            skill=skill,
            level=float(chosen),
            note=self.asked[:500],
        )
        with _one_at_a_time:
            return self._add_once(fact)

    def _add_once(self, fact: SelfReport) -> OwnWords:
        earlier = [one for one in workspace().profile(fact.worker).evidence if one.key == fact.key]
        told = _("%(skill)s at %(level)s", skill=_name(fact.skill), level=at_level(fact.level))
        if not earlier:
            try:
                workspace().claim_skill(fact, self.asked, by=sight().account)
            except (Invalid, NotFound, Conflict) as error:
                return self.wrong(fact.skill, str(error))
            notice = _("Recorded: %(what)s.", what=told)
        elif isinstance(one := earlier[0], SelfReport) and (one.skill, one.level) == (fact.skill, fact.level):
            notice = _("Recorded already: %(what)s. It counts once, sending it again changed nothing.", what=told)
        else:
            again = _("This form was used already. If what you see here is right, add it again.")
            return self.wrong(fact.skill, again)
        return replace(self, settled=(*self.settled, fact.skill), notice=notice).renewed()


def _name(skill: str) -> str:
    return workspace().names().get(skill, skill)
