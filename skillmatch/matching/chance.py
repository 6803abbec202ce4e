"""Why a worker's chance of success in a job is what it is: a sum of log-odds."""

from __future__ import annotations

from skillmatch.beliefs.filter import PRACTICE
from skillmatch.explanation import Explanation, Term
from skillmatch.matching.skill_columns import SkillColumns
from skillmatch.matching.view import View
from skillmatch.wording import said

_PRACTICE = {
    "practice": said("{skill}: jobs done right and wrong"),
    "familiarity": said("{skill}: done lately"),
    "recency": said("{skill}: how long ago"),
    "trend": said("{skill}: the last jobs, against what was expected"),
}
_DIFFICULTY = {
    "type": said("difficulty of this type of job"),
    "customer": said("difficulty of this customer"),
    "site": said("difficulty of this site"),
}


def explain_chance(view: View, place: int) -> Explanation:
    """Return the log-odds of one worker's chance as a sum.

    General ability, what her skills of a family share, each skill, its practice, familiarity and recency, levels,
    difficulty, uncertainty.
    """
    params = view.params
    terms = [
        Term("base", params.base, said("an average worker at ordinary work")),
        Term("general", float(view.table.general_mean[place]), said("general ability")),
    ]
    for part, load in view.shared:
        rows = view.table.part(part)
        here = rows.place(place)
        mean = 0.0 if here is None else load * float(rows.values[0, here])
        terms.append(Term(part, mean, view.part_name(part), "" if here is not None else said("nothing on record")))
    for number, column in enumerate(view.columns):
        terms += _skill_terms(view, number, column, place)
    for number, demand in enumerate(view.demands):
        if demand.level is not None:
            points = -(view.parts[number] * params.logit_of_level(demand.level))
            asked = said("level {level:g} in {skill}", level=demand.level, skill=view.name(demand.skill))
            terms.append(Term(f"level:{number}", points, asked))
    if params.fitted_on:
        form = params.weights[-1] * float(view.table.form[place])
        terms.append(Term("form", form, said("how the last jobs went, against what was expected")))
    for kind, difficulty in view.difficulties:
        if kind == "type" or difficulty.mean:
            terms.append(Term(f"difficulty:{kind}", -difficulty.mean, _DIFFICULTY[kind]))
    mean = float(view.log_odds[place])
    expected = float(view.shrink[place]) * mean
    terms.append(Term("uncertainty", expected - mean, said("what is not known for sure")))
    if params.fitted_on:
        shown = params.slope * expected + params.shift
        terms.append(Term("calibration", shown - expected, said("correction by how such chances came true")))
    return Explanation.of(terms, unit="log-odds")


def _skill_terms(view: View, number: int, column: SkillColumns, place: int) -> list[Term]:
    """Return what one demanded skill gives: her own part in it, practice, and how hard it is."""
    here, name = column.touched.place(place), view.name(column.skill)
    own = 0.0 if here is None else column.part * float(column.rows.mean[here])
    detail = said("{share:.0f} % of the work", share=column.part * 100)
    if here is None:
        detail = said("{share:.0f} % of the work; nothing on record", share=column.part * 100)
    terms = [Term(f"skill:{number}", own, name, detail)]
    if not view.params.fitted_on:
        return terms
    if here is None:
        terms.append(
            Term(f"practice:{number}", column.part * column.untouched, said("{skill}: never done", skill=name))
        )
    sent = column.part * float(column.exposure[place])
    if sent:
        terms.append(
            Term(f"exposure:{number}", sent, said("{skill}: how often she is sent to it, against others", skill=name))
        )
    for group, gained in zip(PRACTICE, column.gained, strict=False):
        if here is not None and (group == "practice" or gained[here]):
            label = said(_PRACTICE[group], skill=name)
            terms.append(Term(f"{group}:{number}", column.part * float(gained[here]), label))
    if column.difficulty:
        terms.append(
            Term(
                f"difficulty:{number}", -(column.part * column.difficulty), said("{skill}: how hard it is", skill=name)
            )
        )
    return terms


_WORDS = (
    (0.95, said("almost certain")),
    (0.85, said("very likely")),
    (0.7, said("likely")),
    (0.55, said("more likely than not")),
    (0.45, said("even")),
    (0.25, said("unlikely")),
    (0.0, said("very unlikely")),
)


def in_words(chance: float) -> str:
    """Return a chance of success in words.

    >>> in_words(0.8)
    'likely'
    """
    return next(words for floor, words in _WORDS if chance >= floor)
