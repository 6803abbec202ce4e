"""Finding the worker somebody means by what she typed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from skillmatch.model import Worker
from skillmatch_web.languages import _


def find_workers(workers: Sequence[Worker], text: str) -> tuple[Worker, ...]:
    """Return the workers meant by an id, a name, or parts of either, by name.

    Whoever has exactly this id, else exactly this name, is meant alone.
    """
    wanted = text.strip()
    words = wanted.casefold().split()
    for exactly in (
        [worker for worker in workers if worker.id == wanted],
        [worker for worker in workers if worker.name.casefold().split() == words],
    ):
        if exactly:
            return tuple(exactly)
    texts = ((worker, f"{worker.name} {worker.id} {worker.team}".casefold()) for worker in workers)
    found = (worker for worker, text in texts if all(word in text for word in words))
    return tuple(sorted(found, key=lambda worker: (worker.name.casefold(), worker.id)))


def nobody(workers: Sequence[Worker], text: str) -> str:
    """Return what to tell somebody whose text means no worker."""
    spelled = {name.casefold(): worker for worker in workers for name in (worker.id, worker.name, *worker.name.split())}
    near = get_close_matches(text.strip().casefold(), spelled, n=1, cutoff=0.65)
    advice = _("Did you mean %(name)s?", name=spelled[near[0]].name) if near else _("Try a part of the name.")
    return _("There is no worker “%(name)s”.", name=text.strip()) + f" {advice}"
