"""Waterfalls: each bar from the sum before it to the sum after it, inside the drawing, with the numbers printed."""

from __future__ import annotations

import re
from html import unescape
from itertools import accumulate, pairwise

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.explanation import Explanation, Term
from skillmatch.workspace import Workspace
from skillmatch_web.drawing import rounded
from skillmatch_web.falls import TOP, WIDTH, fall
from tests.web.conftest import BEN, OPEN

POINTS = st.lists(st.floats(-50, 50), min_size=1, max_size=12)


@given(points=POINTS, chances=st.booleans())
def test_every_bar_goes_from_one_sum_to_the_next(points: list[float], chances: bool):
    whole = rounded(Explanation.of([Term(f"t{n}", p, f"t{n}") for n, p in enumerate(points)], unit="points"))
    drawn = fall(whole, "Score", chances=chances)
    sums = list(accumulate((term.points for term in whole.terms), initial=0.0))
    low, high = min(sums), max(sums)
    if chances:
        low, high = min(low, -1.5), max(high, 1.5)
    unit = WIDTH / (high - low) if high > low else 0.0
    for step, (before, after) in zip(drawn.steps, pairwise(sums), strict=True):
        assert step.x == pytest.approx((min(before, after) - low) * unit, abs=0.06)
        assert step.x + step.width == pytest.approx((max(before, after) - low) * unit, abs=0.11)
        assert (step.kind == "falls") == (after < before)
        assert -0.06 <= step.x <= step.x + step.width <= WIDTH + 0.2
    assert drawn.total.end == pytest.approx((sums[-1] - low) * unit, abs=0.06)
    assert [step.y for step in drawn.steps] == [TOP + 32.0 * n for n in range(len(points))]
    assert all(0.0 < tick.x < WIDTH for tick in drawn.ticks)


def test_an_even_chance_is_marked_where_the_sum_is_nothing():
    drawn = fall(Explanation.of([Term("a", 0.8, "a")], unit="log-odds"), "Chance", chances=True)
    assert {tick.text: tick.x for tick in drawn.ticks}["50\u00a0%"] == pytest.approx(drawn.zero, abs=0.1)


def test_the_drawing_on_a_page_has_the_numbers_of_its_table(client: FlaskClient, workspace: Workspace):
    page = client.get(f"/jobs/{OPEN}/workers/{BEN}").text
    drawings = re.findall(r'<svg class="fall".*?</svg>', page, re.DOTALL)
    tables = re.findall(r'<table class="terms">.*?</table>', page, re.DOTALL)
    assert len(drawings) == len(tables) == 2
    for drawing, table in zip(drawings, tables, strict=True):
        drawn = re.findall(r'class="v(?: b)?"[^>]*>([^<]+)<', drawing)
        assert drawn == re.findall(r'class="number">([^<]+)</td>', table)
        labels = [unescape(label) for label in re.findall(r'<text x="0"[^>]*>([^<]+)<', drawing)]
        assert all(label.rstrip("…") in unescape(table) for label in labels)
        assert 'role="img" aria-label="' in drawing
    assert f"{workspace.explain(OPEN, BEN).score:.1f}" in drawings[0]


def test_a_card_says_the_way_and_what_is_booked(client: FlaskClient, workspace: Workspace):
    page = client.get(f"/jobs/{OPEN}").text
    assert page.count("way unknown · 0 h booked that day, 0 of 40 h that week") == len(workspace.rank(OPEN).candidates)
