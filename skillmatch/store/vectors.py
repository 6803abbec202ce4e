"""Vectors of texts by the model that made them: little-endian float32, found by what the text is, not by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from skillmatch.errors import Invalid
from skillmatch.store import schema
from skillmatch.store.rows import Rows, chunks

TABLE = schema.skill_vector
FORM = np.dtype("<f4")

Vector = npt.NDArray[np.float32]


class Vectors(Rows):
    """The part of a transaction that keeps vectors. They take no revision: each follows from model and text alone."""

    def vectors(self, model: str, texts: Iterable[str], *, size: int) -> dict[str, Vector]:
        """Return the vectors that a model made of texts, by text, each (size,).

        What was never kept is left out, and so is what is no vector of that size: it is made anew and kept over it.
        """
        by_digest = {digest(text): text for text in texts}
        columns = (TABLE.c.digest, TABLE.c.vector)
        found = {}
        for part in chunks(by_digest):
            wanted = select(*columns).where(TABLE.c.model == model, self._among(TABLE.c.digest, part))
            for row in self._execute(wanted):
                vector = _decode(bytes(row.vector), size)
                if vector is not None:
                    found[by_digest[row.digest]] = vector
        return found

    def save_vectors(self, model: str, vectors: Mapping[str, Vector], *, size: int) -> None:
        """Keep what a model made of texts, over what was kept of them before.

        Raises
        ------
        Invalid
            For one that is no vector of that size.
        """
        rows = [{"model": model, "digest": digest(text), "vector": _encode(vectors[text], size)} for text in vectors]
        insert = postgresql.insert(TABLE) if self._on_postgresql else sqlite.insert(TABLE)
        keeping = insert.on_conflict_do_update(
            index_elements=list(TABLE.primary_key), set_={"vector": insert.excluded.vector}
        )
        # In one order, so that two who keep the same texts do not wait for each other.
        for part in chunks(sorted(rows, key=lambda row: str(row["digest"]))):
            self._execute(keeping, part)


def digest(text: str) -> str:
    """Return what a text is found by."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _encode(vector: Vector, size: int) -> bytes:
    if vector.shape != (size,) or not np.isfinite(vector).all():
        raise Invalid(f"a vector of shape {vector.shape} was to be kept: expected {size} finite numbers")
    return vector.astype(FORM).tobytes()


def _decode(blob: bytes, size: int) -> Vector | None:
    if len(blob) != size * FORM.itemsize:
        return None
    vector = np.frombuffer(blob, FORM).astype(np.float32)
    return vector if np.isfinite(vector).all() else None
