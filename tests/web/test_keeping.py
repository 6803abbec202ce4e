"""Pages that are kept: the same as made anew, another one as soon as anything was written, and nobody else's."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.model import NoteKind
from skillmatch.workspace import NewNote, Workspace
from skillmatch_web.app import create_app
from skillmatch_web.keeping import EXTENSION, Kept
from tests.web.conftest import ANNA, DONE, NOW, OPEN
from tests.web.forms import text_of

ADDRESS = f"/jobs/{OPEN}"
TOKENS = re.compile(r'name="(csrf_token|token)"[^>]*value="([^"]+)"')


def text(client: FlaskClient, address: str = ADDRESS) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def without_tokens(page: str) -> str:
    return re.sub(r'value="[^"]+"(?=[^>]*>)', "", TOKENS.sub("", page))


def kept(app: Flask) -> Kept:
    found = app.extensions[EXTENSION]
    assert isinstance(found, Kept)
    return found


def test_a_page_opened_again_is_the_same_but_for_its_tokens(client: FlaskClient, app: Flask):
    text(client)  # the first decision of all keeps the policy, too, which other pages show
    first = text(client)
    assert len(kept(app)._pages) == 1
    again = text(client)
    assert without_tokens(first) == without_tokens(again)
    forms = dict(TOKENS.findall(first))
    others = dict(TOKENS.findall(again))
    assert re.fullmatch("[0-9a-f]{32}", forms["token"])
    assert forms["token"] != others["token"]


def test_no_blank_is_left_on_any_page(client: FlaskClient, app: Flask):
    for page in (text(client), text(client)):
        assert not any(blank in page for blank in (kept(app).name, kept(app).csrf, kept(app).form))
        assert page.count("Rita") == text(client).count("Rita") > 0


def test_a_form_of_a_kept_page_is_taken_and_counts_once(client: FlaskClient, workspace: Workspace):
    text(client)
    fields = dict(TOKENS.findall(text(client))) | {"worker": ANNA, "result": Result.FIRST_TIME_FIX.value}
    for _ in range(2):
        assert client.post(f"{ADDRESS}/outcome", data=fields).status_code in (302, 303)
    assert len(workspace.job(OPEN).outcomes) == 1


def test_what_another_process_writes_shows_on_the_next_page(client: FlaskClient, workspace: Workspace):
    before = text(client)
    with Workspace.open(workspace._store._engine.url.render_as_string(False), clock=workspace.now) as other:
        other.record(JobOutcome(id="o-1", worker=ANNA, time=NOW, job=DONE, result=Result.FAILED))
    after = text(client)
    assert without_tokens(after) != without_tokens(before)
    assert f"from revision {workspace.rank(OPEN).revision}" in text_of(after)


def test_a_note_and_a_changed_policy_show_on_the_next_page(client: FlaskClient, workspace: Workspace):
    text(client)
    rita = workspace.accounts.named("rita")
    workspace.notes.write(NewNote("n-1", "oak-1", NoteKind.NOTE, "The key is at the gate."), by=rita)
    assert "The key is at the gate." in text_of(text(client))
    number = re.search(r"decision (\d+)", text_of(text(client)))
    workspace.change_policy("balanced", {"success": "1"})
    changed = re.search(r"decision (\d+)", text_of(text(client)))
    assert number
    assert changed
    assert number[1] != changed[1]


def test_a_page_is_kept_no_longer_than_its_decision_stands(workspace: Workspace, app: Flask, client: FlaskClient):
    number = workspace.propose(OPEN).number
    assert f"decision {number}" in text_of(text(client))
    workspace._clock = lambda: NOW + timedelta(minutes=11)
    assert f"decision {number}" not in text_of(text(client))


def test_what_was_just_done_is_told_once(client: FlaskClient):
    fields = dict(TOKENS.findall(text(client)))
    plain = text(client)
    assert client.post("/jobs/J-0900/outcome", data=fields | {"worker": ANNA, "result": "failed"}).status_code == 303
    assert 'role="status"' not in plain
    pages = [text(client) for _ in range(3)]
    assert [page.count('role="status"') for page in pages] == [1, 0, 0]


def test_everybody_reads_her_own_name_language_and_teams(as_who: Callable[[str], FlaskClient], workspace: Workspace):
    everybody, north = as_who("rita"), as_who("sam")
    text(everybody)
    page = text(north)
    assert "Rita" not in page
    assert without_tokens(page) == without_tokens(text(north))
    account = workspace.accounts.named("sam")
    assert workspace.rank(OPEN, teams=account.teams).eligible < workspace.rank(OPEN).eligible
    everybody.set_cookie("skillmatch_language", "de")
    assert '<html lang="de"' in text(everybody)
    assert '<html lang="en"' in text(north)


def test_switched_off_nothing_is_kept_and_the_page_is_the_same(workspace: Workspace, client: FlaskClient):
    assert create_app(workspace, keep_pages=False).extensions[EXTENSION] is None


def test_what_was_not_asked_for_longest_goes_first():
    pages = Kept(most=10)
    first, second, third, fourth = (pages.blanks(text) for text in ("12345", "12345", "123456", "1234"))
    pages.put("a", first)
    pages.put("b", second)
    assert pages.get("a") is first
    pages.put("c", third)
    assert (pages.get("a"), pages.get("b"), pages.get("c")) == (None, None, third)
    pages.put("c", fourth)
    assert pages._size == 4


def test_compressed_it_is_the_same_page_with_forms_of_its_own(client: FlaskClient):
    plain = [text(client) for _ in range(2)]
    answers = [client.get(ADDRESS, headers={"Accept-Encoding": "gzip"}) for _ in range(3)]
    assert [answer.headers["Content-Encoding"] for answer in answers] == ["gzip"] * 3
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in answers)
    pages = [gzip.decompress(answer.data).decode() for answer in answers]
    assert {without_tokens(page) for page in pages} == {without_tokens(plain[1])}
    once = {dict(TOKENS.findall(page))["token"] for page in pages}
    assert len(once) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", token) for token in once)
    assert all(len(answer.data) < len(page.encode()) / 3 for answer, page in zip(answers, pages, strict=True))


def test_many_at_once_get_whole_pages(client: FlaskClient, app: Flask):
    text(client)
    cookie = client.get_cookie("skillmatch")
    assert cookie is not None

    def ask(_number: int) -> str:
        own = app.test_client(use_cookies=False)
        answer = own.get(ADDRESS, headers={"Cookie": f"skillmatch={cookie.value}"})
        assert answer.status_code == 200
        return without_tokens(answer.text)

    with ThreadPoolExecutor(4) as pool:
        pages = set(pool.map(ask, range(12)))
    assert len({re.sub(r"decision \d+|/decisions/\d+", "", page) for page in pages}) == 1
