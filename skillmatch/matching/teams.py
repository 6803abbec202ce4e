"""From a job seen over all workers to the search for its crew."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from skillmatch.matching.arrays import Flags
from skillmatch.matching.crews import CrewProblem
from skillmatch.matching.ranking import WayScoring
from skillmatch.model import CertificationRequirement, Requirement, Risk

OF_THE_CREW = ("must_skill", "certification", "language")
"""Rules that a crew meets together; every other rule each member must pass."""
CANDIDATES = 120
"""The workers a crew is sought among: the best of them all and the best in each need."""
USUAL_LEVEL = 2.0
"""The level that counts as holding a skill which is asked for at no level: can do it with help."""
LEAD = {Risk.LOW: 0.6, Risk.NORMAL: 0.7, Risk.HIGH: 0.8}
"""The chance of success that the lead needs, by the risk of the job."""


def pool(scoring: WayScoring) -> Flags:
    """Return who may go along: all who pass the rules that each member of a crew must pass, (workers,)."""
    free = np.ones(len(scoring.score), dtype=np.bool_)
    for number, flags in scoring.blocking:
        if scoring.rules[number].key not in OF_THE_CREW:
            free &= ~flags
    return free


def crew_problem(
    scoring: WayScoring, size: int, together: Mapping[tuple[str, str], int], *, include: tuple[str, ...] = ()
) -> CrewProblem | None:
    """Return the problem of finding a crew of `size` for a job; None when nobody may go.

    Parameters
    ----------
    scoring
        The job seen over all workers in one way to meet its needs.
    together
        How many jobs two workers did well together, by their ids in order.
    include
        Workers who are among the candidates even if they rank low.
    """
    view, free = scoring.view, pool(scoring)
    holds = _holds(scoring)
    places = _candidates(scoring, free, holds, include)
    if not len(places):
        return None
    needs = view.needs
    hours = view.circumstances.length / 60.0
    rate = view.roster.rate[places]
    limits = scoring.policy.limits
    trainee = np.zeros((len(places), len(needs)), dtype=np.bool_)
    for number, need in enumerate(needs):
        if isinstance(need, Requirement):
            trainee[:, number] = view.flags(view.roster.wishes(need.skill))[places]
    shares = [need.weight if isinstance(need, Requirement) else 0.0 for need in needs]
    total = sum(shares)
    return CrewProblem(
        workers=tuple(view.table.workers[place] for place in places),
        needs=tuple(view.name(need.skill) if isinstance(need, Requirement) else _label(need) for need in needs),
        holds=holds[places],
        weights=np.array([share / total if total else 1.0 / max(len(needs), 1) for share in shares]),
        counts=np.array([getattr(need, "count", 1) for need in needs], dtype=np.int64),
        hard=np.array([need.must if isinstance(need, Requirement) else True for need in needs], dtype=np.bool_),
        lead=view.chance[places],
        points=np.clip(scoring.score[places] * (100.0 / scoring.policy.full_score), 0.0, 100.0),
        together=_pairs([view.table.workers[place] for place in places], together),
        cost=np.where(np.isnan(rate), limits.full_cost / 2, rate) * hours,
        trainee=trainee,
        least=size,
        most=size,
        cost_scale=limits.full_cost * hours * size,
        sure=limits.certainty(view.circumstances.risk),
        lead_floor=LEAD[view.circumstances.risk],
    )


def _label(need: object) -> str:
    return f"certification {need.type}" if isinstance(need, CertificationRequirement) else f"language {need.language}"  # type: ignore[attr-defined]


def _holds(scoring: WayScoring) -> npt.NDArray[np.float64]:
    """Return the probability that each worker holds each need, (workers, needs)."""
    view = scoring.view
    holds = np.zeros((len(view.table), len(view.needs)))
    number = 0
    for column, need in enumerate(view.needs):
        if isinstance(need, Requirement):
            level = USUAL_LEVEL if need.level is None else need.level
            holds[:, column] = np.where(view.touched(number), view.certainty(number, level), 0.0)
            number += 1
        elif isinstance(need, CertificationRequirement):
            holds[:, column] = view.roster.certified_on(need.type, view.day)
        else:
            holds[:, column] = view.roster.speaks(need.language)
    return holds


def _candidates(
    scoring: WayScoring, free: Flags, holds: npt.NDArray[np.float64], include: tuple[str, ...]
) -> npt.NDArray[np.intp]:
    """Return the places of the best among the free: by score, and by what they hold of each need."""
    everybody = np.flatnonzero(free)
    if len(everybody) <= CANDIDATES:
        return everybody
    ids = scoring.view.table.id_order
    share = max(CANDIDATES // (holds.shape[1] + 1), 10)
    kept = {int(place) for place in everybody[np.lexsort((ids[everybody], -scoring.score[everybody]))][:share]}
    for column in range(holds.shape[1]):
        order = np.lexsort((ids[everybody], -scoring.score[everybody], -holds[everybody, column]))
        kept |= {int(place) for place in everybody[order][:share]}
    for worker in include:
        place = scoring.view.table.place(worker)
        if place is not None and free[place]:
            kept.add(place)
    return np.array(sorted(kept), dtype=np.intp)


def _pairs(workers: list[str], together: Mapping[tuple[str, str], int]) -> npt.NDArray[np.float64]:
    found = np.zeros((len(workers), len(workers)))
    places = {worker: place for place, worker in enumerate(workers)}
    for (one, other), count in together.items():
        if one in places and other in places:
            value = min(np.log1p(count) / np.log1p(10.0), 1.0)
            found[places[one], places[other]] = found[places[other], places[one]] = value
    return found
