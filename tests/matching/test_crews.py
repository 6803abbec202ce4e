"""Crews: the score by hand, the rules, the search against plain enumeration, and reasons for what cannot be."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.crew.draws import draw
from benchmarks.crew.plain import every_crew, score
from skillmatch.errors import Invalid, NotFound
from skillmatch.explanation import add_in_order
from skillmatch.matching.crews import (
    CrewProblem,
    CrewWeights,
    best_crews,
    best_with,
    broken_rules,
    crew_of,
    difference,
    why_impossible,
)
from skillmatch.matching.crews.covers import smallest_cover
from skillmatch.matching.crews.scores import Scorer
from skillmatch.matching.crews.search import upper_bound

IDS = ("anna", "ben", "cleo", "dora")


def problem(**changed) -> CrewProblem:
    """Return four workers for a job with two needs: Anna leads and can weld, Ben can wire, the others little."""
    workers = changed.get("workers", IDS)
    size, needs = len(workers), len(changed.get("needs", ("welding", "wiring")))
    usual = {
        "workers": workers,
        "needs": ("welding", "wiring"),
        "holds": np.array([[0.9, 0.2], [0.1, 0.8], [0.5, 0.0], [0.0, 0.0]]),
        "weights": np.array([3.0, 1.0]),
        "counts": np.ones(needs, dtype=np.int64),
        "hard": np.ones(needs, dtype=np.bool_),
        "lead": np.array([0.9, 0.6, 0.85, 0.1]),
        "points": np.array([80.0, 60.0, 50.0, 20.0]),
        "together": np.zeros((size, size)),
        "cost": np.full(size, 100.0),
        "trainee": np.zeros((size, needs), dtype=np.bool_),
        "least": 2,
        "most": 3,
        "cost_scale": 1000.0,
    }
    return CrewProblem(**usual | changed)


def points_of(crew) -> dict[str, float]:
    return {term.key: term.points for term in crew.explanation.terms}


@st.composite
def problems(draw, *, most_workers=7, most_needs=3):
    """Small problems with few different numbers, so that floors are met exactly and scores tie."""
    size, needs = draw(st.integers(0, most_workers)), draw(st.integers(0, most_needs))
    chances = st.sampled_from([0.0, 0.3, 0.6999, 0.7, 0.85, 1.0])

    def array(values, *shape, kind=np.float64):
        count = int(np.prod(shape))
        return np.array(draw(st.lists(values, min_size=count, max_size=count)), dtype=kind).reshape(shape)

    half = np.triu(array(st.sampled_from([0.0, 0.0, 0.4, 1.0]), size, size), 1)
    weights = array(st.sampled_from([0.0, 1.0, 2.0]), needs)
    assume(not needs or weights.sum() > 0)
    least = draw(st.integers(1, 3))
    return CrewProblem(
        workers=tuple(f"w{number}" for number in draw(st.permutations(range(size)))),
        needs=tuple(f"need {number}" for number in range(needs)),
        holds=array(chances, size, needs),
        weights=weights,
        counts=array(st.integers(1, 3), needs, kind=np.int64),
        hard=array(st.booleans(), needs, kind=np.bool_),
        lead=array(st.sampled_from([0.2, 0.5, 0.8, 0.9]), size),
        points=array(st.sampled_from([0.0, 20.0, 70.0]), size),
        together=half + half.T,
        cost=array(st.sampled_from([0.0, 10.0, 25.0]), size),
        trainee=array(st.booleans(), size, needs, kind=np.bool_),
        least=least,
        most=least + draw(st.integers(0, 2)),
        cost_scale=100.0,
        lead_floor=draw(st.sampled_from([None, 0.8])),
    )


def every_possible(one: CrewProblem) -> dict[tuple[str, ...], float]:
    """Return the points of all possible crews by their ids in order, enumerated plainly."""
    return {
        tuple(sorted(one.workers[place] for place in crew)): points
        for size in range(one.least, min(one.most, len(one.workers)) + 1)
        for crew, points in every_crew(one, size)
    }


# The score, by hand.


def test_the_terms_of_a_crew_are_those_worked_out_by_hand():
    together = np.zeros((4, 4))
    together[0, 1] = together[1, 0] = 0.5
    crew = crew_of(problem(together=together), ("ben", "anna"))
    assert points_of(crew) == pytest.approx(
        {
            "coverage:0": 60 * 3 / 4 * (1 - 0.1 * 0.9),
            "coverage:1": 60 * 1 / 4 * (1 - 0.8 * 0.2),
            "points": 15 * 0.7,
            "pairs": 10 * 0.5,
            "cost": -10 * 200 / 1000,
            "training": 0.0,
        },
        rel=1e-12,
    )


def test_a_head_count_of_two_is_filled_by_the_expected_share_of_two_places():
    # Of two places 0.9 + 0.1 are filled on average; a third holder fills what the others leave open.
    two = crew_of(problem(counts=np.array([2, 1])), ("anna", "ben"))
    assert points_of(two)["coverage:0"] == pytest.approx(45 * (0.9 + 0.1) / 2, rel=1e-12)
    three = crew_of(problem(counts=np.array([2, 1])), ("anna", "ben", "cleo"))
    nobody, one = 0.1 * 0.9 * 0.5, 0.9 * 0.9 * 0.5 + 0.1 * 0.1 * 0.5 + 0.1 * 0.9 * 0.5
    assert points_of(three)["coverage:0"] == pytest.approx(45 * (1 - nobody - one / 2), rel=1e-12)


def test_pairs_count_as_the_mean_over_all_pairs():
    together = np.zeros((4, 4))
    together[0, 1] = together[1, 0] = 0.6
    assert points_of(crew_of(problem(together=together), IDS[:3]))["pairs"] == pytest.approx(10 * 0.2, rel=1e-12)
    assert points_of(crew_of(problem(together=together), ("anna",)))["pairs"] == 0.0


def test_nobodys_score_depends_on_who_else_is_a_candidate():
    few = problem()
    more = draw(5, workers=30, needs=2, least=2, most=3)
    joined = replace(
        few,
        workers=(*few.workers, *more.workers),
        **{
            name: np.concatenate([getattr(few, name), getattr(more, name)])
            for name in ("holds", "lead", "points", "cost", "trainee")
        },
        together=np.block([[few.together, np.zeros((4, 30))], [np.zeros((30, 4)), more.together]]),
    )
    assert crew_of(joined, ("anna", "ben")) == crew_of(few, ("anna", "ben"))


@given(problems())
@settings(max_examples=60, deadline=None)
def test_every_score_is_the_plain_one_and_the_exact_sum_of_its_terms(one):
    for size in range(1, min(3, len(one.workers)) + 1):
        for places in combinations(range(len(one.workers)), size):
            crew = crew_of(one, [one.workers[place] for place in places])
            assert crew.score == add_in_order(term.points for term in crew.explanation.terms)
            assert crew.score == pytest.approx(score(one, places), abs=1e-9)


# Rules.


def test_one_member_covers_several_needs_and_several_cover_one():
    holds = np.array([[0.9, 0.9], [0.8, 0.1], [0.1, 0.1], [0.0, 0.0]])
    crew = crew_of(problem(holds=holds), ("anna", "ben"))
    assert crew.covered_by == (("anna", "ben"), ("anna",))
    assert best_crews(problem(holds=holds, least=1))[0].members[0] == "anna"


def test_the_lead_comes_first_and_is_the_best_of_those_who_reach_the_floor():
    crew = best_crews(problem(lead=np.array([0.8, 0.95, 0.1, 0.1]), most=2))[0]
    assert (crew.lead, crew.members) == ("ben", ("ben", "anna"))
    assert crew_of(problem(lead_floor=None), ("ben", "anna")).lead is None
    assert crew_of(problem(lead=np.full(4, 0.79)), ("ben", "anna")).lead is None


def test_a_hard_head_count_excludes_what_a_soft_one_only_scores():
    counts = np.array([1, 1])
    dear = np.array([100.0, 9000.0, 100.0, 100.0])
    hard = best_crews(problem(cost=dear, counts=counts))
    soft = best_crews(problem(cost=dear, counts=counts, hard=np.array([True, False])))
    assert all("ben" in crew.members for crew in hard)
    assert "ben" not in soft[0].members


def test_a_probability_at_the_floor_counts_and_one_below_it_does_not():
    holds = problem().holds.copy()
    holds[1, 1] = 0.7
    assert best_crews(problem(holds=holds))
    holds[1, 1] = np.nextafter(0.7, 0.0)
    assert best_crews(problem(holds=holds)) == ()


def test_a_trainee_counts_only_beside_an_expert_in_what_she_wants_to_learn():
    trainee = np.zeros((4, 2), dtype=np.bool_)
    trainee[3, 0] = True
    taught = problem(trainee=trainee)
    assert points_of(crew_of(taught, ("anna", "dora")))["training"] == 5.0
    # Ben is an expert in nothing, and Anna not in wiring.
    assert points_of(crew_of(taught, ("ben", "dora")))["training"] == 0.0
    assert points_of(crew_of(problem(trainee=trainee[:, ::-1]), ("anna", "dora")))["training"] == 0.0
    [term] = [term for term in crew_of(taught, ("anna", "dora")).explanation.terms if term.key == "training"]
    assert term.detail == "dora learns welding beside anna"


def test_an_expert_teaches_neither_herself_nor_another_expert():
    trainee = np.ones((4, 2), dtype=np.bool_)
    holds = np.array([[0.9, 0.0], [0.85, 0.0], [0.0, 0.0], [0.0, 0.0]])
    learning = problem(trainee=trainee, holds=holds)
    assert points_of(crew_of(learning, ("anna",)))["training"] == 0.0
    assert points_of(crew_of(learning, ("anna", "ben")))["training"] == 0.0
    assert points_of(crew_of(learning, ("anna", "cleo")))["training"] == 5.0


def test_excess_members_are_those_without_whom_every_rule_still_holds():
    assert crew_of(problem(), ("anna", "ben", "cleo")).excess == ("cleo",)
    assert crew_of(problem(least=3), ("anna", "ben", "cleo")).excess == ()
    # Cleo is the only one who can lead.
    lead = np.array([0.1, 0.1, 0.9, 0.1])
    assert crew_of(problem(lead=lead), ("anna", "ben", "cleo", "dora")).excess == ("dora",)


def test_who_alone_meets_a_soft_head_count_is_no_excess():
    soft = problem(hard=np.zeros(2, dtype=np.bool_), least=1)
    assert crew_of(soft, ("anna", "ben", "cleo")).excess == ("cleo",)
    # Where a count is missed with her as well as without her, she is not kept for it.
    assert crew_of(problem(hard=np.zeros(2, dtype=np.bool_), counts=np.array([3, 1])), IDS).excess == (
        "anna",
        "cleo",
        "dora",
    )


# The search.


@pytest.mark.parametrize("exact_up_to", [20_000, 0], ids=["enumerated", "exchange"])
@given(one=problems())
@settings(max_examples=120, deadline=None)
def test_the_best_crews_are_those_of_plain_enumeration(exact_up_to, one):
    crews, all_of_them = best_crews(one, limit=3, exact_up_to=exact_up_to), every_possible(one)
    assert bool(crews) == bool(all_of_them) == (not why_impossible(one))
    for crew in crews:
        assert crew.score == pytest.approx(all_of_them[tuple(sorted(crew.members))], abs=1e-9)
        assert crew.optimal == bool(exact_up_to)
        assert broken_rules(one, crew.members) == ()
    assert len({crew.members for crew in crews}) == len(crews)
    best = sorted(all_of_them.values(), reverse=True)
    found = [crew.score for crew in crews]
    if exact_up_to:
        assert found == pytest.approx(best[:3], abs=1e-9)
    elif crews:
        assert best[0] - found[0] <= crews[0].gap_bound + 1e-9
        assert found == sorted(found, reverse=True)


@given(one=problems(most_workers=6))
@settings(max_examples=40, deadline=None)
def test_the_best_crew_with_somebody_is_the_best_of_those_that_contain_her(one):
    for worker in one.workers:
        points = [points for crew, points in every_possible(one).items() if worker in crew]
        enumerated, exchanged = best_with(one, worker), best_with(one, worker, exact_up_to=0)
        assert (enumerated is None) == (exchanged is None) == (not points)
        if enumerated and exchanged:
            assert enumerated.score == pytest.approx(max(points), abs=1e-9)
            assert worker in exchanged.members
            assert max(points) - exchanged.score <= exchanged.gap_bound + 1e-9


@pytest.mark.parametrize("exact_up_to", [20_000, 0], ids=["enumerated", "exchange"])
@given(one=problems(), seed=st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_candidates_changes_nothing(exact_up_to, one, seed):
    order = np.random.default_rng(seed).permutation(len(one.workers))
    shuffled = replace(
        one,
        workers=tuple(one.workers[place] for place in order),
        together=one.together[np.ix_(order, order)],
        **{name: getattr(one, name)[order] for name in ("holds", "lead", "points", "cost", "trainee")},
    )
    assert best_crews(shuffled, exact_up_to=exact_up_to) == best_crews(one, exact_up_to=exact_up_to)


@pytest.mark.parametrize("exact_up_to", [20_000, 0], ids=["enumerated", "exchange"])
def test_twins_are_told_apart_by_their_ids(exact_up_to):
    twins = problem(
        workers=("d", "b", "a", "c"),
        holds=np.full((4, 2), 0.71),
        lead=np.full(4, 0.9),
        points=np.full(4, 33.3),
        most=2,
    )
    crews = best_crews(twins, limit=4, exact_up_to=exact_up_to)
    assert [crew.members for crew in crews] == [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c")]


@pytest.mark.parametrize("exact_up_to", [20_000, 0], ids=["enumerated", "exchange"])
def test_twins_tie_although_their_sums_are_rounded_apart(exact_up_to):
    twins = problem(
        workers=("a", "m", "n", "z"),
        holds=np.ones((4, 2)),
        lead=np.full(4, 0.9),
        points=np.full(4, 50.0),
        cost=np.array([0.1, 0.2, 0.3, 0.1]),
        least=3,
        cost_scale=1.0,
        terms=CrewWeights(coverage=0.0, points=0.0),
        together=1.0 * np.isin(np.arange(4), (1, 2))[:, None] * np.isin(np.arange(4), (1, 2)),
    )
    assert crew_of(twins, ("a", "m", "n")).score < crew_of(twins, ("m", "n", "z")).score
    assert best_crews(twins, limit=4, exact_up_to=exact_up_to)[0].members == ("a", "m", "n")


@pytest.mark.parametrize("term", ["all", "coverage", "points", "pairs", "cost", "training"])
@given(one=problems(most_workers=5))
@settings(max_examples=40, deadline=None)
def test_no_crew_exceeds_the_bound_from_any_crew(term, one):
    if term != "all":
        nothing = dict.fromkeys(("coverage", "points", "pairs", "cost", "training"), 0.0)
        one = replace(one, terms=CrewWeights(**nothing | {term: 10.0}))
    scorer, crews = Scorer(one), every_possible(one)
    for crew in crews:
        bound = upper_bound(scorer, tuple(scorer.row(crew)[0].tolist()))
        assert bound >= max(crews.values()) - 1e-9


def test_exchange_among_many_meets_scarce_rules_and_reaches_the_bound_it_states():
    many = draw(3, workers=600, needs=4, least=3, most=4)
    holds = many.holds.copy()
    holds[:, 0] = 0.0
    holds[[17, 401], 0] = 0.75
    scarce = replace(many, holds=holds, counts=np.array([2, 1, 1, 1]), hard=np.ones(4, dtype=np.bool_))
    crew = best_crews(scarce)[0]
    assert {"w00017", "w00401"} <= set(crew.members)
    assert broken_rules(scarce, crew.members) == ()
    assert not crew.optimal
    assert 0.0 < crew.gap_bound < 30.0


def test_exchange_reaches_the_optimum_on_nearly_all_ordinary_draws():
    shares = []
    for seed in range(40):
        one = draw(seed, workers=20, needs=5, least=3, most=3)
        if best := best_crews(one):
            shares.append(best_crews(one, exact_up_to=0)[0].score / best[0].score)
    assert len(shares) > 20
    assert np.mean(shares) >= 0.995


@given(one=problems())
@settings(max_examples=80, deadline=None)
def test_the_smallest_cover_is_as_small_as_any_crew_that_meets_the_rules(one):
    any_size = replace(one, least=1, most=max(len(one.workers), 1))
    sizes = [len(crew) for crew in every_possible(any_size)]
    cover = smallest_cover(Scorer(any_size), most=any_size.most)
    assert cover.proven
    if cover.places is None:
        assert not sizes
    else:
        assert max(len(cover.places), 1) == min(sizes, default=1)


# Why not.


def test_a_possible_crew_needs_no_reasons():
    assert why_impossible(problem()) == ()


def test_each_reason_names_what_is_there_what_is_needed_and_what_is_next():
    assert why_impossible(problem(counts=np.array([2, 1]))) == (
        "1 of 2 needed can do welding surely enough (70 %); the next is cleo with 50 %",
    )
    assert why_impossible(problem(holds=np.array([[0.9, 0.0], [0.1, 0.0], [0.5, 0.0], [0.0, 0.0]]))) == (
        "0 of 1 needed can do wiring surely enough (70 %); nobody else comes near",
    )
    assert why_impossible(problem(lead=np.array([0.1, 0.799, 0.2, 0.3]))) == (
        "nobody can lead: a chance of success of 80 % is needed; the nearest is ben with 79 %",
    )
    assert why_impossible(problem(least=6, most=6)) == (
        "only 4 workers can be sent, at least 6 are needed: find 2 more, or allow a crew of 4",
    )
    assert why_impossible(problem(holds=np.ones((4, 2)), counts=np.array([4, 1]))) == (
        "welding needs 4 workers, but a crew has at most 3: allow 4 members or lower the head count",
    )


def test_rules_that_only_together_are_too_much_say_how_many_members_are_enough():
    apart = problem(lead=np.array([0.1, 0.1, 0.1, 0.9]), most=2)
    assert why_impossible(apart) == (
        "each head count can be met, but not all of them and the lead by 2 workers: 3 are enough; allow so many",
    )
    assert best_crews(replace(apart, most=3))


def test_without_candidates_there_is_no_crew_and_a_reason():
    nobody = problem(
        workers=(),
        holds=np.zeros((0, 2)),
        lead=np.zeros(0),
        points=np.zeros(0),
    )
    assert best_crews(nobody) == best_crews(nobody, exact_up_to=0) == ()
    assert why_impossible(nobody)[0] == "only 0 workers can be sent, at least 2 are needed: find 2 more"


def test_a_job_without_needs_gets_the_best_who_can_lead():
    free = problem(needs=(), holds=np.zeros((4, 0)), weights=np.zeros(0), least=1, most=1)
    assert best_crews(free)[0].members == ("anna",)


def test_a_crew_made_by_hand_says_which_rules_it_breaks():
    assert broken_rules(problem(), ("anna", "ben")) == ()
    assert broken_rules(problem(), ("dora",)) == (
        "1 worker, expected 2 to 3",
        "0 of 1 needed can do welding surely enough (70 %); nobody else comes near",
        "0 of 1 needed can do wiring surely enough (70 %); nobody else comes near",
        "nobody can lead: a chance of success of 80 % is needed; the nearest is dora with 10 %",
    )


def test_why_not_her_is_the_best_crew_with_her_less_the_best_crew():
    one = problem(points=np.array([80.0, 60.0, 50.0, 20.0]))
    best, hers = best_crews(one)[0], best_with(one, "dora")
    why = difference(one, hers, best)
    assert why.total == add_in_order(term.points for term in why.terms)
    assert why.total == pytest.approx(hers.score - best.score, abs=1e-12)
    assert why.total < 0
    assert difference(one, hers.members, best.members) == why


# Mistakes.


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"holds": np.full((4, 2), 1.01)}, r"holds\[0, 0\] is 1.01: expected 0 to 1"),
        ({"holds": np.full((4, 2), np.nan)}, r"holds\[0, 0\] is nan: expected 0 to 1"),
        ({"holds": np.zeros((4, 3))}, r"holds has the shape \(4, 3\): expected \(4, 2\)"),
        ({"points": np.array([0.0, 0.0, 101.0, 0.0])}, r"points\[2\] is 101: expected 0 to 100"),
        ({"cost": np.array([0.0, -1.0, 0.0, 0.0])}, r"cost\[1\] is -1: expected 0 or more, and finite"),
        ({"cost": np.full(4, np.inf)}, r"cost\[0\] is inf: expected 0 or more, and finite"),
        ({"lead": np.array([0.1, 0.2, 0.3])}, "lead has the shape"),
        ({"together": np.triu(np.full((4, 4), 0.5), 1)}, "0.5 for anna with ben and 0 the other way round"),
        ({"counts": np.array([1, 0])}, "head count of wiring is 0: expected 1 or more"),
        ({"counts": np.array([1.5, 1.0])}, "counts holds float64: expected int64"),
        ({"weights": np.zeros(2)}, "weights of the needs are all 0"),
        ({"least": 3, "most": 2}, "a crew of 3 to 2 members"),
        ({"least": 0}, "a crew of 0 to 3 members"),
        ({"workers": ("anna", "ben", "anna", "dora")}, "'anna' is in the crew problem more than once"),
        ({"sure": 0.0}, "sure is 0: expected a probability above 0"),
        ({"lead_floor": np.nan}, "lead_floor is nan"),
        ({"cost_scale": 0.0}, "cost scale is 0"),
    ],
)
def test_a_problem_that_makes_no_sense_is_refused(changed, message):
    with pytest.raises(Invalid, match=message):
        problem(**changed)


def test_weights_outside_their_range_are_refused():
    with pytest.raises(Invalid, match="weight of pairs in a crew is -1: expected 0 to 1000"):
        CrewWeights(pairs=-1.0)


def test_strangers_and_doubles_are_refused():
    with pytest.raises(NotFound, match="did you mean 'anna'"):
        best_with(problem(), "ana")
    with pytest.raises(NotFound):
        broken_rules(problem(), ("nobody",))
    with pytest.raises(Invalid, match="each named once"):
        crew_of(problem(), ("anna", "anna"))
    with pytest.raises(Invalid, match="0 crews were asked for"):
        best_crews(problem(), limit=0)
