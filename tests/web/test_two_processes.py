"""Two processes over one database: what is changed through one is on the next page of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from skillmatch.workspace import Workspace
from tests.web.conftest import ANNA, BEN, OPEN, PASSWORD
from tests.web.forms import text_of
from tests.web.found_forms import forms_of
from tests.web.test_server import running


class Person:
    """Somebody at a browser that talks to one of the processes."""

    def __init__(self, port: int) -> None:
        self.base, self.session = f"http://127.0.0.1:{port}", requests.Session()
        self.send("/sign-in", "/sign-in", name="rita", password=PASSWORD)

    def page(self, where: str) -> str:
        """Open a page and return it."""
        answer = self.session.get(self.base + where, timeout=60)
        assert answer.status_code == 200, (where, answer.text)
        return answer.text

    def reads(self, where: str) -> str:
        """Open a page and return what it says."""
        return text_of(self.page(where))

    def send(self, where: str, to: str, **typed: str) -> None:
        """Open a page, fill in the form that is sent to an address, and send it."""
        form = next(one for one in forms_of(self.page(where)) if re.search(to, one.action))
        answer = self.session.post(
            self.base + form.action, data={**form.values, **typed}, timeout=60, allow_redirects=False
        )
        assert answer.status_code == 303, (form.action, answer.status_code, text_of(answer.text))


@pytest.fixture
def both(workspace: Workspace, tmp_path: Path) -> Iterator[tuple[Person, Person]]:
    """Two people, each at a process of her own; the processes are warm, so that they have something to forget."""
    with ExitStack() as stack:
        ports = [stack.enter_context(running(tmp_path / "company.db"))[1] for _ in range(2)]
        one, other = (Person(port) for port in ports)
        for person in (one, other):
            person.page(f"/jobs/{OPEN}")
            person.page(f"/workers/{ANNA}")
        yield one, other


def test_what_one_process_changes_is_on_the_next_page_of_the_other(both: tuple[Person, Person]):
    one, other = both
    one.send(f"/jobs/{OPEN}/needs", "/needs$", title="No heating at all", do="save")
    assert "No heating at all" in other.reads(f"/jobs/{OPEN}")

    other.send(f"/jobs/{OPEN}", "/decisions/.*/assign", reason="knows the house")
    assert re.search(r"Assigned .*\+49", one.reads(f"/jobs/{OPEN}"))
    assert "nobody yet" not in re.split("No heating at all", one.reads("/?search=heating"))[-1][:200]

    one.send("/sites/oak-1", "/sites/oak-1/notes", text="The isolation valve sticks", kind="note")
    assert "The isolation valve sticks" in other.reads("/sites/oak-1")

    other.send("/skills/boiler/edit", "/skills/boiler/edit", name="Boiler controllers")
    assert "Boiler controllers" in one.reads(f"/workers/{ANNA}/skills/boiler")

    one.send(f"/workers/{ANNA}/skills/boiler", f"/workers/{ANNA}/disputes", reason="That was not me")
    assert "That was not me" in other.reads("/disputes")


def test_an_outcome_recorded_in_one_process_moves_levels_and_ranking_in_the_other(both: tuple[Person, Person]):
    one, other = both
    mine, explained = f"/workers/{BEN}/skills/boiler", f"/jobs/{OPEN}/workers/{BEN}"
    level, rank = other.reads(mine), other.reads(explained)
    assert "2 job outcomes" in level
    one.send(f"/jobs/{OPEN}", "/outcome", worker=BEN, result="first-time fix", minutes="60", cause="")
    assert "3 job outcomes" in other.reads(mine)
    assert other.reads(explained) != rank
    assert "Recorded." in one.reads("/workers")  # said once
    assert other.reads(mine) == one.reads(mine)
