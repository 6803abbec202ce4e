"""Recording how a job ended: once, by whoever can, with what it changed; and what is wrong, beside its field."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from time import sleep
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Map

from skillmatch.model import JobStatus
from skillmatch.workspace import Result, Workspace
from skillmatch_web.addresses import IdConverter
from skillmatch_web.app import create_app
from skillmatch_web.words import RESULTS, chance, proficiency
from tests.web.conftest import ANNA, BARE, BEN, DONE, DORA, EVA, NOW, OPEN, STRANGE, signed_in
from tests.web.forms import open_form, record, text_of


def segment(id: str) -> str:
    return IdConverter(Map()).to_url(id)


def outcomes(workspace: Workspace, job: str = OPEN) -> list[tuple[str, Result, float | None, str]]:
    return [(one.worker, one.result, one.minutes, one.note) for one in workspace.job(job).outcomes]


def test_an_outcome_is_recorded_and_the_answer_leads_to_what_it_changed(client: FlaskClient, workspace: Workspace):
    answer = record(client, OPEN, worker=ANNA, result="first-time fix", minutes="75,5", note=" new valve ")
    assert answer.status_code == 303
    assert outcomes(workspace) == [(ANNA, Result.FIRST_TIME_FIX, 75.5, "new valve")]
    assert workspace.job(OPEN).job.status is JobStatus.DONE
    text = text_of(client.get(answer.location).text)
    assert "Recorded." in text
    assert "Done at the first visit" in text
    assert "new valve" in text


@pytest.mark.parametrize("result", list(Result))
def test_every_result_can_be_recorded_in_plain_words(client: FlaskClient, workspace: Workspace, result: Result):
    page = client.get(f"/jobs/{OPEN}").text
    assert RESULTS[result] in page
    assert record(client, OPEN, worker=BEN, result=result.value).status_code == 303
    assert outcomes(workspace) == [(BEN, result, None, "")]


def test_the_answer_shows_levels_before_and_after(client: FlaskClient, workspace: Workspace):
    text = text_of(client.get(record(client, OPEN, worker=BEN, result="failed").location).text)
    effects = [effect for effect in workspace.profile(BEN).effects if effect.evidence.source == "typed in"]
    assert [effect.skill for effect in effects] == ["boiler", "pumps"]
    for effect in effects:
        assert effect.after.level < effect.before.level
        assert f"Before {proficiency(effect.before)}" in text
        assert f"After {proficiency(effect.after)}" in text


def test_the_answer_shows_chance_rank_and_first_candidate_before_and_after(client: FlaskClient, workspace: Workspace):
    before, first = workspace.explain(OPEN, ANNA), workspace.rank(OPEN).candidates[0]
    answer = record(client, OPEN, worker=ANNA, result="failed")
    after = workspace.explain(OPEN, ANNA)
    text = text_of(client.get(answer.location).text)
    assert f"Before {chance(before)}".replace("\xa0", " ") in text
    assert f"After {chance(after)}".replace("\xa0", " ") in text
    assert f"{first.worker.name} was first. Anna Kovacs had rank {before.rank}." in text
    assert f"Now Anna Kovacs has rank {after.rank}." in text


def test_what_an_old_outcome_changed_can_be_seen_later(client: FlaskClient, workspace: Workspace):
    answer = client.get(f"/jobs/{DONE}/outcomes/{segment('old / system')}/{ANNA}-3")
    effect = next(effect for effect in workspace.profile(ANNA).effects if effect.evidence.id == f"{ANNA}-3")
    text = text_of(answer.text)
    assert f"Before {proficiency(effect.before)} After {proficiency(effect.after)}" in text
    assert f"Now {chance(workspace.explain(DONE, ANNA))}".replace("\xa0", " ") in text


def test_sending_a_form_twice_records_once_and_says_so(client: FlaskClient, workspace: Workspace):
    form = {**open_form(client, OPEN), "worker": ANNA, "result": "first-time fix"}
    once = client.post(f"/jobs/{OPEN}/outcome", data=form)
    level = workspace.profile(ANNA).skills
    again = client.post(f"/jobs/{OPEN}/outcome", data=form)
    assert once.location == again.location
    assert "It counts once" in text_of(client.get(again.location).text)
    assert len(outcomes(workspace)) == 1
    assert workspace.profile(ANNA).skills == level


def test_a_double_click_records_once(company_file: Path, tmp_path: Path):
    times = count()

    def slow_clock() -> datetime:
        sleep(0.02)  # so that the clicks meet
        return NOW + timedelta(seconds=next(times))

    with Workspace.open(f"sqlite:///{shutil.copy(company_file, tmp_path)}", clock=slow_clock) as workspace:
        app = create_app(workspace)
        form = {**open_form(client := signed_in(app), OPEN), "worker": ANNA, "result": "failed"}
        cookie = client.get_cookie("skillmatch")
        assert cookie
        revision = workspace.rank(OPEN).revision

        def click(_number: int) -> int:
            other = app.test_client()
            other.set_cookie("skillmatch", cookie.value)
            return other.post(f"/jobs/{OPEN}/outcome", data=form).status_code

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(click, range(4))) == [303] * 4
        assert len(outcomes(workspace)) == 1
        assert workspace.rank(OPEN).revision == revision + 1
        assert workspace.rebuild(check=True).differing == 0


def test_a_used_form_does_not_overwrite_what_it_recorded(client: FlaskClient, workspace: Workspace):
    form = {**open_form(client, OPEN), "worker": ANNA, "result": "failed"}
    client.post(f"/jobs/{OPEN}/outcome", data=form)
    answer = client.post(f"/jobs/{OPEN}/outcome", data={**form, "worker": BEN})
    assert answer.status_code == 400
    assert "This form was used already: it recorded “Not solved” for anna." in text_of(answer.text)
    assert outcomes(workspace) == [(ANNA, Result.FAILED, None, "")]
    fresh = re.search(r'name="token" type="hidden" value="(\w+)"', answer.text)
    assert fresh
    client.post(f"/jobs/{OPEN}/outcome", data={**form, "worker": BEN, "token": fresh[1]})
    assert {worker for worker, *_ in outcomes(workspace)} == {ANNA, BEN}


@pytest.mark.parametrize(
    ("entries", "field", "said"),
    [
        ({"minutes": "an hour"}, "minutes", "“an hour” is no number of minutes: type one such as 90"),
        ({"minutes": "-5"}, "minutes", "“-5” is no number of minutes"),
        ({"minutes": "1e9"}, "minutes", "“1e9” is no number of minutes"),
        ({"minutes": "999999"}, "minutes", "999999 minutes is more than 100000: check the number."),
        ({"result": ""}, "result", "Say how it ended."),
        ({"result": "splendid"}, "result", "Say how it ended."),
        ({"worker": ""}, "worker", "Say who was sent"),
        ({"worker": "ghost"}, "worker", "there is no worker 'ghost'"),
        ({"other": "Ben"}, "other", "keep only one"),
        ({"worker": "", "other": "Bne"}, "other", "There is no worker “Bne”. Did you mean Ben Osei?"),
        ({"worker": "", "other": "North"}, "other", "may be Anna Kovacs (anna), Ben Osei (ben): type the id."),
        ({"note": "x" * 2001}, "note", "The note is too long"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_recorded(
    client: FlaskClient, workspace: Workspace, entries: dict[str, str], field: str, said: str
):
    revision = workspace.rank(OPEN).revision
    answer = record(client, OPEN, **{"worker": ANNA, "result": "failed", "note": "seen", **entries})
    assert answer.status_code == 400
    message = re.search(rf'<p class="error" id="{field}-error">(.*?)</p>', answer.text)
    assert message
    assert said in text_of(message[1])
    assert f'aria-describedby="{field}-error"' in answer.text
    assert "Nothing was recorded yet." in text_of(answer.text)
    assert outcomes(workspace) == []
    assert workspace.rank(OPEN).revision == revision


def test_after_a_mistake_the_form_still_holds_what_was_entered(client: FlaskClient):
    page = record(client, OPEN, worker=BEN, result="rework", minutes="x", note="long <story>").text
    assert re.search(r'<option value="ben" selected>', page)
    assert re.search(r'value="rework" checked', page)
    assert "long &lt;story&gt;</textarea>" in page


def test_somebody_who_is_not_in_the_list_can_be_typed(client: FlaskClient, workspace: Workspace):
    assert record(client, OPEN, other="dora lind", result="handed on").status_code == 303
    assert outcomes(workspace) == [(DORA, Result.HANDED_ON, None, "")]


def test_what_blocked_somebody_does_not_stop_the_record_of_what_she_did(client: FlaskClient, workspace: Workspace):
    blocked = next(one.worker.id for one in workspace.rank(STRANGE).blocked if one.worker.id == BEN)
    address = f"/jobs/{segment(STRANGE)}"
    fields = dict(re.findall(r'name="(csrf_token|token)" type="hidden" value="([^"]+)"', client.get(address).text))
    answer = client.post(f"{address}/outcome", data={**fields, "other": blocked, "result": "first-time fix"})
    assert answer.status_code == 303
    assert outcomes(workspace, STRANGE)[0][0] == blocked


def test_work_of_somebody_who_has_not_begun_yet_is_refused_in_words(client: FlaskClient, workspace: Workspace):
    answer = record(client, OPEN, other=EVA, result="first-time fix")
    assert answer.status_code == 400
    assert "before worker" in text_of(answer.text)
    assert outcomes(workspace) == []


def test_a_job_with_slashes_in_its_id_can_be_recorded(client: FlaskClient, workspace: Workspace):
    address = f"/jobs/{segment(STRANGE)}"
    fields = dict(re.findall(r'name="(csrf_token|token)" type="hidden" value="([^"]+)"', client.get(address).text))
    answer = client.post(f"{address}/outcome", data={**fields, "worker": ANNA, "result": "failed"})
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
    assert len(outcomes(workspace, STRANGE)) == 1


def test_a_job_without_needs_says_that_no_skill_moved(client: FlaskClient):
    text = text_of(client.get(record(client, BARE, worker=ANNA, result="failed").location).text)
    assert "The job names no skills" in text


def test_a_recorded_outcome_is_listed_with_the_job(client: FlaskClient):
    answer = record(client, OPEN, worker=ANNA, result="done with help", minutes="90", note="Ben came")
    page = client.get(f"/jobs/{OPEN}").text
    assert "Done, but somebody had to help" in text_of(page)
    assert "Anna Kovacs, Sat 21 Nov 2026, 14:05 UTC, 1 h 30 min" in text_of(page)
    assert f'href="{urlsplit(answer.location).path}"' in page


def test_a_form_without_its_token_is_refused(client: FlaskClient, workspace: Workspace):
    client.get(f"/jobs/{OPEN}")
    answer = client.post(f"/jobs/{OPEN}/outcome", data={"worker": ANNA, "result": "failed", "token": "0" * 32})
    assert answer.status_code == 400
    assert "This form is out of date" in answer.text
    assert outcomes(workspace) == []


def test_a_damaged_form_is_refused_and_mended(client: FlaskClient, workspace: Workspace):
    answer = record(client, OPEN, worker=ANNA, result="failed", token="../../x")
    assert answer.status_code == 400
    assert "This form was damaged on its way." in text_of(answer.text)
    assert re.search(r'name="token" type="hidden" value="[0-9a-f]{32}"', answer.text)
    assert outcomes(workspace) == []


def test_an_outcome_of_a_job_that_is_not_there_is_a_404(client: FlaskClient):
    fields = open_form(client, OPEN)
    answer = client.post("/jobs/J-9999/outcome", data={**fields, "worker": ANNA, "result": "failed"})
    assert answer.status_code == 404


def test_the_address_of_the_form_leads_back_to_the_job(client: FlaskClient):
    assert client.get(f"/jobs/{OPEN}/outcome").location == f"/jobs/{OPEN}"
