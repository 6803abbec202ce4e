"""Decisions: what was shown and chosen, whether it comes out again, and whether it would be another now."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from skillmatch.workspace import Decision
from skillmatch_web.addresses import workspace
from skillmatch_web.api.fields import AS_TYPED, Out, Query
from skillmatch_web.api.frame import Answer, reads
from skillmatch_web.api.paging import MOST, address
from skillmatch_web.api.schemas import DecisionOut, PolicyOut, ReplayOut, StalenessOut
from skillmatch_web.api.shaping import attributes, ranking_body
from skillmatch_web.sight import sight

TAG = "decisions"
Number = Annotated[int, Field(ge=1, le=10**9), AS_TYPED]


class DecisionPath(Query):
    """Which decision."""

    number: Annotated[int, Field(ge=0, le=2**53, examples=[1])]


class DecisionsQuery(Query):
    """Which decisions: those with numbers below `before`, the highest first."""

    limit: Annotated[int, Field(ge=1, le=MOST), AS_TYPED] = 25
    before: Number | None = None
    job: Annotated[str, Field(max_length=200)] = ""


class DecisionsOut(Out):
    """Some decisions; `next` is the address of the next ones. `total` null: some are not seen, and not counted."""

    items: list[DecisionOut]
    total: int | None
    limit: int
    next: str | None


class PolicyPath(Query):
    """Which policy."""

    policy: Annotated[str, Field(min_length=1, examples=["balanced"])]


class PoliciesOut(Out):
    """Every policy as it is now."""

    items: list[PolicyOut]


@reads("/decisions", DecisionsOut, TAG, paged=True)
def decisions(query: DecisionsQuery) -> Answer:
    """List decisions, the newest first."""
    found, total, more = _some(query)
    rows = [DecisionOut.model_validate(one) for one in found]
    onward = address(before=found[-1].number) if found and more else None
    everybody = sight().everybody
    body = DecisionsOut(items=rows, total=total if everybody else None, limit=query.limit, next=onward)
    headers = {"Link": f'<{onward}>; rel="next"'} if onward else {}
    return Answer(body, headers={**headers, **({"X-Total-Count": str(total)} if everybody else {})})


def _some(query: DecisionsQuery) -> tuple[list[Decision], int, bool]:
    """Return the next decisions that the account sees, how many there are, and whether there are more."""
    people = {worker.id: worker for worker in workspace().workers()}
    before, found = query.before, []
    while True:
        part, total = workspace().catalogue.decisions(before=before, job=query.job or None, limit=MOST + 1)
        found += [one for one in part if sight().sees_decision(one, people)]
        if len(found) > query.limit or len(part) <= MOST:
            return found[: query.limit], total, len(found) > query.limit
        before = part[-1].number


@reads("/decisions/<int:number>", DecisionOut, TAG)
def decision(path: DecisionPath) -> DecisionOut:
    """Show a decision."""
    return DecisionOut.model_validate(workspace().decision(path.number))


@reads("/decisions/<int:number>/replay", ReplayOut, TAG)
def replay(path: DecisionPath) -> ReplayOut:
    """Rank the job of a decision again from the state it was made in: the same numbers, to the bit."""
    found = workspace().replay(path.number)
    return ReplayOut(
        decision=path.number, same=found.same, differences=list(found.differences), ranking=ranking_body(found.ranking)
    )


@reads("/decisions/<int:number>/staleness", StalenessOut, TAG)
def staleness(path: DecisionPath) -> StalenessOut:
    """Say whether the ranking of a decision would be another now, and what is different."""
    found = workspace().staleness(path.number)
    plain = attributes(found, "stale", "writes", "revision", "moved")
    return StalenessOut.model_validate({**plain, "decision": path.number})


@reads("/policies", PoliciesOut, TAG)
def policies() -> PoliciesOut:
    """List every policy as it is now."""
    return PoliciesOut(items=[PolicyOut.model_validate(_plain(name)) for name in workspace().policies()])


@reads("/policies/<id:policy>", PolicyOut, TAG)
def policy(path: PolicyPath) -> PolicyOut:
    """Show a policy as it is now."""
    return PolicyOut.model_validate(_plain(path.policy))


def _plain(name: str) -> dict[str, object]:
    found = workspace().policy(name)
    return {**found.to_record(), **attributes(found, "name", "version", "full_score")}
