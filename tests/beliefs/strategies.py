"""Histories of every kind of evidence, made up by hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from skillmatch.beliefs.evidence import Evidence, Override, Retraction
from skillmatch.beliefs.observation import Demand, Result
from tests.kit.build import assessment, at, endorsement, exam, outcome, rating, self_report, training

SKILLS = ("refrigeration", "controls", "hydraulics", "lifts", "welding")
"""Of these `RICH` knows families, circles, both and neither."""

days = st.integers(0, 600_000).map(lambda n: n / 1000.0) | st.integers(0, 5).map(float)
"""Two years, and a few days on which several things happen at once."""
levels = st.floats(0.0, 5.0)
skills = st.sampled_from(SKILLS)


@st.composite
def demands(draw: st.DrawFn, least: int = 0) -> tuple[Demand, ...]:
    names = draw(st.lists(skills, min_size=least, max_size=3, unique=True))
    return tuple(Demand(name, draw(st.none() | levels), draw(st.floats(0.1, 5.0))) for name in names)


def jobs(worker: str = "anna") -> st.SearchStrategy[Evidence]:
    return st.builds(
        outcome,
        st.just(worker),
        demands(),
        days=days,
        result=st.sampled_from(Result),
        job_type=st.sampled_from([None, "easy", "hard", "new"]),
        customer=st.sampled_from([None, "bakery", "school"]),
        site=st.sampled_from([None, "roof", "cellar"]),
        minutes=st.none() | st.floats(0.0, 600.0),
        estimate=st.none() | st.floats(5.0, 300.0),
    )


def statements(worker: str = "anna") -> st.SearchStrategy[Evidence]:
    who, raters = st.just(worker), st.sampled_from(["mona", "olaf"])
    return (
        st.builds(self_report, who, skills, level=levels, days=days)
        | st.builds(assessment, who, skills, level=levels, days=days, rater=raters)
        | st.builds(endorsement, who, skills, level=levels, days=days, rater=raters)
        | st.builds(rating, who, demands(), stars=st.floats(1.0, 5.0), days=days, customer=st.none() | raters)
    )


def silent(worker: str = "anna") -> st.SearchStrategy[Evidence]:
    """Facts that say nothing to the filter."""
    return st.sampled_from(
        [
            exam(worker, None, days=3.0),
            Override(id="v1", worker=worker, time=at(2.5), source="test", skill="controls", level=5.0, rater="mona"),
            Retraction(id="x1", worker=worker, time=at(2.5), source="test", retracts_source="a", retracts_id="b"),
        ]
    )


def proofs(worker: str = "anna") -> st.SearchStrategy[Evidence]:
    who = st.just(worker)
    return st.builds(training, who, skills, level=levels, days=days) | st.builds(
        exam, who, skills, level=levels, days=days
    )


def evidence(worker: str = "anna", most: int = 20) -> st.SearchStrategy[list[Evidence]]:
    """Return strategies for one worker's facts of all kinds, in canonical order."""
    kinds = jobs(worker) | jobs(worker) | statements(worker) | proofs(worker) | silent(worker)
    found = st.lists(kinds, max_size=most, unique_by=lambda fact: fact.key)
    return found.map(lambda facts: sorted(facts, key=lambda fact: fact.order))


def companies(most: int = 12) -> st.SearchStrategy[dict[str, list[Evidence]]]:
    """Return strategies for the histories of three workers."""
    return st.fixed_dictionaries({worker: evidence(worker, most) for worker in ("anna", "ben", "chen")})
