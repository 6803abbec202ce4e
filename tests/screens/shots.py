"""What is photographed: an address of every endpoint that shows a page, as somebody for whom the page is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, url_for

from skillmatch.accounts import Role
from skillmatch_web.pages import PAGES
from skillmatch_web.roles import TABLE

NO_PICTURE = {
    "sign_on.start": "leads to the identity provider",
    "sign_on.back": "comes from the identity provider",
    "calendar.feed": "a calendar for programs",
    "downloads.whole": "a file",
    "downloads.table": "a table to keep",
    "downloads.known": "a file",
    "planned.back": "leads on",
    "decisions.table": "a table to keep",
    "matrix.workbook": "a table to keep",
    "matrix.table": "a table to keep",
    "certificates.file": "a file",
    "diagnosis.back": "leads on",
    "outcome.back": "leads on",
    "decision.back": "leads on",
    "skill_edit.back": "leads on",
    "named.show": "the page of the job",
    "own_words.show": "the page of the worker",
    "today.show": "leads on to today.of",
}
"""Endpoints that show no page, and what they do instead."""

FIRST = {
    "jobs.show": Role.SCHEDULER,
    "customers.show": Role.SCHEDULER,
    "customer.show": Role.SCHEDULER,
    "job.show": Role.SCHEDULER,
    "docs.show": Role.ADMINISTRATOR,
    "matrix.show": Role.MANAGER,
    "skills.show": Role.MANAGER,
    "graph.show": Role.MANAGER,
    "tokens.show": Role.ADMINISTRATOR,
    "workers.show": Role.SCHEDULER,
}
"""For whom a page is where its least role is not the first whom one thinks of."""
SIGNED_OUT = {"signing.show", "invitation.show"}
LEAST = (Role.WORKER, Role.SCHEDULER, Role.MANAGER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Shot:
    """A page as `role` sees it; None for somebody who has not signed in.

    `ids` name which of the ids of the firm stands for an argument of the address, `query` is what follows it.
    """

    endpoint: str
    role: Role | None
    ids: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    again: str = ""

    @property
    def name(self) -> str:
        """What its files are called."""
        words = (self.endpoint.removesuffix(".show").replace(".", "-"), self.again)
        return "-".join(word for word in words if word)

    def address(self, app: Flask, ids: dict[str, str]) -> str:
        """Return where it is in a firm."""
        arguments = next(
            rule.arguments for rule in app.url_map.iter_rules(self.endpoint) if "GET" in (rule.methods or ())
        )
        chosen = dict(self.ids)
        values = {name: ids[chosen.get(name, name)] for name in sorted(arguments)}
        with app.test_request_context(base_url="http://localhost"):
            return url_for(self.endpoint, **values, **dict(self.query))


OTHERS = {
    "finish.show": (("job", "booked"),),
    "outcome.show": (("job", "done"),),
    "correction.show": (("job", "done"),),
}
"""Where a page is about another thing of the firm than its argument usually means."""
QUERIES = {"job.why": (("worker", "o"),), "new_skill.show": (("name", "Heat meters"),)}

MORE = (
    Shot("job.show", Role.WORKER, (("job", "booked"),), again="of-a-worker"),
    Shot("job.show", Role.SCHEDULER, (("job", "booked"),), again="assigned"),
    Shot("worker.show", Role.MANAGER, again="of-a-manager"),
    Shot("workers.show", Role.WORKER, again="of-a-worker"),
    Shot("decision.show", Role.SCHEDULER, query=(("replay", "1"),), again="replayed"),
    Shot("jobs.show", Role.SCHEDULER, query=(("search", "qwxz"),), again="nothing-found"),
)
"""Pages that differ much by who looks, or by what there is."""


def shots() -> tuple[Shot, ...]:
    """Return every page of the code, in the order of `PAGES`, and some once more."""
    looked_at = [endpoint for endpoint, entry in TABLE.items() if entry.get and endpoint not in NO_PICTURE]
    own = [end for page in PAGES for end in looked_at if end.partition(".")[0] == page.blueprint.name]
    return tuple(
        shot for endpoint in own for shot in (usual(endpoint), *(one for one in MORE if one.endpoint == endpoint))
    )


def usual(endpoint: str) -> Shot:
    """Return an endpoint as it is seen by the first for whom it is."""
    first = FIRST.get(endpoint) or next(role for role in LEAST if TABLE[endpoint].allows(role, "GET"))
    role = None if endpoint in SIGNED_OUT else first
    return Shot(endpoint, role, OTHERS.get(endpoint, ()), QUERIES.get(endpoint, ()))
