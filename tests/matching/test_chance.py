"""A chance in words, and the parts of it that a job brings with it."""

from dataclasses import replace

import pytest

from skillmatch.matching.chance import explain_chance, in_words
from skillmatch.model import Customer, Requirement, Worker
from tests.kit.build import RICH, outcome, view


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (1.0, "almost certain"),
        (0.95, "almost certain"),
        (0.9499, "very likely"),
        (0.7, "likely"),
        (0.6, "more likely than not"),
        (0.5, "even"),
        (0.4499, "unlikely"),
        (0.2, "very unlikely"),
        (0.0, "very unlikely"),
    ],
)
def test_a_chance_in_words(chance: float, words: str):
    assert in_words(chance) == words


def test_what_is_hard_about_a_job_is_told_by_what_it_comes_from():
    seen = view(
        [outcome()],
        needs=(Requirement("refrigeration", 3.0, 3.0), Requirement("lifts")),
        params=RICH,
        job_type="hard",
        customer=Customer("bakery", "Bakery"),
        site="roof",
    )
    terms = {term.key: term for term in explain_chance(seen, 0).terms}
    assert terms["difficulty:type"].points == -RICH.difficulties["hard"].mean
    assert terms["difficulty:customer"].points == -RICH.customers["bakery"].mean
    assert terms["difficulty:site"].points == -RICH.sites["roof"].mean
    assert terms["difficulty:1"].points == -(0.25 * RICH.skills["lifts"].difficulty)
    assert terms["level:0"].points == pytest.approx(-0.75 * RICH.logit_of_level(3.0))
    assert terms["skill:0"].detail == "75 % of the work"
    assert terms["skill:1"].detail == "25 % of the work; nothing on record"
    assert terms["practice:1"].label == "lifts: never done"


def test_a_stranger_has_the_chance_of_an_average_worker_told_term_by_term():
    seen = view(workers=[Worker("new", "New")])
    told = explain_chance(seen, 0)
    points = {term.key: term.points for term in told.terms}
    assert points["general"] == points["skill:0"] == 0.0
    assert points["base"] == seen.params.base
    assert told.total == pytest.approx(float(seen.shrink[0]) * float(seen.log_odds[0]))


def test_skills_are_told_by_the_names_that_people_use():
    named = replace(view([outcome()]), names={"refrigeration": "Cold rooms"})
    assert "Cold rooms" in [term.label for term in explain_chance(named, 0).terms]
