"""Words become skills by what is in the database now; what people say of links counts from the next one on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import SelfReport
from skillmatch.errors import Invalid, NotFound
from skillmatch.model import Correction, Customer, Skill
from skillmatch.skills.linking import Linker
from skillmatch.store.store import Store
from skillmatch.workspace import Linked, Workspace
from skillmatch.workspace.linking import about
from tests.kit.company import NOW, company

LINES = "cleans condensate lines with compressed air"


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    with company(database_url) as opened:
        yield opened


@pytest.fixture
def again(workspace: Workspace, database_url: str) -> Iterator[Workspace]:
    """Another workspace on the same database, as another process has it."""
    with Workspace(Store.open(database_url), clock=lambda: NOW) as opened:
        yield opened


def save(workspace: Workspace, *nouns: Any) -> None:
    with workspace._store.write() as transaction:
        revision = transaction.next_revision()
        for noun in nouns:
            transaction.save_nouns(type(noun), [noun], revision=revision)


def kept(workspace: Workspace) -> list[Correction]:
    with workspace._store.read() as transaction:
        return transaction.nouns(Correction)


def ids(found: Linked) -> list[str]:
    return [link.skill for link in found.links]


def sureness(workspace: Workspace, text: str, skill: str) -> float:
    return next((link.confidence for link in workspace.link(text).links if link.skill == skill), 0.0)


def report(skill: str = "controls", worker: str = "anna", id: str = "s1") -> SelfReport:
    return SelfReport(id=id, worker=worker, time=NOW - timedelta(hours=1), source="own words", skill=skill, level=3.0)


def test_a_skill_is_linked_as_soon_as_another_process_has_added_it(workspace: Workspace, again: Workspace):
    assert "drains" not in ids(again.link(LINES))
    save(workspace, Skill("drains", "Condensate lines"))
    assert ids(again.link(LINES))[0] == "drains"
    save(workspace, Skill("drains", "Drain heating"))
    assert "drains" not in ids(again.link(LINES))
    assert ids(again.link("drain heating"))[0] == "drains"


def test_a_correction_counts_in_the_next_link_of_another_process(workspace: Workspace, again: Workspace):
    before = sureness(again, LINES, "controls")
    workspace.correct_link(LINES, "controls", accepted=True, by="mona")
    assert sureness(again, LINES, "controls") > before + 0.3
    assert again.link(LINES).links[0].via == LINES
    workspace.correct_link(LINES, "controls", accepted=False, by="ben")
    assert sureness(again, LINES, "controls") < 0.1
    assert kept(again) == [Correction(LINES, "controls", False, "ben")]


def test_the_resident_linker_answers_as_a_new_process_would(workspace: Workspace, again: Workspace):
    workspace.link("anything")
    workspace.correct_link("keeps things cold", "refrigeration", accepted=True)
    save(workspace, Skill("cold", "Keep cold things cold"), Skill("controls", "Control panels"))
    for text in ("keeps things cold", "control panels", "colling"):
        assert workspace.link(text) == again.link(text)


FEW_WORDS = st.lists(st.sampled_from("fix fixing fan fans door pump seal".split()), min_size=1, max_size=3).map(
    " ".join
)
SKILL_IDS = st.sampled_from(["s0", "s1", "s2", "s3"])
STEPS = st.lists(
    st.builds(Skill, SKILL_IDS, FEW_WORDS, alt_names=st.lists(FEW_WORDS, max_size=2).map(tuple))
    | st.tuples(FEW_WORDS, SKILL_IDS, st.booleans()),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, text=FEW_WORDS | st.just("fna pmup"))
def test_after_whatever_was_written_it_answers_as_a_fresh_linker_does(
    workspace: Workspace, again: Workspace, steps: list[Skill | tuple[str, str, bool]], text: str
):
    for number, step in enumerate(steps):
        if isinstance(step, Skill):
            save(workspace, step)
        else:
            try:
                (workspace, again)[number % 2].correct_link(step[0], step[1], accepted=step[2])
            except NotFound:
                assert step[1] not in workspace.graph.skills
        with workspace._store.read() as transaction:
            fresh = Linker(transaction.nouns(Skill), corrections=transaction.nouns(Correction))
        assert workspace.link(text) == fresh.link(text)
        if number % 3 == 0:  # now and then several writes at once
            assert again.link(text) == fresh.link(text)


def test_a_text_is_linked_once_for_as_long_as_skills_and_corrections_stay(workspace: Workspace):
    first = workspace.link(LINES)
    save(workspace, Customer("new", "New Customer"))
    assert workspace.link(LINES) is first
    workspace.correct_link(LINES, "controls", accepted=True)
    second = workspace.link(LINES)
    assert ids(second) != ids(first)
    save(workspace, Skill("lines", "Condensate lines"))
    assert ids(workspace.link(LINES)) != ids(second)


def test_who_ranks_does_not_pay_for_the_linker(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("skillmatch.workspace.resident_linker.Linker", None)
    assert workspace.rank("j1").candidates
    with pytest.raises(TypeError):
        workspace.link("cooling")


def test_a_linker_that_could_not_be_made_is_made_the_next_time(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    workspace.link("cooling")
    save(workspace, Skill("drains", "Condensate lines"))
    with monkeypatch.context() as broken:
        broken.setattr(Linker, "add", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            workspace.link(LINES)
    assert ids(workspace.link(LINES))[0] == "drains"


def test_many_link_and_correct_at_once(workspace: Workspace):
    def work(number: int) -> Linked:
        save(workspace, Skill(f"n{number}", f"Number {number} lines"))
        workspace.correct_link(f"words {number}", f"n{number}", accepted=True)
        return workspace.link("lines with words")

    with ThreadPoolExecutor(4) as pool:
        assert all(found.links for found in pool.map(work, range(12)))
    with workspace._store.read() as transaction:
        fresh = Linker(transaction.nouns(Skill), corrections=transaction.nouns(Correction))
    assert workspace.link("words 7, lines") == fresh.link("words 7, lines")


@pytest.mark.parametrize(
    "text", ["", "   ", "12345", "\0\x1b[31m\u202e", "<b></b>", "冷却装置の修理", "x" * 1_000_000, "\ud800", "½"]
)
def test_no_text_is_an_error(workspace: Workspace, text: str):
    found = workspace.link(text)
    assert found.none > 0.4
    assert found.links or found.note


def test_a_name_inside_another_is_not_taken_for_it(workspace: Workspace):
    save(workspace, Skill("java", "Java"), Skill("javascript", "JavaScript"))
    assert ids(workspace.link("java"))[0] == "java"
    assert ids(workspace.link("javascript"))[0] == "javascript"


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_limit_that_is_none_is_refused(workspace: Workspace, limit: int):
    with pytest.raises(Invalid, match="expected 1 to 1000"):
        workspace.link("cooling", limit=limit)


@pytest.mark.parametrize(
    ("text", "skill", "error", "said"),
    [
        ("", "controls", Invalid, "no word in the text"),
        ("<b> \0 </b> ...", "controls", Invalid, "no word in the text"),
        ("word " * 200, "controls", Invalid, "999 characters .* expected 1 to 500"),
        ("half \ud800", "controls", Invalid, "half a character"),
        (LINES, "controlls", NotFound, "did you mean 'controls'"),
        (LINES, "Coolingg", NotFound, "did you mean 'Cooling'"),
        (LINES, "\0", NotFound, "no skill"),
        (LINES, "", NotFound, "no skill"),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_is_written(
    workspace: Workspace, text: str, skill: str, error: type[Exception], said: str
):
    before = workspace.rank("j1").revision
    with pytest.raises(error, match=said):
        workspace.correct_link(text, skill, accepted=True)
    assert kept(workspace) == []
    assert workspace.rank("j1").revision == before


def test_a_skill_can_be_called_by_its_name_unless_several_have_it(workspace: Workspace):
    assert workspace.correct_link("keeps cold", "cooling ", accepted=True).skill == "cooling"
    assert workspace.correct_link("keeps cold", "CONTROLS", accepted=True).skill == "controls"
    save(workspace, Skill("c2", "Controls"))
    with pytest.raises(Invalid, match="2 skills are named 'Controls': name one by its id, such as 'c2'"):
        workspace.correct_link("keeps cold", "Controls", accepted=True)


def test_words_are_kept_without_mark_up_and_double_blanks(workspace: Workspace):
    workspace.correct_link(" keeps\t<b>things</b>\n cold\u202e ", "cooling", accepted=True)
    assert [one.text for one in kept(workspace)] == ["keeps things cold"]


def test_a_link_is_accepted_for_its_words_and_rejected_for_their_clause(workspace: Workspace):
    text = "Hello, the cooling of our counter is loud; please hurry"
    workspace.judge_link(text, "cooling", accepted=True)
    workspace.judge_link(text, "cooling", accepted=False)
    assert {one.text: one.accepted for one in kept(workspace)} == {
        "cooling": True,
        "the cooling of our counter is loud": False,
    }


def test_where_no_word_led_to_a_skill_the_whole_text_is_kept_as_far_as_it_goes(workspace: Workspace):
    workspace.judge_link("something strange " * 100, "controls", accepted=True)
    (one,) = kept(workspace)
    assert 480 < len(one.text) <= 500
    assert "something strange".startswith(one.text.split()[0])
    assert one.text.split()[-1] in ("something", "strange")


def test_what_was_rejected_for_these_words_is_suggested_no_more(workspace: Workspace):
    text = "the cooling is loud"
    assert ids(workspace.suggest(text))[0] == "cooling"
    workspace.judge_link(text, "cooling", accepted=False)
    assert "cooling" not in ids(workspace.suggest(text))
    assert "cooling" in ids(workspace.suggest("repairs any cooling"))
    workspace.correct_link(text, "cooling", accepted=True)
    assert ids(workspace.suggest(text))[0] == "cooling"
    assert ids(workspace.suggest("cooling controls refrigeration", limit=2)) == ids(
        workspace.link("cooling controls refrigeration", limit=2)
    )


def test_a_claim_is_recorded_and_accepted_in_one_go(workspace: Workspace):
    done = workspace.claim_skill(report(), "I wire cabinets, control cabinets")
    assert done.status == "added"
    assert workspace.profile("anna").skills[0].skill.id == "controls"
    assert [(one.skill, one.accepted, one.by) for one in kept(workspace)] == [("controls", True, "anna")]
    assert workspace.rebuild(check=True).differing == 0


@pytest.mark.parametrize(
    ("fact", "text", "error"),
    [
        (report(worker="nobody"), "control cabinets", NotFound),
        (report(skill="nothing"), "control cabinets", NotFound),
        (report(), "...", Invalid),
    ],
)
def test_a_claim_that_cannot_stand_leaves_neither(workspace: Workspace, fact: SelfReport, text: str, error: Any):
    with pytest.raises(error):
        workspace.claim_skill(fact, text)
    assert kept(workspace) == []
    assert workspace.profile("anna").evidence == ()


def test_a_claim_that_is_stopped_in_the_middle_leaves_neither(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("skillmatch.workspace.linking._keep", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        workspace.claim_skill(report(), "control cabinets")
    assert workspace.profile("anna").evidence == ()
    assert kept(workspace) == []


class Toy:
    """A model that knows two things; it counts what it was asked."""

    name, dimensions = "toy 1", 3

    def __init__(self, break_after: int = 10**9) -> None:
        self.asked: list[str] = []
        self.break_after = break_after

    def passages(self, texts: Sequence[str]) -> Any:
        if len(self.asked) + len(texts) > self.break_after:
            raise KeyboardInterrupt
        self.asked += texts
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> Any:
        cold = any(word in text.lower() for word in ("cool", "refriger", "frost", "ice"))
        vector = np.array([0.2, float(cold), float("control" in text.lower())], np.float32)
        return vector / np.linalg.norm(vector)


@pytest.fixture
def with_model(workspace: Workspace, database_url: str) -> Iterator[Callable[..., Workspace]]:
    opened: list[Workspace] = []

    def make(model: Callable[[], Any]) -> Workspace:
        opened.append(Workspace(Store.open(database_url), clock=lambda: NOW, model=model))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def test_with_a_model_words_that_no_name_has_are_understood(workspace: Workspace, with_model: Any):
    found = with_model(Toy).link("frost everywhere")
    assert found.links[0].skill in ("cooling", "refrigeration")
    assert found.links[0].words == ()
    assert found.note == ""
    assert workspace.link("frost everywhere").links == ()


def test_names_are_embedded_once_for_all_processes_and_then_only_new_ones(workspace: Workspace, with_model: Any):
    one, other = Toy(), Toy()
    first = with_model(lambda: one)
    told: list[tuple[str, int, int | None]] = []
    first.link("frost", progress=lambda *what: told.append(what))
    assert sorted(one.asked) == ["Controls", "Cooling", "Refrigeration"]
    assert told == [("names of skills embedded", 3, 3)]
    second = with_model(lambda: other)
    assert second.link("frost") == first.link("frost")
    assert other.asked == []
    save(workspace, Skill("ice", "Ice machines"))
    second.link("frost")
    save(workspace, Skill("controls", "Control panels"))
    second.link("frost")
    assert other.asked == ["Ice machines", "Control panels"]


def test_embedding_that_is_stopped_goes_on_where_it_was(
    workspace: Workspace, with_model: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("skillmatch.workspace.remembering.AT_ONCE", 2)
    save(workspace, *(Skill(f"n{number}", f"Name {number}") for number in range(4)))
    broken, whole = Toy(break_after=5), Toy()
    stopped = with_model(lambda: broken)
    with pytest.raises(KeyboardInterrupt):
        stopped.link("frost")
    assert len(broken.asked) == 4
    found = with_model(lambda: whole).link("frost")
    assert not set(whole.asked) & set(broken.asked)
    assert len(whole.asked) == 3
    broken.break_after = 10**9
    assert stopped.link("frost") == found


def test_without_the_package_words_alone_link_and_it_is_said(workspace: Workspace, with_model: Any):
    def missing() -> Any:
        raise Invalid("the local model of language is not installed")

    found = with_model(missing).link("cooling")
    assert found.links == workspace.link("cooling").links
    assert found.note == "linked by words alone: the local model of language is not installed"


def test_no_model_is_loaded_before_a_text_is_linked(with_model: Any):
    loaded = []
    lazy = with_model(lambda: loaded.append(1) or Toy())
    lazy.rank("j1")
    assert loaded == []
    lazy.link("cooling")
    lazy.link("controls")
    assert loaded == [1]


def test_an_accepted_stretch_that_is_too_long_is_cut_to_its_words():
    text = f"cooling {' '.join(['x' * 60] * 10)} plant"
    link = Linker([Skill("cooling plant", "Cooling plant")]).link(text).links[0]
    assert about(text, link, accepted=True) == "cooling plant"
    assert len(about(text, link, accepted=False)) <= 500
