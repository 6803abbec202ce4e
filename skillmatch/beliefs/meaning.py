"""What a fact says when some of the skills that it names mean others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from skillmatch.beliefs.evidence import Evidence, from_payload, to_payload
from skillmatch.beliefs.observation import Demand


def named(fact: Evidence) -> frozenset[str]:
    """Return every skill that a fact names, also where it says nothing of ability, as a wish to learn."""
    skill = getattr(fact, "skill", None)
    return frozenset(fact.skills()) if skill is None else frozenset((skill,))


def with_skills(fact: Evidence, meant: Mapping[str, str]) -> Evidence:
    """Return the fact with every skill that is a key of `meant` replaced by what it means there; else the fact itself.

    Of two demands for one skill one is made: both weights together, the higher level.
    """
    if named(fact).isdisjoint(meant):
        return fact
    payload = meant_payload(to_payload(fact), meant)
    return from_payload(fact.KIND, payload, id=fact.id, worker=fact.worker, time=fact.time, source=fact.source)


def meant_payload(payload: dict[str, Any], meant: Mapping[str, str]) -> dict[str, Any]:
    """Return what is particular to a fact, as `to_payload` has it, with the skills that are meant; changed in place."""
    # Before there is a fact: to make each twice would double the time in which a history is read.
    for name in ("demands", "used", "listed"):
        demands = payload.get(name, ())
        if any(demand[0] in meant for demand in demands):
            payload[name] = _once((Demand(*demand) for demand in demands), meant)
    skill = payload.get("skill")
    if skill is not None:
        payload["skill"] = meant.get(skill, skill)
    return payload


def _once(demands: Iterable[Demand], meant: Mapping[str, str]) -> tuple[Demand, ...]:
    found: dict[str, Demand] = {}
    for demand in demands:
        skill = meant.get(demand.skill, demand.skill)
        before = found.get(skill)
        if before is None:
            found[skill] = Demand(skill, demand.level, demand.weight)
            continue
        levels = [level for level in (before.level, demand.level) if level is not None]
        found[skill] = Demand(skill, max(levels, default=None), before.weight + demand.weight)
    return tuple(found.values())
