"""Evidence that cannot be, recorded and imported: a clear refusal that leaves no trace, or a meaning that is written.

The meanings are a table in docs/import.md, under "Tables of evidence".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

from skillmatch.beliefs.disputes import Dispute, DisputeDecided, DisputeEffect, Verdict
from skillmatch.beliefs.evidence import (
    Assessment,
    CertificationGranted,
    CustomerRating,
    Evidence,
    JobOutcome,
    Retraction,
    SelfReport,
    TrainingCompleted,
)
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.errors import Conflict, ImportStopped, Invalid, NotFound
from skillmatch.model import Problem, Report, Requirement, Worker
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace
from tests.kit.company import NOW, company

JOINED, LEFT = date(2024, 3, 1), date(2025, 3, 31)


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    """The company, with somebody who has come and gone, and some evidence that went well."""
    with company(database_url) as opened:
        store = Store.open(database_url)
        with store.write() as transaction:
            dora = Worker("dora", "Dora Past", active_from=JOINED, active_to=LEFT)
            transaction.save_nouns(Worker, [dora], revision=transaction.next_revision())
        store.close()
        for fact in (outcome("sound"), statement("said"), retraction("said", "taken back")):
            opened.record(fact)
        yield opened


def common(id: str, worker: str = "anna", days: float = 1.0) -> dict[str, Any]:
    return {"id": id, "worker": worker, "source": "test", "time": NOW - timedelta(days=days)}


def outcome(id: str = "x", *, worker: str = "anna", days: float = 1.0, **values: Any) -> JobOutcome:
    return JobOutcome(**common(id, worker, days), **{"job": "j2", "result": Result.REWORK, **values})


def rating(id: str = "x", *, worker: str = "anna", days: float = 1.0, **values: Any) -> CustomerRating:
    return CustomerRating(**common(id, worker, days), **{"job": "j2", "stars": 4.0, **values})


def statement(id: str = "x", *, level: float = 3.0, days: float = 9.0, worker: str = "anna") -> SelfReport:
    return SelfReport(**common(id, worker, days), skill="cooling", level=level)


def retraction(of: str, id: str = "x", *, worker: str = "anna", days: float = 0.5) -> Retraction:
    return Retraction(**common(id, worker, days), retracts_source="test", retracts_id=of)


def dispute(
    of: str, id: str = "x", *, worker: str = "anna", days: float = 0.5, effect: DisputeEffect = DisputeEffect.SET_ASIDE
) -> Dispute:
    return Dispute(**common(id, worker, days), disputes_source="test", disputes_id=of, effect=effect)


def decision(of: str, id: str, verdict: Verdict, *, days: float = 0.25) -> DisputeDecided:
    return DisputeDecided(
        **common(id, days=days), decides_source="test", decides_id=of, verdict=verdict, decided_by="mona"
    )


def days_before(day: date) -> float:
    """Return how many days lie between noon of a day and now."""
    return float((NOW.date() - day).days)


def everything(workspace: Workspace, folder: Path) -> object:
    """Return revision, log and beliefs."""
    path = folder / "everything.jsonl"
    workspace.export_path(path)
    assert workspace.rebuild(check=True).differing == 0
    people = [workspace.profile(worker.id) for worker in workspace.workers()]
    return workspace.rank("j1").revision, path.read_text(encoding="utf-8"), people


# Refused when recorded

BAD: dict[str, tuple[Callable[[], Evidence], type[Exception], str]] = {
    "a level that is no number": (
        lambda: statement(level=nan),
        Invalid,
        "level of evidence 'x' is nan: expected a level from 0 to 5",
    ),
    "an infinite level": (
        lambda: Assessment(**common("x"), skill="cooling", level=inf, rater="mona"),
        Invalid,
        "level of evidence 'x' is inf: expected a level from 0 to 5",
    ),
    "a level of a training off the scale": (
        lambda: TrainingCompleted(**common("x"), skill="cooling", level=-0.5),
        Invalid,
        "level of training 'x' is -0.5: expected a level from 0 to 5",
    ),
    "a level of a certificate that is no number": (
        lambda: CertificationGranted(**common("x"), type="F-GAS", issued=JOINED, skill="cooling", level=nan),
        Invalid,
        "level of certification 'x' is nan: expected a level from 0 to 5",
    ),
    "minutes that are no number": (
        lambda: outcome(minutes=nan),
        Invalid,
        "outcome 'x' took nan minutes: expected 0 to 100000",
    ),
    "infinite minutes": (lambda: outcome(minutes=inf), Invalid, "outcome 'x' took inf minutes: expected 0 to 100000"),
    "negative minutes": (lambda: outcome(minutes=-1.0), Invalid, "outcome 'x' took -1 minutes: expected 0 to 100000"),
    "stars that are no number": (lambda: rating(stars=nan), Invalid, "rating 'x' is nan: expected 1 to 5 stars"),
    "a rating off its scale": (lambda: rating(stars=5.5), Invalid, "rating 'x' is 5.5: expected 1 to 5 stars"),
    "an unknown job": (lambda: outcome(job="j22"), NotFound, "there is no job 'j22'; did you mean 'j2'?"),
    "a rating of an unknown job": (lambda: rating(job="j22"), NotFound, "there is no job 'j22'; did you mean 'j2'?"),
    "work before she joined": (
        lambda: outcome(worker="dora", days=days_before(JOINED) + 1),
        Invalid,
        "job outcome 'x' is dated 2024-02-29, before worker 'dora' joined on 2024-03-01: expected work from 2024-03-01"
        " on: correct the time, or the active_from of the worker",
    ),
    "work after she left": (
        lambda: outcome(worker="dora", days=days_before(LEFT) - 32),
        Invalid,
        "job outcome 'x' is dated 2025-05-02, after worker 'dora' left on 2025-03-31: expected work up to 2025-03-31,"
        " reported at most 31 days later: correct the time, or the active_to of the worker",
    ),
    "a rating before she joined": (
        lambda: rating(worker="dora", days=days_before(JOINED) + 1),
        Invalid,
        "customer rating 'x' is dated 2024-02-29, before worker 'dora' joined on 2024-03-01",
    ),
    "a correction that moves work to somebody who had left": (
        lambda: replace(outcome("sound"), worker="dora"),
        Invalid,
        "job outcome 'sound' is dated 2026-05-31, after worker 'dora' left on 2025-03-31",
    ),
    "the future": (
        lambda: outcome(days=-0.5),
        Invalid,
        "job outcome 'x' is dated 2026-06-02T00:00:00Z, in the future: expected a time up to now, 2026-06-01T12:00:00Z",
    ),
    "a certificate of the future": (
        lambda: CertificationGranted(**common("x"), type="F-GAS", issued=date(2026, 6, 2)),
        Invalid,
        "certification 'x', issued: 2026-06-02, in the future: expected a day up to today, 2026-06-01",
    ),
    "a retraction of a retraction": (
        lambda: retraction("taken back"),
        Conflict,
        "retraction 'x' of source 'test' names another retraction, 'taken back': to bring a fact back, record it anew"
        " under a new id",
    ),
    "another kind under one id": (
        lambda: statement("sound"),
        Conflict,
        "evidence 'sound' of source 'test' is of kind 'job_outcome' in the log and cannot become 'self_report': retract"
        " it, and record the new fact under another id",
    ),
    "a retraction of itself": (
        lambda: retraction("taken back", "taken back"),
        Conflict,
        "names another retraction, 'taken back'",
    ),
    "a retraction of something unknown": (
        lambda: retraction("nothing"),
        NotFound,
        "retraction 'x' of source 'test' names evidence 'nothing' of source 'test', which is not in the log: correct"
        " the name, or record that evidence first",
    ),
    "a retraction under another name": (
        lambda: retraction("sound", worker="ben"),
        Conflict,
        "retraction 'x' of source 'test' is about worker 'ben', but evidence 'sound' is about 'anna': name the same"
        " worker in both",
    ),
    "a retraction that is moved": (
        lambda: retraction("sound", "taken back"),
        Conflict,
        "retraction 'taken back' of source 'test' is in the log with another target, 'said'",
    ),
    "a dispute of a retraction": (
        lambda: dispute("taken back"),
        Conflict,
        "dispute 'x' of source 'test' names the retraction 'taken back': only facts can be disputed, not what was"
        " said of them",
    ),
    "a demand of weight 0": (
        lambda: outcome(demands=(Demand("cooling", 3.0, 0.0),)),
        Invalid,
        "job outcome 'x', demands: weight 0 of the demand for 'cooling': expected above 0, up to 1000; leave out a"
        " skill that the work does not draw on",
    ),
    "a demand of weight 0 beside another": (
        lambda: rating(demands=(Demand("cooling"), Demand("controls", None, 0.0))),
        Invalid,
        "customer rating 'x', demands: weight 0 of the demand for 'controls'",
    ),
    "a demand whose weight is no number": (
        lambda: outcome(demands=(Demand("cooling", 3.0, nan),)),
        Invalid,
        "weight nan of the demand for 'cooling'",
    ),
    "a demand of an infinite level": (
        lambda: outcome(demands=(Demand("cooling", inf),)),
        Invalid,
        "level inf of the demand for 'cooling': expected a level from 0 to 5, or none",
    ),
    "a demand twice": (
        lambda: outcome(demands=(Demand("cooling"), Demand("cooling", 3.0))),
        Invalid,
        "job outcome 'x', demands: skill 'cooling' twice: expected each skill once",
    ),
    "an estimate of 0 minutes": (
        lambda: outcome(demands=(Demand("cooling"),), estimate=0.0, minutes=5.0),
        Invalid,
        "job outcome 'x', estimate: 0: expected minutes above 0, up to 100000",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_is_refused_and_leaves_no_trace(workspace: Workspace, tmp_path: Path, name: str):
    make, error, message = BAD[name]
    before = everything(workspace, tmp_path)
    with pytest.raises(error) as caught:
        workspace.record(make())
    assert message in str(caught.value)
    assert everything(workspace, tmp_path) == before


def test_a_requirement_of_weight_0_cannot_be_asked_for():
    with pytest.raises(Invalid, match=r"weight of requirement 'cooling' is 0: expected above 0, up to 1000"):
        Requirement("cooling", weight=0.0)


# Refused when imported

OUTCOMES = "id,source,worker,job,time,result,minutes"
RATINGS = "id,source,worker,job,time,stars"
REPORTS = "id,source,worker,skill,level,time"
RETRACTIONS = "id,source,worker,time,retracts_id"

ROWS: dict[str, tuple[str, str, str, str, str, str]] = {
    "a level that is no number": (
        "self_reports",
        REPORTS,
        "x,test,anna,cooling,nan,2026-05-01",
        "level",
        "'nan'",
        "a level from 0 to 5",
    ),
    "an infinite level": (
        "self_reports",
        REPORTS,
        "x,test,anna,cooling,1e999,2026-05-01",
        "level",
        "'1e999'",
        "a level from 0 to 5",
    ),
    "minutes that are no number": (
        "outcomes",
        OUTCOMES,
        "x,test,anna,j2,2026-05-01,rework,NaN",
        "minutes",
        "'NaN'",
        "minutes from 0 to 100000",
    ),
    "infinite minutes": (
        "outcomes",
        OUTCOMES,
        "x,test,anna,j2,2026-05-01,rework,inf",
        "minutes",
        "'inf'",
        "minutes from 0 to 100000",
    ),
    "negative minutes": (
        "outcomes",
        OUTCOMES,
        "x,test,anna,j2,2026-05-01,rework,-1",
        "minutes",
        "'-1'",
        "minutes from 0 to 100000",
    ),
    "stars that are no number": (
        "customer_ratings",
        RATINGS,
        "x,test,anna,j2,2026-05-01,nan",
        "stars",
        "'nan'",
        "a number of stars from 1 to 5",
    ),
    "a rating off its scale": (
        "customer_ratings",
        RATINGS,
        "x,test,anna,j2,2026-05-01,0",
        "stars",
        "'0'",
        "a number of stars from 1 to 5",
    ),
    "an unknown job": (
        "outcomes",
        OUTCOMES,
        "x,test,anna,j22,2026-05-01,rework,",
        "job",
        "job 'j22'",
        "one of the jobs of this import or of the database; did you mean 'j2'?",
    ),
    "work before she joined": (
        "outcomes",
        OUTCOMES,
        "x,test,dora,j2,2024-02-29,rework,",
        "time",
        "2024-02-29, before worker 'dora' joined on 2024-03-01",
        "work from 2024-03-01 on: correct the time, or the active_from of the worker",
    ),
    "work after she left": (
        "outcomes",
        OUTCOMES,
        "x,test,dora,j2,2025-05-02,rework,",
        "time",
        "2025-05-02, after worker 'dora' left on 2025-03-31",
        "work up to 2025-03-31, reported at most 31 days later: correct the time, or the active_to of the worker",
    ),
    "a rating before she joined": (
        "customer_ratings",
        RATINGS,
        "x,test,dora,j2,2024-02-29,5",
        "time",
        "2024-02-29, before worker 'dora' joined on 2024-03-01",
        "work from 2024-03-01 on: correct the time, or the active_from of the worker",
    ),
    "the future": (
        "outcomes",
        OUTCOMES,
        "x,test,anna,j2,2026-06-02,rework,",
        "time",
        "2026-06-02T00:00:00Z, in the future",
        "a time up to now, 2026-06-01T12:00:00Z",
    ),
    "a retraction of a retraction": (
        "retractions",
        RETRACTIONS,
        "x,test,anna,2026-05-31,taken back",
        "retracts_id",
        "fact 'taken back' of source 'test', itself a retraction",
        "a fact: to bring back what was retracted, give it again under a new id",
    ),
    "a retraction of something unknown": (
        "retractions",
        RETRACTIONS,
        "x,test,anna,2026-05-31,nothing",
        "retracts_id",
        "fact 'nothing' of source 'test', which is nowhere",
        "a fact of this import or of the database: correct the id or retracts_source",
    ),
    "a retraction under another name": (
        "retractions",
        RETRACTIONS,
        "x,test,ben,2026-05-31,sound",
        "worker",
        "worker 'ben', but the fact 'sound' of source 'test' is about 'anna'",
        "'anna', as in the fact",
    ),
    "a retraction that is moved": (
        "retractions",
        RETRACTIONS,
        "taken back,test,anna,2026-05-31,sound",
        "retracts_id",
        "fact 'sound' of source 'test', but the database has this retraction for 'said'",
        "the same fact as before, or another id for this retraction",
    ),
    "a requirement of weight 0": (
        "jobs",
        "id,title,requirements",
        "j9,Odd,cooling:3:0",
        "requirements",
        "weight of requirement 'cooling' is 0",
        "above 0, up to 1000",
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_cannot_be_is_a_problem_with_its_place(workspace: Workspace, tmp_path: Path, name: str):
    kind, header, row, column, found, expected = ROWS[name]
    before = everything(workspace, tmp_path)
    path = tmp_path / f"{kind}.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(ImportStopped, match="nothing was imported: 1 problem found") as caught:
        workspace.import_path(path)
    assert problems(caught.value) == [Problem(path.name, 2, column, found, expected)]
    assert everything(workspace, tmp_path) == before
    # The other rows can be taken without it.
    assert workspace.import_path(path, skip_bad=True).added == {}
    assert everything(workspace, tmp_path)[1:] == before[1:]  # type: ignore[index]


LINES: dict[str, tuple[dict[str, Any], str, str]] = {
    "a demand of weight 0": (
        {"demands": [["cooling", 3.0, 0]]},
        "demands",
        "weight 0 of the demand for 'cooling'",
    ),
    "a demand of a level off the scale": (
        {"demands": [["cooling", 7, 1]]},
        "demands",
        "level 7 of the demand for 'cooling'",
    ),
    "a negative estimate": ({"estimate": -5}, "estimate", "-5"),
}


@pytest.mark.parametrize("name", LINES)
def test_a_line_that_cannot_be_is_a_problem_with_its_place(workspace: Workspace, tmp_path: Path, name: str):
    facts, column, found = LINES[name]
    before = everything(workspace, tmp_path)
    record = {"type": "evidence", "kind": "job_outcome", "source": "test", "id": "x", "worker": "anna"}
    record |= {"time": "2026-05-01T08:00:00+00:00", "facts": {"job": "j2", "result": "rework", **facts}}
    path = tmp_path / "facts.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    with pytest.raises(ImportStopped) as caught:
        workspace.import_path(path)
    assert [(one.line, one.column, one.found) for one in problems(caught.value)] == [(1, column, found)]
    assert everything(workspace, tmp_path) == before


def problems(error: ImportStopped) -> list[Problem]:
    assert isinstance(error.report, Report)
    return error.report.problems


# Odd, with a meaning


def counted(workspace: Workspace, worker: str = "anna") -> list[str]:
    return [fact.id for fact in workspace.profile(worker).evidence]


def exact(workspace: Workspace) -> bool:
    return workspace.rebuild(check=True).differing == 0


def test_two_visits_of_one_worker_to_one_job_are_two_facts(workspace: Workspace):
    workspace.record(outcome("first", days=5.0))
    workspace.record(outcome("second", days=4.0, result=Result.FIRST_TIME_FIX))
    assert counted(workspace) == ["first", "second", "sound"]
    assert [one.id for one in workspace.job("j2").outcomes] == ["first", "second", "sound"]
    assert exact(workspace)


def test_the_same_id_again_is_a_correction(workspace: Workspace):
    workspace.record(outcome("first", days=5.0))
    done = workspace.record(outcome("first", days=4.0, result=Result.FIRST_TIME_FIX))
    assert done.status == "changed"
    assert counted(workspace) == ["first", "sound"]
    assert exact(workspace)


def test_the_same_id_of_another_source_is_another_fact(workspace: Workspace):
    workspace.record(replace(outcome("sound"), source="crm"))
    assert counted(workspace) == ["sound", "sound"]


def test_the_first_day_counts_and_the_last_reports_and_ratings_come_in_after_she_left(
    workspace: Workspace, tmp_path: Path
):
    workspace.record(outcome("first day", worker="dora", days=days_before(JOINED)))
    workspace.record(outcome("last report", worker="dora", days=days_before(LEFT) - 31))
    workspace.record(rating("late rating", worker="dora", days=days_before(LEFT) - 200))
    path = tmp_path / "outcomes.csv"
    path.write_text(f"{OUTCOMES}\ni,test,dora,j2,2024-03-01,rework,\nk,test,dora,j2,2025-05-01T23:59,rework,\n")
    workspace.import_path(path)
    assert counted(workspace, "dora") == ["i", "first day", "last report", "k", "late rating"]
    assert exact(workspace)


def test_statements_certificates_and_trainings_may_be_from_before_she_joined_or_after(workspace: Workspace):
    early, late = days_before(JOINED) + 100, days_before(LEFT) - 100
    workspace.record(statement("said early", worker="dora", days=early))
    workspace.record(CertificationGranted(**common("passed", "dora", early), type="F-GAS", issued=date(2023, 11, 22)))
    workspace.record(TrainingCompleted(**common("trained", "dora", early), skill="cooling", level=2.0))
    workspace.record(Assessment(**common("said late", "dora", late), skill="cooling", level=3.0, rater="mona"))
    assert len(counted(workspace, "dora")) == 4
    assert exact(workspace)


def test_without_known_days_work_may_be_of_any_time(workspace: Workspace):
    workspace.record(outcome("long ago", days=9000.0))
    assert counted(workspace)[0] == "long ago"
    assert exact(workspace)


def test_days_that_come_with_the_same_import_count_and_those_of_the_database_no_longer(
    workspace: Workspace, tmp_path: Path
):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "workers.csv").write_text("id,name,active_from\nanna,Anna Frost,2026-05-01\ndora,Dora Past,\n")
    (tmp_path / "in" / "outcomes.csv").write_text(
        f"{OUTCOMES}\ni,test,anna,j2,2026-04-30,rework,\nk,test,dora,j2,2020-01-01,rework,\n"
    )
    report = workspace.import_path(tmp_path / "in", skip_bad=True)
    assert [problem.found for problem in report.problems] == ["2026-04-30, before worker 'anna' joined on 2026-05-01"]
    assert counted(workspace, "dora") == ["k"]
    assert exact(workspace)


def test_work_that_was_taken_stands_when_the_days_are_set_later_and_its_backup_can_be_read(
    workspace: Workspace, tmp_path: Path
):
    workspace.record(outcome("early", days=40.0))
    (tmp_path / "workers.csv").write_text("id,name,active_from\nanna,Anna Frost,2026-05-20\n")
    workspace.import_path(tmp_path / "workers.csv")
    assert counted(workspace) == ["early", "sound"]
    workspace.export_path(tmp_path / "backup.jsonl")
    with Workspace(Store.open(str(tmp_path / "copy.db")), clock=lambda: NOW) as copy:
        copy.import_path(tmp_path / "backup.jsonl")
        assert counted(copy) == ["early", "sound"]


def test_a_retraction_again_changes_nothing_and_a_second_one_neither(workspace: Workspace):
    before = workspace.profile("anna")
    assert workspace.record(retraction("said", "taken back")).status == "unchanged"
    assert workspace.record(retraction("said", "again")).status == "added"
    assert workspace.profile("anna") == before
    assert exact(workspace)


def test_what_was_retracted_stays_so_when_it_comes_again_and_counts_when_it_is_corrected(workspace: Workspace):
    assert workspace.record(statement("said")).status == "unchanged"
    assert counted(workspace) == ["sound"]
    assert workspace.record(statement("said", level=4.0)).status == "changed"
    assert counted(workspace) == ["said", "sound"]
    # The retraction was of what it said before; it takes another one to take back this.
    assert workspace.record(retraction("said", "taken back")).status == "unchanged"
    assert counted(workspace) == ["said", "sound"]
    workspace.record(retraction("said", "taken back too"))
    assert counted(workspace) == ["sound"]
    assert exact(workspace)


def test_a_retraction_dated_before_what_it_retracts_counts_all_the_same(workspace: Workspace):
    workspace.record(retraction("sound", days=300.0))
    assert counted(workspace) == []
    assert exact(workspace)


def test_a_table_may_retract_what_another_table_of_the_import_says(workspace: Workspace, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "retractions.csv").write_text(f"{RETRACTIONS}\nx,test,anna,2026-05-31,t\n")
    (folder / "trainings.csv").write_text(
        "id,source,worker,skill,level,time\nt,test,anna,cooling,3,2026-05-01\nu,test,anna,cooling,2,2026-05-02\n"
    )
    workspace.import_path(folder)
    assert counted(workspace) == ["u", "sound"]
    assert workspace.import_path(folder).unchanged == {"evidence": 3}
    assert exact(workspace)


def test_a_dispute_sets_its_fact_aside_until_it_is_rejected_or_withdrawn(workspace: Workspace):
    workspace.record(dispute("sound"))
    assert counted(workspace) == []
    workspace.record(decision("x", "no", Verdict.REJECTED))
    assert counted(workspace) == ["sound"]
    workspace.record(retraction("no", "reopened", days=0.2))
    assert counted(workspace) == []
    workspace.record(retraction("x", "withdrawn", days=0.1))
    assert counted(workspace) == ["sound"]
    workspace.record(dispute("sound", "y", effect=DisputeEffect.KEEP))
    assert counted(workspace) == ["sound"]
    workspace.record(decision("y", "yes", Verdict.UPHELD))
    assert counted(workspace) == []
    assert exact(workspace)


def test_of_several_decisions_the_latest_counts_whatever_order_they_came_in(workspace: Workspace):
    workspace.record(dispute("sound"))
    workspace.record(decision("x", "late", Verdict.REJECTED, days=0.1))
    workspace.record(decision("x", "early", Verdict.UPHELD, days=0.3))
    assert counted(workspace) == ["sound"]
    assert exact(workspace)


def test_what_is_corrected_while_it_is_set_aside_counts_as_corrected_when_the_dispute_is_rejected(
    workspace: Workspace,
):
    workspace.record(dispute("sound"))
    better = outcome("sound", result=Result.FIRST_TIME_FIX)
    workspace.record(better)
    assert counted(workspace) == []
    workspace.record(decision("x", "no", Verdict.REJECTED))
    (fact,) = workspace.profile("anna").evidence
    assert isinstance(fact, JobOutcome)
    assert fact.result is Result.FIRST_TIME_FIX
    assert exact(workspace)


def test_evidence_that_comes_late_counts_at_its_time_and_of_one_time_by_source_and_id(workspace: Workspace):
    for source, id in (("b", "1"), ("a", "2"), ("a", "10")):
        workspace.record(replace(statement(id, days=200.0), source=source))
    assert [(fact.source, fact.id) for fact in workspace.profile("anna").evidence][:3] == [
        ("a", "10"),
        ("a", "2"),
        ("b", "1"),
    ]
    assert exact(workspace)


def test_no_minutes_and_zero_minutes_say_nothing_of_pace(workspace: Workspace):
    workspace.record(outcome("unsaid", result=Result.FIRST_TIME_FIX))
    unsaid = workspace.profile("anna").skills
    workspace.record(outcome("unsaid", result=Result.FIRST_TIME_FIX, minutes=0.0))
    assert workspace.profile("anna").skills == unsaid
    assert exact(workspace)


# Written down

MEANINGS: dict[str, object] = {
    "the same `source` and `id` again, the same content": (
        test_a_retraction_again_changes_nothing_and_a_second_one_neither
    ),
    "the same `source` and `id` again, other content": test_the_same_id_again_is_a_correction,
    "the same `source` and `id` as another kind of evidence": BAD["another kind under one id"],
    "two outcomes of one worker for one job, with different ids": (
        test_two_visits_of_one_worker_to_one_job_are_two_facts
    ),
    "evidence that comes late": test_evidence_that_comes_late_counts_at_its_time_and_of_one_time_by_source_and_id,
    "evidence of one time": test_evidence_that_comes_late_counts_at_its_time_and_of_one_time_by_source_and_id,
    "a retraction": test_a_retraction_dated_before_what_it_retracts_counts_all_the_same,
    "a second retraction of one fact": test_a_retraction_again_changes_nothing_and_a_second_one_neither,
    "a retraction of a retraction": BAD["a retraction of a retraction"],
    "a retraction of something unknown, or of another worker's fact": BAD["a retraction of something unknown"],
    "a retracted fact again, the same content": (
        test_what_was_retracted_stays_so_when_it_comes_again_and_counts_when_it_is_corrected
    ),
    "a retracted fact again, other content": (
        test_what_was_retracted_stays_so_when_it_comes_again_and_counts_when_it_is_corrected
    ),
    "a dispute, open or upheld": test_a_dispute_sets_its_fact_aside_until_it_is_rejected_or_withdrawn,
    "a dispute that was rejected, or is retracted (withdrawn)": (
        test_a_dispute_sets_its_fact_aside_until_it_is_rejected_or_withdrawn
    ),
    "a correction of a fact that is set aside": (
        test_what_is_corrected_while_it_is_set_aside_counts_as_corrected_when_the_dispute_is_rejected
    ),
    "several decisions about one dispute": test_of_several_decisions_the_latest_counts_whatever_order_they_came_in,
    "a dispute of a dispute, of a decision, of a retraction, or of another worker's fact": (
        BAD["a dispute of a retraction"]
    ),
    "a retraction and its fact in tables of one import": (
        test_a_table_may_retract_what_another_table_of_the_import_says
    ),
    "an outcome or rating before `active_from` of the worker": BAD["work before she joined"],
    "an outcome more than 31 days after `active_to`": BAD["work after she left"],
    "an outcome up to 31 days after `active_to`, a rating at any time after it": (
        test_the_first_day_counts_and_the_last_reports_and_ratings_come_in_after_she_left
    ),
    "a statement, certification or training from before she joined or after she left": (
        test_statements_certificates_and_trainings_may_be_from_before_she_joined_or_after
    ),
    "an outcome that was taken before `active_from` or `active_to` was set": (
        test_work_that_was_taken_stands_when_the_days_are_set_later_and_its_backup_can_be_read
    ),
    "evidence in the future": BAD["the future"],
    "a number that is none or infinite, a level, stars or minutes off the scale": BAD["an infinite level"],
    "`minutes` of 0, or none": test_no_minutes_and_zero_minutes_say_nothing_of_pace,
    "a skill of weight 0 in what a job needs": BAD["a demand of weight 0"],
}
"""Where each line of the table is tested."""


def test_every_meaning_is_documented_and_every_documented_one_is_tested():
    page = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
    _before, _, rest = page.partition("| what comes | what it means |\n|---|---|\n")
    rows = rest.partition("\n\n")[0].splitlines()
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == list(MEANINGS)
    refused = {row.split(" | ")[0].removeprefix("| ") for row in rows if row.split(" | ")[1].startswith("refused")}
    assert refused == {name for name, where in MEANINGS.items() if isinstance(where, tuple)}
