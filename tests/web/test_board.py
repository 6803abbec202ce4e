"""The board: filters in the address, as removable words, counts at the top, and only what one may see."""

from __future__ import annotations

import re
from html import unescape
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from skillmatch.workspace import Workspace
from skillmatch_web.keys import with_keys
from tests.web.conftest import BARE, BEN, CREW, DONE, EVIL, OPEN, STRANGE, AsWho
from tests.web.forms import text_of
from tests.web.test_pages import segment


def listed(page: str) -> list[str]:
    """Return the addresses of the jobs on a board, in their order."""
    return re.findall(r'data-row href="/jobs/([^"]+)"', page)


def chips(page: str) -> dict[str, str]:
    """Return the filters that stand above a board, with where the address without each leads."""
    found = re.findall(r'<a href="([^"]+)"><span class="unseen">Take away </span>(.*?) <span', page)
    return {unescape(text): unescape(address) for address, text in found}


@pytest.mark.parametrize(
    ("asked", "jobs"),
    [
        ("", [OPEN, CREW, STRANGE, BARE]),
        ("?priority=1&priority=5", [OPEN, BARE]),
        ("?promised=late", [OPEN]),
        ("?promised=week", [CREW, STRANGE]),
        ("?promised=none", [BARE]),
        ("?promised=today", []),
        ("?type=boiler+repair&status=all", [OPEN, DONE]),
        ("?customer=oak+street", [OPEN]),
        ("?customer=oak&status=done", [DONE]),
        ("?site=oak-1", [OPEN]),
        ("?site=BOILER+room", [OPEN]),
        ("?team=nobody&priority=3", [CREW, STRANGE]),
        ("?team=North", []),
        ("?search=pump&promised=week", [CREW]),
        ("?order=newest", [OPEN, BARE, CREW, STRANGE]),
        ("?priority=x&promised=never&order=up&status=lost", [OPEN, CREW, STRANGE, BARE]),
    ],
)
def test_the_address_says_which_jobs_stand_there(client: FlaskClient, asked: str, jobs: list[str]):
    page = client.get(f"/{asked}")
    assert page.status_code == 200
    assert listed(page.text) == [segment(job) for job in jobs]


def test_each_filter_is_a_word_that_leads_to_the_board_without_it(client: FlaskClient):
    page = client.get("/?priority=1&priority=3&promised=late&customer=oak&search=wing&order=promised").text
    words = chips(page)
    assert list(words) == [
        "“wing”",
        "priority 1, emergency",
        "priority 3, normal",
        "promised: late",
        "customer: Oak Street Care Home",
    ]
    assert words["priority 3, normal"] == "/?search=wing&priority=1&promised=late&customer=oak&order=promised"
    assert "customer" not in words["customer: Oak Street Care Home"]
    assert listed(client.get(words["priority 3, normal"]).text) == [OPEN]
    assert "Take all away" in page
    assert chips(client.get("/").text) == {}


def test_the_counts_at_the_top_lead_to_what_they_count(client: FlaskClient, workspace: Workspace):
    workspace.assign(workspace.propose(OPEN).number, [BEN], reason="knows the house")
    page = client.get("/").text
    block = page[page.index('class="counts"') : page.index("</ul>", page.index('class="counts"'))]
    found = re.findall(r'<a href="([^"]+)"[^>]*><strong>(\d+)</strong> ([^<]+)</a>', block)
    assert [(count, text) for _address, count, text in found] == [
        ("4", "open"),
        ("1", "late"),
        ("0", "due today"),
        ("3", "nobody promised yet"),
    ]
    for address, count, _text in found:
        assert len(listed(client.get(unescape(address)).text)) == int(count)


def test_who_is_promised_stands_on_the_row(client: FlaskClient, workspace: Workspace):
    workspace.assign(workspace.propose(OPEN).number, [BEN], reason="knows the house")
    text = text_of(client.get("/").text)
    assert "Who comes Ben Osei Sat 21 Nov 2026, 14:05–15:35 UTC" in text
    assert "Who comes nobody yet" in text


def test_a_team_that_is_not_ones_own_is_none(as_who: AsWho, workspace: Workspace):
    workspace.assign(workspace.propose(OPEN).number, [BEN], reason="knows the house")
    mia, sam = as_who("mia"), as_who("sam")
    assert listed(sam.get("/?team=North").text) == [OPEN]
    assert listed(mia.get("/?team=North").text) == listed(mia.get("/?team=East").text) == []
    board = mia.get("/?status=open").text
    assert "somebody of another team" in board
    assert "Ben Osei" not in board
    assert "team North" not in board
    assert "team South" in board


def test_a_worker_finds_only_her_own_jobs_whatever_she_asks(as_who: AsWho, workspace: Workspace):
    ben = as_who("ben")
    assert listed(ben.get("/?status=all&customer=oak").text) == [DONE]
    assert "New job" not in ben.get("/").text
    workspace.assign(workspace.propose(OPEN).number, [BEN], reason="knows the house")
    assert listed(ben.get("/?promised=late").text) == [OPEN]


@pytest.mark.parametrize("name", ["search", "type", "customer", "site", "team"])
def test_a_script_in_a_filter_is_text_and_too_much_is_cut(client: FlaskClient, name: str):
    page = client.get("/", query_string={name: EVIL}).text
    assert EVIL not in page
    assert chips(page)
    assert client.get("/", query_string={name: "x" * 5000}).status_code == 200
    assert client.get("/", query_string={name: "\0"}).status_code in (200, 400)


def test_a_form_leaves_nothing_empty_in_the_address(client: FlaskClient):
    answer = client.get("/?search=wing&order=urgency&status=open&promised=&type=&team=&customer=&site=")
    assert (answer.status_code, answer.location) == (302, "/?search=wing")


def test_pages_keep_the_filters(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("skillmatch_web.pages.jobs.PAGE_SIZE", 1)
    page = client.get("/?promised=week&priority=3").text
    (after,) = re.findall(r'rel="next" href="([^"]+)"', page)
    assert listed(client.get(unescape(after)).text) == [segment(STRANGE)]
    assert client.get("/?promised=week&page=9").location == "/?promised=week&page=2"


def test_letters_lead_to_pages_each_its_own():
    pages = [SimpleNamespace(label=label) for label in ("Jobs", "Day", "Decisions", None, "ÖÖ", "Jjj")]
    assert [(letter, page.label) for letter, page in with_keys(pages)] == [
        ("j", "Jobs"),
        ("d", "Day"),
        ("e", "Decisions"),
    ]
