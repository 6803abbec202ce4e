"""How tests open databases: several processes the same one at once, or one that an older version made."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing.synchronize import Barrier

from alembic import command
from alembic.config import Config

from skillmatch.store import upgrade
from skillmatch.store.connect import address, engine_for, transaction
from skillmatch.store.store import Store


def database_of_version(url: str, version: str) -> Store:
    """Make the tables of an older version in an empty database; only what they share with the newest can be used."""
    engine = engine_for(address(url))
    config = Config()
    config.set_main_option("script_location", str(upgrade.MIGRATIONS).replace("%", "%%"))
    with transaction(engine, writes=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    return Store(engine)


def open_all(barrier: Barrier, urls: Sequence[str]) -> None:
    """Open each database at the same moment as the other processes, and take a number."""
    for url in urls:
        barrier.wait()
        store = Store.open(url)
        with store.write() as transaction:
            transaction.next_revision()
        store.close()
