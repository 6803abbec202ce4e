"""Skills that hang together are found: by the skills graph, and by who does what."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from skillmatch.model import Link, LinkKind, Skill
from skillmatch.skills.graph import SkillGraph
from skillmatch.skills.relatedness import FEWEST_SKILLS, circles, families, only_shared, relatedness, skill_vectors

NAMES = tuple(f"{trade}{n}" for trade in ("cold", "lift") for n in range(10))


def two_trades(workers: int = 40, stray: float = 0.05, seed: int = 1) -> np.ndarray:
    """Return who does what, (workers, skills): half of them do the first ten skills, half the others, some stray."""
    rng = np.random.default_rng(seed)
    own = (np.arange(workers)[:, None] < workers // 2) == (np.arange(20)[None, :] < 10)
    return np.where(own, rng.poisson(6.0, own.shape), rng.random(own.shape) < stray).astype(np.float64)


def trade(skill: str) -> str:
    return skill[:4]


def main_circle(loads: tuple[tuple[str, float], ...]) -> str:
    return max(loads, key=lambda load: load[1])[0]


@pytest.mark.parametrize("seed", range(5))
def test_two_trades_are_two_circles(seed: int):
    found = circles(NAMES, two_trades(seed=seed))
    assert found.keys() == set(NAMES)
    for one, other in combinations(NAMES, 2):
        assert (main_circle(found[one]) == main_circle(found[other])) == (trade(one) == trade(other))
    assert {main_circle(loads) for loads in found.values()} <= set(NAMES)


def test_skills_of_one_trade_are_more_alike():
    alike = relatedness(two_trades())
    same = np.array([[trade(one) == trade(other) for other in NAMES] for one in NAMES])
    assert alike[same].min() > alike[~same].max()
    assert np.all((alike >= 0.0) & (alike <= 1.0))
    assert alike == pytest.approx(alike.T, abs=1e-12)


def test_vectors_reproduce_the_information_that_they_are_made_of():
    """With all dimensions, lengths restored, the products of vectors are the root of the information's Gram matrix."""
    weights = np.log1p(two_trades())
    expected = np.outer(weights.sum(1), weights.sum(0)) / weights.sum()
    with np.errstate(divide="ignore"):
        information = np.maximum(np.where(weights > 0, np.log(weights / expected), 0.0), 0.0)
    _u, values, right = np.linalg.svd(information, full_matrices=False)
    whole = right.T * np.sqrt(values)
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    found = skill_vectors(two_trades(), dimensions=20)
    assert found @ found.T == pytest.approx(whole @ whole.T, abs=1e-6)
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(20), abs=1e-9)


def test_there_are_no_circles_with_too_little_to_go_by():
    counts = two_trades()
    assert circles(NAMES[: FEWEST_SKILLS - 1], counts[:, : FEWEST_SKILLS - 1]) == {}
    assert circles(NAMES, counts[: FEWEST_SKILLS - 1]) == {}
    assert circles(NAMES, np.eye(40, 20)) == {}
    assert circles((), np.zeros((40, 0))) == {}


def test_a_skill_that_one_worker_alone_practises_is_in_no_circle():
    counts = two_trades()
    counts[1:, 3] = 0.0
    counts[0, 3] = 50.0
    assert circles(NAMES, counts).keys() == set(NAMES) - {"cold3"}


@settings(max_examples=25)
@given(arrays(np.int64, st.tuples(st.integers(8, 14), st.integers(8, 14)), elements=st.integers(0, 9)))
def test_squares_of_strengths_add_up_to_at_most_one(counts: np.ndarray):
    # Every row differs a little, so that there are as many different skills as circles.
    varied = counts + 0.01 * np.arange(counts.size).reshape(counts.shape) / counts.size
    for loads in circles([f"s{n}" for n in range(counts.shape[1])], varied).values():
        assert sum(load * load for _name, load in loads) <= 1.0 + 1e-9
        assert all(0.0 < load <= 1.0 + 1e-9 for _name, load in loads)
        assert len({name for name, _load in loads}) == len(loads) <= 2


def test_the_same_counts_give_the_same_circles():
    assert circles(NAMES, two_trades()) == circles(NAMES, two_trades())


def graph(*links: tuple[str, str, float]) -> SkillGraph:
    ids = sorted({end for link in links for end in link[:2]} | {"alone"})
    return SkillGraph(
        [Skill(id, id) for id in ids], [Link(low, high, LinkKind.BROADER, weight) for low, high, weight in links]
    )


def test_a_family_is_what_is_directly_below_a_skill_and_that_skill():
    found = families(graph(("chiller", "cooling", 1.0), ("freezer", "cooling", 1.0), ("cooling", "hvac", 1.0)))
    assert found["chiller"] == found["freezer"] == (("cooling", 1.0),)
    assert found["hvac"] == (("hvac", 1.0),)
    half = pytest.approx(0.5**0.5)
    assert found["cooling"] == (("cooling", half), ("hvac", half))
    assert "alone" not in found


def test_other_links_make_no_family():
    skills = [Skill("a", "a"), Skill("b", "b")]
    for kind in (LinkKind.NEEDS, LinkKind.RELATED):
        assert families(SkillGraph(skills, [Link("a", "b", kind)])) == {}


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.floats(0.01, 1.0)), max_size=30))
def test_squares_of_strengths_in_families_add_up_to_one(pairs: list[tuple[int, int, float]]):
    links = {(low, high): weight for low, high, weight in pairs if low < high}
    found = families(graph(*((f"s{low:02}", f"s{high:02}", weight) for (low, high), weight in links.items())))
    assert found.keys() == {f"s{end:02}" for pair in links for end in pair}
    for loads in found.values():
        assert sum(load * load for _name, load in loads) == pytest.approx(1.0)


def test_a_part_that_one_skill_alone_draws_on_is_none():
    loads = {"a": (("x", 0.8), ("y", 0.5)), "b": (("x", 0.4),), "c": (("z", 1.0),)}
    assert only_shared(loads) == {"a": (("x", 0.8),), "b": (("x", 0.4),)}
