"""The pages of accounts: adding, inviting, changing and disabling, one's own password, and where one is signed in."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from skillmatch.accounts import Role
from skillmatch.errors import NotFound
from skillmatch.workspace import Workspace
from tests.web.conftest import ANNA, CAST, EVIL, PASSWORD, AsWho, signed_in
from tests.web.forms import text_of
from tests.web.test_signing import enter, fields

OTHER = "eleven rusty kettles"


def add(client: FlaskClient, **entries: object):
    usual = {"sign_in": "nora", "name": "Nora Lang", "role": "scheduler", "worker": ""}
    form = fields(client.get("/accounts").text, "/accounts#added")
    return client.post("/accounts", data={**form, **usual, **entries})


def link_in(page: str) -> str:
    """Return the path of the invitation that a page shows."""
    found = re.search(r'value="http://localhost(/invitations/[^"]+)" readonly', page)
    assert found, text_of(page)
    return found[1]


def act(client: FlaskClient, workspace: Workspace, name: str, what: str):
    id = workspace.accounts.named(name).id
    return client.post(f"/accounts/{id}/{what}", data=fields(client.get("/accounts").text, "/sign-out"))


def choose(client: FlaskClient, link: str, password: str = PASSWORD, again: str | None = None):
    form = fields(client.get(link).text, link)
    return client.post(link, data={**form, "password": password, "again": password if again is None else again})


def test_somebody_is_added_invited_and_signs_in(app: Flask, client: FlaskClient, workspace: Workspace):
    answer = add(client, teams=["North", "South"])
    assert answer.status_code == 200
    assert "Nora Lang is added" in text_of(answer.text)
    link = link_in(answer.text)
    assert "/invitations/" not in client.get("/accounts").text
    nora = app.test_client()
    assert "Welcome, Nora Lang" in text_of(nora.get(link).text)
    assert nora.get(link).status_code == 200  # to look uses nothing up
    assert choose(nora, link).status_code == 303
    assert "From now on you sign in as nora." in text_of(nora.get("/").text)
    account = workspace.accounts.named("nora")
    assert (account.role, account.teams, account.has_password) == (Role.SCHEDULER, ("North", "South"), True)
    assert enter(app.test_client(), "nora").status_code == 303
    assert choose_again(app, link).status_code == 404


def choose_again(app: Flask, link: str):
    client = app.test_client()
    data = {**fields(client.get("/sign-in").text, "/sign-in"), "password": OTHER, "again": OTHER}
    answer = client.post(link, data=data)
    assert "ask your administrator for a new one" in text_of(answer.text)
    return answer


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        (OTHER, OTHER + "x", "The two passwords are not the same"),
        ("short", "short", "expected at least 12"),
        ("", "", "expected at least 12"),
        ("x" * 1001, "x" * 1001, "expected at most 1,000"),
        ("nora lang 2026", "nora lang 2026", "little more than your name"),
    ],
)
def test_a_password_that_cannot_be_is_told_and_the_link_still_works(
    app: Flask, client: FlaskClient, password: str, again: str, said: str
):
    link = link_in(add(client).text)
    nora = app.test_client()
    answer = choose(nora, link, password, again)
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert not password or f'value="{password}"' not in answer.text
    assert choose(nora, link).status_code == 303


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"sign_in": "RITA"}, "There is an account 'rita' already"),
        ({"sign_in": ""}, "Sign-in name '' cannot be used"),
        ({"sign_in": "a\0b"}, "cannot be used"),
        ({"sign_in": "x" * 5000}, "cannot be used"),
        ({"sign_in": "nor\u0430"}, "mixes Cyrillic and Latin letters"),
        ({"role": ""}, "Choose a role"),
        ({"role": "emperor"}, "Choose a role"),
        ({"role": "worker"}, "say which worker it is"),
        ({"role": "worker", "worker": "ana"}, "did you mean 'anna'?"),
        ({"role": "administrator", "teams": ["North"]}, "leave the teams out"),
        ({"teams": ["West"]}, "no team 'West'"),
        ({"name": "x" * 101}, "1 to 100 printable characters"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_is_still_there(
    client: FlaskClient, workspace: Workspace, entries: dict[str, object], said: str
):
    answer = add(client, **entries)
    assert answer.status_code == 400
    assert "Nobody was added." in text_of(answer.text)
    assert said in text_of(answer.text)
    if "name" not in entries:
        assert 'value="Nora Lang"' in answer.text
    assert len(workspace.accounts.all()) == len(CAST)


def test_sending_the_form_twice_adds_one(client: FlaskClient, workspace: Workspace):
    assert [add(client).status_code, add(client).status_code] == [200, 400]
    assert len(workspace.accounts.all()) == len(CAST) + 1


def test_script_in_a_name_is_text(client: FlaskClient, workspace: Workspace):
    answer = add(client, name=EVIL)
    assert EVIL not in answer.text
    assert EVIL in unescape(answer.text)
    nora = workspace.accounts.named("nora")
    for page in ("/accounts", f"/accounts/{nora.id}"):
        assert EVIL not in client.get(page).text


def test_role_teams_and_worker_are_changed(client: FlaskClient, workspace: Workspace):
    sam = workspace.accounts.named("sam")
    page = client.get(f"/accounts/{sam.id}").text
    assert re.search(r'value="scheduler" checked', page)
    assert re.search(r'value="North" checked', page)
    form = {**fields(page, f"/accounts/{sam.id}"), "name": "Samuel Adler", "role": "worker", "worker": ANNA}
    assert client.post(f"/accounts/{sam.id}", data=form).status_code == 303
    after = workspace.accounts.get(sam.id)
    assert (after.name, after.role, after.worker, after.teams) == ("Samuel Adler", Role.WORKER, ANNA, ())
    again = client.post(f"/accounts/{sam.id}", data=form)
    assert "Nothing was changed" in text_of(client.get(again.location).text)


def test_the_last_administrator_cannot_give_it_up(client: FlaskClient, workspace: Workspace):
    rita = workspace.accounts.named("rita")
    form = {**fields(client.get("/accounts").text, "/sign-out"), "name": "Rita", "role": "manager", "worker": ""}
    answer = client.post(f"/accounts/{rita.id}", data=form)
    assert answer.status_code == 400
    assert "is the only administrator" in text_of(answer.text)
    assert act(client, workspace, "rita", "disable").status_code == 400
    assert client.get("/accounts").status_code == 200


def test_somebody_is_disabled_and_enabled(app: Flask, client: FlaskClient, workspace: Workspace):
    sam = signed_in(app, "sam")
    answer = act(client, workspace, "sam", "disable")
    assert "Sam Adler can no longer sign in" in text_of(client.get(answer.location).text)
    assert sam.get("/workers").status_code == 302
    refused = act(client, workspace, "sam", "invite")
    assert refused.status_code == 400
    assert "enable it before you invite" in text_of(refused.text)
    act(client, workspace, "sam", "enable")
    signed_in(app, "sam")


def test_a_lost_password_is_replaced_by_a_link(app: Flask, client: FlaskClient, workspace: Workspace):
    first = link_in(act(client, workspace, "sam", "invite").text)
    link = link_in(act(client, workspace, "sam", "invite").text)
    sam = signed_in(app, "sam")
    assert app.test_client().get(first).status_code == 404
    choose(app.test_client(), link, OTHER)
    assert sam.get("/workers").status_code == 302
    assert enter(app.test_client(), "sam").status_code == 401
    assert enter(app.test_client(), "sam", OTHER).status_code == 303


@pytest.mark.parametrize("what", ["explode", "", "../x"])
def test_nothing_else_can_be_done_to_an_account(client: FlaskClient, workspace: Workspace, what: str):
    assert act(client, workspace, "sam", what).status_code in (404, 405)


def test_an_account_that_is_not_there_is_told(client: FlaskClient):
    for id in ("nobody", "x" * 3000, "%00"):
        assert client.get(f"/accounts/{id}").status_code == 404


def test_everybody_sees_her_own_account_and_sessions(app: Flask, as_who: AsWho):
    mia = as_who("mia")
    signed_in(app, "mia")
    text = text_of(mia.get("/account", headers={"User-Agent": EVIL}).text)
    assert "Mia Voss" in text
    assert "Teams South" in text
    assert text.count("since Sat 21 Nov 2026") == 2
    assert text.count("this one") == 1


def change(client: FlaskClient, old: str, new: str, again: str | None = None):
    form = fields(client.get("/account").text, "/account/password")
    data = {**form, "old_password": old, "password": new, "again": new if again is None else again}
    return client.post("/account/password", data=data)


def test_a_new_password_signs_out_everywhere_else(app: Flask, as_who: AsWho):
    here, elsewhere = as_who("mia"), as_who("mia")
    answer = change(here, PASSWORD, OTHER)
    assert "You stay signed in here" in text_of(here.get(answer.location).text)
    assert here.get("/workers").status_code == 200
    assert elsewhere.get("/workers").status_code == 302
    assert enter(app.test_client(), "mia").status_code == 401
    assert enter(app.test_client(), "mia", OTHER).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", OTHER, OTHER, "The old password is not right"),
        (PASSWORD, OTHER, "x", "not the same"),
        (PASSWORD, "short", "short", "expected at least 12"),
        (PASSWORD, "mia voss 2026!", "mia voss 2026!", "little more than your name"),
    ],
)
def test_a_password_is_not_changed_by_mistake(app: Flask, as_who: AsWho, old: str, new: str, again: str, said: str):
    mia = as_who("mia")
    answer = change(mia, old, new, again)
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert mia.get("/workers").status_code == 200
    assert enter(app.test_client(), "mia").status_code == 303


def test_guessing_the_old_password_is_slowed_down_too(as_who: AsWho):
    mia = as_who("mia")
    statuses = [change(mia, "wrong", OTHER).status_code for _ in range(6)]
    assert statuses == [400] * 5 + [429]


def test_signing_out_everywhere_ends_every_session(as_who: AsWho):
    here, elsewhere = as_who("mia"), as_who("mia")
    answer = here.post("/account/everywhere", data=fields(here.get("/account").text, "/account/everywhere"))
    assert answer.location == "/sign-in"
    assert [client.get("/workers").status_code for client in (here, elsewhere)] == [302, 302]


def test_who_changed_what_is_listed(client: FlaskClient, workspace: Workspace):
    add(client)
    act(client, workspace, "nora", "disable")
    text = text_of(client.get("/accounts").text)
    assert "account disabled: nora by Rita" in text
    assert "account added: nora by Rita" in text


def test_a_link_that_never_was_is_told_as_one_that_was_used(app: Flask, workspace: Workspace):
    text = text_of(app.test_client().get("/invitations/none").text)
    assert "This link was used, has expired, or is not complete" in text
    with pytest.raises(NotFound):
        workspace.accounts.invited("none")
