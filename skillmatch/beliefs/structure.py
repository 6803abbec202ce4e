"""What the skills graph and who-does-what say about how skills hang together, as parameters of the filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.histories import Histories
from skillmatch.beliefs.observation import main_demand, work_key
from skillmatch.beliefs.params import FAMILY_PART, LEARNED_PART, BeliefParams, Difficulty, Exposure, Loading
from skillmatch.skills.graph import SkillGraph
from skillmatch.skills.relatedness import circles, families, only_shared

MOST_SKILLS = 2000
"""Of more skills, who-does-what is looked at for the most practised ones only."""

FEWEST_JOBS, FEWEST_SHARE = 20, 0.01
"""Jobs mainly about a skill, and share of its family in all, from which on being sent or not says something."""

Loads = Mapping[str, tuple[tuple[str, float], ...]]


def from_graph(params: BeliefParams, graph: SkillGraph) -> BeliefParams:
    """Return the parameters with the families and half-lives of the skills graph; the same object if nothing changes.

    Circles that were learned stay as they are.
    """
    own = {skill.id: skill.half_life_days for skill in graph.skills.values() if skill.half_life_days is not None}
    learned = {
        skill: tuple(one for one in loads if one.part.startswith(LEARNED_PART))
        for skill, loads in params.loadings.items()
    }
    loadings = _joined({FAMILY_PART: families(graph)}, learned)
    if loadings == params.loadings and own == params.half_lives:
        return params
    return replace(params, loadings=loadings, half_lives=own)


def from_practice(params: BeliefParams, histories: Histories) -> BeliefParams:
    """Return the parameters with the circles of skills that the same workers practise; families stay."""
    places: dict[str, int] = {}
    cells: list[tuple[int, int]] = []
    for number, facts in enumerate(histories.values()):
        for fact in facts:
            if isinstance(fact, JobOutcome):
                cells += [(number, places.setdefault(demand.skill, len(places))) for demand in fact.demands]
    if not cells:
        return params
    rows, columns = np.array(cells).T
    counts = np.bincount(columns, minlength=len(places))
    kept = np.argsort(-counts, kind="stable")[:MOST_SKILLS]
    where = np.full(len(places), -1)
    where[kept] = np.arange(len(kept))
    inside = where[columns] >= 0
    flat = rows[inside] * len(kept) + where[columns[inside]]
    table = np.bincount(flat, minlength=len(histories) * len(kept)).reshape(len(histories), len(kept))
    names = list(places)
    learned = only_shared(circles([names[place] for place in kept], table.astype(np.float64)))
    taught = {
        skill: tuple(one for one in loads if one.part.startswith(FAMILY_PART))
        for skill, loads in params.loadings.items()
    }
    return replace(params, loadings=_joined({LEARNED_PART: learned}, taught))


def with_exposures(params: BeliefParams, histories: Histories) -> BeliefParams:
    """Return the parameters with how often the company's jobs are mainly about each skill."""
    main: Counter[str] = Counter()
    for facts in histories.values():
        for fact in facts:
            if isinstance(fact, JobOutcome) and fact.demands:
                main[fact.demands[main_demand(fact.demands)].skill] += 1
    total = sum(main.values())
    homes: Counter[str] = Counter()
    for skill, count in main.items():
        homes[params.home(skill)] += count
    found = {}
    # A skill that jobs are never mainly about, though its family's are, is one that nobody is sent for: no word on it.
    for skill in sorted(params.loadings.keys() | main.keys()):
        home = params.home(skill)
        if homes[home] >= FEWEST_SHARE * total:
            share = main[skill] / homes[home] if main[skill] >= FEWEST_JOBS else -1.0
            found[skill] = Exposure(share, homes[home] / total)
    return replace(params, exposures=found)


def with_types(params: BeliefParams, histories: Histories) -> BeliefParams:
    """Return the parameters with the difficulty of each job type as the mean over its causes, as often as they were.

    What was learned under the type's own name is of jobs whose cause nobody noted, and these go wrong more often.
    """
    done = [fact for facts in histories.values() for fact in facts if isinstance(fact, JobOutcome) and fact.job_type]
    causes: dict[str, Counter[str]] = {}
    for fact in done:
        if fact.cause:
            causes.setdefault(fact.job_type or "", Counter())[work_key(fact.job_type, fact.cause) or ""] += 1
    learned = dict(params.difficulties)
    for job_type, counts in sorted(causes.items()):
        found = [(counts[key], params.difficulties[key]) for key in sorted(counts) if key in params.difficulties]
        if found:
            total = sum(count for count, _one in found)
            mean = sum(count * one.mean for count, one in found) / total
            var = sum(count * (one.var + (one.mean - mean) ** 2) for count, one in found) / total
            learned[job_type] = Difficulty(mean, var)
    return params if learned == params.difficulties else replace(params, difficulties=learned)


def _joined(new: Mapping[str, Loads], kept: Mapping[str, tuple[Loading, ...]]) -> dict[str, tuple[Loading, ...]]:
    """Return the loadings of both, families before circles, by skill."""
    found: dict[str, list[Loading]] = {skill: list(loads) for skill, loads in kept.items() if loads}
    for prefix, loads in new.items():
        for skill, own in loads.items():
            found.setdefault(skill, []).extend(Loading(prefix + part, load) for part, load in own)
    order = (FAMILY_PART, LEARNED_PART)
    return {
        skill: tuple(sorted(found[skill], key=lambda one: (not one.part.startswith(order[0]), one.part)))
        for skill in sorted(found)
    }
