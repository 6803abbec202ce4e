"""The skills that a customer's words name: made needs of the job on top of what was seen, or rejected."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient

from skillmatch.model import RUNGS, Correction, Job, Requirement
from skillmatch.workspace import Workspace, needs_digest
from skillmatch_web.addresses import IdConverter
from skillmatch_web.words import linked
from tests.web.conftest import BARE, DONE, JOBS, NEEDS, OPEN, STRANGE
from tests.web.forms import text_of

TEXT = "The heat pump is dead <script>alert(1)</script>. Please talk with the customer's neighbour"
ADDRESS = f"/jobs/{OPEN}/named"


@pytest.fixture(autouse=True)
def _words(workspace: Workspace) -> None:
    """Let the customer name a skill that the job needs, and one that it does not."""
    say(workspace, OPEN, TEXT)
    say(workspace, DONE, TEXT)


def say(workspace: Workspace, id: str, text: str) -> None:
    changed = replace(next(job for job in JOBS if job.id == id), text=text)
    with workspace._store.write() as transaction:
        transaction.save_nouns(Job, [changed], revision=transaction.next_revision())


def block(client: FlaskClient, job: str = OPEN) -> str:
    page = client.get(f"/jobs/{IdConverter(None).to_url(job)}").text  # type: ignore[arg-type]
    start = page.index('class="suggested"')
    return page[start : page.index("</section>", start)]


def fields(client: FlaskClient, skill: str = "talk") -> dict[str, str]:
    """Return what the form of a skill sends, without level and button."""
    for form in re.findall(r"<form.*?</form>", block(client), re.DOTALL):
        found = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        if unescape(found["skill"]) == skill:
            return {name: found[name] for name in ("csrf_token", "seen", "skill")}
    raise AssertionError(f"{skill} is not offered")


def test_what_the_words_name_is_shown_with_how_sure_that_is(client: FlaskClient, workspace: Workspace):
    shown, found = text_of(block(client)), {link.skill: link for link in workspace.link(TEXT).links}
    assert f"Heat pumps {linked(found['pumps'].confidence)} · from “heat”, “pump”".replace("\xa0", " ") in shown
    assert "needed already" in shown  # pumps, by the job's type
    assert "<script>alert" not in block(client)
    assert "The first one that you add makes the needs of type Boiler repair this job's own; all of them stay." in shown


def test_a_skill_is_needed_from_now_on_and_what_the_type_asks_stays(client: FlaskClient, workspace: Workspace):
    answer = client.post(ADDRESS, data={**fields(client), "level": "2", "do": "needs"}, follow_redirects=True)
    said = text_of(answer.text)
    assert "This job needs Talking with customers now at level 2, with help." in said
    assert "The 2 needs of its type Boiler repair stay, as the job's own from now on" in said
    view = workspace.job(OPEN)
    assert view.needs == (*NEEDS, Requirement("talk", 2.0))
    assert not view.inherited
    assert "The first one that you add" not in text_of(block(client))


def test_every_level_of_the_scale_is_offered_beside_any(client: FlaskClient):
    choices = re.search(r'<select id="needs-\d" name="level">(.*?)</select>', block(client), re.DOTALL)
    assert choices
    offered = re.findall(r'<option value="(\d?)">([^<]+)', choices[1])
    assert offered == [("", "at any level"), *((str(n), f"{n} – {RUNGS[n]}") for n in range(1, 6))]


def test_without_a_level_any_will_do(client: FlaskClient, workspace: Workspace):
    answer = client.post(ADDRESS, data={**fields(client), "level": "", "do": "needs"})
    assert answer.status_code == 303
    assert workspace.job(OPEN).needs[-1] == Requirement("talk")


def test_a_second_click_changes_nothing_more(client: FlaskClient, workspace: Workspace):
    sent = {**fields(client), "level": "2", "do": "needs"}
    client.post(ADDRESS, data=sent)
    before = workspace.job(OPEN)
    answer = client.post(ADDRESS, data=sent, follow_redirects=True)
    assert "Talking with customers is needed already: nothing was changed." in text_of(answer.text)
    assert workspace.job(OPEN) == before


def test_what_somebody_else_changed_meanwhile_is_told_and_the_choice_is_kept(client: FlaskClient, workspace: Workspace):
    sent = {**fields(client), "level": "4", "do": "needs"}
    workspace.set_requirements(OPEN, (Requirement("boiler", 5.0),), seen=needs_digest(workspace.job(OPEN)))
    answer = client.post(ADDRESS, data=sent)
    assert answer.status_code == 409
    assert "was changed by somebody else meanwhile: nothing was changed now" in text_of(answer.text)
    assert '<option value="4" selected>' in answer.text
    assert workspace.job(OPEN).needs == (Requirement("boiler", 5.0),)
    assert client.post(ADDRESS, data={**fields(client), "level": "4", "do": "needs"}).status_code == 303
    assert workspace.job(OPEN).needs == (Requirement("boiler", 5.0), Requirement("talk", 4.0))


def test_what_is_not_meant_is_rejected_and_not_shown_again(client: FlaskClient, workspace: Workspace):
    answer = client.post(ADDRESS, data={**fields(client), "do": "not"}, follow_redirects=True)
    assert "Talking with customers is not suggested for these words any more." in text_of(answer.text)
    with workspace._store.read() as transaction:
        (kept,) = transaction.nouns(Correction)
    assert (kept.skill, kept.accepted, kept.by) == ("talk", False, "Rita")
    assert kept.text in TEXT
    assert "Talking with customers" not in text_of(block(client))
    assert workspace.job(OPEN).inherited


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"level": "6"}, 400, "“6” is no level"),
        ({"level": "<i>"}, 400, "“<i>” is no level"),
        ({"skill": "no such", "level": "2"}, 400, "there is no skill 'no such'"),
        ({"skill": "", "level": "2"}, 400, "is no id"),
        ({"skill": "no such", "do": "not"}, 400, "there is no skill 'no such'"),
        ({"seen": "", "level": "2"}, 409, "changed by somebody else"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(
    client: FlaskClient, workspace: Workspace, sent: dict[str, str], status: int, said: str
):
    answer = client.post(ADDRESS, data={**fields(client), "do": "needs", **sent})
    assert answer.status_code == status
    assert said in text_of(answer.text)
    assert workspace.job(OPEN).inherited


def test_a_job_that_is_done_says_what_its_words_name_and_offers_nothing(client: FlaskClient, workspace: Workspace):
    sent = {**fields(client), "level": "2", "do": "needs"}
    assert "Heat pumps" in block(client, DONE)
    assert "<form" not in block(client, DONE)
    answer = client.post(f"/jobs/{DONE}/named", data=sent)
    assert answer.status_code == 409
    assert "is done: what it needs is changed only while it is open" in text_of(answer.text)


def test_words_that_name_nothing_are_said_to_and_no_words_have_no_block(client: FlaskClient):
    assert "None is found in them." in block(client, STRANGE)
    assert 'class="suggested"' not in client.get(f"/jobs/{BARE}").text


def test_a_form_without_its_token_is_refused(client: FlaskClient, workspace: Workspace):
    sent = {**fields(client), "csrf_token": "", "level": "2", "do": "needs"}
    assert "This form is out of date" in client.post(ADDRESS, data=sent).text
    assert workspace.job(OPEN).inherited


def test_the_address_of_the_form_shows_the_job(client: FlaskClient):
    assert client.get(ADDRESS).status_code == 200
    assert client.get("/jobs/nothing/named").status_code == 404
