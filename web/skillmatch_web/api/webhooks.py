"""Webhooks: which addresses are told what happens, and what became of each message."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictStr

from skillmatch.workspace import EVENTS, WebhookRow
from skillmatch_web.addresses import workspace
from skillmatch_web.api.fields import AS_TYPED, Flag, In, Out, Query, Time
from skillmatch_web.api.frame import Answer, reads, writes
from skillmatch_web.api.paging import MOST, PageQuery
from skillmatch_web.sight import sight

TAG = "webhooks"
Event = Annotated[StrictStr, Field(json_schema_extra={"enum": list(EVENTS)})]


class WebhookPath(Query):
    """Which webhook."""

    hook: Annotated[str, Field(min_length=1, examples=["f" * 32])]


class WebhookIn(In):
    """An address and what it is told of."""

    url: Annotated[StrictStr, Field(max_length=500)]
    events: Annotated[list[Event], Field(min_length=1, max_length=len(EVENTS))]


class WebhookChange(In):
    """Whether it is told anything."""

    active: Flag


class WebhookOut(Out):
    """An address that is told what happens."""

    id: str
    url: str
    events: list[str]
    active: bool
    created: Time
    by: str


class NewWebhookOut(WebhookOut):
    """A new one with the secret that signs its messages, which is answered this once."""

    secret: str


class WebhooksOut(Out):
    """All of them, the oldest first."""

    items: list[WebhookOut]


class DeliveryOut(Out):
    """A message: `due` is when it is tried next, `status` that of the last answer, `error` why it did not arrive."""

    number: int
    event: str
    payload: str
    created: Time
    due: Time | None
    attempts: int
    status: int | None
    error: str
    delivered: Time | None


class DeliveriesQuery(PageQuery):
    """Which part of the list, the newest first."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="How many on a page"), AS_TYPED] = 25


class DeliveriesOut(Out):
    """Some messages, the newest first."""

    items: list[DeliveryOut]
    page: int
    limit: int


@reads("/webhooks", WebhooksOut, TAG)
def webhooks() -> WebhooksOut:
    """List the addresses that are told what happens."""
    return WebhooksOut(items=[_out(row) for row in workspace().webhooks.all()])


@writes("post", "/webhooks", NewWebhookOut, TAG, status=201)
def add_webhook(body: WebhookIn) -> Answer:
    """Tell an address what happens; the answer holds the secret that signs its messages."""
    row, secret = workspace().webhooks.add(body.url, events=body.events, by=sight().account)
    return Answer(NewWebhookOut.model_validate({**row._asdict(), "secret": secret}), status=201)


@writes("patch", "/webhooks/<id:hook>", WebhookOut, TAG)
def change_webhook(path: WebhookPath, body: WebhookChange) -> WebhookOut:
    """Pause a webhook, or let it go on."""
    return _out(workspace().webhooks.set_active(path.hook, body.active, by=sight().account))


@reads("/webhooks/<id:hook>/deliveries", DeliveriesOut, TAG)
def deliveries(path: WebhookPath, query: DeliveriesQuery) -> DeliveriesOut:
    """List what a webhook was told and what it answered."""
    rows = workspace().webhooks.deliveries(path.hook, limit=query.limit, offset=query.offset)
    return DeliveriesOut(items=[DeliveryOut.model_validate(row) for row in rows], page=query.page, limit=query.limit)


@writes("delete", "/webhooks/<id:hook>", WebhookOut, TAG)
def remove_webhook(path: WebhookPath) -> WebhookOut:
    """Tell a webhook nothing any more."""
    return _out(workspace().webhooks.remove(path.hook, by=sight().account))


def _out(row: WebhookRow) -> WebhookOut:
    return WebhookOut.model_validate(row)
