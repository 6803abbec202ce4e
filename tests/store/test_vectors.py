"""Vectors come back to the bit, by model and text; what is damaged is left out and made anew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from skillmatch.errors import Invalid
from skillmatch.store.schema import skill_vector
from skillmatch.store.store import Store
from skillmatch.store.vectors import Vector, digest

FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=20)


def keep(store: Store, model: str = "m", **vectors: list[float]) -> None:
    with store.write() as transaction:
        made = {text: np.array(vector, np.float32) for text, vector in vectors.items()}
        transaction.save_vectors(model, made, size=3)


def found(store: Store, *texts: str, model: str = "m", size: int = 3) -> dict[str, Vector]:
    with store.read() as transaction:
        return transaction.vectors(model, texts, size=size)


def damage(store: Store, text: str, blob: bytes) -> None:
    with store.write() as transaction:
        row = skill_vector.c.digest == digest(text)
        transaction._execute(update(skill_vector).where(row).values(vector=blob))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(vectors=st.dictionaries(TEXTS | st.just("half \ud800"), st.tuples(FLOATS, FLOATS, FLOATS), max_size=5))
def test_vectors_come_back_to_the_bit(store: Store, vectors: dict[str, tuple[float, float, float]]):
    made = {text: np.array(vector, np.float32) for text, vector in vectors.items()}
    with store.write() as transaction:
        transaction.save_vectors("m", made, size=3)
    back = found(store, *vectors)
    assert {text: vector.tobytes() for text, vector in back.items()} == {
        text: vector.tobytes() for text, vector in made.items()
    }
    assert all(vector.dtype == np.float32 for vector in back.values())


def test_they_are_those_of_the_model_and_the_text_alone(store: Store):
    keep(store, one=[1, 2, 3])
    keep(store, "other", one=[4, 5, 6])
    assert found(store, "one", "two")["one"].tolist() == [1, 2, 3]
    assert list(found(store, "one", "two")) == ["one"]
    assert found(store, "one", model="other")["one"].tolist() == [4, 5, 6]
    assert found(store, "one", model="third") == {}


def test_what_is_kept_again_counts_and_no_revision_is_taken(store: Store):
    keep(store, one=[1, 2, 3])
    keep(store, one=[7, 8, 9], two=[0, 0, 1])
    assert found(store, "one", "two")["one"].tolist() == [7, 8, 9]
    with store.read() as transaction:
        assert transaction.revision() == 0


@pytest.mark.parametrize("blob", [b"", b"\0" * 11, b"\0" * 16, np.array([1, np.nan, 0], "<f4").tobytes()])
def test_what_is_no_vector_of_that_size_is_left_out_until_it_is_kept_anew(store: Store, blob: bytes):
    keep(store, one=[1, 2, 3], two=[4, 5, 6])
    damage(store, "one", blob)
    assert list(found(store, "one", "two")) == ["two"]
    keep(store, one=[1, 2, 3])
    assert found(store, "one")["one"].tolist() == [1, 2, 3]


def test_vectors_of_another_size_are_not_those_that_were_asked_for(store: Store):
    keep(store, one=[1, 2, 3])
    assert found(store, "one", size=4) == {}


@pytest.mark.parametrize("vector", [[1.0, 2.0], [[1.0, 2.0, 3.0]], [1.0, float("inf"), 2.0]])
def test_what_is_no_vector_is_not_kept(store: Store, vector: list[float]):
    with pytest.raises(Invalid, match="expected 3 finite numbers"):
        keep(store, fine=[1, 2, 3], one=vector)
    assert found(store, "fine", "one") == {}


def test_the_form_on_disk_is_little_endian_float32(store: Store):
    keep(store, one=[1, -2, 0.5])
    with store.read() as transaction:
        row = transaction._execute(select(skill_vector)).one()
    assert bytes(row.vector).hex() == "0000803f" + "000000c0" + "0000003f"
    assert row.digest == digest("one") == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
