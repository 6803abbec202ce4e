"""What is learned of causes is the same in any order, and what is taken away leaves no trace."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.observation import Demand
from skillmatch.errors import Invalid
from skillmatch.matching.diagnosis.counts import ALL, MACHINE, TYPE, Counts
from skillmatch.matching.diagnosis.estimate import diagnose
from skillmatch.matching.diagnosis.nouns import Call, Cause, Finding

WORDS = ("ice", "hum", "bang", "fan", "quiet", "water")


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    call = Call(
        " ".join(draw(st.lists(st.sampled_from(WORDS), max_size=4))),
        draw(st.sampled_from([None, "too hot", "too cold"])),
        draw(st.sampled_from([None, "chiller", "boiler"])),
        draw(st.none() | st.floats(0.0, 40.0)),
        draw(st.sampled_from([None, "hotel"])),
        draw(st.none() | st.integers(1, 12)),
        draw(st.dictionaries(st.sampled_from(["air", "noise"]), st.booleans())),
    )
    used = draw(
        st.lists(st.sampled_from(["wiring", "brazing"]), unique=True).map(
            lambda skills: tuple(Demand(skill, 2.5 if skill == "wiring" else None, 1.0) for skill in skills)
        )
    )
    minutes = draw(st.none() | st.floats(0.0, 600.0))
    return Finding(call, draw(st.sampled_from(["leak", "fan", "board"])), minutes, used)


@given(st.lists(findings(), max_size=12), st.randoms(use_true_random=False))
def test_any_order_of_findings_gives_the_same_counts_and_the_same_diagnosis_to_the_bit(
    found: list[Finding], chance: random.Random
):
    built = Counts.of(found)
    shuffled = found.copy()
    chance.shuffle(shuffled)
    grown = Counts()
    for finding in shuffled:
        grown.add(finding)
    call = Call("the fan has ice", "too hot", "chiller", 8.0, "hotel", 7, {"air": False})
    assert grown == built
    assert diagnose(grown, call) == diagnose(built, call)


@given(st.lists(findings(), min_size=1, max_size=10), st.data())
def test_taking_a_finding_away_equals_never_having_had_it(found: list[Finding], data: st.DataObject):
    place = data.draw(st.integers(0, len(found) - 1))
    counts = Counts.of(found)
    counts.remove(found[place])
    assert counts == Counts.of(found[:place] + found[place + 1 :])


@given(st.lists(findings(), min_size=1, max_size=8), st.data())
def test_a_corrected_finding_equals_a_rebuild(found: list[Finding], data: st.DataObject):
    place = data.draw(st.integers(0, len(found) - 1))
    right = replace(found[place], cause="valve", minutes=33.3)
    counts = Counts.of(found)
    counts.remove(found[place])
    counts.add(right)
    assert counts == Counts.of([*found[:place], right, *found[place + 1 :]])


def test_a_finding_counts_for_its_job_type_its_machine_and_all():
    counts = Counts.of([Finding(Call("ice", "too hot", "chiller"), "leak", 90.0), Finding(Call("hum"), "board")])
    assert counts.tables[TYPE, "too hot"].total == counts.tables[MACHINE, "chiller"].total == {"leak": 1}
    assert counts.tables[ALL, ""].total == {"leak": 1, "board": 1}
    assert counts.tables[TYPE, "too hot"].seconds == {"leak": 5400}
    assert counts.homes == {"leak": {"too hot": 1}}


def test_what_was_never_added_cannot_be_taken_away():
    with pytest.raises(KeyError, match="no finding of 'leak'"):
        Counts.of([Finding(Call("hum"), "board")]).remove(Finding(Call("hum"), "leak"))
    with pytest.raises(KeyError, match="too hot"):
        Counts().remove(Finding(Call("hum", "too hot"), "leak"))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Call(age=-1.0), "age of the machine is -1 years"),
        (lambda: Call(age=float("nan")), "age of the machine is nan"),
        (lambda: Call(month=13), "month of the call is 13"),
        (lambda: Finding(Call(), "leak", -5.0), "took -5 minutes"),
        (lambda: Finding(Call(), ""), "cause"),
        (lambda: Cause("leak", minutes=0.0), "takes 0 minutes"),
        (lambda: Cause("leak", chance=1.0), "chance of cause 'leak' is 1"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_found(make: object, message: str):
    with pytest.raises(Invalid, match=message):
        make()  # type: ignore[operator]
