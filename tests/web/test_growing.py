"""A worker answers what is inferred, wishes, and sees what leads there: once, undone by a button, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from skillmatch.accounts import Role
from skillmatch.beliefs.evidence import SelfReport, SkillDeclined
from skillmatch.workspace import Workspace
from skillmatch_web.app import create_app
from tests.web.conftest import EVIL, PASSWORD, signed_in
from tests.web.forms import text_of
from tests.workspace.alike import NOW, company

PAGE = "/workers/anna"


@pytest.fixture
def alike(tmp_path: Path) -> Iterator[Workspace]:
    """The company in which much can be inferred, with three who sign in."""
    with company(tmp_path) as opened:
        people = {
            "anna": {"role": Role.WORKER, "worker": "anna"},
            "mona": {"role": Role.MANAGER, "teams": ("North",)},
            "sam": {"role": Role.SCHEDULER},
        }
        for name, more in people.items():
            account = opened.accounts.add(name, **more)  # type: ignore[arg-type]
            opened.accounts.set_password(account.id, PASSWORD)
        yield opened


@pytest.fixture
def anna(alike: Workspace) -> FlaskClient:
    return signed_in(create_app(alike), "anna")


def form(client: FlaskClient, action: str, where: str = PAGE) -> dict[str, str]:
    page = client.get(where).text
    inside = page[page.index(f'action="{action}') :]
    inside = inside[: inside.index("</form>")]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', inside))


def answer(client: FlaskClient, **fields: str):
    return client.post(f"{PAGE}/inferred", data={**form(client, f"{PAGE}/inferred"), **fields})


def undo(client: FlaskClient, location: str):
    page = client.get(location).text
    notice = page[page.index('class="notice done"') :]
    action = re.search(r'action="([^"]+)"', notice)
    assert action
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', notice[: notice.index("</form>")])
    return client.post(action[1], data=dict(hidden))


def test_what_is_inferred_is_asked_with_why(anna: FlaskClient, alike: Workspace):
    said = text_of(anna.get(PAGE).text)
    (one,) = alike.development.inferred("anna")
    assert f"Alarms likely about level {one.level:.1f}, expert; usual here is {one.usual:.1f}" in said
    assert "Because of work in Lighting, Sockets and Switches, which resemble it. 60 finished jobs needed it." in said
    assert "0 none" not in said  # what is claimed is at least seen


def test_a_skill_is_claimed_once_and_taken_back(anna: FlaskClient, alike: Workspace):
    fields = form(anna, f"{PAGE}/inferred")
    for _again in range(2):
        done = anna.post(f"{PAGE}/inferred", data={**fields, "level": "3", "do": "accept"})
        assert done.status_code == 303
    assert "Recorded: Alarms at level 3, alone." in text_of(anna.get(done.location).text)
    assert [one.level for one in alike.profile("anna").evidence if isinstance(one, SelfReport)] == [3.0]
    assert "Likely skills" not in anna.get(PAGE).text
    done = anna.post(f"{PAGE}/inferred", data={**fields, "level": "3", "do": "accept"})
    assert undo(anna, done.location).status_code == 303
    assert "Likely skills" in anna.get(PAGE).text
    assert not [one for one in alike.profile("anna").evidence if isinstance(one, SelfReport)]


def test_a_skill_is_declined_and_that_taken_back(anna: FlaskClient, alike: Workspace):
    done = answer(anna, do="decline")
    assert [one.skill for one in alike.profile("anna").evidence if isinstance(one, SkillDeclined)] == ["alarms"]
    assert "Likely skills" not in anna.get(PAGE).text
    assert done.status_code == 303
    alike.development.take_back(form_token(alike), "anna")
    assert "Likely skills" in anna.get(PAGE).text


def form_token(workspace: Workspace) -> str:
    return next(one.id for one in workspace.profile("anna").evidence if isinstance(one, SkillDeclined))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "accept"}, "Choose how well it is mastered"),
        ({"do": "accept", "level": "0"}, "Choose how well it is mastered"),
        ({"do": "accept", "level": "9"}, "Choose how well it is mastered"),
        ({"do": "accept", "level": "3", "skill": "<b>no"}, "There is no skill '<b>no'"),
        ({"do": "decline", "skill": ""}, "is no id"),
        ({"do": "accept", "level": "3", "token": "a\0"}, "is no id"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_skill(
    anna: FlaskClient, alike: Workspace, fields: dict[str, str], said: str
):
    done = answer(anna, **fields)
    assert done.status_code == 400
    assert said in text_of(done.text)
    assert 'role="alert"' in done.text
    assert "<b>" not in done.text
    assert not [one for one in alike.profile("anna").evidence if isinstance(one, SelfReport | SkillDeclined)]


def test_a_wish_is_noted_shown_and_taken_back(anna: FlaskClient, alike: Workspace):
    seconds = count()  # of facts of one moment, the one whose id comes last would count
    alike._clock = lambda: NOW + timedelta(seconds=next(seconds))  # type: ignore[method-assign]
    fields = form(anna, f"{PAGE}/wishes#")
    for _again in range(2):
        done = anna.post(f"{PAGE}/wishes", data={**fields, "skill": " plumbing ", "do": "add"})
        assert done.status_code == 303
    assert [one.skill for one in alike.development.wishes(["anna"])] == ["plumbing"]
    anna.get(PAGE)
    done = anna.post(f"{PAGE}/wishes", data={**form(anna, f"{PAGE}/wishes#"), "skill": "Alarms", "do": "add"})
    assert "Noted: Alarms is to be learned." in text_of(anna.get(done.location).text)
    page = anna.get(PAGE).text
    assert "What would get me there" in page
    removed = anna.post(f"{PAGE}/wishes", data={**form(anna, f'{PAGE}/wishes"'), "do": "remove"})
    assert removed.status_code == 303
    assert len(alike.development.wishes(["anna"])) == 1
    assert undo(anna, removed.location).status_code == 303
    assert len(alike.development.wishes(["anna"])) == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Type what you wish to learn"), ("qwxz", "No skill is found"), ("x" * 300, "No skill is found"), (EVIL, "")],
)
def test_a_wish_for_nothing_known_is_told_and_kept(anna: FlaskClient, alike: Workspace, typed: str, said: str):
    done = anna.post(f"{PAGE}/wishes", data={**form(anna, f"{PAGE}/wishes#"), "skill": typed, "do": "add"})
    assert done.status_code == 400
    assert said in text_of(done.text)
    assert EVIL not in done.text
    assert alike.development.wishes() == ()


def test_other_words_are_asked_about(anna: FlaskClient, alike: Workspace):
    fields = form(anna, f"{PAGE}/wishes#")
    asked = anna.post(f"{PAGE}/wishes", data={**fields, "skill": "alarm systems", "do": "add"})
    assert "Which of these is it?" in text_of(asked.text)
    assert '<button name="pick" value="alarms">Alarms</button>' in asked.text
    assert anna.post(f"{PAGE}/wishes", data={**fields, "skill": "alarm systems", "pick": "alarms"}).status_code == 303
    assert [one.skill for one in alike.development.wishes()] == ["alarms"]


def test_the_path_names_colleagues_and_shows_a_worker_no_jobs_of_others(alike: Workspace):
    app = create_app(alike)
    where = "/workers/ben/wishes/alarms"
    page = signed_in(app, "sam").get(where).text
    said = text_of(page)
    assert "Jobs usually ask for level 3.5, experienced" in said
    assert "Plumbing is missing" in said
    assert '<a href="/workers/chen">Chen Li</a>' in page
    assert "Alarms I to level 2.0 · 2 people finished it" in said
    mona = signed_in(app, "mona").get(where).text
    assert "somebody of another team" in mona  # she sees North alone
    assert "Chen" not in mona
    anna = signed_in(app, "anna")
    own = anna.get(f"{PAGE}/wishes/alarms").text
    assert "Alarm does not ring 2 open jobs" in text_of(own)
    assert "/jobs/j1" not in own
    assert "Alarm silent" not in own
    assert 'href="/jobs/j1"' in signed_in(app, "sam").get(f"{PAGE}/wishes/alarms").text
    assert anna.get(where).status_code == 404


def test_managers_see_the_wishes_of_their_teams_by_skill(alike: Workspace):
    for number, worker in enumerate(("anna", "ben", "chen")):
        alike.development.wish(f"{number}" * 32, worker, "alarms", note=EVIL)
    app = create_app(alike)
    page = signed_in(app, "mona").get("/wishes").text
    assert "2 wishes, in 1 skill" in text_of(page)
    assert "Alarms 2 Anna Frost" in text_of(page)
    assert "Chen" not in page
    assert EVIL not in page
    for who in ("anna", "sam"):
        assert signed_in(app, who).get("/wishes").status_code == 404


def test_no_wishes_say_what_to_do(alike: Workspace):
    assert "Nobody wishes to learn anything yet." in text_of(signed_in(create_app(alike), "mona").get("/wishes").text)
