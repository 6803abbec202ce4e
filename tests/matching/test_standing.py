"""Where those with evidence stand: the numbers of the view of everybody, to the bit, also after more was put."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import Evidence
from skillmatch.beliefs.filter import fold
from skillmatch.beliefs.params import BeliefParams
from skillmatch.matching.levels import one_skill
from skillmatch.matching.standing import Standings, certainty_of
from skillmatch.matching.view import View
from skillmatch.model import Requirement, Worker
from tests.beliefs import strategies
from tests.kit.build import RICH, view

PARAMS = (BeliefParams(), RICH, replace(RICH, skills={}, weights=BeliefParams().weights))
LEVELS = (0.0, 2.0, 4.5)


def compare(standings: Standings, seen: View, counted: np.ndarray) -> None:
    for skill in (*strategies.SKILLS, "unknown"):
        whole = one_skill(seen.roster, skill, None, day=seen.day, moment=seen.moment)
        found, (mean, var) = standings.of(skill), whole.proficiency(0)
        assert found.places.tolist() == np.flatnonzero(whole.touched(0) & counted).tolist()
        assert found.mean.tolist() == mean[found.places].tolist()
        assert found.var.tolist() == var[found.places].tolist()
        for level in LEVELS:
            expected = whole.certainty(0, level)[found.places]
            assert certainty_of(found, level, seen.params).tolist() == expected.tolist()


@pytest.mark.parametrize("params", PARAMS)
@settings(max_examples=20)
@given(before=strategies.companies(), after=strategies.companies(), out=st.sets(st.integers(0, 3)))
def test_standings_are_those_of_the_view_before_and_after_a_write(
    params: BeliefParams, before: dict[str, list[Evidence]], after: dict[str, list[Evidence]], out: set[int]
):
    facts = [fact for own in before.values() for fact in own]
    who = [Worker(id, id) for id in sorted({"new", *before, *after})]
    seen = view(facts, workers=who, needs=[Requirement("controls")], params=params, days=900.0)
    counted = np.array([place not in out for place in range(len(seen.table))])
    standings = Standings(seen.table, counted, seen.moment)
    compare(standings, seen, counted)
    kept = {skill: standings.of(skill) for skill in strategies.SKILLS}
    changed = {worker for worker, own in after.items() if own}
    gone = [(worker, skill, *[0.0] * 11, True) for worker in changed for skill in seen.table.skills_of(worker)]
    seen.table.put_rows(gone)  # type: ignore[arg-type]
    for worker in sorted(changed):
        seen.table.put_state(fold(worker, after[worker], params))
    moved = {*standings.forget()}
    compare(standings, seen, counted)
    places = {seen.table.place(worker) for worker in changed}
    for skill, known in kept.items():
        if skill not in moved:
            assert standings.of(skill) is known
            assert not places & {*known.places.tolist()}
    assert standings.forget() == []


def test_standings_are_of_one_table_and_just_those_workers():
    seen, other = (view([], workers=[Worker("a", "A"), Worker("b", "B")]) for _each in range(2))
    standings = Standings(seen.table, np.array([True, False]), seen.moment)
    assert standings.counts(seen.table, np.array([True, False]))
    assert not standings.counts(seen.table, np.array([True, True]))
    assert not standings.counts(other.table, np.array([True, False]))
