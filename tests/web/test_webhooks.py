"""Webhooks on the pages: the secret is shown once, what was answered is seen, and what is done can be taken back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from skillmatch.workspace import Workspace
from tests.kit.receiver import receiver
from tests.web.conftest import EVIL
from tests.web.forms import text_of

EVENTS = ["job.finished", "decision.made"]


@pytest.fixture(autouse=True)
def private(workspace: Workspace) -> None:
    """Let messages go to this machine."""
    workspace.private_webhooks = True


def fields(client: FlaskClient) -> dict[str, str]:
    return dict(re.findall(r'name="(csrf_token|once)" value="([^"]+)"', client.get("/webhooks").text))


def add(client: FlaskClient, url: str, **more: Any) -> Any:
    return client.post("/webhooks", data={**fields(client), "url": url, "events": EVENTS, **more})


def secret_of(html: str) -> str:
    found = re.search(r'id="secret"[^>]*>(whsec_[^<]+)<', html)
    assert found
    return unescape(found[1])


def act(client: FlaskClient, address: str) -> str:
    """Send a form without fields, and return what the next page says."""
    answer = client.post(address, data={"csrf_token": fields(client)["csrf_token"]}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return text_of(answer.text)


def test_an_address_is_added_its_secret_shown_once_and_tried_out(client: FlaskClient, workspace: Workspace):
    assert "Nobody yet" in text_of(client.get("/webhooks").text)
    with receiver(200, 500) as to:
        answer = add(client, to.url)
        secret_of(answer.text)
        (row,) = workspace.webhooks.all()
        assert row.by == "Rita"
        page = f"/webhooks/{row.id}"
        assert "whsec_" not in client.get(page).text
        assert "It arrived: the answer was 200." in act(client, f"{page}/test")
        to.body = EVIL.encode()
        assert "It did not arrive" in act(client, f"{page}/test")
        html = client.get(page).text
        assert EVIL not in html
        assert EVIL in text_of(html.replace("&lt;", "‹").replace("&gt;", "›")).replace("‹", "<").replace("›", ">")
        assert "on its way" in text_of(html)
        assert "It arrived" not in act(client, f"{page}/again/1")  # and the next answer is 500 again
        assert len(to.got) == 3
        assert to.got[0][0]["webhook-id"] == to.got[2][0]["webhook-id"]
        assert client.post(f"{page}/again/99", data=fields(client)).status_code == 404
        assert client.post(f"{page}/again/2", data=fields(client)).status_code == 400  # it is on its way


def test_a_form_sent_twice_adds_one(client: FlaskClient, workspace: Workspace):
    values = {**fields(client), "url": "https://example.org/x", "events": EVENTS}
    assert client.post("/webhooks", data=values).status_code == 200
    again = client.post("/webhooks", data=values)
    assert again.status_code == 400
    assert "added already" in text_of(again.text)
    assert len(workspace.webhooks.all()) == 1


def test_pausing_and_removing_are_taken_back_with_one_click(client: FlaskClient, workspace: Workspace):
    add(client, "https://example.org/x")
    (row,) = workspace.webhooks.all()
    page = f"/webhooks/{row.id}"
    assert "Undo" in act(client, f"{page}/pause")
    assert not workspace.webhooks.get(row.id).active
    assert "is told again" in act(client, f"{page}/resume")
    said = act(client, f"{page}/remove")
    assert "Undo" in said
    assert workspace.webhooks.all() == ()
    assert client.get(page).status_code == 404
    assert "is back" in act(client, f"{page}/back")
    assert workspace.webhooks.all() == (row,)


def test_a_new_secret_is_shown_once(client: FlaskClient, workspace: Workspace):
    first = secret_of(add(client, "https://example.org/x").text)
    (row,) = workspace.webhooks.all()
    answer = client.post(f"/webhooks/{row.id}/secret", data=fields(client))
    assert secret_of(answer.text) != first


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": ""}, "Say where it is told"),
        ({"url": EVIL}, "does not begin with https://"),
        ({"url": "https://me:pass@example.org/"}, "a user name or a password"),
        ({"url": "https://example.org/" + "x" * 600}, "expected at most 500"),
        ({"url": "https://example.org/\0"}, "blanks or letters"),
        ({"events": []}, "Choose at least one"),
        ({"events": ["x"]}, "x"),
        ({"once": "x"}, "damaged"),
    ],
)
def test_what_is_wrong_stands_beside_the_form_with_what_was_typed(
    client: FlaskClient, workspace: Workspace, wrong: dict[str, Any], said: str
):
    answer = add(client, **{"url": "https://example.org/x", **wrong})
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert "<script>alert" not in answer.text
    if "events" in wrong:
        assert 'value="https://example.org/x"' in answer.text
    assert workspace.webhooks.all() == ()


def test_programs_add_pause_and_remove_once_however_often_they_ask(app: Flask, workspace: Workspace):
    account = workspace.accounts.named("rita")
    token = workspace.tokens.add(account.id, name="x", scopes=("read", "webhooks:write"))[1]
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    body, key = {"url": "https://example.org/x", "events": EVENTS}, {"Idempotency-Key": "1"}
    made = client.post("/api/v1/webhooks", json=body, headers={**headers, **key})
    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    assert client.post("/api/v1/webhooks", json=body, headers={**headers, **key}).json == made.json
    assert client.post("/api/v1/webhooks", json=body, headers=headers).status_code == 409
    (listed,) = client.get("/api/v1/webhooks", headers=headers).json["items"]
    assert "secret" not in listed
    where = f"/api/v1/webhooks/{listed['id']}"
    assert client.patch(where, json={"active": False}, headers=headers).json["active"] is False
    workspace.webhooks.set_active(listed["id"], True)
    workspace.webhooks.test(listed["id"])
    told = client.get(f"{where}/deliveries", headers=headers).json["items"]
    assert [(one["event"], one["attempts"]) for one in told] == [("test", 0)]
    assert client.delete(where, headers=headers).status_code == 200
    assert client.delete(where, headers=headers).status_code == 404
    for wrong in ({"url": "x", "events": EVENTS}, {"url": "https://example.org/", "events": ["x"]}):
        assert 400 <= client.post("/api/v1/webhooks", json=wrong, headers=headers).status_code < 500
