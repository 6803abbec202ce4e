"""A local model of language that remembers: what it makes of a skill's name is kept in the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from skillmatch.skills.linking import NamedEmbedder
from skillmatch.skills.linking.meaning import Vectors
from skillmatch.store.rows import chunks
from skillmatch.store.store import Store

Progress = Callable[[str, int, int | None], None]

AT_ONCE = 100
"""So many names are embedded, in a second or two, before they are kept: what is stopped goes on from there."""


class Remembering:
    """An embedder whose vectors of skills' names are made once, by whichever process is first.

    `progress` is told how many names were embedded of how many, while there are new ones.
    """

    def __init__(self, store: Store, model: NamedEmbedder) -> None:
        self._store = store
        self._model = model
        self.progress: Progress | None = None

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of skills' names, (texts, dimensions)."""
        name, size = self._model.name, self._model.dimensions
        with self._store.read() as transaction:
            found = transaction.vectors(name, texts, size=size)
        new = list(dict.fromkeys(text for text in texts if text not in found))
        done = 0
        for part in chunks(new, AT_ONCE):
            made = dict(zip(part, self._model.passages(part), strict=True))
            with self._store.write() as transaction:
                transaction.save_vectors(name, made, size=size)
            found |= made
            done += len(part)
            if self.progress is not None:
                self.progress("names of skills embedded", done, len(new))
        return np.stack([found[text] for text in texts])

    def query(self, text: str) -> Vectors:
        """Return the vector of something that somebody wrote, (dimensions,)."""
        return self._model.query(text)
