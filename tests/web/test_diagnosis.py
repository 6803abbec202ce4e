"""What may be behind a call, on pages: shown in the numbers of the workspace, answered, gone with, and escaped."""

from __future__ import annotations

import re
from html import escape

import pytest
from flask.testing import FlaskClient

from skillmatch.model import JobStatus
from skillmatch.workspace import Demand, Workspace
from skillmatch_web.words import percent
from tests.web.conftest import ANNA, BARE, DONE, KNOCK, OPEN, STRANGE
from tests.web.forms import address, open_form, record, text_of
from tests.web.test_browser import cheap_but_not_certified
from tests.web.test_recording import segment

PAGES = {"job": address(OPEN), "diagnosis": f"{address(OPEN)}/diagnosis"}


def send(client: FlaskClient, to: str, *, job: str = OPEN, **entries: str):
    """Send one of the small forms of a page, and return the answer."""
    token = re.search(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', client.get(address(job)).text)
    assert token
    return client.post(f"{address(job)}/{to}", data={"csrf_token": token[1], **entries})


def block(client: FlaskClient) -> str:
    page = client.get(PAGES["job"]).text
    return page[page.index('id="behind"') : page.index('id="candidates"')]


def test_the_page_of_a_job_shows_each_cause_with_its_chance_and_what_it_takes(
    client: FlaskClient, workspace: Workspace
):
    text = text_of(block(client))
    for one in workspace.diagnose(OPEN).diagnosis.likely:
        assert f"{one.name} {percent(one.probability)}".replace("\xa0", " ") in text
    assert "About 40 min; beside the usual Heat pumps (level 4, experienced)" in text
    assert "Certification gas / EU (must be valid on the day)" in text


def test_the_causes_are_folded_under_the_likeliest_one_and_unfolded_after_an_answer(
    client: FlaskClient, workspace: Workspace
):
    def summary() -> tuple[str, str]:
        html = client.get(page).text
        _before, fold, after = html.partition('<details class="fold"')
        assert fold
        return after[: after.index(">")], text_of(after[: after.index("</summary>")].partition(">")[2])

    cheap_but_not_certified(workspace)
    page = PAGES["job"]
    likeliest = workspace.diagnose(OPEN).diagnosis.likely[0]
    opened, said = summary()
    assert opened == ""
    assert f"{likeliest.name} {percent(likeliest.probability)}".replace("\xa0", " ") in said.replace("\xa0", " ")
    assert "1 question would help" in said
    page = send(client, "answer", question="flame", said="yes", seen="").location
    assert page.endswith("asked=1#behind")
    for _again in range(2):  # without the message, it may be kept
        opened, said = summary()
        assert opened == " open"
        assert "question" not in said
    assert client.get(PAGES["job"]).text.count('<details class="fold">') == 1
    page = send(client, "cause", cause=KNOCK).location
    opened, said = summary()
    assert (opened, "You went with" in said) == ("", True)


def test_what_the_company_writes_is_escaped(client: FlaskClient):
    for page in PAGES.values():
        html = client.get(page).text
        assert escape(KNOCK) in html
        assert KNOCK not in html
        assert "<at all>" not in html


def test_bars_are_as_long_as_the_chances(client: FlaskClient, workspace: Workspace):
    widths = [float(width) for width in re.findall(r'class="bar c0" x="0" y="0" width="([\d.]+)"', block(client))]
    likely = workspace.diagnose(OPEN).diagnosis.likely
    assert widths == [round(1000.0 * one.probability, 1) for one in likely]


@pytest.mark.parametrize("job", [BARE, DONE])
def test_where_nothing_is_known_or_the_job_is_closed_there_is_no_block(client: FlaskClient, job: str):
    assert "What may be behind it" not in client.get(address(job)).text


def test_a_page_of_a_job_without_a_type_says_what_is_not_known(client: FlaskClient):
    text = text_of(client.get(f"/jobs/{segment(STRANGE)}/diagnosis").text)
    assert "No finished job tells what such calls turn out to be." in text


def test_everybody_stands_with_success_and_cost_in_the_order_of_the_workspace(
    client: FlaskClient, workspace: Workspace
):
    text = text_of(client.get(PAGES["diagnosis"]).text)
    places = []
    for one in workspace.diagnose(OPEN, limit=8).prospects:
        shown = f"Done at the first visit {percent(one.success)}".replace("\xa0", " ")
        assert shown in text
        assert f"Costs on average {one.cost:.1f}" in text
        places.append(text.index(one.worker.name))
    assert places == sorted(places)
    assert "if it is gas valve stuck: holds no certification gas / EU" in text


def test_a_question_is_answered_shown_and_taken_back(client: FlaskClient, workspace: Workspace):
    before = workspace.diagnose(OPEN).diagnosis
    answer = send(client, "answer", question="flame", said="yes", seen="", back="diagnosis")
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, PAGES["diagnosis"])
    assert workspace.diagnose(OPEN).diagnosis.probability(KNOCK) > before.probability(KNOCK)
    assert "Asked: Do you see a flame <at all>? Yes" in text_of(client.get(PAGES["job"]).text)
    send(client, "answer", question="flame", said="yes", seen="")
    assert "not by you" in text_of(
        client.get(send(client, "answer", question="flame", said="no", seen="").location).text
    )
    assert workspace.job(OPEN).job.answers == (("flame", True),)
    send(client, "answer", question="flame", said="", seen="yes")
    assert workspace.diagnose(OPEN).diagnosis == before


def test_going_with_a_cause_changes_what_the_job_needs_and_can_be_undone(client: FlaskClient, workspace: Workspace):
    answer = send(client, "cause", cause="gas valve stuck")
    page = text_of(client.get(answer.location).text)
    assert "This job now needs what “gas valve stuck” takes." in page
    assert "You went with gas valve stuck" in page
    assert workspace.job(OPEN).job.minutes == 90.0
    assert not workspace.job(OPEN).inherited
    page = text_of(client.get(send(client, "cause", cause="").location).text)
    assert "This job needs again what its type asks for." in page
    assert workspace.job(OPEN).inherited


@pytest.mark.parametrize(
    ("to", "entries", "said"),
    [
        ("cause", {"cause": "nonsense"}, "Nothing was changed: there is no cause 'nonsense'"),
        ("cause", {}, "Nothing was changed: nobody went with a cause"),
        ("answer", {"question": "flamee", "said": "yes"}, "there is no question 'flamee'"),
        ("answer", {"question": "flame", "said": "perhaps"}, "expected yes, no or nothing"),
        ("answer", {}, ""),
    ],
)
def test_what_cannot_be_taken_is_said_and_changes_nothing(
    client: FlaskClient, workspace: Workspace, to: str, entries: dict[str, str], said: str
):
    before = workspace.job(OPEN)
    answer = send(client, to, **entries)
    text = text_of((client.get(answer.location) if answer.status_code == 303 else answer).text)
    assert answer.status_code in (303, 400, 404)
    assert said.casefold() in text.casefold()
    assert workspace.job(OPEN) == before


def test_forms_from_elsewhere_and_for_jobs_that_are_not_there_are_refused(client: FlaskClient, workspace: Workspace):
    assert client.post(f"{address(OPEN)}/cause", data={"cause": "gas valve stuck"}).status_code == 400
    assert workspace.job(OPEN).inherited
    token = re.search(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', client.get(address(OPEN)).text)
    assert token
    for to in ("cause", "answer"):
        assert client.post(f"/jobs/nothing/{to}", data={"csrf_token": token[1], "said": "yes"}).status_code == 404
        assert client.get(f"{address(OPEN)}/{to}").status_code == 302
    assert client.get("/jobs/nothing/diagnosis").status_code == 404


def test_an_outcome_names_what_was_behind_it_and_the_skills_used(client: FlaskClient, workspace: Workspace):
    answer = record(client, OPEN, worker=ANNA, result="first-time fix", cause=KNOCK, used="pumps")
    (fact,) = workspace.job(OPEN).outcomes
    assert (fact.cause, fact.used) == (KNOCK, (Demand("pumps", 2.0),))
    text = text_of(client.get(answer.location).text)
    assert f"What was behind it: {KNOCK}" in text.replace(" .", ".")
    assert "Skills used: Heat pumps" in text
    assert f"behind it: {KNOCK}" in text_of(client.get(address(OPEN)).text)
    assert workspace.causes_of("boiler repair")[0] in (KNOCK, "gas valve stuck")
    assert workspace.job(OPEN).job.status is JobStatus.DONE


def test_a_cause_that_is_typed_is_offered_the_next_time(client: FlaskClient, workspace: Workspace):
    record(client, OPEN, worker=ANNA, result="rework", other_cause="  mouse in the box ")
    assert [one.cause for one in workspace.job(OPEN).outcomes] == ["mouse in the box"]
    assert '<option value="mouse in the box">' in client.get(address(DONE)).text


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"cause": KNOCK, "other_cause": "mouse"}, "keep only one"),
        ({"other_cause": "x" * 201}, "This cannot be kept as a cause"),
        ({"other_cause": "a\u2028b"}, "This cannot be kept as a cause"),
        ({"used": "flying"}, "“flying” is no skill on record"),
    ],
)
def test_what_is_wrong_with_a_cause_is_said_beside_it(
    client: FlaskClient, workspace: Workspace, entries: dict[str, str], said: str
):
    answer = record(client, OPEN, worker=ANNA, result="first-time fix", **entries)
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert workspace.job(OPEN).outcomes == ()


def test_a_form_with_a_cause_counts_once(client: FlaskClient, workspace: Workspace):

    form = {**open_form(client, OPEN), "worker": ANNA, "result": "first-time fix", "cause": KNOCK, "used": "pumps"}
    first, again = (client.post(f"{address(OPEN)}/outcome", data=form) for _ in range(2))
    assert first.location == again.location
    assert len(workspace.job(OPEN).outcomes) == 1
    other = client.post(f"{address(OPEN)}/outcome", data={**form, "cause": "gas valve stuck"})
    assert other.status_code == 400
