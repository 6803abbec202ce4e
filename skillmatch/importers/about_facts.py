"""What facts about other facts may name: retractions, disputes, and decisions about these."""

from __future__ import annotations

from skillmatch.beliefs.evidence import ABOUT_FACTS, Dispute, DisputeDecided, Evidence, Retraction
from skillmatch.importers.draft import Unfit, shown

_TURNS = (Dispute, DisputeDecided, Retraction)
_COLUMNS = {Retraction: "retracts_id", Dispute: "disputes_id", DisputeDecided: "decides_id"}


def turn(fact: Evidence) -> int:
    """Return when a row of a table is taken in: facts first, then what is about them."""
    return next((place for place, kind in enumerate(_TURNS, 1) if isinstance(fact, kind)), 0)


def unfit(
    fact: Retraction | Dispute | DisputeDecided, target: Evidence | None, own: Evidence | None, *, log: bool
) -> Unfit | None:
    """Return why a fact about another one cannot be taken.

    Parameters
    ----------
    fact, target
        The fact, and what it is about where that is anywhere.
    own
        What the database has under its key.
    log
        Whether it comes from a log. There a fact may have moved to another worker since; that is left to the database.
    """
    column = _COLUMNS[type(fact)]
    source, id = fact.target
    named = f"{'dispute' if isinstance(fact, DisputeDecided) else 'fact'} {shown(id)} of source {shown(source)}"
    if target is None:
        where = "of this import or of the database"
        expected = f"a {named.split()[0]} {where}: correct the id or {column.removesuffix('id')}source"
        return Unfit(f"{named}, which is nowhere", expected, column=column)
    if wrong := _wrong_kind(fact, target):
        return Unfit(f"{named}, {wrong[0]}", wrong[1], column=column)
    if not log and target.worker != fact.worker:
        found = f"worker {shown(fact.worker)}, but the {named} is about {shown(target.worker)}"
        return Unfit(found, f"{shown(target.worker)}, as in the fact", column="worker")
    if isinstance(own, type(fact)) and own.target != fact.target:
        kind = fact.KIND.replace("_", " ")
        found = f"{named}, but the database has this {kind} for {shown(own.target[1])}"
        return Unfit(found, f"the same fact as before, or another id for this {kind}", column=column)
    return None


def _wrong_kind(fact: Evidence, target: Evidence) -> tuple[str, str] | None:
    """Return what the target is and what was expected, None when it is of a kind that `fact` can be about."""
    itself = f"itself a {target.KIND.replace('_', ' ')}"
    if isinstance(fact, Retraction) and isinstance(target, Retraction):
        return itself, "a fact: to bring back what was retracted, give it again under a new id"
    if isinstance(fact, Dispute) and isinstance(target, ABOUT_FACTS):
        return itself, "a fact: what was said of facts cannot be disputed"
    if isinstance(fact, DisputeDecided) and not isinstance(target, Dispute):
        return f"a {target.KIND.replace('_', ' ')}", "a dispute"
    return None
