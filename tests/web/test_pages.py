"""Every page: it is there, it says the numbers of the workspace, and it stays itself whatever the company writes."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from markupsafe import escape
from werkzeug.routing import Map, Rule

import skillmatch_web
from skillmatch.beliefs.evidence import CustomerRating, Override
from skillmatch.model import JobStatus, NoteKind
from skillmatch.workspace import POLICIES, NewNote, Workspace, in_words
from skillmatch_web.addresses import IdConverter
from skillmatch_web.drawing import rounded
from skillmatch_web.languages import say
from skillmatch_web.pages import PAGES
from skillmatch_web.words import percent, proficiency, span
from tests.web.conftest import (
    ANNA,
    BARE,
    BEN,
    CREW,
    CURTIS,
    DONE,
    DORA,
    EVA,
    EVIL,
    JOBS,
    OPEN,
    SKILLS,
    STRANGE,
    WORKERS,
)
from tests.web.forms import text_of

NAMES = [skill.name for skill in SKILLS]
JOB_IDS = [job.id for job in JOBS]
WORKER_IDS = [worker.id for worker in WORKERS]


def segment(id: str) -> str:
    return IdConverter(Map()).to_url(id)


ODD_IDS = [
    *JOB_IDS,
    *WORKER_IDS,
    ".",
    "..",
    "...",
    "~",
    "~2F",
    "a//b",
    "/",
    "a?b#c",
    "a\\b",
    "50%",
    "%2F",
    "é中",
    "+ +",
]


def link(app: Flask, endpoint: str, **values: object) -> str:
    with app.test_request_context(base_url="http://localhost"):
        return url_for(endpoint, **values)


def account_of(app: Flask, name: str) -> str:
    workspace = app.extensions["skillmatch"]
    return str(workspace.accounts.named(name).id)


def invitation(app: Flask) -> str:
    return str(app.extensions["skillmatch"].accounts.invite(account_of(app, "mia")))


SHEET = "Name;Boiler controls;Wells;Heat pumps\nAnna Kovacs;4;x;2\nSomebody <b>else</b>;1;2;3\n"


def sent_sheet(app: Flask) -> str:
    """Send a skills matrix with names that are open, as Rita, and return its id."""
    workspace = app.extensions["skillmatch"]
    return str(workspace.sheets.keep("sheet.csv", SHEET.encode(), by=workspace.accounts.named("rita")))


def promised(app: Flask) -> str:
    """Promise a job to Ben, leave something at its site, and return its id."""
    workspace: Workspace = app.extensions["skillmatch"]
    if not workspace.bookings(OPEN):
        workspace.assign(workspace.propose(OPEN).number, [BEN], reason="knows the house")
        rita = workspace.accounts.named("rita")
        assert rita is not None
        for kind in NoteKind:
            workspace.notes.write(NewNote(f"n-{kind}", "oak-1", kind, f"{kind} {EVIL}", "b-7"), by=rita)
    return OPEN


def kept_plan(app: Flask, *teams: str) -> str:
    """Keep a plan that was made for some teams, () for everybody, and return its id."""
    workspace: Workspace = app.extensions["skillmatch"]
    return workspace.keep_plan(workspace.plan(days=3, seconds=0.1, teams=teams), teams=teams)


def every_address(app: Flask) -> list[str]:
    """Return an address of every page for everything in the company that it can show."""
    one_outcome = {"job": DONE, "source": "old / system", "id": f"{ANNA}-3"}
    return [
        link(app, "jobs.show"),
        link(app, "jobs.show", search="wing", status="all"),
        *(link(app, "job.show", job=job, policy=policy) for job in JOB_IDS for policy in POLICIES),
        *(link(app, "explain.show", job=job, worker=worker) for job in JOB_IDS for worker in WORKER_IDS),
        link(app, "job.why", job=OPEN, worker="o"),
        link(app, "plan.show"),
        link(app, "planned.show", plan=kept_plan(app)),
        link(app, "named.show", job=OPEN),
        *(link(app, "edit.show", job=job) for job in JOB_IDS),
        link(app, "new_job.show"),
        link(app, "correction.show", **one_outcome),
        link(app, "own_words.show", worker=DORA),
        *(link(app, "diagnosis.show", job=job) for job in JOB_IDS),
        link(app, "outcome.show", **one_outcome),
        link(app, "decisions.show"),
        link(app, "decision.show", number=1),
        link(app, "decision.show", number=1, replay=1),
        link(app, "overview.show"),
        link(app, "matrix.show"),
        link(app, "matrix.show", by="pumps", evidence=1),
        link(app, "thin.show", which="all"),
        link(app, "load.show"),
        link(app, "decisions.show", since="2026-11-01", team="North"),
        link(app, "workers.show"),
        *(link(app, "worker.show", worker=worker) for worker in WORKER_IDS),
        *(link(app, "dispute.show", worker=worker) for worker in WORKER_IDS),
        link(app, "disputes.show"),
        link(app, "disputes.show", state="decided"),
        *(link(app, "certificates.show", worker=worker, renew="gas / EU") for worker in WORKER_IDS),
        link(app, "growing.path", worker=BEN, skill="pumps"),
        link(app, "growing.show"),
        link(app, "expiring.show", within="all"),
        link(app, "approvals.show"),
        link(app, "skills.show"),
        link(app, "skills.show", search="pump", order="people", below="pumps"),
        *(link(app, "graph.show", skill=skill.id) for skill in SKILLS),
        link(app, "graph.show", skill="boiler", all=1, inferred=1),
        link(app, "skill_edit.show", skill="boiler"),
        link(app, "new_skill.show", name="Wells"),
        link(app, "duplicates.show"),
        link(app, "matrix_import.show"),
        link(app, "matrix_import.look", upload=sent_sheet(app)),
        link(app, "today.of", worker=BEN),
        link(app, "finish.show", job=promised(app)),
        link(app, "site.show", site="oak-1"),
        link(app, "customers.show"),
        link(app, "customer.show", customer="oak"),
        link(app, "suggestions.show", show="all"),
        link(app, "accounts.show"),
        link(app, "accounts.one", account=account_of(app, "mia")),
        link(app, "account.show"),
        link(app, "tokens.show"),
        link(app, "calendar.show"),
        link(app, "downloads.show"),
        link(app, "webhooks.show"),
        link(app, "docs.show"),
        link(app, "signing.show"),
        link(app, "invitation.show", token=invitation(app)),
        *(link(app, "skill.show", worker=worker, skill=skill.id) for worker in WORKER_IDS for skill in SKILLS),
    ]


def test_every_page_shows_everything_in_the_company(app: Flask, client: FlaskClient):
    for address in every_address(app):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.content_type == "text/html; charset=utf-8"
        assert re.search(r"<title>\s*\S", answer.text), address


def test_every_registered_page_is_shown_above(app: Flask):
    adapter = app.url_map.bind("localhost")
    shown = {adapter.match(address.partition("?")[0])[0].partition(".")[0] for address in every_address(app)}
    # Without an identity provider there is no page of single sign-on: see test_sign_on.
    assert shown | {"sign_on"} == {page.blueprint.name for page in PAGES}


def test_pages_with_a_label_are_in_the_navigation_of_each_page(client: FlaskClient):
    page = client.get("/").text
    navigation = page[page.index("<nav") : page.index("</nav>")]
    assert re.findall(r">([^<>]+)</a>", navigation) == [
        page.label
        for page in PAGES
        if page.label and page.blueprint.name != "today"  # Rita is no worker
    ]


@pytest.mark.parametrize("id", ODD_IDS)
def test_any_id_makes_an_address_of_one_segment_and_comes_back(id: str):
    converter = IdConverter(Map())
    segment = converter.to_url(id)
    assert "/" not in segment
    assert segment not in (".", "..")
    routes = Map([Rule("/jobs/<id:job>/workers/<id:worker>", endpoint="x")], converters={"id": IdConverter})
    adapter = routes.bind("localhost")
    address = adapter.build("x", {"job": id, "worker": id})
    assert adapter.match(unquote(address)) == ("x", {"job": id, "worker": id})


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/jobs/J-1O01", "There is no job 'J-1O01'; did you mean 'J-1001'?"),
        ("/jobs/a/b/c", "Check the address"),
        ("/jobs/~ZZ", "Check the address"),
        ("/workers/ana", "There is no worker 'ana'; did you mean 'anna'?"),
        (f"/jobs/{OPEN}/workers/ana", "did you mean 'anna'?"),
        (f"/jobs/{OPEN}?policy=balancd", "There is no policy 'balancd'; did you mean 'balanced'?"),
        (f"/jobs/{OPEN}/outcomes/x/y", "look at the job"),
        ("/workers/ana/skills/boiler", "There is no worker 'ana'; did you mean 'anna'?"),
        ("/workers/anna/skills/boilr", "There is no skill 'boilr'; did you mean 'boiler'?"),
        ("/nowhere", "start from the jobs"),
    ],
)
def test_what_is_not_there_is_a_404_that_says_what_to_do(client: FlaskClient, address: str, said: str):
    answer = client.get(address)
    assert answer.status_code == 404
    assert said in text_of(answer.text)
    assert 'href="/"' in answer.text


def test_what_the_company_writes_is_text_and_never_markup(app: Flask, client: FlaskClient):
    pages = [client.get(address).text for address in every_address(app)]
    assert sum(escape(EVIL) in page for page in pages) > 5
    for page in pages:
        # Scripts of ours come from files; what the company writes never makes one.
        page = re.sub(r'<script (?:type="module" )?src="/[\w/.-]+"(?: defer)?></script>', "", page)
        assert not re.search(r"<(script|img(?! src=\"/workers/))\b", page)
        for tag in re.findall(r"<[^>]+>", page):
            assert not re.search(r"\s(style|on\w+)=", re.sub(r'"[^"]*"', "", tag)), tag


def test_a_candidate_is_shown_with_the_numbers_of_the_workspace(client: FlaskClient, workspace: Workspace):
    ranking = workspace.rank(OPEN)
    text = text_of(client.get(f"/jobs/{OPEN}").text)
    for one in ranking.candidates:
        assert f"{one.worker.name}" in text
        assert f"{percent(one.chance)} ({span(one.low, one.high)})".replace("\xa0", " ") in text
        assert f"Score {one.score:.1f} of 100 points" in text
    assert f"{ranking.eligible} of {ranking.total_workers} workers can be sent" in text
    assert f"from revision {ranking.revision}" in text


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_printed_terms_add_up_to_the_printed_score(client: FlaskClient, workspace: Workspace, policy: str):
    for worker in WORKER_IDS:
        candidate = workspace.explain(OPEN, worker, policy=policy)
        page = client.get(f"/jobs/{OPEN}/workers/{IdConverter(Map()).to_url(worker)}?policy={policy}").text
        tables = [numbers(table) for table in re.findall(r'<table class="terms">.*?</table>', page, re.DOTALL)]
        (*points, score), (*log_odds, total) = tables[:2]
        assert f"{score:.1f}" == f"{candidate.score:.1f}"
        assert round(sum(points), 1) == score
        assert points == pytest.approx([term.points for term in candidate.explanation.terms], abs=0.1)
        assert round(sum(log_odds), 2) == total
        assert total == pytest.approx(candidate.chance_explanation.total, abs=0.005)


def test_the_difference_to_the_first_adds_up_to_the_difference_of_the_scores(client: FlaskClient, workspace: Workspace):
    first, *others = workspace.rank(OPEN).candidates
    for candidate in others:
        page = client.get(f"/jobs/{OPEN}/workers/{IdConverter(Map()).to_url(candidate.worker.id)}").text
        cells = numbers(re.findall(r'<table class="terms versus">.*?</table>', page, re.DOTALL)[0])
        *rows, (mine, theirs, ahead) = [cells[place : place + 3] for place in range(0, len(cells), 3)]
        assert (mine, theirs) == (float(f"{first.score:.1f}"), float(f"{candidate.score:.1f}"))
        assert ahead == round(mine - theirs, 1) == round(sum(row[2] for row in rows), 1)
        for one, other, difference in rows:
            assert difference == round(one - other, 1) != 0.0
        assert [row[2] for row in rows] == sorted((row[2] for row in rows), reverse=True)


def numbers(table: str) -> list[float]:
    cells = re.findall(r'<td class="number">(?:<span class="\w+">)?\s*([^<\s]+)\s*<', table)
    return [float(cell.replace("−", "-")) for cell in cells]


def test_the_drawing_of_a_score_is_as_long_as_its_terms(client: FlaskClient, workspace: Workspace):
    candidate = workspace.rank(OPEN).candidates[0]
    page = client.get(f"/jobs/{OPEN}").text
    drawing = re.search(r'<svg class="draw stacked".*?</svg>', page, re.DOTALL)
    assert drawing
    drawn = [float(width) for width in re.findall(r'class="bar c\d" x="[\d.]+" y="0" width="([\d.]+)"', drawing[0])]
    by_objective: dict[str, float] = {}
    for term in rounded(candidate.explanation).terms:
        objective = term.key.partition(":")[0]
        by_objective[objective] = by_objective.get(objective, 0.0) + term.points
    assert drawn == pytest.approx([points * 10 for points in by_objective.values() if points], abs=0.11)


def test_every_workers_evidence_counts_in_the_ranking(workspace: Workspace):
    for worker in WORKERS:
        terms = {term.key: term.points for term in workspace.explain(OPEN, worker.id).chance_explanation.terms}
        general = workspace.profile(worker.id).general.level
        assert 2.5 + terms["general"] / 0.6 == pytest.approx(general), worker.id


def test_a_job_page_says_what_the_customer_said_and_how_to_reach_her(client: FlaskClient):
    page = client.get(f"/jobs/{OPEN}").text
    text = text_of(page)
    assert "It makes a knocking noise and then it goes out." in text
    assert "1 day late Fri 20 Nov 2026" in text
    assert 'href="tel:+49305550100"' in page
    assert "Oak Street 12, boiler room Show the way 52.5200, 13.4050" in text
    assert "gas boiler Vitodens 200" in text
    assert "1 emergency" in text


def test_a_job_page_says_what_is_needed_and_whether_the_type_says_so(client: FlaskClient):
    inherited = text_of(client.get(f"/jobs/{OPEN}").text)
    assert "As every job of type Boiler repair" in inherited
    assert "Boiler controls level 3, alone · 75 % of the work" in inherited
    own = text_of(client.get(f"/jobs/{IdConverter(Map()).to_url(STRANGE)}").text)
    assert "As every job" not in own
    assert "Boiler controls level 3, alone – a must · 50 % of the work" in own
    assert "Certification gas / EU must be valid on the day" in own
    assert "Nothing is on record." in text_of(client.get(f"/jobs/{BARE}").text)


def test_people_who_cannot_be_sent_stand_apart_with_their_reasons(client: FlaskClient, workspace: Workspace):
    page = client.get(f"/jobs/{IdConverter(Map()).to_url(STRANGE)}").text
    ranking = workspace.rank(STRANGE)
    assert {one.worker.id for one in ranking.near} == {CURTIS, DORA}
    assert {one.worker.id for one in ranking.blocked} == {BEN, EVA}
    near, blocked = page.index('id="near"'), page.index('id="blocked"')
    for apart, people in ((page[near:blocked], ranking.near), (page[blocked:], ranking.blocked)):
        for one in people:
            assert escape(one.worker.name) in apart
            for reason in one.blocked:
                assert say(reason) in text_of(apart)
    assert "Come close, but cannot be sent" in text_of(page)
    assert "2 others." in text_of(page[blocked:])


def test_the_explanation_of_somebody_who_cannot_be_sent_says_what_stands_in_the_way(client: FlaskClient):
    text = text_of(client.get(f"/jobs/{OPEN}/workers/{EVA}").text)
    assert "Eva Brandt: cannot be sent" in text
    assert "starts on 31 Dec 2026" in text


def test_a_job_page_says_everything_about_a_job_that_is_out_of_the_ordinary(client: FlaskClient):
    page = client.get(f"/jobs/{CREW}").text
    text = text_of(page)
    assert "One of: Heat pumps level 2, with help, better 3.5" in text
    assert "All of: Boiler controls level 1, has seen it Certification gas / EU must be valid on the day" in text
    assert "Language German must be spoken" in text
    assert "Talking with customers level 1, has seen it – 2 of the crew · 50 % of the work" in text
    assert "in 2 days to begin Mon 23 Nov 2026, 08:00–12:00 UTC" in text
    assert "Risk high – whoever goes has to be surer of all that is a must" in text
    assert "Crew 2 go together" in text
    assert "Asked for Ben Osei" in text
    assert "Not wanted Curtis d'Entremont" in text
    assert "Risk normal" in text_of(client.get(f"/jobs/{OPEN}").text)
    assert "Asked for Ben Osei" in text_of(client.get(f"/jobs/{OPEN}").text)  # by the customer


def test_a_candidate_says_how_she_meets_a_choice_of_needs(client: FlaskClient, workspace: Workspace):
    ways = [one.way for one in workspace.rank(CREW).candidates]
    assert all(ways)
    assert "Meets the needs by Heat pumps, Language German, Talking with customers." in text_of(
        client.get(f"/jobs/{CREW}").text
    )


def test_a_chance_is_also_said_in_words(client: FlaskClient, workspace: Workspace):
    text = text_of(client.get(f"/jobs/{OPEN}").text)
    for one in workspace.rank(OPEN).candidates:
        said = f"{percent(one.chance)} ({span(one.low, one.high)}), {in_words(one.chance)}"
        assert said.replace("\xa0", " ") in text


def test_the_smallest_change_that_would_bring_somebody_in_comes_first(client: FlaskClient, workspace: Workspace):
    for worker in (CURTIS, DORA):
        segment = IdConverter(Map()).to_url
        best, *others = workspace.why_not(STRANGE, worker).advice
        text = text_of(client.get(f"/jobs/{segment(STRANGE)}/workers/{segment(worker)}").text)
        name = workspace.profile(worker).worker.name
        ranked = f"ranked {best.rank} with {best.score:.1f} points."
        assert f"Smallest change: {say(best.text)} – {name} would then be {ranked}" in text
        for other in others:
            assert f"{say(other.text)} – ranked {other.rank} with {other.score:.1f} points" in text
    assert "renew the certification gas / EU by 23 Nov 2026" in text


def test_where_no_small_change_would_do_that_is_said(client: FlaskClient, workspace: Workspace):
    # By cost alone, of which nothing is on record, nobody can gain on anybody.
    unweighted = dict.fromkeys(POLICIES["balanced"].weights, "0")
    workspace.change_policy("balanced", {**unweighted, "cost": "10"})
    assert workspace.why_not(OPEN, DORA).advice == ()
    text = text_of(client.get(f"/jobs/{OPEN}/workers/{IdConverter(Map()).to_url(DORA)}").text)
    assert "No small change would bring Dora Lind up" in text
    assert "Smallest change" not in text


def test_the_first_candidate_is_told_to_be_first(client: FlaskClient, workspace: Workspace):
    first = workspace.rank(OPEN).candidates[0].worker
    text = text_of(client.get(f"/jobs/{OPEN}/workers/{first.id}").text)
    assert f"{first.name} is the first candidate: nobody is ahead." in text
    assert "What would change it" not in text


def test_a_policy_of_the_company_is_offered_and_used(client: FlaskClient, workspace: Workspace):
    changes = {"label": "Near <b>", "travel": "50", "cost": "0"}
    policy = workspace.change_policy("near", changes, like="balanced")
    page = client.get(f"/jobs/{OPEN}?policy=near").text
    assert '<option value="near" selected>Near &lt;b&gt;</option>' in page
    best = workspace.rank(OPEN, policy="near").candidates[0]
    assert f"Score {best.score:.1f} of {policy.full_score:g} points" in text_of(page)
    assert policy.full_score == 139.0


def test_another_policy_orders_by_its_own_weights(client: FlaskClient, workspace: Workspace):
    page = client.get(f"/jobs/{OPEN}?policy=familiar").text
    names = re.findall(r'<h3>\s*<a href="/workers/[^"]+">([^<]+)</a>', page[: page.index('<form class="card why"')])
    expected = [one.worker.name for one in workspace.rank(OPEN, policy="familiar").candidates]
    assert [name.replace("&#39;", "'") for name in names] == expected
    assert '<option value="familiar" selected>' in page


def test_why_not_leads_to_the_one_worker_who_is_meant(client: FlaskClient):
    for typed in ("curtis_d'entremont", "Curtis d'Entremont", "curtis", "d'ENTRE"):
        answer = client.get(f"/jobs/{OPEN}/why", query_string={"worker": typed})
        assert answer.status_code == 302
        assert answer.location == f"/jobs/{OPEN}/workers/curtis_d'entremont?policy=balanced"


def test_why_not_asks_who_of_several_is_meant(client: FlaskClient):
    answer = client.get(f"/jobs/{OPEN}/why", query_string={"worker": "north"})
    text = text_of(answer.text)
    assert "2 workers match “north”" in text
    assert "Anna Kovacs" in text
    assert "Ben Osei" in text


def test_why_not_says_beside_its_field_when_nobody_is_meant(client: FlaskClient):
    answer = client.get(f"/jobs/{OPEN}/why", query_string={"worker": "Curtes"})
    assert answer.status_code == 404
    assert 'aria-describedby="why-error"' in answer.text
    assert "There is no worker “Curtes”. Did you mean Curtis d'Entremont?" in text_of(answer.text)
    assert client.get(f"/jobs/{OPEN}/why").status_code == 400


def test_the_board_shows_open_jobs_by_urgency(client: FlaskClient, workspace: Workspace):
    text = text_of(client.get("/").text)
    titles = [job.title for job in workspace.open_jobs().jobs]
    assert [text.index(title) for title in titles] == sorted(text.index(title) for title in titles)
    assert "Yearly service" not in text
    assert f"1–{len(titles)} of {len(titles)}" in text


def test_only_what_is_still_open_is_late(client: FlaskClient):
    assert "1 day late" in text_of(client.get("/").text)
    done = text_of(client.get("/", query_string={"status": JobStatus.DONE}).text)
    assert "Promised Thu 1 Oct 2026 Customer" in done
    assert "days late" not in done
    assert "day late" not in done


def test_the_board_can_be_searched(client: FlaskClient):
    text = text_of(client.get("/", query_string={"search": "east wing"}).text)
    assert "No hot water in the east wing" in text
    assert "Have a look at something" not in text
    nothing = text_of(client.get("/", query_string={"search": "qwxz"}).text)
    assert "No job matches “qwxz” here." in nothing
    assert "Yearly service" in text_of(client.get("/", query_string={"status": JobStatus.DONE}).text)


def test_a_page_past_the_last_leads_to_the_last(client: FlaskClient):
    assert client.get("/?page=9").location == "/?page=1"
    assert client.get("/?page=-1").status_code == 200
    assert client.get("/?page=x").status_code == 200
    assert client.get("/workers?page=3").location == "/workers?search=&page=1"
    assert client.get(f"/workers/{ANNA}?page=3").location == f"/workers/{ANNA}?page=1"


def test_long_lists_come_in_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("skillmatch_web.pages.jobs.PAGE_SIZE", 2)
    first, second = client.get("/").text, client.get("/?page=2").text
    assert "Page 1 of 2" in first
    assert 'rel="next" href="/?page=2' in first
    assert "3–4 of 4" in second
    assert "Have a look at something" in second


def test_a_worker_page_says_what_is_believed_of_her(client: FlaskClient, workspace: Workspace):
    profile = workspace.profile(ANNA)
    text = text_of(client.get(f"/workers/{ANNA}").text)
    for row in profile.skills:
        assert f"{row.skill.name} {proficiency(row.proficiency)}" in text
        assert f"{row.uses} pieces of evidence, the last on Thu 5 Nov 2026" in text
    assert "speaks German, Hungarian" in text


def test_a_level_set_by_a_manager_stands_beside_what_is_believed(client: FlaskClient, workspace: Workspace):
    before = {row.skill.id: row for row in workspace.profile(ANNA).skills}
    assert "set to level" not in client.get(f"/workers/{ANNA}").text
    for number, skill in enumerate(("boiler", "talk")):
        time = workspace.now() - timedelta(days=number)
        workspace.record(
            Override(id=f"v{number}", worker=ANNA, time=time, skill=skill, level=4.0, rater="R. <b>", note=EVIL)
        )
    page = client.get(f"/workers/{ANNA}").text
    assert EVIL not in page
    assert "R. <b>" not in page
    cards = {name: text_of(page.partition(f">{name}</a>")[2].partition("</li>")[0]) for name in NAMES}
    assert proficiency(before["boiler"].proficiency) in cards["Boiler controls"]
    assert f"set to level 4 by R. <b> on Sat 21 Nov 2026: {EVIL}" in unescape(cards["Boiler controls"])
    assert "10 pieces of evidence" in cards["Boiler controls"]
    assert "set to level 4 by R. <b> on Fri 20 Nov 2026" in cards["Talking with customers"]
    assert "no evidence of its own" in cards["Talking with customers"]
    assert "set to level" not in cards["Heat pumps"]
    assert f"left Boiler controls at {before['boiler'].proficiency.level:.1f}" in text_of(page)


def test_a_rating_of_a_customer_is_on_the_page_of_the_worker(client: FlaskClient, workspace: Workspace):
    time = workspace.now() - timedelta(days=1)
    workspace.record(CustomerRating(id="k1", worker=BEN, time=time, job=DONE, stars=4.5))
    page = client.get(f"/workers/{BEN}").text
    assert f"job {DONE}: 4.5 of 5 stars from the customer" in text_of(page)
    assert "outcomes/typed" not in page  # it is no outcome, so it has no page of its own


def test_a_worker_page_says_what_each_fact_changed(client: FlaskClient, workspace: Workspace):
    effects = [effect for effect in workspace.profile(ANNA).effects if effect.evidence.id == f"{ANNA}-0"]
    text = text_of(client.get(f"/workers/{ANNA}").text)
    for effect, name in zip(effects, ("Boiler controls", "Heat pumps"), strict=True):
        assert f"raised {name} from {effect.before.level:.1f} to {effect.after.level:.1f}" in text
    assert "lowered Boiler controls from" in text
    assert re.findall(r"job J-0900: (rework|first-time fix)", text) == ["rework", *["first-time fix"] * 9]


def test_a_level_is_shown_as_the_sum_of_its_evidence(app: Flask, client: FlaskClient, workspace: Workspace):
    for worker in WORKER_IDS:
        for skill in SKILLS:
            why = workspace.why(worker, skill.id)
            page = client.get(link(app, "skill.show", worker=worker, skill=skill.id)).text
            *terms, total = numbers(page)
            assert round(sum(terms), 2) == total == round(why.proficiency.level, 2)
            assert terms == pytest.approx([term.points for term in why.explanation.terms], abs=0.01)
            assert proficiency(why.proficiency) in text_of(page)


def test_each_piece_of_evidence_has_its_day_and_source_and_leads_to_its_job(client: FlaskClient):
    page = client.get(f"/workers/{ANNA}/skills/boiler").text
    assert "job J-0900: rework 5 Nov 2026, old / system" in text_of(page)
    (address,) = re.findall(r'<a href="([^"]+)">job J-0900: rework', page)
    assert "Anna Kovacs" in client.get(address).text
    assert "10 pieces of evidence about this skill (10 job outcomes) from one source, old / system" in text_of(page)


def test_what_is_said_of_a_skill_without_evidence_is_called_inferred(client: FlaskClient):
    unseen = text_of(client.get(f"/workers/{ANNA}/skills/talk").text)
    assert "Level inferred" in unseen
    assert "Inferred from general ability: there is no evidence in this skill itself" in unseen
    assert "through general ability" in unseen
    assert "Level inferred" not in text_of(client.get(f"/workers/{ANNA}/skills/boiler").text)


def test_the_pieces_of_evidence_that_are_not_shown_are_one_question_away(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("skillmatch_web.pages.skill.SHOWN", 3)
    short = client.get(f"/workers/{ANNA}/skills/boiler").text
    assert "more that raised it" in short
    assert f'href="/workers/{ANNA}/skills/boiler?more=1#sum"' in short
    whole = client.get(f"/workers/{ANNA}/skills/boiler?more=1").text
    assert whole.count("job J-0900: ") == 10
    assert "more that" not in whole


@pytest.mark.parametrize("place", [f"/workers/{ANNA}", f"/jobs/{OPEN}/workers/{ANNA}"])
def test_levels_lead_to_where_they_come_from(client: FlaskClient, place: str):
    assert f'href="/workers/{ANNA}/skills/boiler"' in client.get(place).text


@pytest.mark.parametrize(
    ("worker", "said"),
    [
        (ANNA, "runs out in 20 days, on Fri 11 Dec 2026"),
        (DORA, "expired on Wed 18 Nov 2026"),
        (CURTIS, "valid until Sun 26 Dec 2027"),
        (BEN, "None on record."),
    ],
)
def test_certifications_are_shown_with_their_end(app: Flask, client: FlaskClient, worker: str, said: str):
    assert said in text_of(client.get(link(app, "worker.show", worker=worker)).text)


def test_workers_are_found_by_name_id_or_team(client: FlaskClient):
    assert "Dora Lind" in text_of(client.get("/workers?search=dora").text)
    assert "Anna" not in text_of(client.get("/workers?search=south").text)
    assert "There is no worker “Dorra”. Did you mean Dora Lind?" in text_of(client.get("/workers?search=Dorra").text)


def test_examples_in_the_documentation_of_the_code_are_true():
    for module in pkgutil.walk_packages(skillmatch_web.__path__, "skillmatch_web."):
        assert doctest.testmod(importlib.import_module(module.name)).failed == 0, module.name
