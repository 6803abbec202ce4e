"""A store on each kind of database, with three workers and three skills in it."""

from collections.abc import Iterator

import pytest

from skillmatch.model import Skill, Worker
from skillmatch.store.store import Store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Open an empty database."""
    store = Store.open(database_url)
    yield store
    store.close()


@pytest.fixture
def filled(store: Store) -> Store:
    """Put in what evidence and beliefs refer to."""
    with store.write() as transaction:
        revision = transaction.next_revision()
        workers = [Worker(id, id.title()) for id in ("anna", "ben", "carla")]
        skills = [Skill(id, id.title()) for id in ("controls", "hydraulics", "refrigeration")]
        transaction.save_nouns(Worker, workers, revision=revision)
        transaction.save_nouns(Skill, skills, revision=revision)
    return store
