"""The form of a skill: what was typed, what is wrong with it, and the skill that it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from skillmatch.model import Skill, SkillKind
from skillmatch_web.languages import gettext as _
from skillmatch_web.words import whole

LONGEST_NAME, LONGEST_DESCRIPTION, MOST_NAMES = 200, 5000, 60
SHORTEST_LIFE, LONGEST_LIFE = 1.0, 36_500.0


@dataclass(frozen=True, slots=True)
class SkillForm:
    """What stands in the form, by field, and what is wrong with it, by field."""

    typed: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, skill: Skill) -> SkillForm:
        """Return the form of a skill as it is."""
        life = "" if skill.half_life_days is None else f"{skill.half_life_days:g}"
        names = "\n".join(skill.alt_names)
        return cls(
            {
                "name": skill.name,
                "kind": str(skill.kind),
                "description": skill.description,
                "half_life": life,
                "alt_names": names,
            }
        )

    @classmethod
    def sent(cls, form: Mapping[str, str]) -> SkillForm:
        """Return what a browser sent, with what is wrong with it."""
        names = ("name", "kind", "description", "half_life", "alt_names")
        typed = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in names}
        return cls(typed, dict(_problems(typed)))

    def skill(self, onto: Skill) -> Skill:
        """Return a skill with what was typed; only of a form without problems."""
        life = _number(self.typed["half_life"])
        return replace(
            onto,
            name=" ".join(self.typed["name"].split()),
            kind=SkillKind(self.typed["kind"]),
            description=self.typed["description"],
            half_life_days=life,
            alt_names=tuple(self.typed["alt_names"].split("\n")) if self.typed["alt_names"] else (),
        )

    def wrong(self, name: str, problem: str) -> SkillForm:
        """Return the form with one more thing that is wrong."""
        return replace(self, problems={**self.problems, name: problem})


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if text else None


def _problems(typed: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    if not typed["name"]:
        found.append(("name", _("Type what people call it, such as “Heat pumps”.")))
    elif len(typed["name"]) > LONGEST_NAME:
        found.append(("name", _("At most %(most)s letters: shorten it, and explain below.", most=LONGEST_NAME)))
    if typed["kind"] not in set(SkillKind):
        found.append(("kind", _("Choose what kind of skill it is.")))
    if len(typed["description"]) > LONGEST_DESCRIPTION:
        found.append(("description", _("At most %(most)s letters: shorten it.", most=whole(LONGEST_DESCRIPTION))))
    try:
        life = _number(typed["half_life"])
    except ValueError:
        life = -1.0
    if life is not None and not SHORTEST_LIFE <= life <= LONGEST_LIFE:
        found.append(("half_life", _("A number of days from 1 to 36500, or nothing for the usual.")))
    names = [line.strip() for line in typed["alt_names"].split("\n")]
    if max(map(len, names)) > LONGEST_NAME:
        found.append(("alt_names", _("At most %(most)s letters in each line.", most=LONGEST_NAME)))
    elif len(names) > MOST_NAMES:
        found.append(("alt_names", _("At most %(most)s other names.", most=MOST_NAMES)))
    return found
