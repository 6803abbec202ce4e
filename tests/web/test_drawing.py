"""Drawings: what is printed adds up, and what is drawn stays inside and is as long as its numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.explanation import Explanation, Term
from skillmatch_web.drawing import WIDTH, in_families, interval, rounded, waterfall

points = st.one_of(st.just(0.0), st.floats(-100, 100, allow_subnormal=False))
explanations = st.lists(points, max_size=12).map(
    lambda numbers: Explanation.of((Term(f"k:{n}", p, f"l {n}") for n, p in enumerate(numbers)), unit="points")
)


@given(explanations, st.integers(0, 3))
def test_rounded_terms_add_up_to_the_rounded_total(whole: Explanation, decimals: int):
    printed = [float(f"{term.points:.{decimals}f}") for term in rounded(whole, decimals).terms]
    assert f"{sum(printed) + 0.0:.{decimals}f}".strip("-") == f"{whole.total:.{decimals}f}".strip("-")


@given(explanations, st.integers(0, 3))
def test_no_rounded_term_is_a_whole_unit_from_the_true_one(whole: Explanation, decimals: int):
    for shown, true in zip(rounded(whole, decimals).terms, whole.terms, strict=True):
        assert abs(shown.points - true.points) < 10.0**-decimals * (1 + 1e-9)
        assert (shown.key, shown.label, shown.detail) == (true.key, true.label, true.detail)


@given(explanations)
def test_a_term_of_nothing_is_printed_as_nothing(whole: Explanation):
    for shown, true in zip(rounded(whole).terms, whole.terms, strict=True):
        assert true.points != 0.0 or shown.points == 0.0


@given(explanations, st.floats(0, 100))
def test_a_waterfall_stays_inside_and_ends_at_the_total(whole: Explanation, full: float):
    drawn = waterfall(whole, full=full)
    # A tenth of a unit is a hundredth of a percent of the width; nobody sees it.
    for bar, term in zip(drawn.bars, whole.terms, strict=True):
        assert -0.1 <= bar.left <= bar.left + bar.width <= WIDTH + 0.1
        assert bar.falls == (term.points < 0.0) or bar.width == 0.0
    assert 0.0 <= drawn.zero <= WIDTH
    assert 0.0 <= drawn.total <= WIDTH


def test_terms_of_one_objective_become_one_for_a_line():
    terms = (
        Term("success", 50.0, "chance of success"),
        Term("familiarity:0", 3.0, "familiar with Boiler controls"),
        Term("familiarity:1", 4.0, "familiar with Heat pumps"),
    )
    short = in_families(Explanation.of(terms, unit="points"))
    assert [(term.points, term.label) for term in short.terms] == [
        (50.0, "chance of success"),
        (7.0, "familiar with the work"),
    ]


def test_each_objective_has_its_colour_wherever_it_is_drawn():
    terms = (Term("a", 1.0, "a"), Term("b:0", 1.0, "b"), Term("b:1", 1.0, "b"))
    whole = Explanation.of(terms, unit="points")
    assert [bar.colour for bar in waterfall(whole, coloured=True).bars] == [0, 1, 1]
    assert [bar.colour for bar in waterfall(in_families(whole), coloured=True).bars] == [0, 1]
    assert [bar.colour for bar in waterfall(whole).bars] == [0, 0, 0]


def test_an_interval_lies_where_its_numbers_say():
    drawn = interval(1.0, 2.5, 4.0, full=5.0)
    assert (drawn.low, drawn.mark, drawn.width) == pytest.approx((200.0, 500.0, 600.0))
