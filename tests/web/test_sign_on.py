"""Single sign-on against a provider on loopback: who is let in, and every way in which somebody else is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from skillmatch.accounts import Role
from skillmatch.errors import Conflict, Invalid, NotAllowed
from skillmatch.settings import Settings
from skillmatch.workspace import Workspace
from skillmatch_web.app import create_app
from skillmatch_web.sign_on import Provider
from tests.kit.identity import CLIENT, SECRET, IdentityProvider, identity_provider, local_part, query
from tests.web.conftest import OPEN
from tests.web.forms import text_of
from tests.web.test_signing import enter, fields

DORIS = "doris"


@pytest.fixture
def idp() -> Iterator[IdentityProvider]:
    with identity_provider() as provider:
        yield provider


def provider_of(idp: IdentityProvider, **more: str) -> Provider:
    return Provider(idp.issuer, CLIENT, SECRET, "Firm & Sons", **more)


@pytest.fixture
def sso(workspace: Workspace, idp: IdentityProvider) -> Flask:
    """The pages of the company with single sign-on, where Doris was added and never chose a password."""
    workspace.accounts.add(DORIS, role=Role.SCHEDULER, name="Doris Day")
    app = create_app(workspace, provider=provider_of(idp))
    app.testing = True
    return app


def come_back(client: FlaskClient, start: str = "/sign-in/sso", **tampered: str):
    """Go to the provider and follow it back; what is `tampered` with is changed on the way."""
    away = client.get(start)
    assert away.status_code == 302, text_of(away.text)
    back = requests.get(away.location, allow_redirects=False, timeout=10).headers["Location"]
    return client.get("/sign-in/sso/back", query_string={**query(back), **tampered})


def says(idp: IdentityProvider, **claims: object) -> None:
    idp.claims = claims


def test_whom_the_provider_vouches_for_is_let_in_and_led_on(sso: Flask, idp: IdentityProvider, workspace: Workspace):
    says(idp, preferred_username="Doris")
    client = sso.test_client()
    asked = client.get(f"/jobs/{OPEN}")
    page = client.get(asked.location).text
    assert "Sign in with Firm &amp; Sons" in page
    start = re.search(r'href="(/sign-in/sso[^"]*)"', page)
    assert start
    answer = come_back(client, start[1])
    assert (answer.status_code, answer.location) == (303, f"/jobs/{OPEN}")
    assert "Doris Day" in client.get(f"/jobs/{OPEN}").text
    assert workspace.accounts.named(DORIS).linked


def test_the_second_time_what_counts_is_what_the_provider_calls_her(sso: Flask, idp: IdentityProvider):
    says(idp, preferred_username=DORIS)
    assert come_back(sso.test_client()).status_code == 303
    says(idp, preferred_username="doris.day-smith")
    client = sso.test_client()
    assert come_back(client).status_code == 303
    assert "Doris Day" in client.get("/account").text
    says(idp, preferred_username=DORIS, sub="43")
    refused = come_back(sso.test_client())
    assert refused.status_code == 400
    assert "is not linked to single sign-on" in text_of(refused.text)


@pytest.mark.parametrize("name", ["rita", "sam"])
def test_an_account_with_a_password_is_not_found_by_a_name(sso: Flask, idp: IdentityProvider, name: str):
    says(idp, preferred_username=name)
    client = sso.test_client()
    assert come_back(client).status_code == 400
    assert client.get("/workers").status_code == 302


def test_an_administrator_without_a_password_is_not_found_by_a_name(
    sso: Flask, idp: IdentityProvider, workspace: Workspace
):
    workspace.accounts.add("root", role=Role.ADMINISTRATOR)
    says(idp, preferred_username="root")
    assert come_back(sso.test_client()).status_code == 400


def test_nobody_without_an_account_is_let_in(sso: Flask, idp: IdentityProvider):
    says(idp, preferred_username="stranger<script>")
    answer = come_back(sso.test_client())
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert "ask your administrator to add one" in text_of(answer.text)


def test_a_disabled_account_stays_out(sso: Flask, idp: IdentityProvider, workspace: Workspace):
    says(idp, preferred_username=DORIS)
    assert come_back(sso.test_client()).status_code == 303
    workspace.accounts.disable(workspace.accounts.named(DORIS).id)
    answer = come_back(sso.test_client())
    assert (answer.status_code, "is disabled" in answer.text) == (400, True)


@pytest.mark.parametrize(("verified", "status"), [(True, 303), (False, 400), ("true", 400), (None, 400)])
def test_an_email_counts_only_when_it_is_verified(
    workspace: Workspace, idp: IdentityProvider, verified: object, status: int
):
    workspace.accounts.add("doris@firm.example", role=Role.SCHEDULER)
    app = create_app(workspace, provider=provider_of(idp, claim="email"))
    says(idp, email="doris@firm.example", email_verified=verified)
    assert come_back(app.test_client()).status_code == status


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"iat": 9_999_999_999},
    ],
)
def test_a_token_that_says_something_else_lets_nobody_in(sso: Flask, idp: IdentityProvider, claims: dict[str, object]):
    says(idp, preferred_username=DORIS, **claims)
    client = sso.test_client()
    assert come_back(client).status_code == 400
    assert client.get("/workers").status_code == 302


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_anybody_could_sign_lets_nobody_in(sso: Flask, idp: IdentityProvider, algorithm: str):
    idp.header = {"alg": algorithm}
    says(idp, preferred_username=DORIS)
    assert come_back(sso.test_client()).status_code == 400


def test_a_token_signed_by_a_key_that_is_not_published_lets_nobody_in(sso: Flask, idp: IdentityProvider):
    says(idp, preferred_username=DORIS)
    idp.key = idp.new_key("k2")
    assert come_back(sso.test_client()).status_code == 400
    idp.key = idp.new_key("k1")  # by the name of the one that is
    assert come_back(sso.test_client()).status_code == 400


def test_a_key_that_the_provider_changed_is_looked_up(sso: Flask, idp: IdentityProvider):
    says(idp, preferred_username=DORIS)
    assert come_back(sso.test_client()).status_code == 303
    idp.key = idp.new_key("k2")
    idp.published.append(idp.key)
    assert come_back(sso.test_client()).status_code == 303


def test_what_was_begun_elsewhere_or_changed_on_the_way_lets_nobody_in(sso: Flask, idp: IdentityProvider):
    says(idp, preferred_username=DORIS)
    assert come_back(sso.test_client(), state="another").status_code == 400
    away = sso.test_client().get("/sign-in/sso")
    back = local_part(requests.get(away.location, allow_redirects=False, timeout=10).headers["Location"])
    somebody = sso.test_client()
    somebody.get("/sign-in/sso")
    assert somebody.get(back).status_code == 400
    assert sso.test_client().get("/sign-in/sso/back").status_code == 400


def test_a_way_back_is_good_once(sso: Flask, idp: IdentityProvider):
    says(idp, preferred_username=DORIS)
    client = sso.test_client()
    away = client.get("/sign-in/sso")
    back = local_part(requests.get(away.location, allow_redirects=False, timeout=10).headers["Location"])
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 400


def test_who_cancels_there_is_told_in_words(sso: Flask, idp: IdentityProvider):
    idp.denies = True
    answer = come_back(sso.test_client())
    assert answer.status_code == 400
    assert "cancelled, or you may not use this program" in text_of(answer.text)


def test_a_provider_that_does_not_answer_leaves_passwords(sso: Flask, idp: IdentityProvider):
    idp.down = True
    client = sso.test_client()
    answer = client.get("/sign-in/sso")
    assert answer.status_code == 502
    assert "does not answer just now" in text_of(answer.text)
    assert enter(client, page=answer.text).status_code == 303
    idp.down = False
    assert client.get("/sign-in/sso").status_code == 302


def test_a_provider_that_calls_itself_something_else_is_not_believed(sso: Flask, idp: IdentityProvider):
    idp.calls_itself = "https://evil.example"
    answer = sso.test_client().get("/sign-in/sso")
    assert answer.status_code == 502
    assert "set SKILLMATCH_OIDC_ISSUER to what it calls itself" in text_of(answer.text)


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_way_leads_nowhere_else(sso: Flask, idp: IdentityProvider, wanted: str):
    says(idp, preferred_username=DORIS)
    client = sso.test_client()
    away = client.get("/sign-in/sso", query_string={"next": wanted})
    back = local_part(requests.get(away.location, allow_redirects=False, timeout=10).headers["Location"])
    assert client.get(back).location == "/"


def test_a_form_survives_the_way_to_the_provider_and_back(sso: Flask, idp: IdentityProvider):
    says(idp, preferred_username=DORIS)
    client = sso.test_client()
    assert come_back(client).status_code == 303
    token = _csrf(client)
    with client.session_transaction() as session:
        session["token"] = "ended"
    page = client.post(f"/jobs/{OPEN}/outcome", data={"csrf_token": token, "note": "the valve sticks"})
    assert page.status_code == 401
    step = client.post("/sign-in/sso", data=fields(page.text, "/sign-in/sso"))
    assert "is kept for half an hour" in text_of(step.text)
    shown = come_back(client)
    assert shown.status_code == 200
    assert "the valve sticks" in shown.text


def _csrf(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert found
    return found[1]


def test_the_holder_of_a_password_links_her_account_and_unlinks_it(
    sso: Flask, idp: IdentityProvider, workspace: Workspace
):
    client = sso.test_client()
    assert enter(client).status_code == 303
    page = client.post("/account/link", data={"csrf_token": _csrf(client)})
    assert "Sign in there as yourself" in text_of(page.text)
    assert come_back(client).location == "/account"
    assert workspace.accounts.named("rita").linked
    other = sso.test_client()
    assert come_back(other).status_code == 303
    assert other.post("/account/unlink", data={"csrf_token": _csrf(other)}).location == "/sign-in"
    assert not workspace.accounts.named("rita").linked
    assert client.get("/account").status_code == 302
    assert come_back(sso.test_client()).status_code == 400


def test_linking_begins_only_with_a_form_of_hers(sso: Flask, idp: IdentityProvider, workspace: Workspace):
    client = sso.test_client()
    assert enter(client).status_code == 303
    assert client.post("/account/link").status_code == 400
    assert come_back(client).status_code == 400
    assert not workspace.accounts.named("rita").linked


def test_one_identity_belongs_to_one_account(workspace: Workspace):
    accounts = workspace.accounts
    rita, sam = accounts.named("rita"), accounts.named("sam")
    assert accounts.link(rita.id, "i", "42") == accounts.link(rita.id, "i", "42")
    with pytest.raises(Conflict, match="belongs to account 'rita'"):
        accounts.link(sam.id, "i", "42")
    accounts.link(sam.id, "another", "42")
    assert accounts.vouched("i", "42").id == rita.id
    with pytest.raises(NotAllowed):
        accounts.unlink(rita.id, by=sam)
    assert not accounts.unlink(rita.id, by=rita).linked


def test_administrators_unlink_others(sso: Flask, idp: IdentityProvider, workspace: Workspace):
    says(idp, preferred_username=DORIS)
    assert come_back(sso.test_client()).status_code == 303
    doris = workspace.accounts.named(DORIS)
    client = sso.test_client()
    enter(client)
    page = client.get(f"/accounts/{doris.id}")
    assert "Unlink single sign-on" in page.text
    client.post(f"/accounts/{doris.id}/unlink", data={"csrf_token": _csrf(client)})
    assert not workspace.accounts.named(DORIS).linked


def test_where_passwords_are_for_administrators_nobody_else_signs_in_by_one(
    workspace: Workspace, idp: IdentityProvider
):
    app = create_app(workspace, provider=provider_of(idp), passwords={Role.ADMINISTRATOR})
    refused = enter(app.test_client(), "sam")
    assert refused.status_code == 401
    assert "use the button for single sign-on" in text_of(refused.text)
    assert enter(app.test_client(), "rita").status_code == 303
    assert "Check both" not in text_of(enter(app.test_client(), "sam", "wrong").text)


def test_without_a_provider_there_is_no_such_way(client: FlaskClient):
    assert "sso" not in client.get("/sign-in").text
    assert client.get("/sign-in/sso").status_code == 404
    assert client.get("/sign-in/sso/back").status_code == 404
    assert client.post("/account/link", data={"csrf_token": _csrf(client)}).status_code == 404


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"oidc_issuer": "http://login.example.org"}, "begins with https://"),
        ({"oidc_issuer": "login"}, "begins with https://"),
        ({"oidc_issuer": "https://["}, "begins with https://"),
        ({"oidc_issuer": "https://login.example.org"}, "CLIENT_ID is missing"),
        ({"oidc_issuer": "https://x.org", "oidc_client_id": "a", "oidc_scopes": "email"}, "`openid` among them"),
        ({"passwords": "administrators"}, "leaves everybody else without a way in"),
    ],
)
def test_half_a_provider_is_told_at_the_start(settings: dict[str, str], words: str):
    with pytest.raises(Invalid, match=re.escape(words)):
        Provider.of(Settings(**settings))  # type: ignore[arg-type]


def test_the_secret_is_never_printed():
    settings = Settings(oidc_issuer="https://x.org", oidc_client_id="a", oidc_client_secret="hush")  # type: ignore[arg-type]
    assert Provider.of(Settings()) is None
    assert "hush" not in repr(settings) + repr(Provider.of(settings))


def test_forms_that_wait_are_kept_for_a_while_and_opened_once(workspace: Workspace):
    accounts = workspace.accounts
    first, second = accounts.keep_form("one"), accounts.keep_form("two")
    assert (accounts.kept_form(second), accounts.kept_form(second)) == ("two", "")
    assert (accounts.kept_form("another"), accounts.kept_form(first)) == ("", "one")
