"""Skills, their links, and what words mean."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictStr

from skillmatch_web.addresses import workspace
from skillmatch_web.api.fields import AS_TYPED, Flag, Id, In, Out, Query
from skillmatch_web.api.frame import Answer, reads, writes
from skillmatch_web.api.paging import PageQuery, links
from skillmatch_web.api.schemas import CorrectionOut, LinkedOut, LinkOut, SkillOut, SkillWithLinks
from skillmatch_web.sight import sight

TAG = "skills"


class SkillPath(Query):
    """Which skill."""

    skill: Annotated[str, Field(description="Its id; write / as ~2F and ~ as ~7E", min_length=1, examples=["boiler"])]


class SkillsQuery(PageQuery):
    """Which skills."""

    search: Annotated[str, Field(max_length=200, description="Part of id or of a name")] = ""


class SkillsOut(Out):
    """Some skills of `total`."""

    items: list[SkillOut]
    total: int
    page: int
    limit: int


class LinkQuery(Query):
    """Which words."""

    text: Annotated[str, Field(min_length=1, max_length=2000, examples=["it repairs heat pumps"])]
    limit: Annotated[int, Field(ge=1, le=100), AS_TYPED] = 10


class CorrectionIn(In):
    """Whether a skill is meant by some words."""

    text: Annotated[StrictStr, Field(min_length=1, max_length=500)]
    skill: Id
    accepted: Flag


@reads("/skills", SkillsOut, TAG, paged=True)
def skills(query: SkillsQuery) -> Answer:
    """List skills, by id."""
    wanted = query.search.strip().casefold()
    every = workspace().graph.skills
    found = [
        every[id] for id in sorted(every) if wanted in "\n".join((id, every[id].name, *every[id].alt_names)).casefold()
    ]
    rows = [SkillOut.model_validate(one) for one in query.part(found)]
    body = SkillsOut(items=rows, total=len(found), page=query.page, limit=query.limit)
    return Answer(body, headers=links(query.page, query.limit, len(found)))


@reads("/skills/<id:skill>", SkillWithLinks, TAG)
def skill(path: SkillPath) -> SkillWithLinks:
    """Show a skill with its links; one that was merged into another is that one."""
    graph = workspace().graph
    found = graph.skill(path.skill)
    near = [LinkOut.model_validate(one) for one in graph.links if found.id in (one.source, one.target)]
    return SkillWithLinks(**SkillOut.model_validate(found).model_dump(), links=near)


@reads("/linking", LinkedOut, TAG)
def link(query: LinkQuery) -> LinkedOut:
    """Find the skills that a text may mean, the surest first."""
    return LinkedOut.model_validate(workspace().suggest(query.text, limit=query.limit))


@writes("post", "/linking/corrections", CorrectionOut, TAG, status=201)
def correct_link(body: CorrectionIn) -> Answer:
    """Say that some words mean a skill, or that they do not; the last word counts."""
    done = workspace().correct_link(body.text, body.skill, accepted=body.accepted, by=sight().account.signature)
    return Answer(CorrectionOut.model_validate(done), 201)
