"""What each of several processes does in a test: wait for the others, then open the same databases."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing.synchronize import Barrier

from skillmatch.store.store import Store


def open_all(barrier: Barrier, urls: Sequence[str]) -> None:
    """Open each database at the same moment as the other processes, and take a number."""
    for url in urls:
        barrier.wait()
        store = Store.open(url)
        with store.write() as transaction:
            transaction.next_revision()
        store.close()
