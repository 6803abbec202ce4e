"""What skills share: families from the skills graph, and circles of skills that the same people practise.

Both come out as loadings: each skill draws with a strength from 0 to 1 on some parts that it shares with others, and
the squares of a skill's strengths add up to at most one for each of the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np
import numpy.typing as npt

from skillmatch.model import LinkKind
from skillmatch.skills.graph import SkillGraph

Floats = npt.NDArray[np.float64]

DIMENSIONS = 16
"""Length of the vectors that stand for skills: more added nothing in simulations (docs/model.md, section 1.7)."""
SKILLS_PER_CIRCLE = 10
MOST_CIRCLES = 40
FEWEST_SKILLS = 8
"""With fewer skills, or fewer workers, who does what says nothing that single skills do not."""
CIRCLES_PER_SKILL = 2


def families(graph: SkillGraph) -> dict[str, tuple[tuple[str, float], ...]]:
    """Return for each skill the families it belongs to, with how strongly: the skills directly broader than it.

    A family is named by its broadest skill, which belongs to it as well. One that has no other member is none.
    """
    members: dict[str, dict[str, float]] = {}
    for link in graph.links:
        if link.kind is LinkKind.BROADER:
            members.setdefault(link.target, {link.target: 1.0})[link.source] = link.weight
    found: dict[str, list[tuple[str, float]]] = {}
    for family in sorted(members):
        for skill, weight in members[family].items():
            found.setdefault(skill, []).append((family, weight))
    return {skill: _scaled(loads) for skill, loads in found.items()}


def _scaled(loads: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Return strengths scaled so that their squares add up to one."""
    size = sqrt(sum(load * load for _name, load in loads))
    return tuple((name, load / size) for name, load in loads)


def skill_vectors(counts: Floats, *, dimensions: int = DIMENSIONS) -> Floats:
    """Return a vector of length one for each skill, (skills, dimensions): alike where the same people practise them.

    Positive pointwise mutual information of workers and skills, then a truncated singular value decomposition (Levy and
    Goldberg, Neural Word Embedding as Implicit Matrix Factorization, 2014).

    Parameters
    ----------
    counts
        How often each worker practised each skill, (workers, skills); logarithms of it are taken.
    """
    weights = np.log1p(counts)
    total = weights.sum()
    expected = weights.sum(axis=1, keepdims=True) * weights.sum(axis=0, keepdims=True) / max(total, 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.where(weights > 0.0, np.log(weights / expected), 0.0)
    positive = np.maximum(information, 0.0)
    # The right singular vectors, by way of the smaller of the two products.
    values, vectors = np.linalg.eigh(positive.T @ positive)
    kept = min(dimensions, len(values))
    scale = np.sqrt(np.sqrt(np.maximum(values[::-1][:kept], 0.0)))
    found: Floats = vectors[:, ::-1][:, :kept] * scale
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12))


def relatedness(counts: Floats) -> Floats:
    """Return how alike each two skills are by who does them, (skills, skills), from 0 to 1."""
    vectors = skill_vectors(counts)
    found: Floats = np.clip(vectors @ vectors.T, 0.0, 1.0)
    return found


def circles(skills: Sequence[str], counts: Floats) -> dict[str, tuple[tuple[str, float], ...]]:
    """Return for each skill the circles it belongs to, with how strongly; nothing where there is too little to go by.

    A circle is named by the skill nearest to its middle. `counts` has shape (workers, skills).
    """
    practised = np.flatnonzero((counts > 0).sum(axis=0) >= 2)
    if len(practised) < FEWEST_SKILLS or len(counts) < FEWEST_SKILLS:
        return {}
    from sklearn.cluster import KMeans

    vectors = skill_vectors(counts[:, practised])
    number = int(np.clip(round(len(practised) / SKILLS_PER_CIRCLE), 2, MOST_CIRCLES))
    middles = KMeans(number, n_init=4, random_state=0).fit(vectors).cluster_centers_
    middles /= np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-12)
    likeness = np.clip(vectors @ middles.T, 0.0, 1.0)
    names = [skills[practised[int(np.argmax(likeness[:, circle]))]] for circle in range(number)]
    found = {}
    for place, row in zip(practised, likeness, strict=True):
        nearest = np.argsort(-row, kind="stable")[:CIRCLES_PER_SKILL]
        loads = [(names[circle], float(row[circle])) for circle in nearest if row[circle] > 0.0]
        merged: dict[str, float] = {}
        for name, load in loads:
            merged[name] = max(load, merged.get(name, 0.0))
        size = max(sqrt(sum(load * load for load in merged.values())), 1.0)
        found[skills[int(place)]] = tuple((name, load / size) for name, load in merged.items())
    return found


def only_shared(loads: Mapping[str, tuple[tuple[str, float], ...]]) -> dict[str, tuple[tuple[str, float], ...]]:
    """Return the loadings without parts that only one skill draws on."""
    users: dict[str, int] = {}
    for own in loads.values():
        for part, _load in own:
            users[part] = users.get(part, 0) + 1
    kept = {skill: tuple(one for one in own if users[one[0]] > 1) for skill, own in loads.items()}
    return {skill: own for skill, own in kept.items() if own}
