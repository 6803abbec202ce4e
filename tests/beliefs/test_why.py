"""A believed level is the sum of its pieces, whatever happened, however long ago and in whatever order it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import CertificationGranted, Evidence, day_number
from skillmatch.beliefs.filter import WorkerState, fold, learn, standing
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.beliefs.params import BeliefParams, Exposure, Loading
from skillmatch.beliefs.why import Basis, Decomposition, decompose
from skillmatch.explanation import add_in_order
from tests.beliefs.test_filter import PARAMS, SKILLS, facts, in_order
from tests.kit.build import at, outcome, self_report

SKILL = "refrigeration"
WHOLE_LIFE = 15_000.0
"""Days in a working life; a skill that rests so long has all but faded."""


LEARNED = replace(
    PARAMS,
    learned_var=0.2,
    base=0.7,
    reference=1.2,
    weights=(0.3, -0.2, 0.1, 0.2, -0.03, -0.4, 0.5, 0.15, 0.8, 0.6),
    loadings={
        "refrigeration": (Loading("family:cooling", 1.0), Loading("circle:controls", 0.4)),
        "controls": (Loading("family:cooling", 0.6), Loading("family:electrical", 0.8)),
    },
    exposures={"refrigeration": Exposure(0.4, 0.5), "controls": Exposure(-1.0, 0.5)},
    half_lives={"controls": 300.0},
)
"""Parameters under which everything that a level can be made of counts."""


def why(
    evidence: list[Evidence], *, days: float = 2000.0, skill: str = SKILL, params: BeliefParams = PARAMS
) -> Decomposition:
    return decompose("anna", evidence, params, skill=skill, day=day_number(at(days)))


def believed(evidence: list[Evidence], *, days: float, skill: str = SKILL, params: BeliefParams = PARAMS) -> float:
    """Return the level without bounds that a fold gives, the way a profile reads it."""
    found = standing(fold("anna", in_order(evidence), params), skill, day_number(at(days)), params)
    return params.average_level + found.mean / params.logit_per_level


@given(
    facts(),
    st.sampled_from([*SKILLS, "never seen"]),
    st.floats(0.0, WHOLE_LIFE),
    st.none() | st.integers(0, 5),
    st.sampled_from([PARAMS, LEARNED]),
)
def test_the_terms_add_up_to_the_believed_level(
    evidence: list[Evidence], skill: str, idle: float, most: int | None, params: BeliefParams
):
    found = why(evidence, days=2000.0 + idle, skill=skill, params=params)
    told = found.explanation(most=most)
    assert told.total == add_in_order(term.points for term in told.terms)
    assert told.total == pytest.approx(params.level_of_logit(found.mean), rel=1e-9, abs=1e-9)
    off = add_in_order(term.points for term in told.terms if term.key != "scale")
    # What the facts moved may be far more than what is left when some pull up and others down.
    size = sum(abs(piece.points) for piece in found.pieces)
    assert off == pytest.approx(
        believed(evidence, days=2000.0 + idle, skill=skill, params=params), abs=1e-9 * (1.0 + size)
    )


@given(facts(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_told_changes_nothing(evidence: list[Evidence], random):
    shuffled = list(evidence)
    random.shuffle(shuffled)
    assert why(shuffled).explanation(most=5) == why(evidence).explanation(most=5)


@given(facts(), st.integers(0, 2000))
def test_a_fact_that_says_nothing_of_ability_changes_nothing(evidence: list[Evidence], days: int):
    silent = CertificationGranted(
        id="c", worker="anna", time=at(days), source="test", type="F-GAS", issued=at(0).date()
    )
    assert why([*evidence, silent]) == why(evidence)


@given(facts(), st.floats(0.0, WHOLE_LIFE))
def test_a_piece_fades_and_never_grows_or_turns(evidence: list[Evidence], idle: float):
    for piece in why(evidence, days=2000.0 + idle).pieces:
        assert abs(piece.points) <= abs(piece.then) * (1 + 1e-12)
        assert piece.points * piece.then >= 0.0


@given(facts())
def test_what_raised_a_level_never_counts_against_it(evidence: list[Evidence]):
    state = WorkerState.fresh("anna", PARAMS)
    pieces = {piece.evidence.key: piece for piece in why(evidence).pieces}
    for fact in in_order(evidence):
        before = state.general_mean
        learn(state, fact, PARAMS)
        assert pieces[fact.key].general * (state.general_mean - before) >= 0.0


@given(facts())
def test_the_keys_of_terms_are_unique(evidence: list[Evidence]):
    keys = [term.key for term in why(evidence).explanation(most=3).terms]
    assert len(keys) == len(set(keys))


def test_pieces_that_all_but_cancel_do_not_blow_up():
    """A mean of nearly nothing fades by the same factor as any other; so do the large pieces it is made of."""
    up = [outcome(days=n, level=4.0) for n in range(40)]
    down = [self_report(days=50 + n, level=0.0) for n in range(60)]
    for count in range(len(down)):
        evidence: list[Evidence] = [*up, *down[:count], self_report(days=500.0)]
        found = why(evidence, days=3000.0)
        assert max(abs(piece.points) for piece in found.pieces) < 1.5
        off = PARAMS.average_level + sum(piece.points for piece in found.pieces)
        assert off == pytest.approx(believed(evidence, days=3000.0), rel=1e-12)


def test_what_has_faded_says_what_it_was_worth():
    fresh, old = why([outcome()], days=0.0), why([outcome()], days=PARAMS.half_life_days)
    (piece,), (faded,) = fresh.pieces, old.pieces
    assert piece.points == pytest.approx(piece.then, rel=1e-12)
    assert faded.then == piece.then
    assert faded.own == pytest.approx(piece.own * 0.5, rel=1e-12)
    assert faded.general == piece.general
    assert "when it was new" not in fresh.explanation().terms[1].detail
    assert f"{piece.points:+.2f} when it was new" in old.explanation().terms[1].detail


def test_newer_evidence_takes_the_place_of_older():
    """A first failure looms large; after two hundred successes little is left of it."""
    evidence = [outcome(result=Result.FAILED), *(outcome(days=n / 10) for n in range(1, 200))]
    found = why(evidence, days=20.0)
    assert found.pieces[0].then < -0.5
    assert found.pieces[0].then / 4 < found.pieces[0].points < 0.0


def test_ups_and_downs_of_years_do_not_pile_up():
    """What 600 facts moved at their time adds up to dozens of levels; nobody could make sense of such a sum."""
    evidence = [outcome(days=n, result=(Result.FIRST_TIME_FIX, Result.FAILED)[n % 2]) for n in range(600)]
    pieces = why(evidence, days=600.0).pieces
    assert sum(abs(piece.then) for piece in pieces) > 50.0
    assert sum(abs(piece.points) for piece in pieces) < 12.0


def test_stated_levels_of_one_weight_are_worth_the_same_whenever_they_were_stated():
    """Without forgetting and drift the filter averages what is stated; the pieces must be that average's parts."""
    params = BeliefParams(
        general_var=1e-9, general_drift=0.0, skill_drift=0.0, half_life_days=1e9, halo=0.0, self_habit=0.0
    )
    day = day_number(at(30.0))
    found = decompose("anna", [self_report(level=5.0, days=n) for n in range(30)], params, skill=SKILL, day=day)
    worth = [piece.own for piece in found.pieces]
    assert worth == pytest.approx([worth[0]] * 30, rel=1e-4)


def test_work_in_another_skill_counts_through_general_ability_only():
    found = why([outcome(skill="controls"), outcome(days=1)], days=1.0)
    other, own = found.pieces
    assert (other.direct, other.own) == (False, 0.0)
    assert other.general > 0.0
    assert own.direct
    assert not found.inferred
    details = [term.detail for term in found.explanation().terms[1:]]
    assert details[0] == "2026-01-02, test"
    assert details[1].startswith("2026-01-01, test, through general ability")


def test_work_in_a_skill_of_the_same_family_counts_more_and_is_named():
    evidence: list[Evidence] = [outcome(skill="controls", days=day) for day in range(5)]
    alone, related = why(evidence, days=5.0), why(evidence, days=5.0, params=replace(PARAMS, loadings=LEARNED.loadings))
    assert related.mean > alone.mean
    assert related.related == ("controls",)
    assert all(piece.shared > 0.0 and not piece.direct for piece in related.pieces)
    said = Basis.of(related.pieces, related=("Controls",)).describe()
    assert said.startswith("Inferred from work in Controls and general ability: there is no evidence in this skill")
    assert any("through what the skills share" in term.detail for term in related.explanation().terms)


def test_practice_is_told_apart_from_pieces_of_evidence():
    found = why([outcome(days=day) for day in range(3)], days=40.0, params=LEARNED)
    assert [term.key for term in found.explanation().terms[1:4]] == [
        "practice:familiarity",
        "practice:recency",
        "practice:exposure",
    ]


def test_a_skill_without_evidence_is_inferred_and_says_so():
    found = why([outcome(skill="controls"), self_report(skill="controls", days=1)])
    assert found.inferred
    assert (
        found.mean
        == fold("anna", [outcome(skill="controls"), self_report(skill="controls", days=1)], PARAMS).general_mean
    )
    assert Basis.of(found.pieces).describe() == (
        "Inferred from general ability: there is no evidence in this skill itself; "
        "2 pieces of evidence about other work count."
    )


def test_nothing_known_is_the_average_and_nothing_else():
    found = why([])
    assert [(term.key, term.points) for term in found.explanation().terms] == [("average", PARAMS.average_level)]
    assert Basis.of(()).describe().endswith("nor in any other.")


def test_a_level_off_the_scale_is_kept_on_it_by_a_last_term():
    params = BeliefParams(logit_per_level=0.1)
    day = day_number(at(9.0))
    told = decompose("anna", [outcome(days=n) for n in range(9)], params, skill=SKILL, day=day).explanation(most=2)
    assert told.terms[-1].key == "scale"
    assert told.terms[-1].points < 0.0
    assert told.total == pytest.approx(5.0, rel=1e-12)


def test_past_the_largest_pieces_the_rest_is_added_up_by_where_it_comes_from():
    evidence = [
        *(outcome(days=n) for n in range(6)),
        *(outcome(days=10 + n, result=Result.FAILED) for n in range(3)),
        outcome(skill="controls", days=20),
    ]
    found = why(evidence, days=20.0)
    told = found.explanation(most=2)
    assert [term.key for term in told.terms[1:3]] == [piece.key for piece in found.largest(2)]
    assert sum(int(term.label.split()[0]) for term in told.terms[3:]) == len(evidence) - 2
    assert {term.key for term in told.terms[3:]} <= {"own:raised", "own:lowered", "general:raised"}
    assert told.total == pytest.approx(found.explanation().total, rel=1e-12)
    sizes = [abs(piece.points) for piece in found.largest(len(evidence))]
    assert sizes == sorted(sizes, reverse=True)


def test_what_an_estimate_rests_on_is_counted():
    evidence = [outcome(skill=[Demand(SKILL), Demand("controls")]), self_report(days=2), outcome(skill="controls")]
    basis = Basis.of(why(evidence).pieces)
    assert (basis.pieces, basis.others) == (2, 1)
    assert basis.describe() == (
        "Rests on 2 pieces of evidence about this skill (1 job outcome, 1 self report) from one source, test, "
        "between 2026-01-01 and 2026-01-03. "
        "Besides, 1 piece of evidence about other work counts through general ability."
    )
