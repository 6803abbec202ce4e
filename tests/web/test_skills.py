"""The pages of skills: what each role sees of them, editing by administrators, duplicates, and taking in a matrix."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from skillmatch.model import Job, Link, LinkKind, Noun, Requirement, Skill
from skillmatch.workspace import Relation, Workspace
from skillmatch_web.graph_picture import BOX, CENTRE, picture
from tests.web.conftest import ANNA, AsWho
from tests.web.forms import text_of

EVIL_NAME = "<script>alert(1)</script>"
SHEET = "Name;Boiler controls;Wells\nAnna Kovacs;4;3\nBen Osei;1;2\n"


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert found
    return found[1]


def save(workspace: Workspace, *nouns: Noun) -> None:
    with workspace._store.write() as transaction:
        revision = transaction.next_revision()
        for kind in dict.fromkeys(map(type, nouns)):
            transaction.save_nouns(kind, [one for one in nouns if type(one) is kind], revision=revision)


def edit(client: FlaskClient, skill: str, **entries: str):
    page = client.get(f"/skills/{skill}/edit").text
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    usual = {"seen": seen[1], "name": "Boiler controls", "kind": "technical"}
    return client.post(f"/skills/{skill}/edit", data={"csrf_token": token(client), **usual, **entries})


def test_a_skill_shows_who_has_it_with_the_levels_of_the_pages_of_workers(client: FlaskClient, workspace: Workspace):
    text = text_of(client.get("/skills/boiler").text)
    known = workspace.skillbook.holders("boiler", sees=lambda _worker: True).known
    assert len(known) == 4
    for one in known:
        level = next(row.proficiency for row in workspace.profile(one.worker.id).skills if row.skill.id == "boiler")
        assert one.worker.name in text
        assert f"{level.level:.1f} ({level.low:.1f}–{level.high:.1f})" in text
    assert 'href="tel:+4903090182011"' in client.get("/skills/boiler").text
    assert "open jobs need it" in text


def test_a_worker_sees_names_and_no_levels_of_others(as_who: AsWho):
    page = as_who("ben").get("/skills/boiler").text
    text = text_of(page)
    assert "Anna Kovacs" in text
    assert f"/workers/{ANNA}" not in page
    for never in ("901820-11", "Almost surely", "Jobs of the last 12 months", "Change it", "No hot water"):
        assert never not in text, never
    assert "Your own level" in text
    assert not re.search(r"\d\.\d \(", text)


@pytest.mark.parametrize("who", ["ben", "sam", "mia"])
def test_who_is_no_administrator_changes_nothing(as_who: AsWho, workspace: Workspace, who: str):
    client = as_who(who)
    before = workspace.skill_editing.look("boiler")
    for where in ("/skills/boiler/edit", "/skills/boiler/links", "/skills/boiler/undo", "/skills/new"):
        assert client.post(where, data={"csrf_token": token(client), "name": "x"}).status_code == 404
    assert workspace.skill_editing.look("boiler") == before


def test_a_skill_is_changed_shown_and_taken_back(client: FlaskClient, workspace: Workspace):
    answer = edit(client, "boiler", name=EVIL_NAME, alt_names="Kessel\r\nBoiler", half_life="400")
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert EVIL_NAME not in page
    assert f"{EVIL_NAME} is changed." in unescape(page)
    assert "everybody's levels were calculated anew" in unescape(page)
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    data = {"csrf_token": token(client), "revision": revision[1]}
    assert client.post("/skills/boiler/undo", data=data).status_code == 303
    assert workspace.skillbook.skill("boiler").name == "Boiler controls"
    again = client.post("/skills/boiler/undo", data=data, follow_redirects=True).text
    assert "was changed again since" in unescape(again)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"name": ""}, "Type what people call it"),
        ({"name": "x" * 300}, "At most 200 letters"),
        ({"kind": "magic"}, "Choose what kind"),
        ({"half_life": "soon"}, "A number of days"),
        ({"half_life": "nan"}, "A number of days"),
        ({"alt_names": "x" * 201}, "in each line"),
        ({"seen": "-1"}, "damaged"),
        ({"seen": "999999"}, "There was no revision"),
    ],
)
def test_what_cannot_be_stands_beside_its_field_with_what_was_typed(
    client: FlaskClient, workspace: Workspace, entries: dict[str, str], said: str
):
    before = workspace.skill_editing.look("boiler")
    answer = edit(client, "boiler", **{"description": "kept text", **entries})
    assert answer.status_code == 400
    assert said in unescape(answer.text)
    assert "damaged" in said or "kept text" in answer.text
    assert workspace.skill_editing.look("boiler") == before


def test_who_comes_second_sees_the_difference_and_keeps_what_she_typed(client: FlaskClient, workspace: Workspace):
    seen = workspace.skill_editing.look("boiler").revision
    edit(client, "boiler", description="hers")
    answer = edit(client, "boiler", description="mine", seen=str(seen))
    assert answer.status_code == 409
    text = text_of(answer.text)
    assert "Somebody else has changed this skill" in text
    assert "hers" in text
    assert "mine" in text
    assert workspace.skillbook.skill("boiler").description == "hers"


def test_links_are_added_and_removed_and_circles_named(client: FlaskClient, workspace: Workspace):
    def link(skill: str, **entries: str) -> str:
        data = {"csrf_token": token(client), "seen": str(workspace.skill_editing.look(skill).revision), **entries}
        return unescape(client.post(f"/skills/{skill}/links", data=data, follow_redirects=True).text)

    assert "are linked" in link("boiler", other="heat", relation="needs", weight="0,5")
    circle = link("pumps", other="boiler", relation="needs", weight="1")
    assert "Heat pumps → Boiler controls → Heat pumps" in circle
    assert "There is no skill" in link("boiler", other="zzz", relation="needs", weight="1")
    assert "A number above 0" in link("boiler", other="talk", relation="needs", weight="2")
    assert "no longer linked" in link("boiler", other="pumps", relation="needs", remove="1")
    assert not workspace.skillbook.around("boiler")[Relation.NEEDS]


def test_a_skill_is_added_once_also_by_a_double_click(client: FlaskClient, workspace: Workspace):
    data = {"csrf_token": token(client), "name": "new", "kind": "safety"}
    first, second = (client.post("/skills/new", data=data) for _time in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert [id for id, name in workspace.names().items() if name == "new"] == ["new"]
    assert client.get("/skills/~6Eew").status_code == 200  # called like the page beside it
    assert 'href="/skills/~6Eew"' in client.get("/skills").text


def test_two_skills_are_merged_taken_apart_and_on_record(client: FlaskClient, workspace: Workspace):
    save(workspace, Skill("heat-pump", "Heat pump"))
    assert re.search("Heat pumps? – Heat pumps?", client.get("/skills/duplicates").text)
    both = {"csrf_token": token(client), "skill": "heat-pump", "into": "pumps"}
    merged = client.post("/skills/duplicates/merge", data={**both, "keep": "pumps"}, follow_redirects=True).text
    assert "Heat pump is Heat pumps from now on" in merged
    assert client.get("/skills/heat-pump").location == "/skills/pumps"
    assert "are two again" in client.post("/skills/duplicates/unmerge", data=both, follow_redirects=True).text
    assert {row.what for row in workspace.accounts.audit(limit=2)} == {"skills merged", "skills taken apart"}


def test_a_picture_is_the_same_each_time_and_nothing_in_it_overlaps(workspace: Workspace):
    many = [Skill(f"s{number:02}", f"Skill number {number} with a name") for number in range(60)]
    kinds = (LinkKind.BROADER, LinkKind.NEEDS, LinkKind.RELATED)
    links = [Link("boiler", one.id, kinds[n % 3], (n % 9 + 1) / 10) for n, one in enumerate(many[:30])]
    links += [Link(one.id, "boiler", kinds[n % 2], (n % 9 + 1) / 10) for n, one in enumerate(many[30:])]
    save(workspace, *many, *links)
    skill = workspace.skillbook.skill("boiler")
    drawn = picture(skill, dict(workspace.skillbook.around("boiler")))
    assert drawn == picture(skill, dict(workspace.skillbook.around("boiler")))
    assert len(drawn.boxes) <= 24
    assert len(drawn.boxes) + sum(more.count for more in drawn.more) == 60
    boxes = [(box.x, box.y, *BOX) for box in drawn.boxes] + [(drawn.centre.x, drawn.centre.y, *CENTRE)]
    for place, (x, y, width, height) in enumerate(boxes):
        assert width / 2 <= x <= drawn.width - width / 2
        assert height / 2 <= y <= drawn.height - height / 2
        for other_x, other_y, other_width, other_height in boxes[:place]:
            apart = abs(x - other_x) >= (width + other_width) / 2 or abs(y - other_y) >= (height + other_height) / 2
            assert apart, (x, y, other_x, other_y)


def test_of_fourteen_thousand_skills_a_page_is_shown_and_any_is_found(client: FlaskClient, workspace: Workspace):
    save(workspace, *(Skill(f"e{n}", f"operate machine {n}", alt_names=(f"run {n}",)) for n in range(14_000)))
    save(workspace, Job("big", "Big", requirements=(Requirement("e77"),)))
    assert "operate machine 1399" in client.get("/skills?search=machine+1399").text
    assert "1 open job" in client.get("/skills?search=run+77&order=demand").text
    assert len(client.get("/skills").data) < 100_000


def send(client: FlaskClient, content: bytes = SHEET.encode(), name: str = "s.csv"):
    # By hand: the client leaves the temporary file open that it makes of a large form.
    begin = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token(client)}\r\n--b\r\n'
    head = f'Content-Disposition: form-data; name="sheet"; filename="{name}"\r\n\r\n'
    body = (begin + head).encode() + content + b"\r\n--b--\r\n"
    return client.post("/matrix/import", data=body, content_type="multipart/form-data; boundary=b")


def test_a_matrix_is_looked_at_decided_taken_in_and_taken_back(client: FlaskClient, workspace: Workspace):
    before = workspace.profile(ANNA).skills
    where = send(client).location
    page = text_of(client.get(where).text)
    assert "2 skills, 2 people" in page
    assert "1 name is open" in page
    choice = {"csrf_token": token(client), "column-text-1": "Wells", "column-1": "", "on": "2026-11-01", "do": "take"}
    assert client.post(where, data=choice).status_code == 400
    wrong = client.post(where, data={**choice, "column-other-1": "zzzz"})
    assert "There is no skill “zzzz”" in unescape(wrong.text)
    done = client.post(where, data={**choice, "column-other-1": "heat pumps"}, follow_redirects=True).text
    assert "Taken in: 4 statements new, 0 corrected, 0 there already." in text_of(done)
    assert workspace.profile(ANNA).skills != before
    revision = re.search(r'name="revision" value="(\d+)"', done)
    assert revision
    data = {"csrf_token": token(client), "revision": revision[1]}
    back = client.post("/matrix/import/take-back", data=data, follow_redirects=True).text
    assert "4 statements were taken back." in text_of(back)
    assert workspace.profile(ANNA).skills == before
    assert client.post(where, data=choice).location == "/matrix/import"


def test_somebody_elses_sheet_answers_as_one_that_is_not_there(client: FlaskClient, as_who: AsWho):
    where, mia = send(client).location, as_who("mia")
    assert mia.get(where).location == mia.get("/matrix/import/none").location == "/matrix/import"
    page = text_of(mia.get(send(mia, SHEET.replace("Ben Osei", "Dora Lind").encode()).location).text)
    assert "1 has this name here, too" in page  # Dora is of her team, and Anna is not


def test_files_that_are_too_large_or_no_sheet_are_refused_in_words(client: FlaskClient, workspace: Workspace):
    assert "at most 20 MB" in text_of(send(client, b"x" * 20_000_010).text)
    large = send(client, b"x" * 50_000_000)
    assert large.status_code == 413
    assert "larger than 20 MB" in text_of(large.text)
    assert "but is none" in text_of(send(client, b"Name;x", "s.xlsx").text)
    assert send(client, b"").status_code == 400
    assert workspace.sheets.waiting(by=workspace.accounts.named("rita")) == ()
    elsewhere = {"csrf_token": token(client), "name": "x" * 70_000}
    assert client.post("/skills/new", data=elsewhere).status_code == 413


def test_who_is_signed_out_cannot_send_much(app: Flask):
    client = app.test_client()
    data = {"sheet": (io.BytesIO(b"x" * 1_000_000), "s.csv")}
    assert client.post("/matrix/import", data=data, content_type="multipart/form-data").status_code in (400, 413)
