"""What may be behind a call, whom to send while that is uncertain, and what is kept of answers and causes."""

from __future__ import annotations

from datetime import date, timedelta
from math import fsum, nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skillmatch.beliefs.evidence import CertificationGranted, JobOutcome
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.matching.diagnosis.eligibility import BY_NEEDS
from skillmatch.matching.diagnosis.prospects import prospects
from skillmatch.matching.rules import RULES
from skillmatch.matching.view import View
from skillmatch.model import (
    AnyOf,
    Asset,
    Cause,
    CertificationRequirement,
    JobStatus,
    JobType,
    Question,
    Requirement,
    Skill,
)
from skillmatch.store.store import Store
from skillmatch.workspace import OTHER, DiagnosisAnswer, Prices, Workspace
from tests.workspace.firm import NEEDS, NOW, Firm, firm, job, replace

LEAK = Cause("leak", (Requirement("controls", 3.0), CertificationRequirement("GAS")), 90.0, 0.4, "too warm")
FAN = Cause("fan", (Requirement("refrigeration", 3.0),), 30.0, 0.4, "too warm")
CLICKS = Question("clicks", "Does it click?", (("leak", 0.95), ("fan", 0.05)), 0.5, "too warm")


@pytest.fixture
def desk(tmp_path: Path) -> Firm:
    """A firm with a vague call: a leak, for which only Ben has the certification, or a fan."""
    found = firm(tmp_path, (LEAK, FAN, CLICKS, job(text="it is warm")))
    found.record(CertificationGranted(id="c", worker="ben", time=NOW, type="GAS", issued=date(2026, 1, 1)))
    return found


def finished(desk: Firm, number: int, cause: str, text: str, *, minutes: float = 50.0, type: str = "too warm") -> None:
    desk.save(job(f"d{number}", text=text, type=type, due=None, created=NOW - timedelta(days=40)))
    time = NOW - timedelta(days=30) + timedelta(minutes=number)
    desk.record(
        JobOutcome(id=f"d{number}", worker="anna", time=time, job=f"d{number}", result=Result.FIRST_TIME_FIX,
                   cause=cause, minutes=minutes, used=(Demand("controls", 4.0),))
    )  # fmt: skip


def by_hand(found: DiagnosisAnswer, desk: Firm) -> dict[str, float]:
    """Return everybody's expected cost, reckoned worker by worker from chances, hourly costs, ways and lengths."""
    (view,) = desk.views(found.job.id)
    costs, prices = {}, found.prices
    seen = [View(view.table, view.roster, one.needs, view.day, view.moment, view.job_type, view.customer,
                 view.names, view.site, view.circumstances) for one in found.diagnosis.likely]  # fmt: skip
    places = range(len(view.table))
    other = next(number for number, one in enumerate(found.diagnosis.likely) if one.cause == OTHER)
    chances, paces = prospects(seen, other)

    def work(place: int, minutes: float) -> float:
        person = view.roster.workers[view.table.workers[place]]
        rate = prices.rate if person.cost_per_hour is None else person.cost_per_hour
        assert view.travel is not None
        return rate * (minutes + 2.0 * float(view.travel[place])) / 60.0

    for place in places:
        cost = prices.visit
        for number, one in enumerate(found.diagnosis.likely):
            chance = float(chances[number, place])
            if any(isinstance(need, CertificationRequirement) for need in one.needs):
                chance *= view.table.workers[place] == "ben"
            minutes = [(one.minutes or 60.0) * float(paces[number, each]) for each in places]
            again = prices.visit + prices.again + float(np.mean([work(each, minutes[each]) for each in places]))
            cost += one.probability * (work(place, minutes[place]) + (1.0 - chance) * again)
        costs[view.table.workers[place]] = cost
    return costs


def test_costs_are_those_that_are_reckoned_by_hand_and_everybody_stands_in_their_order(desk: Firm):
    for number in range(4):
        finished(desk, number, "leak", "it hisses and it is warm")
    found = desk.diagnose("j1", limit=10)
    hand = by_hand(found, desk)
    assert [one.worker.id for one in found.prospects] == sorted(hand, key=lambda id: (hand[id], id))
    for one in found.prospects:
        assert one.cost == pytest.approx(hand[one.worker.id], rel=1e-12)
        assert one.explain_cost.total == one.cost
        assert one.explain_success.total == one.success


def test_probabilities_sum_to_one_and_the_listed_causes_are_there_before_anything_is_found(desk: Firm):
    found = desk.diagnose("j1")
    assert {one.cause for one in found.diagnosis.likely} == {"leak", "fan", OTHER}
    assert fsum(one.probability for one in found.diagnosis.likely) == pytest.approx(1.0)
    assert found.known
    assert "no finished job tells what such calls turn out to be" in found.notes


def test_a_finished_job_counts_from_the_next_question_on(desk: Firm):
    before = desk.diagnose("j1").diagnosis.probability("leak")
    finished(desk, 1, "leak", "it is warm")
    after = desk.diagnose("j1").diagnosis
    assert after.probability("leak") > before
    assert after.findings == 1


def test_a_certification_that_one_cause_needs_stops_only_under_that_cause(desk: Firm):
    found = desk.diagnose("j1", limit=10)
    lacks = {one.worker.id: one.lacks for one in found.prospects}
    assert lacks["ben"] == {}
    assert lacks["anna"] == {"leak": ("holds no certification GAS",)}
    desk.save(JobType("too warm", "ClaimCase too warm", (*NEEDS, CertificationRequirement("GAS")), 60.0))
    found = desk.diagnose("j1", limit=10)
    assert [one.worker.id for one in found.prospects] == ["ben"]


def test_rules_that_do_not_depend_on_the_cause_hold_whatever_it_is(desk: Firm):
    desk.save(job(text="it is warm", excluded=("ben",)))
    assert "ben" not in [one.worker.id for one in desk.diagnose("j1", limit=10).prospects]
    desk.save(job(text="it is warm", excluded=("anna", "ben", "chen")))
    found = desk.diagnose("j1")
    assert (found.prospects, found.by_type, found.by_ranking, found.questions) == ((), None, None, ())
    assert found.diagnosis.probability("leak") > 0.0


def test_every_rule_by_needs_is_a_rule():
    assert {rule.key for rule in RULES} >= BY_NEEDS


def test_what_the_fixed_needs_would_choose_is_compared_term_by_term(desk: Firm):
    found = desk.diagnose("j1", limit=10)
    assert found.by_type is not None
    dearer = found.dearer(found.by_type)
    assert dearer.total == pytest.approx(found.by_type.cost - found.prospects[0].cost)
    assert dearer.total >= 0.0


def test_a_question_is_offered_when_its_answers_send_different_people_and_then_they_do(desk: Firm):
    desk.visit_prices = Prices(again=300.0)
    found = desk.diagnose("j1")
    (worth,) = found.questions
    assert worth.question == CLICKS
    assert worth.if_yes == "ben"
    assert worth.if_no != "ben"
    for yes, expected in ((True, worth.if_yes), (False, worth.if_no)):
        desk.answer("j1", "clicks", yes)
        again = desk.diagnose("j1")
        assert again.prospects[0].worker.id == expected
        assert again.answered == ((CLICKS, yes),)
        assert again.questions == ()


def test_an_answer_is_kept_once_and_taken_back(desk: Firm):
    before = desk.diagnose("j1")
    desk.answer("j1", "clicks", True)
    revision = desk.diagnose("j1").revision
    desk.answer("j1", "clicks", True)
    assert desk.diagnose("j1").revision == revision
    desk.answer("j1", "clicks", None)
    after = desk.diagnose("j1")
    assert after.diagnosis == before.diagnosis
    assert desk.job("j1").job.answers == ()


def test_an_answer_does_not_overwrite_one_that_came_meanwhile(desk: Firm):
    desk.answer("j1", "clicks", True, seen=None)
    desk.answer("j1", "clicks", True, seen=None)
    with pytest.raises(Conflict, match="answered yes meanwhile"):
        desk.answer("j1", "clicks", False, seen=None)
    desk.answer("j1", "clicks", False, seen=True)
    assert desk.job("j1").job.answers == (("clicks", False),)


@pytest.mark.parametrize("question", ["clik", "", "word:", "word:two words", "word:<b>", "cause:leak", "\0"])
def test_what_is_no_question_cannot_be_answered(desk: Firm, question: str):
    with pytest.raises(NotFound, match="question"):
        desk.answer("j1", question, True)
    assert desk.job("j1").job.answers == ()


def test_going_with_a_cause_gives_the_job_its_needs_and_back_those_of_the_type(desk: Firm):
    desk.answer("j1", "clicks", True)
    plain, before = desk.rank("j1"), desk.diagnose("j1")
    desk.go_with("j1", "leak")
    view = desk.job("j1")
    assert not view.inherited
    assert CertificationRequirement("GAS") in view.needs
    assert view.job.minutes == 90.0
    assert [one.worker.id for one in desk.rank("j1").candidates] == ["ben"]
    found = desk.diagnose("j1")
    assert found.went_with == "leak"
    assert found.diagnosis == before.diagnosis
    assert [one.cost for one in found.prospects] == [one.cost for one in before.prospects]
    desk.go_with("j1", "fan")
    assert desk.diagnose("j1").went_with == "fan"
    desk.go_with("j1", None)
    assert desk.job("j1").inherited
    assert desk.job("j1").job.answers == (("clicks", True),)
    assert [one.score for one in desk.rank("j1").candidates] == [one.score for one in plain.candidates]


def test_needs_of_a_learned_cause_are_rounded_as_people_write_them(desk: Firm):
    for number in range(3):
        finished(desk, number, "leak", "it is warm", minutes=71.0)
    desk.go_with("j1", "leak")
    view = desk.job("j1")
    levels = [need.level for need in view.needs if isinstance(need, Requirement)]
    assert levels == [round(level or 0.0, 1) for level in levels]
    assert view.job.minutes == round(view.job.minutes or 0.0)


def test_nobody_can_go_back_from_needs_that_are_no_causes(desk: Firm):
    desk.save(job(requirements=(Requirement("controls", 1.0),)))
    with pytest.raises(Conflict, match="from elsewhere"):
        desk.go_with("j1", None)
    assert desk.job("j1").needs == (Requirement("controls", 1.0),)


@pytest.mark.parametrize("status", [JobStatus.DONE, JobStatus.CANCELLED])
def test_only_open_jobs_are_changed(desk: Firm, status: JobStatus):
    desk.save(job(status=status))
    for change in (lambda: desk.answer("j1", "clicks", True), lambda: desk.go_with("j1", "leak")):
        with pytest.raises(Conflict, match="only of open jobs"):
            change()


def test_what_is_not_there_is_named_with_what_is(desk: Firm):
    with pytest.raises(NotFound, match="leak"):
        desk.go_with("j1", "leek")
    with pytest.raises(NotFound, match="job 'j9'"):
        desk.diagnose("j9")
    with pytest.raises(NotFound, match="cause"):
        desk.go_with("j1", OTHER)
    with pytest.raises(NotFound, match="policy"):
        desk.diagnose("j1", policy="nothing")


def test_a_failed_write_leaves_the_job_as_it_was(desk: Firm, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as broken:
        broken.setattr("skillmatch.store.history.History._keep", lambda *_args, **_more: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            desk.go_with("j1", "leak")
    assert desk.job("j1").job == job(text="it is warm")
    assert desk.diagnose("j1").went_with is None


def test_needs_with_a_choice_are_reckoned_with_the_way_that_costs_least(desk: Firm):
    desk.save(Skill("welding", "Welding"))
    choice = AnyOf((Requirement("welding", 5.0), Requirement("refrigeration", 1.0)))
    desk.save(JobType("too warm", "ClaimCase too warm", (choice,), 60.0))
    found = desk.diagnose("j1")
    assert any("costs least: refrigeration" in note for note in found.notes)
    desk.save(JobType("too warm", "ClaimCase too warm", (Requirement("refrigeration", 1.0),), 60.0))
    assert [one.cost for one in desk.diagnose("j1").prospects] == [one.cost for one in found.prospects]


STRANGE: dict[str, dict[str, Any]] = {
    "empty text": {"text": ""},
    "a megabyte": {"text": "warm air and ice " * 60_000},
    "another language": {"text": "Es ist viel zu heiß, 太热了, Ψύξη"},
    "only digits": {"text": "12345 67.8 90"},
    "markup and controls": {"text": "<script>alert(1)</script>\x01\x02\u202e{{7*7}}"},
    "an unknown type": {"type": None},
    "nothing at all": {"type": None, "customer": None, "site": None, "due": None},
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("learned", [False, True], ids=["no history", "history"])
def test_a_strange_call_gets_an_answer_that_says_what_is_missing(desk: Firm, strange: dict[str, Any], learned: bool):
    for number in range(8 * learned):
        finished(desk, number, "leak" if number % 2 else "fan", "it hums and it is warm")
    desk.save(job(**strange))
    found = desk.diagnose("j1")
    assert fsum(one.probability for one in found.diagnosis.likely) == pytest.approx(1.0)
    assert found.notes
    assert found.prospects


def test_history_without_a_list_tells_and_a_list_without_history_too(desk: Firm):
    desk.save(JobType("noise", "Noise", NEEDS, 60.0), job("j2", type="noise", text="it hums"))
    assert not desk.diagnose("j2").known
    assert desk.causes_of("noise") == ()
    finished(desk, 1, "belt", "it hums", type="noise")
    assert desk.diagnose("j2").known
    assert desk.causes_of("noise") == ("belt",)
    assert desk.causes_of("too warm") == ("fan", "leak")
    desk.save(replace(FAN, active=False))
    assert desk.causes_of("too warm") == ("leak",)


def test_a_machine_with_an_impossible_day_has_no_age(desk: Firm):
    for installed in (date(1, 1, 1), date(2199, 1, 1)):
        desk.save(Asset("unit", "market", "display case", installed=installed), job(asset="unit"))
        assert desk.diagnose("j1").diagnosis.call.age is None


def test_prices_that_are_no_prices_are_refused_in_words():
    for wrong in (nan, -1.0, float("inf")):
        with pytest.raises(Invalid, match="price 'visit'"):
            Prices(visit=wrong)


def test_weights_are_learned_by_a_refit_and_then_used(desk: Firm):
    for number in range(60):
        finished(desk, number, "leak" if number % 2 else "fan", "it hisses" if number % 2 else "it hums")
    assert desk.diagnose("j1").version == 0
    assert "from 60 finished jobs: version 1" in desk.refit().signs
    assert desk.diagnose("j1").version == 1
    before = desk.diagnose("j1").diagnosis
    assert "version 2" in desk.refit().signs
    assert desk.diagnose("j1").diagnosis == before


def test_with_few_findings_a_refit_says_so_and_keeps_nothing(desk: Firm):
    finished(desk, 1, "leak", "it hisses")
    assert desk.refit().signs == "1 finished job with a cause, 50 are needed to learn what speaks for causes"
    assert desk.diagnose("j1").version == 0


def test_an_import_learns_weights_when_the_findings_have_doubled(tmp_path: Path):
    found = Workspace(Store.open(f"sqlite:///{tmp_path / 'i.db'}"), clock=lambda: NOW)
    tables = tmp_path / "tables"
    tables.mkdir()
    (tables / "skills.csv").write_text("id,name\nx,X\n")
    (tables / "workers.csv").write_text("id,name\nanna,Anna\n")
    (tables / "job_types.csv").write_text("id,name,requirements\nt,T,x:2\n")

    def learned(jobs: int) -> list[str]:
        rows = [(n, ("hiss", "leak") if n % 2 else ("hum", "fan")) for n in range(jobs)]
        (tables / "jobs.csv").write_text(
            "id,title,text,type,status\n" + "".join(f"j{n},J,{text},t,done\n" for n, (text, _) in rows)
        )
        (tables / "outcomes.csv").write_text(
            "id,worker,time,job,result,cause,used\n"
            + "".join(f"o{n},anna,2026-05-01,j{n},first-time fix,{cause},x\n" for n, (_, cause) in rows)
        )
        return [note for note in found.import_path(tables).notes if "speaks for causes" in note]

    assert [len(learned(jobs)) for jobs in (49, 60, 60, 119, 120)] == [0, 1, 0, 0, 1]
    assert "from 240 finished jobs: version 3" in learned(240)[0]
    outcomes = found.job("j1").outcomes
    assert outcomes[0].used == (Demand("x", 2.0),)
    found.close()
