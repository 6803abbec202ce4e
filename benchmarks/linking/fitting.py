"""Where the weights of `skillmatch.skills.linking.weights` come from: `python -m benchmarks.linking.fitting DATA`.

Logistic regression of "people found this skill here" over the skills looked at, on the sentences of the two validation
files and the labelled pieces of them, by scikit-learn with a ridge penalty on standardised figures. Each text is linked
to the whole taxonomy and to small ones drawn from it, because a company has 30 skills or 300 rather than 13,896:
learned on the whole alone, the confidence of the best link among 30 was off by .43 with the model. The chance that none
is meant is a logistic regression on the highest logit, from sentences held out in turn.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.linking.data import Query, taxonomy, validation
from skillmatch.model import Skill
from skillmatch.skills.linking import Embedder, Linker, LocalModel, features, meaning
from skillmatch.skills.linking.index import Floats
from skillmatch.skills.linking.meaning import Vectors
from skillmatch.skills.linking.weights import Weights
from skillmatch.skills.linking.words import clean

FOLDS = 5
PENALTY = 1.0
SIZES = (300, 30)
"""Sizes of the small taxonomies, each drawn `DRAWS` times; a third of their skills, up to 150, are meant somewhere."""
DRAWS = 2
MOST_MEANT = 150
SMALL = 0.25
"""What an example from a small taxonomy counts."""


@dataclass(frozen=True, slots=True)
class Example:
    """The skills looked at for a text, (skills,), with their figures, (skills, features), and whether each is meant."""

    query: Query
    skills: tuple[str, ...]
    figures: Floats
    meant: Floats
    weight: float = 1.0


class Remembering:
    """An embedder that asks another one only once for each text."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._queries: dict[str, Vectors] = {}

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.passages(texts)

    def query(self, text: str) -> Vectors:
        if text not in self._queries:
            self._queries[text] = self._embedder.query(text)
        return self._queries[text]


def examples(linker: Linker, queries: Sequence[Query]) -> list[Example]:
    """Return an example for each text, of its first block of words."""
    found = []
    for query in queries:
        for block in linker.scored(clean(query.text)):
            skills = tuple(linker.id_of(number) for number in block.fits.skills.tolist())
            meant = np.array([skill in query.skills for skill in skills], float)
            found.append(Example(query, skills, block.figures, meant))
            break
    return found


def of_all_sizes(
    skills: Sequence[Skill], queries: Sequence[Query], embedder: Embedder | None
) -> dict[int, list[Example]]:
    """Return the examples of taxonomies of different sizes, by size; the whole one is the first."""
    whole = Linker(skills, embedder=embedder)
    found = {len(skills): examples(whole, queries)}
    rng = np.random.default_rng(0)
    meant = sorted({skill for query in queries for skill in query.skills})
    for size in SIZES:
        for _draw in range(DRAWS):
            kept = {meant[place] for place in rng.permutation(len(meant))[: min(size // 3, MOST_MEANT)]}
            others = [skill for skill in skills if skill.id not in kept]
            kept |= {others[place].id for place in rng.permutation(len(others))[: size - len(kept)]}
            own = [skill for skill in skills if skill.id in kept]
            part = Linker(own, embedder=embedder, vectors=whole.vectors)
            cut = [replace(query, skills=query.skills & kept) for query in queries]
            found.setdefault(size, []).extend(replace(one, weight=SMALL) for one in examples(part, cut))
    return found


def fit(found: Sequence[Example], names: Sequence[str], *, none: bool = True) -> Weights:
    """Return the weights that fit some examples."""
    from sklearn.linear_model import LogisticRegression

    figures = np.concatenate([example.figures for example in found])
    meant = np.concatenate([example.meant for example in found])
    mean, sd = figures.mean(axis=0), figures.std(axis=0) + 1e-9
    counts = np.concatenate([np.full(len(example.skills), example.weight) for example in found])
    model = LogisticRegression(C=PENALTY, max_iter=3000).fit((figures - mean) / sd, meant, counts)
    slopes = model.coef_[0] / sd
    intercept = float(model.intercept_[0] - slopes @ mean)
    weights = Weights(intercept, dict(zip(names, slopes.tolist(), strict=True)), 0.0, -1.0)
    if not none:
        return weights
    highest, nothing, count = [], [], []
    for number in range(FOLDS):
        inner = fit([example for example in found if example.query.group % FOLDS != number], names, none=False)
        for example in found:
            if example.query.group % FOLDS == number and len(example.skills):
                highest.append(float(logits(example, inner).max()))
                nothing.append(not example.query.skills)
                count.append(example.weight)
    other = LogisticRegression(C=PENALTY).fit(np.array(highest)[:, None], nothing, count)
    return replace(weights, none_intercept=float(other.intercept_[0]), none_slope=float(other.coef_[0, 0]))


def logits(example: Example, weights: Weights) -> Floats:
    """Return the logit of each skill of an example."""
    return np.asarray(example.figures @ np.array(list(weights.figures.values())) + weights.intercept)


def held_out(found: Sequence[Example], others: Sequence[Example], names: Sequence[str]) -> list[tuple[Example, Floats]]:
    """Return each example with the logits by weights fitted on the `others`, sentences much alike held out together."""
    out = []
    for number in range(FOLDS):
        weights = fit([example for example in others if example.query.group % FOLDS != number], names, none=False)
        own = [example for example in found if example.query.group % FOLDS == number]
        out += [(example, logits(example, weights)) for example in own]
    return out


def names_of(embedder: Embedder | None) -> tuple[str, ...]:
    """Return the figures that a linker with this embedder has."""
    return (*features.FEATURES, *(() if embedder is None else meaning.FEATURES))


def show(weights: Weights) -> str:
    """Return weights as they are written in the source."""
    figures = ", ".join(f'"{name}": {value:.3f}' for name, value in weights.figures.items())
    return f"Weights({weights.intercept:.3f}, {{{figures}}}, {weights.none_intercept:.3f}, {weights.none_slope:.3f})"


def main(data: Path) -> None:
    """Print the weights with words alone and with the local model."""
    skills, queries = taxonomy(data), validation(data)
    for embedder in (None, Remembering(LocalModel())):
        found = of_all_sizes(skills, queries, embedder)
        print(show(fit([example for own in found.values() for example in own], names_of(embedder))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
