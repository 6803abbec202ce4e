"""What people said about earlier links: accepted ones become names of the skill, rejected ones speak against it."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, log1p

import numpy as np

from skillmatch.skills.linking.features import FRAMING, Heard
from skillmatch.skills.linking.index import Floats, Index
from skillmatch.skills.linking.words import FRAME, clean, keys
from skillmatch.taxonomy import Correction

__all__ = ["Correction", "Said", "balance", "bearing", "said"]

CONTAINED = 0.6
"""A correction bears on a text that holds more than this share of its words, and fully on one that holds them all."""


@dataclass(frozen=True, slots=True)
class Said:
    """A correction as it is calculated with: words by their numbers, how much each says, and for or against."""

    words: tuple[int, ...]
    framing: tuple[float, ...]
    accepted: bool


def said(index: Index, correction: Correction) -> Said | None:
    """Return a correction in numbers of the index, to which its words are added; None when it has no words."""
    words = keys(clean(correction.text))
    if not words:
        return None
    return Said(
        tuple(index.number(words)), tuple(FRAMING if word in FRAME else 1.0 for word in words), correction.accepted
    )


def bearing(index: Index, heard: Heard, one: Said) -> float:
    """Return how much of a correction holds for what is heard, from 0 to 1."""
    places = np.array(one.words)
    weights: Floats = index.arrays.rarity[places] * np.array(one.framing)
    # A framing word is as good as itself here: the correction's own words were said just so.
    best = np.minimum(heard.alike[places].max(axis=1) / np.array(one.framing), 1.0)
    share = float(weights @ best / weights.sum())
    return max(share - CONTAINED, 0.0) / (1.0 - CONTAINED)


def balance(index: Index, heard: Heard, corrections: list[Said]) -> float:
    """Return what a skill's corrections say about what is heard: log of (1 + for) / (1 + against)."""
    # fsum: the same sum in whatever order they were said.
    speaks_for, against = (
        fsum(bearing(index, heard, one) for one in corrections if one.accepted is side) for side in (True, False)
    )
    return log1p(speaks_for) - log1p(against)
