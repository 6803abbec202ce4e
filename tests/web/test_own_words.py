"""What a worker says in her own words: suggested, added once, rejected, and never lost."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from skillmatch.beliefs.evidence import SelfReport
from skillmatch.model import Correction
from skillmatch.workspace import Workspace
from skillmatch_web.words import linked, percent
from tests.web.conftest import ANNA, BEN
from tests.web.forms import text_of

TEXT = "I fix heat pumps, and talk with customers <script>alert(1)</script>"
ADDRESS = f"/workers/{BEN}/words"


def fields(page: str) -> dict[str, str]:
    """Return what a browser would send of the form, without its buttons."""
    form = page[page.index('class="card own"') :]
    form = form[: form.index("</section>")]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    chosen = re.findall(r'name="(level-\d+)" value="(\d)" checked', form)
    typed = re.search(r"<textarea[^>]*>(.*?)</textarea>", form, re.DOTALL)
    assert typed
    return {name: unescape(value) for name, value in (*hidden, *chosen)} | {"said": unescape(typed[1])}


def opened(client: FlaskClient, worker: str = BEN) -> dict[str, str]:
    return fields(client.get(f"/workers/{worker}").text)


def asked(client: FlaskClient, text: str = TEXT) -> dict[str, str]:
    """Ask for suggestions and return the form as it is then."""
    answer = client.post(ADDRESS, data={**opened(client), "said": text, "do": "find"})
    assert answer.status_code == 200
    return fields(answer.text)


def place(form: dict[str, str], skill: str) -> str:
    return next(name.removeprefix("skill-") for name, value in form.items() if value == skill and "skill-" in name)


def reports(workspace: Workspace, worker: str = BEN) -> list[tuple[str, float, str]]:
    facts = workspace.profile(worker).evidence
    return [(one.skill, one.level, one.source) for one in facts if isinstance(one, SelfReport)]


def kept(workspace: Workspace) -> list[Correction]:
    with workspace._store.read() as transaction:
        return transaction.nouns(Correction)


def test_skills_are_suggested_with_words_percents_and_where_they_come_from(client: FlaskClient, workspace: Workspace):
    answer = client.post(ADDRESS, data={**opened(client), "said": TEXT, "do": "find"})
    said = text_of(answer.text)
    found = workspace.link(TEXT)
    best = {link.skill: link for link in found.links}
    assert f"Heat pumps {linked(best['pumps'].confidence)} · from “heat”, “pumps”".replace("\xa0", " ") in said
    assert "Talking with customers" in said
    assert "<script>alert" not in answer.text
    assert f"Chance that no skill is meant: {percent(found.none)}".replace("\xa0", " ") in said
    assert answer.text.count('type="radio" id="level-1-') == 6
    assert "3 alone" in said
    assert fields(answer.text)["said"] == TEXT


def test_a_skill_is_added_with_its_level_and_the_link_accepted(client: FlaskClient, workspace: Workspace):
    form = asked(client)
    pumps, talk = place(form, "pumps"), place(form, "talk")
    answer = client.post(ADDRESS, data={**form, f"level-{pumps}": "3", f"level-{talk}": "2", "do": f"add-{pumps}"})
    assert answer.status_code == 200
    assert "Recorded: Heat pumps at level 3, alone." in text_of(answer.text)
    assert reports(workspace) == [("pumps", 3.0, "own words")]
    assert kept(workspace) == [Correction("heat pumps", "pumps", True, BEN)]
    after = fields(answer.text)
    assert after[f"level-{place(after, 'talk')}"] == "2"  # chosen before, and still there
    assert "pumps" not in [value for name, value in after.items() if name.startswith("skill-")]
    client.post(ADDRESS, data={**after, "do": f"add-{place(after, 'talk')}"})
    assert sorted(reports(workspace)) == [("pumps", 3.0, "own words"), ("talk", 2.0, "own words")]
    assert workspace.rebuild(check=True).differing == 0


def test_a_form_that_is_sent_twice_counts_once(client: FlaskClient, workspace: Workspace):
    form = asked(client)
    pumps = place(form, "pumps")
    sent = {**form, f"level-{pumps}": "3", "do": f"add-{pumps}"}
    client.post(ADDRESS, data=sent)
    revision = workspace.profile(BEN)
    again = client.post(ADDRESS, data=sent)
    assert "Recorded already: Heat pumps at level 3, alone. It counts once" in text_of(again.text)
    assert workspace.profile(BEN) == revision
    other = client.post(ADDRESS, data={**sent, f"level-{pumps}": "5"})
    assert other.status_code == 400
    assert "This form was used already." in text_of(other.text)
    assert len(reports(workspace)) == 1


def test_clicks_at_the_same_time_count_once(app: Flask, client: FlaskClient, workspace: Workspace):
    form = asked(client)
    pumps = place(form, "pumps")
    sent = {**form, f"level-{pumps}": "3", "do": f"add-{pumps}"}
    cookie = client.get_cookie("skillmatch")
    assert cookie

    def click(_number: int) -> int:
        other = app.test_client()
        other.set_cookie("skillmatch", cookie.value)
        return other.post(ADDRESS, data=sent).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(click, range(4))) == [200] * 4
    assert len(reports(workspace)) == 1


def test_what_is_not_meant_is_rejected_and_suggested_no_more(client: FlaskClient, workspace: Workspace):
    form = asked(client)
    answer = client.post(ADDRESS, data={**form, "do": f"not-{place(form, 'pumps')}"})
    assert "Heat pumps will not be suggested for these words again." in text_of(answer.text)
    assert kept(workspace) == [Correction("I fix heat pumps", "pumps", False, "Rita")]
    assert "pumps" not in asked(client).values()
    assert reports(workspace) == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"do": "add-1"}, "Choose how well"),
        ({"do": "add-1", "level-1": "7"}, "Choose how well"),
        ({"do": "add-1", "level-1": "nan"}, "Choose how well"),
        ({"do": "add-1", "level-1": "3", "token": "../x"}, "This form was damaged on its way."),
        ({"do": "add-1", "level-1": "3", "skill-1": "no such"}, "there is no skill 'no such'"),
        ({"do": "not-1", "skill-1": "<b>no"}, "there is no skill '<b>no'"),
        ({"do": "not-1", "asked": "..."}, "there is no word in the text"),
        ({"do": "find", "said": "  "}, "Type what you can do"),
        ({"do": "find", "said": "x" * 2001}, "That is 2,001 characters: at most 2,000"),
    ],
)
def test_a_mistake_is_told_and_nothing_that_was_typed_is_lost(
    client: FlaskClient, workspace: Workspace, sent: dict[str, str], said: str
):
    form = {**asked(client), "level-2": "4", "said": "half typed <i>", **sent}
    answer = client.post(ADDRESS, data=form)
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert 'role="alert"' in answer.text
    after = fields(answer.text)
    assert after["said"] == form["said"]
    if form["asked"] == TEXT:
        assert after[f"level-{place(after, form['skill-2'])}"] == "4"
    assert reports(workspace) == []
    assert kept(workspace) == []


def test_words_that_name_nothing_are_answered(client: FlaskClient):
    answer = client.post(ADDRESS, data={**opened(client), "said": "qwxz 123", "do": "find"})
    assert "No skill is found in “ qwxz 123 ”. Say it in other words" in text_of(answer.text)


def test_a_form_without_its_token_is_refused(client: FlaskClient, workspace: Workspace):
    sent = {**asked(client), "level-1": "3", "do": "add-1", "csrf_token": ""}
    assert "This form is out of date" in client.post(ADDRESS, data=sent).text
    assert reports(workspace) == []


def test_a_worker_who_is_not_there_is_a_404(client: FlaskClient):
    assert client.post("/workers/nobody/words", data={**opened(client), "said": TEXT}).status_code == 404
    form = asked(client)
    answer = client.post("/workers/nobody/words", data={**form, "level-1": "3", "do": "add-1"})
    assert answer.status_code == 404


def test_the_address_of_the_form_shows_the_worker(client: FlaskClient):
    assert client.get(f"/workers/{ANNA}/words").status_code == 200
    assert opened(client, ANNA)["asked"] == ""
