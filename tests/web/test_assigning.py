"""Assigning somebody to a job: with one click, with a reason, twice, too late, and on a ranking that has changed."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from werkzeug.routing import Map

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.workspace import Workspace
from skillmatch_web.addresses import IdConverter
from skillmatch_web.app import create_app
from skillmatch_web.languages import say
from skillmatch_web.words import period
from tests.web.conftest import ANNA, BEN, CREW, DONE, DORA, EVA, EVIL, OPEN, STRANGE, AsWho, signed_in
from tests.web.forms import assign, open_form, record, text_of


def segment(id: str) -> str:
    return IdConverter(Map()).to_url(id)


def booked(workspace: Workspace, job: str = OPEN) -> dict[str, datetime]:
    """Return who is booked for a job, and from when, read from the calendar that rankings use."""
    calendar = workspace.views(job)[0].roster.calendar
    return {worker: own[job].start for worker, own in calendar.bookings.items() if job in own}


def first_and_second(workspace: Workspace, job: str = OPEN) -> tuple[str, str]:
    best, second = workspace.rank(job).candidates[:2]
    return best.worker.id, second.worker.id


def proposed(client: FlaskClient, job: str = OPEN) -> int:
    """Open a job and return the number of the decision that its page shows."""
    found = re.search(r'href="/decisions/(\d+)"', client.get(f"/jobs/{segment(job)}").text)
    assert found
    return int(found[1])


def card(page: str, name: str) -> str:
    """Return the part of a page that is the card of somebody."""
    after = page[page.index(f">{escape(name)}</a></h3>") :]
    return after[: after.index("<h3>") if "<h3>" in after else len(after)]


def let_the_order_change(workspace: Workspace) -> None:
    """Let whoever is first fail so often that she is not first any more."""
    first = workspace.rank(OPEN).candidates[0].worker.id
    for number in range(12):
        time = workspace.now() - timedelta(hours=number + 1)
        workspace.record(JobOutcome(id=f"f{number}", worker=first, time=time, job=DONE, result=Result.FAILED))
    assert workspace.rank(OPEN).candidates[0].worker.id != first


def test_what_is_shown_is_kept_and_opening_it_again_is_the_same_decision(client: FlaskClient, workspace: Workspace):
    number = proposed(client)
    assert [proposed(client), proposed(client)] == [number, number]
    shown = [row.worker for row in workspace.decision(number).shown]
    assert shown == [one.worker.id for one in workspace.rank(OPEN).candidates]
    client.get(f"/jobs/{OPEN}/workers/{BEN}")
    assert len(workspace.decisions(job=OPEN)) == 1


def test_a_closed_job_is_shown_without_keeping_a_decision_or_offering_one(client: FlaskClient, workspace: Workspace):
    page = client.get(f"/jobs/{DONE}").text
    assert "/assign" not in page
    assert "/assign" not in client.get(f"/jobs/{DONE}/workers/{BEN}").text
    assert workspace.decisions(job=DONE) == ()


def test_the_first_is_assigned_with_one_click(client: FlaskClient, workspace: Workspace):
    first, _second = first_and_second(workspace)
    name = workspace.profile(first).worker.name
    page = client.get(f"/jobs/{OPEN}").text
    assert "<input" not in re.sub(r'<input type="hidden"[^>]*>', "", card(page, name).partition("<details>")[0])
    answer = assign(client, proposed(client), first)
    assert (answer.status_code, answer.location) == (303, f"/jobs/{OPEN}?policy=balanced")
    assert list(booked(workspace)) == [first]
    text = text_of(client.get(answer.location).text)
    assert f"{name} is assigned." in text


def test_after_it_the_page_says_who_comes_when_and_whom_to_call(client: FlaskClient, workspace: Workspace):
    assign(client, proposed(client), BEN, reason="knows the house")
    page = client.get(f"/jobs/{OPEN}").text
    on_top = page[page.index('id="promised"') : page.index('class="columns"')]
    start = booked(workspace)[BEN]
    when = period(start, start + timedelta(minutes=90), workspace.zone)
    assert f"Ben Osei {when}" in text_of(on_top)
    assert 'href="tel:+493090182012"' in on_top
    assert "Oak Street Care Home" in on_top
    assert 'href="tel:+49305550100"' in on_top
    assert f"Assigned to this job: {when}" in text_of(card(page, "Ben Osei"))
    assert '<option value="ben" selected>' in page  # in the form that records how it ended


def test_somebody_without_a_phone_number_is_said_to_have_none(client: FlaskClient):
    assign(client, proposed(client), DORA, reason="she is next door")
    assert "no phone number on record" in text_of(client.get(f"/jobs/{OPEN}").text)


def test_another_than_the_first_needs_a_reason(client: FlaskClient, workspace: Workspace):
    first, second = first_and_second(workspace)
    names = {one.id: one.name for one in workspace.workers()}
    for empty in ({}, {"reason": "  "}):
        answer = assign(client, proposed(client), second, **empty)
        assert answer.status_code == 400
        assert f"Say why {names[second]} goes and not {names[first]}, ranked first." in text_of(answer.text)
        assert 'aria-describedby="reason-again-error"' in answer.text
    assert booked(workspace) == {}
    number = proposed(client)
    assert assign(client, number, second, reason="knows the house").status_code == 303
    decision = workspace.decision(number)
    assert (decision.chosen, decision.reason, decision.by) == ((second,), "knows the house", "Rita")


def test_too_long_a_reason_is_told_and_nothing_is_assigned(client: FlaskClient, workspace: Workspace):
    answer = assign(client, proposed(client), BEN, reason="x" * 501)
    assert answer.status_code == 400
    assert "The reason is too long: at most 500 characters." in text_of(answer.text)
    assert booked(workspace) == {}


def test_who_decides_is_who_is_signed_in_whatever_the_form_says(as_who: AsWho, workspace: Workspace):
    stella = as_who("stella")
    number = proposed(stella)
    assign(stella, number, BEN, reason="knows the house", by="Rita")
    assert workspace.decision(number).by == "Stella Ochs (stella)"


def test_whoever_a_rule_stops_can_be_sent_with_a_reason_and_what_stands_against_it(
    client: FlaskClient, workspace: Workspace
):
    explanation = client.get(f"/jobs/{segment(STRANGE)}/workers/{segment(DORA)}").text
    reasons = workspace.explain(STRANGE, DORA).blocked
    assert len(reasons) == 2
    for reason in reasons:
        assert say(reason) in text_of(explanation[explanation.index('id="send"') : explanation.index('id="numbers"')])
    number = proposed(client, STRANGE)
    refused = assign(client, number, DORA)
    assert refused.status_code == 400
    assert f"Say why Dora Lind goes although: {say(reasons[0])}." in text_of(refused.text)
    assert assign(client, number, DORA, reason="renewed yesterday").status_code == 303
    assert list(booked(workspace, STRANGE)) == [DORA]
    assert workspace.decision(number).reason.startswith("renewed yesterday [against: ")
    assert all(reason in workspace.decision(number).reason for reason in reasons)


def test_near_matches_can_be_assigned_from_the_page_of_the_job(client: FlaskClient):
    page = client.get(f"/jobs/{segment(STRANGE)}").text
    for name in ("Dora Lind", "Curtis d'Entremont"):
        assert re.search(r'name="reason"[^>]* required', card(page, name))
    assert "/assign" not in card(page, "Eva Brandt")


def test_sending_it_twice_changes_nothing(client: FlaskClient, workspace: Workspace):
    number = proposed(client)
    assign(client, number, BEN, reason="knows the house")
    before, revision = booked(workspace), workspace.rank(OPEN).revision
    for reason in ("knows the house", "", "other words"):
        again = assign(client, number, BEN, reason=reason)
        assert again.status_code == 303
        assert "Ben Osei is assigned already. Sending the form again changed nothing." in text_of(
            client.get(again.location).text
        )
    assert (booked(workspace), workspace.rank(OPEN).revision) == (before, revision)
    assert workspace.decision(number).reason == "knows the house"


def test_a_double_click_assigns_once(app: Flask, client: FlaskClient, workspace: Workspace):
    number, token = proposed(client), open_form(client, OPEN)["csrf_token"]
    cookie = client.get_cookie("skillmatch")
    assert cookie
    data = {"csrf_token": token, "worker": BEN, "reason": "knows the house"}

    def click(_number: int) -> int:
        other = app.test_client()
        other.set_cookie("skillmatch", cookie.value)
        return other.post(f"/decisions/{number}/assign", data=data).status_code

    revision = workspace.rank(OPEN).revision
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(click, range(4))) == [303] * 4
    assert workspace.rank(OPEN).revision == revision + 1


def test_another_choice_on_the_same_page_afterwards_is_a_conflict_in_words(client: FlaskClient, workspace: Workspace):
    number = proposed(client)
    assign(client, number, BEN, reason="knows the house")
    answer = assign(client, number, DORA, reason="no, she does")
    assert answer.status_code == 409
    text = text_of(answer.text)
    assert "Dora Lind was not assigned" in text
    assert f"Decision {number} was made already by Rita: Ben Osei (“knows the house”)." in text
    assert list(booked(workspace)) == [BEN]


def test_somebody_else_can_be_assigned_later_and_the_page_says_whom_that_calls_off(
    client: FlaskClient, workspace: Workspace
):
    first, _second = first_and_second(workspace)
    name = workspace.profile(first).worker.name
    assign(client, proposed(client), DORA, reason="she is next door")
    page = client.get(f"/jobs/{OPEN}").text
    assert "Assign instead" in text_of(card(page, name))
    assert "This calls off Dora Lind." in text_of(card(page, name))
    assert "/assign" not in card(page, "Dora Lind")
    assert assign(client, proposed(client), first).status_code == 303
    assert list(booked(workspace)) == [first]


def test_sending_an_old_form_again_after_a_call_off_does_not_book_anew(client: FlaskClient, workspace: Workspace):
    old = proposed(client)
    assign(client, old, BEN, reason="knows the house")
    assign(client, proposed(client), DORA, reason="she is next door")
    answer = assign(client, old, BEN, reason="knows the house")
    assert answer.status_code == 409
    assert list(booked(workspace)) == [DORA]


def test_a_ranking_that_has_changed_is_shown_instead_of_assigning(client: FlaskClient, workspace: Workspace):
    number, (first, _second) = proposed(client), first_and_second(workspace)
    name = workspace.profile(first).worker.name
    let_the_order_change(workspace)
    now = workspace.explain(OPEN, first).rank
    answer = assign(client, number, first)
    assert answer.status_code == 409
    text = text_of(answer.text)
    assert f"Something has changed since you opened this page: {name}: ranked 1 then, ranked {now} now" in text
    assert booked(workspace) == {}
    fresh = max(int(found) for found in re.findall(r"/decisions/(\d+)/assign", answer.text))
    assert fresh != number
    assert assign(client, fresh, first, reason="all the same").status_code == 303
    assert list(booked(workspace)) == [first]


def test_what_does_not_change_the_order_stops_nobody(client: FlaskClient, workspace: Workspace):
    number, (first, _second) = proposed(client), first_and_second(workspace)
    workspace.change_policy("familiar", {"preferred": "12"})
    time = workspace.now() - timedelta(days=1)
    workspace.record(JobOutcome(id="w", worker=first, time=time, job=DONE, result=Result.FIRST_TIME_FIX))
    assert assign(client, number, first).status_code == 303


def test_a_job_that_was_done_meanwhile_is_not_assigned(client: FlaskClient, workspace: Workspace):
    number, (first, _second) = proposed(client), first_and_second(workspace)
    record(client, OPEN, worker=first, result="first-time fix")
    answer = assign(client, number, first)
    assert answer.status_code == 409
    text = text_of(answer.text)
    assert "the job is no longer open" in text
    assert "all the same" not in text
    assert booked(workspace) == {}


def test_a_crew_is_assigned_one_after_the_other(client: FlaskClient, workspace: Workspace):
    first, second = first_and_second(workspace, CREW)
    assert assign(client, proposed(client, CREW), first, job=CREW).status_code == 303
    page = client.get(f"/jobs/{CREW}").text
    assert "Add to the crew" in text_of(card(page, workspace.profile(second).worker.name))
    number = proposed(client, CREW)
    assert assign(client, number, second, job=CREW).status_code == 303
    assert set(booked(workspace, CREW)) == {first, second}
    assert workspace.decision(number).chosen == (first, second)
    page = client.get(f"/jobs/{CREW}").text
    on_top = text_of(page[page.index('id="promised"') : page.index('class="columns"')])
    names = [workspace.profile(worker).worker.name for worker in (first, second)]
    assert names == ["Ben Osei", "Anna Kovacs"]  # not in the order of their ids
    assert "Ben Osei leads" in on_top
    assert on_top.index(names[0]) < on_top.index(names[1])


@pytest.mark.parametrize(("number", "worker", "said"), [(99, ANNA, "decision"), (1, "ghost", "no worker 'ghost'")])
def test_what_is_not_there_cannot_be_assigned(client: FlaskClient, number: int, worker: str, said: str):
    proposed(client)
    answer = assign(client, number, worker)
    assert answer.status_code == 404
    assert said in text_of(answer.text)


def test_a_form_without_its_token_assigns_nobody(client: FlaskClient, workspace: Workspace):
    answer = client.post(f"/decisions/{proposed(client)}/assign", data={"worker": ANNA, "reason": "x"})
    assert answer.status_code == 400
    assert "This form is out of date" in answer.text
    assert booked(workspace) == {}


def test_the_address_of_the_form_leads_back_to_the_job(client: FlaskClient):
    assert client.get(f"/decisions/{proposed(client)}/assign").location == f"/jobs/{OPEN}"


def test_reasons_and_names_are_text_and_never_markup(client: FlaskClient, workspace: Workspace):
    number = proposed(client)
    workspace.accounts.change(workspace.accounts.named("rita").id, name=EVIL)
    assign(client, number, BEN, reason=EVIL)
    assert workspace.decision(number).by == f"{EVIL} (rita)"
    pages = [client.get(address).text for address in (f"/jobs/{OPEN}", "/decisions", f"/decisions/{number}")]
    pages.append(assign(client, number, EVA, reason=EVIL).text)
    for page in pages:
        assert EVIL not in page
        assert escape(EVIL) in page


def test_the_secret_of_a_browser_does_not_decide_for_another(workspace: Workspace):
    mine, other = (signed_in(create_app(workspace)) for _ in range(2))
    token = open_form(mine, OPEN)["csrf_token"]
    answer = other.post("/decisions/1/assign", data={"csrf_token": token, "worker": ANNA})
    assert answer.status_code == 400
    assert booked(workspace) == {}
