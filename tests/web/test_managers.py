"""The pages of managers: the numbers of the workspace, cut down to whom she sees, whatever the address asks for."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from skillmatch.claims import ClaimStatus
from skillmatch.importers import matrix_sheets
from skillmatch.model import Booking, Job, Requirement, Skill, Worker
from skillmatch.workspace import MatrixFilter, Workspace
from skillmatch_web.pages.load import FULL, fill
from tests.web.conftest import ANNA, BEN, EVIL, NOW, OPEN, AsWho
from tests.web.forms import assign, text_of

NORTH, SOUTH = ("Anna Kovacs", "Ben Osei"), ("Curtis d'Entremont", "Dora Lind")
PAGES = ("/overview", "/matrix", "/matrix?evidence=1", "/thin?which=all", "/load", "/decisions")
FILES = ("/matrix.csv", "/matrix.xlsx", "/decisions.csv")


def save(workspace: Workspace, *nouns: Worker | Skill | Job | Booking) -> None:
    with workspace._store.write() as transaction:
        revision = transaction.next_revision()
        for noun in nouns:
            transaction.save_nouns(type(noun), [noun], revision=revision)


def cells(page: str) -> list[list[str]]:
    """Return what the body of the matrix says, by row."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [
        [text_of(cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
        for row in body.split("</tr>")[:-1]
    ]


def test_a_cell_says_level_and_interval_of_the_workspace_and_leads_to_why(client: FlaskClient, workspace: Workspace):
    page, matrix = client.get("/matrix").text, workspace.skills_matrix()
    levels = matrix.levels
    assert cells(page) == [
        [
            f"{levels.level[row, column]:.1f} ({levels.low[row, column]:.1f}–{levels.high[row, column]:.1f})"
            for column in range(len(matrix.skills))
        ]
        for row in range(len(matrix.workers))
    ]
    for address in re.findall(r'<td class="l\d s\d"><a href="([^"]+)"', page):
        assert client.get(unescape(address)).status_code == 200
    # Whoever has evidence is told from whom it is only inferred of by more than a colour.
    inferred = len(re.findall(r'<td class="l\d s0">', page))
    assert inferred == int((~levels.known).sum()) > 0


def test_the_foot_counts_everybody_also_those_on_other_pages(
    client: FlaskClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    whole = client.get("/matrix").text
    monkeypatch.setattr("skillmatch_web.pages.matrix.ROWS", 2)
    monkeypatch.setattr("skillmatch_web.pages.matrix.COLUMNS", 2)
    first, last = client.get("/matrix").text, client.get("/matrix?page=2&across=2").text
    assert text_of(whole[whole.index("<tfoot>") : whole.index("</tfoot>")]).startswith(
        text_of(first[first.index("<tfoot>") : first.index("</td>", first.index("<tfoot>"))])
    )
    assert [row[2:] for row in cells(whole)[2:]] == cells(last)
    assert "Workers 3–4 of 4, skills 3–3 of 3" in text_of(last)
    assert client.get("/matrix?page=9&across=9").location == "/matrix?page=2&across=2"
    assert 'rel="next"' not in last
    assert last.count('rel="prev"') == 2


def test_pressing_a_skill_orders_by_it_and_says_so(client: FlaskClient, workspace: Workspace):
    page = client.get("/matrix?by=boiler").text
    names = [worker.name for worker in workspace.skills_matrix(MatrixFilter(by="boiler")).workers]
    assert re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)[: len(names)] == [
        str(escape(name)) for name in names
    ]
    assert 'aria-sort="descending"' in page
    assert "the best in Boiler controls first" in text_of(page)


@pytest.mark.parametrize(
    "address",
    [
        "/matrix?page=x&across=-3&order=salary&kind=magic&columns=0",
        "/matrix?team=Nowhere",
        f"/matrix?skill={'x' * 5000}",
        "/matrix?worker=%00%0a%e2%80%ae",
        "/thin?which=none&policy=bold&team=Nowhere&page=0",
        f"/thin?search={'y' * 5000}",
        "/load?order=salary&team=Nowhere&page=999999999",
        "/decisions?since=yesterday&until=9999-99-99",
        "/decisions?since=2026-11-02&until=2026-11-01",
        "/decisions?policy=bold&team=Nowhere",
        "/decisions?since=9999-12-31&until=9999-12-31",
    ],
)
def test_an_address_that_makes_no_sense_is_answered_with_a_page(client: FlaskClient, address: str):
    client.get(f"/jobs/{OPEN}")
    assert client.get(address, follow_redirects=True).status_code == 200


def test_a_day_that_is_none_is_said_beside_its_field_with_what_was_typed_kept(client: FlaskClient):
    client.get(f"/jobs/{OPEN}")
    page = client.get("/decisions?since=yesterday").text
    assert 'value="yesterday" aria-invalid="true" aria-describedby="since-error"' in page
    assert "This is no day. Write it as in 2026-11-21." in text_of(page)
    assert "This lies before the first day." in text_of(client.get("/decisions?since=2026-11-02&until=2026-11-01").text)


@pytest.mark.parametrize("address", ["/matrix?family=x", "/matrix?by=x", "/matrix.csv?family=x"])
def test_a_skill_that_is_not_there_is_not_found(client: FlaskClient, address: str):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "There is no skill 'x'" in text_of(answer.text)


@pytest.mark.parametrize(("who", "seen", "unseen"), [("mia", SOUTH, NORTH), ("rita", (*NORTH, *SOUTH), ())])
def test_whom_one_does_not_see_is_in_no_page_and_in_no_file(
    as_who: AsWho, who: str, seen: tuple[str, ...], unseen: tuple[str, ...]
):
    client = as_who(who)
    client.get(f"/jobs/{OPEN}")
    said = ""
    for address in (*PAGES, *FILES):
        answer = client.get(address)
        assert answer.status_code == 200, address
        if address.endswith(".xlsx"):
            book = ZipFile(BytesIO(answer.data))
            text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
        else:
            text = answer.text
        said += text
        assert not [name for name in unseen if name in text], address
    assert not [name for name in seen if str(escape(name)) not in said and name not in said]
    if unseen:
        assert "3 workers of other teams are not shown." in text_of(client.get("/matrix").text)
        # Asking for a team that is not hers shows no more.
        assert not [name for name in unseen if name in client.get("/matrix?team=North").text]
        assert not [name for name in unseen if name in client.get("/thin?which=all&team=North").text]


def test_text_in_names_is_text_everywhere(client: FlaskClient, workspace: Workspace):
    script = "<script>alert(1)</script>"
    save(
        workspace,
        Worker("x", f"=x{script}", f"+t{script}", active_from=NOW.date()),
        Skill("s", f"@s{script}"),
        Job("j", f"j{script}", requirements=(Requirement("s", 2.0),), due=NOW.date() - timedelta(days=2)),
    )
    for address in (*PAGES, f"/thin?search={script}", f"/matrix?skill={script}", f"/load?search={script}"):
        assert script not in client.get(address).text, address
    assert str(escape(script)) in client.get("/overview").text
    lines = list(csv.reader(StringIO(client.get("/matrix.csv").text)))
    assert {f"'=x{script}", f"'+t{script}", f"'@s{script}"} <= {cell for line in lines for cell in line}


def test_the_files_hold_all_that_the_filter_wants(client: FlaskClient, workspace: Workspace, tmp_path: Path):
    answer = client.get("/matrix.csv?team=North&evidence=1")
    rows = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert {row["name"] for row in rows} == set(NORTH)
    assert {row["evidence"] for row in rows} == {"yes"}
    assert "attachment; filename=skills-matrix-2026-11-21-revision-" in answer.headers["Content-Disposition"]
    answer = client.get("/matrix.xlsx?skill=pumps")
    assert answer.data[:2] == b"PK"
    assert answer.content_type.endswith("spreadsheetml.sheet")


def test_too_many_cells_are_refused_in_words(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(matrix_sheets, "MOST_CELLS", 3)
    answer = client.get("/matrix.xlsx")
    assert answer.status_code == 400
    assert "take CSV, or choose a team" in text_of(answer.text)


def test_a_page_of_a_large_company_stays_small(client: FlaskClient, workspace: Workspace):
    with workspace._store.write() as transaction:
        revision = transaction.next_revision()
        workers = [Worker(f"worker-{n:05}", f"Alexandra Konstantinidou-{n}", f"Team {n % 9}") for n in range(300)]
        skills = [Skill(f"a-long-skill-id-{n:05}", f"Ventilation and air handling units {n}") for n in range(60)]
        transaction.save_nouns(Worker, workers, revision=revision)
        transaction.save_nouns(Skill, skills, revision=revision)
    page = client.get("/matrix?columns=name")
    assert len(re.findall(r'<td class="l\d s\d">', page.text)) == 600
    assert len(page.data) < 300_000


def test_what_is_thin_says_who_can_and_which_jobs_need_it(client: FlaskClient, workspace: Workspace):
    rows = workspace.thin()
    text = text_of(client.get("/thin?which=all").text)
    for row in rows:
        assert row.name in text
        for one in row.able:
            assert one.worker.name in text
    assert EVIL in text
    counts = [sum(one.count == number for one in rows) for number in range(3)]
    assert f"nobody surely can do {counts[0]}, one alone {counts[1]}, and two {counts[2]}." in text
    assert [row.name for row in rows if row.count <= 1] == re.findall(
        r'<th scope="row">(.+?) <span', client.get("/thin?which=one").text
    )


def test_without_anything_asked_for_the_pages_say_what_to_do(client: FlaskClient, workspace: Workspace):
    assert "Nothing of this sort is thin." in text_of(client.get("/thin?search=zzz").text)
    assert "No worker and skill match all of this." in text_of(client.get("/matrix?worker=zzz").text)
    assert "Nobody has too much to do." in text_of(client.get("/load?over=1").text)
    client.get(f"/jobs/{OPEN}")
    assert "No decision matches all of this." in text_of(client.get("/decisions?policy=familiar").text)


def test_load_says_the_hours_of_the_workspace_and_who_has_too_much(client: FlaskClient, workspace: Workspace):
    monday = NOW + timedelta(days=2)
    save(workspace, *(Booking(job.id, ANNA, monday + timedelta(hours=n), 1500.0) for n, job in enumerate(
        workspace.open_jobs(limit=2).jobs)))  # fmt: skip
    row = next(one for one in workspace.loads().rows if one.worker.id == ANNA)
    assert row.overloaded
    text = text_of(client.get("/load?search=Anna").text)
    assert "Anna Kovacs too much North" in text
    assert f"{row.load / 60:.0f} of {row.full / 60:.0f} h" in text
    assert "50 of 40 h" in text
    assert "1 worker has more to do than she is there for" in text
    overview = text_of(client.get("/overview").text)
    assert "Overload 1 Anna Kovacs 125 % of a full load" in overview


@pytest.mark.parametrize(
    ("minutes", "full", "within", "over"),
    [(0, 60, 0, 0), (60, 60, FULL, 0), (30, 60, FULL / 2, 0), (75, 60, FULL, FULL / 4), (600, 60, FULL, FULL / 2),
     (0, 0, 0, 0), (5, 0, 0, 1000)],
)  # fmt: skip
def test_a_bar_is_as_long_as_what_it_shows(minutes: float, full: float, within: float, over: float):
    bar = fill(minutes, full)
    assert (bar.within, bar.over) == (pytest.approx(within, abs=0.11), pytest.approx(over, abs=0.11))


def test_the_overview_counts_what_the_pages_it_leads_to_list(client: FlaskClient, workspace: Workspace):
    page = client.get("/overview").text
    counts = {name: int(count) for name, count in re.findall(r'id="(\w+)" aria.*?class="count[^"]*">(\d+)', page, re.S)}
    assert counts == {
        "late": len(workspace.late_jobs()),
        "thin": sum(one.count <= 1 and bool(one.jobs) for one in workspace.thin()),
        "load": 0,
        "approvals": len(workspace.claims.all(ClaimStatus.OPEN)),
        "disputes": 0,
        "expiring": len(workspace.running_out()),
    }
    assert counts["late"] == 1
    assert counts["expiring"] == 2
    for address in re.findall(r'<(?:li|p class="more")><a href="([^"]+)"', page):
        assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_managers_begin_at_the_overview_and_still_reach_the_jobs(as_who: AsWho):
    mia = as_who("mia")
    assert mia.get("/").location == "/overview"
    page = mia.get("/overview").text
    jobs = re.search(r'<a href="([^"]+)"[^>]*>Jobs</a>', page)
    assert jobs
    assert "Open jobs" in mia.get(jobs[1]).text
    for who in ("stella", "rita"):
        assert as_who(who).get("/").status_code == 200
    assert as_who("stella").get("/overview").status_code == 404


def test_decisions_are_reported_by_month_by_decider_and_as_a_table(client: FlaskClient, workspace: Workspace):
    client.get(f"/jobs/{OPEN}")
    assign(client, 1, BEN, reason="=knows the house")
    text = text_of(client.get("/decisions").text)
    assert "November 2026" in text
    assert "Rita 0 of 1" in text
    assert "Nothing is known yet of how these decisions turned out." in text
    rows = list(csv.DictReader(StringIO(client.get("/decisions.csv").text.removeprefix("\ufeff"))))
    assert [(row["chosen"], row["reason"], row["overridden"]) for row in rows] == [
        ("Ben Osei", "'=knows the house", "yes")
    ]
    assert "0 rankings" not in text_of(client.get("/decisions?team=North").text)
    assert "No decision matches all of this." in text_of(client.get("/decisions?team=South").text)
    assert "No decision matches all of this." in text_of(client.get("/decisions?until=2026-11-20").text)
