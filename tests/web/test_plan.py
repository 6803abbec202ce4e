"""The day plan on its pages: chosen, shown, applied as shown, taken back; locks; two dispatchers; bad input."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.model import Booking, JobStatus
from skillmatch.workspace import Workspace
from skillmatch_web.app import create_app
from skillmatch_web.plan_drawing import HOUR, WIDTH, Scale
from skillmatch_web.plan_form import PlanForm
from tests.web.conftest import ANNA, BARE, BEN, CREW, CURTIS, EVIL, JOBS, NOW, OPEN, TODAY, AsWho, signed_in
from tests.web.forms import text_of

ASKED = {"first": TODAY.isoformat(), "days": "3", "policy": "balanced", "seconds": "0.5", "mode": "fill"}


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/plan").text)
    assert found
    return found[1]


def send(client: FlaskClient, where: str, **fields: str):
    return client.post(where, data={"csrf_token": token(client), **fields})


def made(client: FlaskClient, **fields: str) -> str:
    """Let a plan be made, and return its address."""
    answer = send(client, "/plan", **{**ASKED, **fields})
    assert answer.status_code == 303, text_of(answer.text)
    return str(answer.location)


def act(client: FlaskClient, plan: str, what: str):
    return send(client, plan.replace("?", f"/{what}?"))


def booked(workspace: Workspace) -> set[tuple[str, str, object]]:
    return {(job.id, one.worker, one.start) for job in JOBS for one in workspace.bookings(job.id)}


def save(workspace: Workspace, *nouns: Booking) -> None:
    with workspace._store.write() as transaction:
        transaction.save_nouns(Booking, nouns, revision=transaction.next_revision())


def test_a_plan_is_shown_applied_as_shown_and_taken_back(client: FlaskClient, workspace: Workspace):
    plan = made(client)
    page = text_of(client.get(plan).text)
    assert "not applied" in page
    assert "J-1001 No hot water in the east wing new nobody Anna Kovacs" in page
    assert booked(workspace) == set()
    shown = workspace.kept_plan(plan.split("/")[2][:16]).preview
    answer = act(client, plan, "apply")
    assert (answer.status_code, answer.location) == (303, plan)
    assert booked(workspace) == {(one.job, who, one.start) for one in shown.visits for who in one.workers}
    page = client.get(plan).text
    assert "The plan is applied: 4 visits changed." in text_of(page)
    assert "Take the plan back" in page
    answer = act(client, plan, "undo")
    assert answer.status_code == 303
    assert booked(workspace) == set()
    assert "The plan is taken back: 5 bookings are as they were." in text_of(client.get(plan).text)
    assert [one.what for one in workspace.accounts.audit(limit=2)] == ["plan taken back", "plan applied"]


def test_a_button_that_is_pressed_twice_counts_once(client: FlaskClient, workspace: Workspace):
    plan = made(client)
    assert [act(client, plan, "apply").status_code for _ in range(2)] == [303, 303]
    assert len(booked(workspace)) == 5
    assert [act(client, plan, "undo").status_code for _ in range(2)] == [303, 303]
    assert booked(workspace) == set()


def test_the_second_of_two_dispatchers_is_told_what_changed_and_by_whom(as_who: AsWho, workspace: Workspace):
    stella, rita = as_who("stella"), as_who("rita")
    first, second = made(stella), made(rita)
    assert act(stella, first, "apply").status_code == 303
    before = booked(workspace)
    answer = act(rita, second, "apply")
    assert answer.status_code == 409
    page = text_of(answer.text)
    assert "Since the plan was made, something else has changed" in page
    assert f"{OPEN} No hot water in the east wing : it was promised otherwise meanwhile (Stella Ochs" in page
    assert "Make a new plan by the same choices" in page
    assert "Apply the plan" not in re.sub(r"<details.*", "", answer.text, flags=re.S)
    assert booked(workspace) == before
    # And whoever opens the very plan that was applied, is told by whom.
    answer = act(rita, first, "apply")
    assert answer.status_code == 409
    assert "applied already, by Stella Ochs" in text_of(answer.text)
    again = re.findall(
        r'<input type="hidden" name="(first|days|policy|seconds|mode)" value="([^"]*)"', rita.get(second).text
    )
    assert dict(again) == ASKED


def test_what_another_process_applied_is_told_in_this_one(client: FlaskClient, workspace: Workspace, tmp_path: Path):
    with Workspace.open(f"sqlite:///{tmp_path / 'company.db'}", clock=lambda: NOW) as elsewhere:
        other = signed_in(create_app(elsewhere), "stella")
        here, there = made(client), made(other)
        assert act(other, there, "apply").status_code == 303
        assert "otherwise meanwhile (Stella Ochs" in text_of(client.get(here).text)
        assert act(client, here, "apply").status_code == 409
        assert act(client, there, "undo").status_code == 303
        assert elsewhere.bookings(OPEN) == ()
        assert act(client, here, "apply").status_code == 303
        assert elsewhere.bookings(OPEN) == workspace.bookings(OPEN) != ()


def test_what_changed_after_applying_is_not_taken_back(client: FlaskClient, workspace: Workspace):
    plan = made(client)
    act(client, plan, "apply")
    (own,) = workspace.bookings(OPEN)
    save(workspace, replace(own, start=own.start + timedelta(hours=1)))
    before = booked(workspace)
    answer = act(client, plan, "undo")
    assert answer.status_code == 409
    assert f"Nothing was taken back: {OPEN} changed since" in text_of(answer.text)
    assert booked(workspace) == before


def test_a_locked_job_stays_in_the_next_plan_and_the_lock_is_taken_back(client: FlaskClient, workspace: Workspace):
    save(workspace, Booking(OPEN, BEN, NOW + timedelta(hours=1), 60.0))
    workspace.change_policy("balanced", {"success": "1000"})  # so that a better worker is worth a change
    free = made(client, mode="anew", days="1")
    assert "other worker Ben Osei 15:05–16:05 Anna Kovacs" in text_of(client.get(free).text)
    assert ">Lock<" in client.get(f"/jobs/{OPEN}").text
    answer = send(client, f"/jobs/{OPEN}/lock", locked="1")
    assert answer.location == f"/jobs/{OPEN}"
    page = client.get(answer.location).text
    assert f"{OPEN} is locked: no plan moves it." in text_of(page)
    assert ">Unlock<" in page
    assert f"{OPEN} No hot water in the east wing : it was locked meanwhile (Rita" in text_of(client.get(free).text)
    plan = made(client, mode="anew", days="1")
    visit = next(one for one in workspace.kept_plan(plan.split("/")[2][:16]).preview.visits if one.job == OPEN)
    assert (visit.workers, visit.start, visit.change) == ((BEN,), NOW + timedelta(hours=1), "kept")
    id = plan.split("/")[2][:16]
    answer = send(client, f"/jobs/{OPEN}/lock?mode=anew&seconds=0.5", locked="0", plan=id)
    assert answer.location == plan
    assert not workspace.bookings(OPEN)[0].locked


def test_a_lock_on_what_a_plan_keeps_does_not_stop_it(client: FlaskClient, workspace: Workspace):
    save(workspace, Booking(OPEN, ANNA, NOW + timedelta(hours=1), 60.0))
    plan = made(client)
    send(client, f"/jobs/{OPEN}/lock", locked="1")
    assert act(client, plan, "apply").status_code == 303
    assert workspace.bookings(OPEN)[0].locked


def test_nothing_is_locked_where_nobody_is_promised(client: FlaskClient):
    where = send(client, f"/jobs/{BARE}/lock", locked="1").location
    assert "Nothing was changed: nobody is promised to job" in text_of(client.get(where).text)


def test_a_team_plans_its_own_workers_and_sees_only_its_own_plans(as_who: AsWho, workspace: Workspace):
    save(workspace, Booking(OPEN, CURTIS, NOW + timedelta(hours=1), 60.0))
    sam, rita = as_who("sam"), as_who("rita")
    plan = made(sam)
    page = text_of(sam.get(plan).text)
    assert "Only workers of North are planned." in page
    visits = workspace.kept_plan(plan.split("/")[2][:16]).preview.visits
    assert {who for visit in visits for who in visit.workers} <= {ANNA, BEN}
    assert OPEN not in {visit.job for visit in visits}
    for name in ("Curtis", "Dora", "Eva"):
        assert name not in page
    other = made(rita)
    hidden, missing = sam.get(other), sam.get("/plan/0123456789abcdef")
    assert hidden.status_code == missing.status_code == 404
    assert text_of(hidden.text) == text_of(missing.text)
    assert act(sam, other, "apply").status_code == act(sam, other, "undo").status_code == 404
    assert other.partition("?")[0] not in sam.get("/plan").text
    assert plan.partition("?")[0] in sam.get("/plan").text
    assert as_who("mia").get(plan).status_code == 404
    send(sam, f"/jobs/{OPEN}/lock", locked="1")
    assert "it is promised to somebody of another team" in text_of(sam.get(f"/jobs/{OPEN}").text)
    assert not workspace.bookings(OPEN)[0].locked


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("first", "2026-11-20", "has passed: choose today or later"),
        ("first", "9999-12-31", "more than a year away"),
        ("first", "tomorrow", "is no day"),
        ("first", "", "is no day"),
        ("days", "400", "Expected 1 to 14 days"),
        ("days", "-1", "Expected 1 to 14 days"),
        ("days", "１", "Expected 1 to 14 days"),
        ("seconds", "10000", "to 30 seconds"),
        ("seconds", "nan", "to 30 seconds"),
        ("policy", "balancd", "There is no such policy"),
        ("mode", "", "Choose one of the two"),
        ("first", EVIL, "is no day"),
        ("seconds", "9" * 5000, "to 30 seconds"),
    ],
)
def test_what_is_typed_wrong_is_said_beside_its_field_and_stays(
    client: FlaskClient, workspace: Workspace, field: str, typed: str, said: str
):
    answer = send(client, "/plan", **{**ASKED, field: typed})
    assert answer.status_code == 400
    error = re.search(rf'id="{field}-error">(.*?)</p>', answer.text, re.S)
    assert error
    assert said in text_of(error[1])
    assert "<script>alert" not in answer.text
    for name in {"days", "seconds", "first"} - {field}:
        assert f'value="{ASKED[name]}"' in answer.text
    assert workspace.latest_plans() == ()


def test_a_form_without_fields_is_told_what_is_missing(client: FlaskClient):
    assert send(client, "/plan").status_code == 400


def test_without_open_jobs_the_page_says_what_to_do(client: FlaskClient, workspace: Workspace):
    with workspace._store.write() as transaction:
        done = [replace(job, status=JobStatus.DONE) for job in JOBS]
        transaction.save_nouns(type(done[0]), done, revision=transaction.next_revision())
    assert "There is no open job, so there is nothing to plan." in text_of(client.get("/plan").text)
    page = text_of(client.get(made(client)).text)
    assert "No open job is due by then." in page
    assert "Apply the plan" not in page.partition("Help with this page")[0]


def test_a_job_that_nobody_may_do_says_why(client: FlaskClient):
    page = client.get(made(client)).text
    assert EVIL not in page
    assert "Nobody does" not in text_of(page).replace("Jobs nobody does", "")
    page = text_of(client.get(made(client, days="1")).text)
    assert CREW not in page  # promised for a later day


def test_figures_are_counted_alike_before_and_after(client: FlaskClient, workspace: Workspace):
    later = (TODAY + timedelta(days=1)).isoformat()  # what is under way now is no longer planned
    plan = made(client, first=later)
    act(client, plan, "apply")
    first = workspace.shown_plan(plan.split("/")[2][:16])
    ways = sum(way for visit in first.kept.preview.visits for way in visit.travel)
    assert first.will.travel == ways  # the walk along the bookings comes to what the solver has counted
    second = workspace.shown_plan(made(client, first=later).split("/")[2][:16])
    assert second.was == second.will
    assert replace(first.will, points=None) == replace(second.was, points=None)
    # The load of those who are booked counts a little.
    assert second.was.points == pytest.approx(first.will.points, abs=2.0)


def test_forms_address_what_is_there(client: FlaskClient):
    plan = made(client)
    for what in ("apply", "undo"):
        answer = client.get(plan.replace("?", f"/{what}?"))
        assert (answer.status_code, answer.location) == (303, plan)
    assert client.get(plan.partition("?")[0] + "?mode=x&seconds=nan&page=99").status_code == 302
    assert client.get(plan.partition("?")[0] + f"?mode={'x' * 500}&seconds=1e9").status_code == 200
    assert send(client, f"/jobs/{OPEN}/lock", locked="0", plan="../../sign-out").location == f"/jobs/{OPEN}"


@given(
    first=st.floats(0, 20 * HOUR),
    length=st.floats(1, 10 * HOUR),
    parts=st.lists(st.floats(0, 1), min_size=2, max_size=4).map(sorted),
)
def test_a_day_is_drawn_to_scale(first: float, length: float, parts: list[float]):
    scale = Scale(first, first + length)
    places = [scale.place(first + part * length) for part in parts]
    assert places == sorted(places)
    assert all(abs(place - part * WIDTH) <= 0.051 for place, part in zip(places, parts, strict=True))
    hours = scale.hours()
    assert all(0 <= place <= WIDTH for place, _name in hours)


@given(st.fixed_dictionaries({name: st.text(max_size=60) for name in ASKED}))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_in_the_form_is_answered(app: Flask, fields: dict[str, str]):
    with app.test_request_context():
        form, choice = PlanForm.typed(fields).checked()
    assert choice is not None or form.problems
