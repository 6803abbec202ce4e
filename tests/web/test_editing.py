"""Changing a job from its page: saved on top of what was seen, told what others did, undone; and a new job."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from skillmatch.model import (
    AllOf,
    AnyOf,
    CertificationRequirement,
    Customer,
    Job,
    JobStatus,
    LanguageRequirement,
    Need,
    Requirement,
    Site,
)
from skillmatch.workspace import Workspace
from skillmatch_web.job_draft import Draft
from skillmatch_web.need_rows import FIELDS, needs_of, rows_of, typed_rows
from tests.web.conftest import BARE, BEN, CREW, DONE, EVIL, JOBS, NEEDS, OPEN, STRANGE, AsWho
from tests.web.forms import text_of
from tests.web.test_correcting import undo
from tests.web.test_pages import segment

NAMES = {"boiler": "Boiler controls", "pumps": "Heat pumps", "talk": "Talking with customers"}
AT = f"/jobs/{OPEN}/needs"


def fields(page: str) -> MultiDict[str, str]:
    """Return what the form of a page sends as it stands, but for the button."""
    form = page[page.index("novalidate>") : page.index("</form>", page.index("novalidate>"))]
    found: MultiDict[str, str] = MultiDict()
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and (("checkbox" not in tag and "radio" not in tag) or " checked" in tag):
            found.add(name[1], unescape(value[1]))
    for name, text in re.findall(r'<textarea id="\w+" name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text)
    for name, inside in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside) or re.search(r'value="([^"]*)"', inside)
        assert chosen
        found[name] = unescape(chosen[1])
    return found


def send(client: FlaskClient, at: str = AT, page: str = "", **changes: str) -> Any:
    """Open a form, change it and send it."""
    data = fields(page or client.get(at).text)
    for name, value in changes.items():
        data[name.replace("_", "-") if name.startswith("n") and name[1:2].isdigit() else name] = value
    return client.post(at, data=data)


@pytest.mark.parametrize("job", [job.id for job in JOBS if job.status is JobStatus.OPEN])
def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(client: FlaskClient, workspace: Workspace, job: str):
    before = workspace.job_version(job)
    answer = send(client, f"/jobs/{segment(job)}/needs")
    assert answer.status_code == 303, text_of(answer.text)
    assert workspace.job_version(job) == before


def test_everything_about_a_job_is_changed_at_once_and_undone(client: FlaskClient, workspace: Workspace):
    before = workspace.job(OPEN).job
    answer = send(
        client,
        title="Hot water is back, but brown",
        text="It is\r\nbrown",
        priority="2",
        due="2026-11-24",
        earliest="2026-11-24T08:00",
        latest="2026-11-24T12:30",
        minutes="75,5",
        risk="high",
        crew="2",
    )
    assert answer.status_code == 303
    assert workspace.job(OPEN).job == replace(
        before,
        title="Hot water is back, but brown",
        text="It is\nbrown",
        priority=2,
        due=date(2026, 11, 24),
        earliest=datetime(2026, 11, 24, 8, tzinfo=UTC),
        latest=datetime(2026, 11, 24, 12, 30, tzinfo=UTC),
        minutes=75.5,
        risk="high",
        crew=2,
    )
    page = client.get(answer.location).text
    assert "Saved." in text_of(page)
    assert "Taken back: all is as it was before." in text_of(undo(client, page))
    assert workspace.job(OPEN).job == before
    assert "cannot be taken back any more" in text_of(undo(client, page))


def test_what_is_inherited_is_made_the_jobs_own_and_given_back(client: FlaskClient, workspace: Workspace):
    page = client.get(AT).text
    assert "As every job of this type; nothing is stated for this one" in text_of(page)
    own = send(client, do="own")
    assert own.status_code == 200
    assert workspace.job(OPEN).inherited  # nothing is saved yet
    answer = send(client, page=own.text, n0_level="4", n0_must="yes", n1_gone="yes", n2_name="talking WITH customers")
    assert answer.status_code == 303, text_of(answer.text)
    assert workspace.job(OPEN).needs == (Requirement("boiler", 4.0, 3.0, must=True), Requirement("talk"))
    back = send(client, do="type")
    assert send(client, page=back.text).status_code == 303
    assert (workspace.job(OPEN).needs, workspace.job(OPEN).inherited) == (NEEDS, True)


def test_certifications_and_languages_are_needs_too(client: FlaskClient, workspace: Workspace):
    at = f"/jobs/{BARE}/needs"
    rows = send(client, at, do="row", needs="own").text
    kinds = {"n0_kind": "certification", "n0_name": "gas / EU", "n0_count": "2", "n1_kind": "language", "n1_name": "hu"}
    assert send(client, at, page=rows, **kinds).status_code == 303
    assert workspace.job(BARE).needs == (CertificationRequirement("gas / EU", 2), LanguageRequirement("hu"))


LEVELS = st.sampled_from([1.0, 2.0, 2.5, 4.3])
PLAIN: st.SearchStrategy[Any] = st.one_of(
    st.builds(Requirement, st.sampled_from(sorted(NAMES)), LEVELS, st.sampled_from([1.0, 0.3, 12.5]), st.booleans()),
    st.builds(CertificationRequirement, st.sampled_from(["gas", "lift / EU"]), st.integers(1, 3)),
    st.builds(LanguageRequirement, st.sampled_from(["de", "hu"])),
)
SETS = st.builds(AllOf, st.lists(PLAIN, min_size=1, max_size=3).map(tuple))
GROUPS = st.builds(AnyOf, st.lists(st.one_of(PLAIN, SETS), min_size=2, max_size=5).map(tuple))
DEEP = st.builds(AnyOf, st.lists(GROUPS, min_size=2, max_size=2).map(tuple))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(needs=st.lists(st.one_of(PLAIN, SETS, GROUPS, DEEP), max_size=6).map(tuple))
def test_any_needs_come_back_from_the_form_as_they_went_in(app: Flask, needs: tuple[Need, ...]):
    rows = rows_of(needs, NAMES)
    sent = {f"n{number}-{field}": getattr(row, field) for number, row in enumerate(rows) for field in FIELDS}
    with app.test_request_context():
        assert needs_of(typed_rows(sent), NAMES, needs) == (needs, {})


def test_a_choice_can_be_changed_and_its_parts_taken_away(client: FlaskClient, workspace: Workspace):
    at = f"/jobs/{CREW}/needs"
    assert send(client, at, n0_level="3", n0_preferred="4").status_code == 303
    choice = workspace.job(CREW).needs[0]
    assert isinstance(choice, AnyOf)
    assert choice.needs[0] == Requirement("pumps", 3.0, preferred_level=4.0)
    assert send(client, at, n0_gone="yes").status_code == 303
    assert workspace.job(CREW).needs[0] == AllOf((Requirement("boiler", 1.0), CertificationRequirement("gas / EU")))


def test_of_two_who_edit_the_second_is_told_and_shown_the_difference(
    client: FlaskClient, as_who: AsWho, workspace: Workspace
):
    stella = as_who("stella")
    mine = client.get(AT).text
    assert send(stella, title="Cold in the east wing", priority="2", minutes="45").status_code == 303
    answer = send(client, page=mine, title="No heating either", priority="2", text="They called again")
    assert answer.status_code == 409
    text = text_of(answer.text)
    assert "Stella Ochs (stella) has changed this job while you had it open" in text
    title = "No hot water in the east wing Cold in the east wing No heating either yours is kept below"
    assert f"What is it about? {title}" in text
    assert "Priority 1 emergency 2 urgent 2 urgent you made the same of it" in text
    assert "Estimate in minutes – 45 – taken over below" in text
    assert workspace.job(OPEN).job.title == "Cold in the east wing"
    again = send(client, page=answer.text)
    assert again.status_code == 303
    job = workspace.job(OPEN).job
    assert (job.title, job.priority, job.minutes, job.text) == ("No heating either", 2, 45.0, "They called again")
    undo(client, client.get(again.location).text)
    assert workspace.job(OPEN).job.title == "Cold in the east wing"


def test_needs_that_both_changed_are_told_in_words(client: FlaskClient, as_who: AsWho, workspace: Workspace):
    own = send(client, do="own").text
    stella = as_who("stella")
    assert send(stella, page=send(stella, do="own").text, n0_level="5").status_code == 303
    answer = send(client, page=own, n1_gone="yes")
    assert answer.status_code == 409
    text = text_of(answer.text)
    assert "What it needs what its type needs Boiler controls, level 5, weight 3; Heat pumps, level 2" in text
    assert "Boiler controls, level 3, weight 3 yours is kept below" in text
    assert send(client, page=answer.text).status_code == 303
    assert workspace.job(OPEN).needs == (Requirement("boiler", 3.0, 3.0),)


def test_sending_a_form_twice_saves_once_and_says_so(client: FlaskClient, workspace: Workspace):
    page = client.get(AT).text
    send(client, page=page, title="Other")
    revision = workspace.job_version(OPEN).revision
    again = send(client, page=page, title="Other")
    assert "This was saved already." in text_of(client.get(again.location).text)
    assert workspace.job_version(OPEN).revision == revision


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "Say in a few words what it is about."),
        ({"title": "x" * 301}, "at most 300 characters"),
        ({"text": "x" * 10_001}, "at most 10000 characters"),
        ({"priority": "6"}, "Choose a priority"),
        ({"due": "tomorrow"}, "“tomorrow” is no day"),
        ({"due": "0001-01-01"}, "is no day"),
        ({"earliest": "9:00"}, "“9:00” is no time"),
        ({"latest": "9999-12-31T23:59"}, "is no time"),
        ({"earliest": "2026-11-24T12:00", "latest": "2026-11-24T08:00"}, "expected the latest begin after"),
        ({"minutes": "an hour"}, "“an hour” is no number of minutes"),
        ({"minutes": "0"}, "is no number of minutes"),
        ({"risk": "huge"}, "Choose a risk"),
        ({"crew": "0"}, "is no number of people"),
        ({"type": "none"}, "There is no such job type"),
        ({"customer": "Nobody & Sons"}, "No customer is called “Nobody & Sons”"),
        ({"seen": "x", "title": "new"}, "has changed this job while you had it open"),
    ],
)
def test_a_mistake_is_told_beside_its_field_with_what_was_typed(
    client: FlaskClient, workspace: Workspace, changes: dict[str, str], said: str
):
    before = workspace.job_version(OPEN)
    answer = send(client, **changes)
    assert answer.status_code in (400, 409)
    assert said in text_of(answer.text)
    assert workspace.job_version(OPEN) == before
    kept = fields(answer.text)
    for name, value in changes.items():
        if name not in ("priority", "risk", "type", "seen", "due", "earliest", "latest"):
            assert kept[name].strip() == value.strip()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n0_name": "Boler controls"}, "There is no skill “Boler controls”. Did you mean Boiler controls?"),
        ({"n0_name": EVIL}, "There is no skill"),
        ({"n0_level": "6"}, "Levels go from 0 to 5."),
        ({"n0_level": "high"}, "“high” is no number."),
        ({"n0_weight": "-1"}, "“-1” is no number."),
        ({"n0_weight": "0"}, "expected above 0"),
        ({"n0_count": "1.5"}, "as a whole number"),
        ({"n0_count": "99"}, "expected 1 to 50"),
        ({"n0_level": "", "n0_must": "yes"}, "a must without a level"),
        ({"n0_level": "4", "n0_preferred": "2"}, "not below it"),
        ({"n1_name": "Boiler controls"}, "more than once among its requirements"),
        ({"n0_kind": "kept", "n0_name": "x"}, "Somebody else has changed this choice"),
    ],
)
def test_needs_that_cannot_be_are_told_and_nothing_is_saved(
    client: FlaskClient, workspace: Workspace, changes: dict[str, str], said: str
):
    answer = send(client, page=send(client, do="own").text, **changes)
    assert answer.status_code == 400
    assert said in text_of(answer.text)
    assert EVIL not in answer.text
    assert workspace.job(OPEN).inherited


def test_a_job_is_cancelled_with_undo(client: FlaskClient, workspace: Workspace):
    workspace.assign(workspace.propose(OPEN).number, [BEN], reason="knows the house")
    token = fields(client.get(AT).text)["csrf_token"]
    page = client.post(f"/jobs/{OPEN}/cancel", data={"csrf_token": token}, follow_redirects=True).text
    assert "The job is cancelled, and whoever was promised is called off." in text_of(page)
    assert workspace.job(OPEN).job.status is JobStatus.CANCELLED
    assert workspace.bookings(OPEN) == ()
    undo(client, page)
    assert workspace.job(OPEN).job.status is JobStatus.OPEN
    assert [one.worker for one in workspace.bookings(OPEN)] == [BEN]


def test_a_job_that_is_done_has_no_form(client: FlaskClient, workspace: Workspace):
    page = client.get(f"/jobs/{DONE}/needs").text
    assert "This job is not open any more" in text_of(page)
    assert "novalidate" not in page
    data = {**fields(client.get(AT).text), "seen": str(workspace.job_version(DONE).revision)}
    assert "is done" in text_of(client.post(f"/jobs/{DONE}/needs", data=data).text)


def test_an_assignment_is_undone_by_its_button(client: FlaskClient, workspace: Workspace):
    page = client.get(f"/jobs/{OPEN}").text
    found = re.search(r'action="(/decisions/(\d+)/assign[^"]*)">\s*(.*?)</form>', page, re.DOTALL)
    assert found
    data = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', found[3])}
    after = client.post(unescape(found[1]), data=data, follow_redirects=True).text
    assert len(workspace.bookings(OPEN)) == 1
    assert "Taken back: all is as it was before." in text_of(undo(client, after))
    assert workspace.bookings(OPEN) == ()
    assert workspace.decision(int(found[2])).chosen == (data["worker"],)


NEW = "/jobs/new"


def test_a_new_job_is_written_down_once_and_its_words_are_linked(client: FlaskClient, workspace: Workspace):
    page = client.get(NEW).text
    said = {
        "title": "Pump is loud",
        "text": "The heat pump is so loud",
        "customer": "care home",
        "type": "boiler repair",
    }
    answer = send(client, NEW, page=page, **said)
    assert answer.status_code == 303, text_of(answer.text)
    job = workspace.job(fields(page)["id"]).job
    assert (job.title, job.customer, job.site, job.type) == ("Pump is loud", "oak", "oak-1", "boiler repair")
    assert job.created == workspace.now()
    shown = client.get(answer.location).text
    assert f"The job is written down as {job.id}." in text_of(shown)
    assert "Heat pumps" in shown[shown.index('class="suggested"') :]
    again = send(client, NEW, page=page, **said)
    assert "It counts once" in text_of(client.get(again.location).text)
    undo(client, shown)
    assert workspace.job(job.id).job.status is JobStatus.CANCELLED


def test_the_customer_is_looked_for_and_chosen_among_those_of_one_name(client: FlaskClient, workspace: Workspace):
    with workspace._store.write() as transaction:
        revision = transaction.next_revision()
        transaction.save_nouns(Customer, [Customer("oak-2", "Oak Street School")], revision=revision)
        transaction.save_nouns(Site, [Site("a", "oak-2", "Hall"), Site("b", "oak-2", "Gym")], revision=revision)
    looked = send(client, NEW, do="look", customer="oak street", title="Leak")
    assert looked.status_code == 200
    assert "Several customers are called so" in text_of(looked.text)
    data = {"pick": "Oak Street School (oak-2)", "do": "save"}
    asked = send(client, NEW, page=looked.text, **data)
    assert asked.status_code == 400
    assert "This customer has several places" in text_of(asked.text)
    done = send(client, NEW, page=asked.text, site="b")
    assert done.status_code == 303, text_of(done.text)
    assert workspace.job(fields(looked.text)["id"]).job.site == "b"


def test_an_id_that_is_no_id_of_a_new_job_is_drawn_anew(client: FlaskClient, workspace: Workspace):
    answer = send(client, NEW, id=OPEN, title="Mine now")
    assert answer.status_code == 303
    assert workspace.job(OPEN).job.title == "No hot water in the east wing"
    assert re.fullmatch(r"/jobs/261121-[2-9A-Z]{5}", answer.location)


def test_a_job_that_is_called_new_can_be_opened(client: FlaskClient, workspace: Workspace):
    workspace.new_job(Job("new", "Called new"))
    board = client.get("/?search=called").text
    (where,) = re.findall(r'data-row href="([^"]+)"', board)
    assert "Called new" in client.get(where).text


def test_nobody_else_changes_jobs(as_who: AsWho, workspace: Workspace):
    workspace.assign(workspace.propose(OPEN).number, [BEN], reason="knows the house")
    ben = as_who("ben")
    assert "Change this job" not in ben.get(f"/jobs/{OPEN}").text
    assert ben.get(AT).status_code == ben.get(NEW).status_code == 404


def test_a_draft_takes_over_what_only_others_changed():
    base = Draft(title="a", priority="3", minutes="60")
    mine, theirs = replace(base, title="b"), replace(base, title="c", minutes="70")
    assert mine.merged(base, theirs) == replace(base, title="b", minutes="70")


def test_words_of_scripts_stay_text(client: FlaskClient, workspace: Workspace):
    assert send(client, f"/jobs/{segment(STRANGE)}/needs", text=EVIL).status_code == 303
    for at in (f"/jobs/{segment(STRANGE)}/needs", f"/jobs/{segment(STRANGE)}", "/"):
        assert EVIL not in client.get(at).text
