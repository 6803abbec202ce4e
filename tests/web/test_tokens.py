"""Tokens on the pages: shown once, ended with one click, and back with another; each person's own."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from skillmatch.workspace import Workspace
from tests.web.conftest import EVIL, AsWho
from tests.web.forms import text_of


def fields(client: FlaskClient) -> dict[str, str]:
    page = client.get("/account/tokens").text
    return dict(re.findall(r'name="(csrf_token|once)" value="([^"]+)"', page))


def make(client: FlaskClient, **more: Any) -> Any:
    values = {**fields(client), "name": "telephone", "scopes": ["read", "jobs:write"], "days": "90", **more}
    return client.post("/account/tokens", data=values)


def secret_of(html: str) -> str:
    found = re.search(r'id="secret"[^>]*>(sm_[\w-]+)<', html)
    assert found
    return found[1]


def works(app: Flask, secret: str) -> bool:
    return app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_a_token_is_shown_once_and_works(app: Flask, as_who: AsWho):
    client = as_who("stella")
    assert "There is none yet" in text_of(client.get("/account/tokens").text)
    secret = secret_of(make(client).text)
    assert works(app, secret)
    page = client.get("/account/tokens").text
    assert secret not in page
    assert "telephone" in page
    assert "Last used" in text_of(page)
    assert 'href="/account/tokens"' in client.get("/account").text


def test_a_form_sent_twice_makes_one_token(as_who: AsWho, workspace: Workspace):
    client = as_who("stella")
    values = {**fields(client), "name": "x", "scopes": "read", "days": "30"}
    assert client.post("/account/tokens", data=values).status_code == 200
    again = client.post("/account/tokens", data=values)
    assert again.status_code == 400
    assert "made already" in text_of(again.text)
    assert len(workspace.tokens.all()) == 1


def test_a_token_is_revoked_with_one_click_and_back_with_another(app: Flask, as_who: AsWho):
    client = as_who("stella")
    secret = secret_of(make(client).text)
    form = re.search(
        r'action="(/account/tokens/revoke)".*?name="token" value="(\w+)"', client.get("/account/tokens").text, re.DOTALL
    )
    assert form
    data = {"csrf_token": fields(client)["csrf_token"], "token": form[2]}
    page = client.post(form[1], data=data, follow_redirects=True).text
    assert "is revoked" in text_of(page)
    assert not works(app, secret)
    undo = re.search(r'action="(/account/tokens/restore)"', page)
    assert undo
    assert "holds again" in text_of(client.post(undo[1], data=data, follow_redirects=True).text)
    assert works(app, secret)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": " "}, "Say what the token is for"),
        ({"name": "x" * 101}, "expected 1 to 100"),
        ({"scopes": []}, "Choose at least one"),
        ({"scopes": ["everything"]}, "no scope 'everything'"),
        ({"days": "99999"}, "Choose how long"),
        ({"days": ""}, "Choose how long"),
        ({"once": "x"}, "damaged on its way"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(as_who: AsWho, workspace: Workspace, values: Any, said: str):
    answer = make(as_who("stella"), **{"name": "my telephone", **values})
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert 'value="jobs:write" checked' in answer.text or "scopes" in values
    assert "my telephone" in answer.text or "name" in values
    assert workspace.tokens.all() == ()


def test_script_in_a_name_stays_text(as_who: AsWho):
    client = as_who("stella")
    page = make(client, name=EVIL[:100]).text + client.get("/account/tokens").text
    assert "<script>alert" not in page
    assert EVIL[:100] in unescape(page)


def test_nobody_sees_or_ends_the_token_of_somebody_else(app: Flask, as_who: AsWho, workspace: Workspace):
    secret = secret_of(make(as_who("stella")).text)
    id = workspace.tokens.all()[0].id
    for who in ("sam", "rita"):
        client = as_who(who)
        assert id not in (page := client.get("/account/tokens").text)
        assert "There is none yet" in text_of(page)
        for act in ("revoke", "restore"):
            data = {"csrf_token": fields(client)["csrf_token"], "token": id}
            assert client.post(f"/account/tokens/{act}", data=data).status_code == 404
    assert works(app, secret)
