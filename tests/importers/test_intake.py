"""Tables of every kind: columns, defaults, ids that are made up, and importing twice."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

from skillmatch.beliefs.evidence import KINDS as EVIDENCE_KINDS
from skillmatch.beliefs.evidence import (
    CertificationGranted,
    CertificationRevoked,
    CustomerRating,
    ExemptionGranted,
    JobDeclined,
    JobOutcome,
    LearningWish,
    Override,
    Retraction,
    SkillDeclined,
    TrainingCompleted,
)
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.importers.columns import Kind
from skillmatch.importers.evidence_columns import natural_id
from skillmatch.importers.kinds import KIND_OF_CLASS, KINDS, kind_of_name
from skillmatch.model import Booking, Leave, Noun, Place, Risk, Shift, Skill, SkillKind, Worker
from tests.importers.sample import KNOWN, load, put, told

TABLES = {
    "skills.csv": "id,name,kind,description,half_life_days,alt_names,source_uri\n"
    "welding,Welding,Technical,Joining metal,400,arc welding; MIG,http://example.org/w\nsoldering,Soldering,,,,,\n",
    "links.csv": "source,target,kind,weight\nsoldering,welding,related,0.5\nwelding,wiring,needs,\n",
    "workers.csv": "id,name,team,phone,latitude,longitude,languages,capacity,active_from,active_to,cost_per_hour,"
    "max_travel\ncho,Cho Park,north,+49 30 1,52.5,13.25,en; de,30,2020-01-01,2027-01-01,55,45\ndee,Dee Roy,,,,,,,,,,\n",
    "customers.csv": "id,name,phone,preferred,required,excluded,until\n"
    "bay,Bay Hotel,1,cho,,ana; ben,cho: 2026-12-31; ben: 2027-01-31\n",
    "sites.csv": "id,customer,name,latitude,longitude,kind\nbay-1,bay,Main house,52,13,hotel\n",
    "assets.csv": "id,site,type,model,installed\nfridge-1,bay-1,fridge,F 200,2011-06-01\n",
    "job_types.csv": "id,name,requirements,minutes,risk,crew\n"
    "check,Check,cooling:3-4!; cert:F-GAS*2 | (lang:en + wiring),45,high,2\n",
    "jobs.csv": "id,title,text,type,customer,site,asset,requirements,created,due,minutes,priority,status,"
    "earliest,latest,risk,crew,preferred,required,excluded,answers\n"
    "j2,Check,all of it,check,bay,bay-1,fridge-1,,2026-03-01T08:00,2026-03-02,30,1,done,"
    "2026-03-02T08:00,2026-03-02T10:30+01:00,low,3,cho; dee,ana,ben,ice: yes; hum: no\n"
    "j3,Hum,,,,,,welding:2:0.5,,,,,,,,,,,,,\n",
    "shifts.csv": "worker,days,start,end,first,last\n"
    "cho,mon-wed; fri,07:30,16:00,2026-01-01,2026-12-31\ncho,sat,22:00,30:00,,\n",
    "leave.csv": "worker,first,last,reason,cancelled\n"
    "cho,2026-12-24,2027-01-02,holidays,\ndee,2026-12-24,2026-12-24,,yes\n",
    "bookings.csv": "job,worker,start,minutes,locked,lead,cancelled\n"
    "j3,cho,2026-12-01 08:00,90,yes,yes,no\nj3,dee,2026-12-01T09:00+01:00,90,,,\n",
    "causes.csv": "job_type,id,needs,minutes,chance,active\n"
    "check,leak,cooling:3; cert:F-GAS,60,0.2,\ncheck,dirt,,,,no\n",
    "questions.csv": "id,text,yes,otherwise,job_type,active\n"
    'ice,Is there ice?,leak: 0.8; dirt: 0.1,0.3,check,yes\nhum,"Does it hum?",,,,\n',
    "corrections.csv": "text,skill,accepted,by\nKältetechnik,cooling,yes,mo\npipes,cooling,no,\n",
    "merges.csv": "skill,into,time,by,reason,undone\nsoldering,welding,2026-03-01,mo,the same,yes\n",
    "site_notes.csv": "id,site,kind,text,time,by,worker,asset,status,answer,answered_by\n"
    'n1,bay-1,Suggestion,A second valve,2026-03-04,Cho,cho,fridge-1,done,"ordered, paid",mo\n'
    "n2,bay-1,note,The valve sticks,2026-03-05,,,,,,\n",
    "outcomes.csv": "id,worker,job,time,result,minutes,note,cause,used\n"
    ",cho,j2,2026-03-02,Rework,40,leaks again,leak,cooling:3:2; wiring\no9,cho,j2,2026-03-03,failed,,,,\n",
    "customer_ratings.csv": "worker,job,time,stars,customer,note\n"
    'cho,j2,2026-03-03,"4,5",bay,very kind\ncho,j3,2026-03-03,1,,\n',
    "self_reports.csv": 'worker,skill,level,time,note\ncho,welding,"3,5",2026-03-01,at school\n',
    "assessments.csv": "worker,skill,level,time,rater\ncho,welding,3,2026-03-01,mo\ncho,welding,2,2026-03-01,lu\n",
    "endorsements.csv": "worker,skill,level,time,rater\ncho,welding,4,2026-03-01,dee\n",
    "overrides.csv": "worker,skill,level,time,rater,note\ncho,welding,5,2026-03-04,mo,runs the course\n",
    "certifications.csv": "worker,type,issued,expires,issuer,skill,level\n"
    "cho,F-GAS,2025-01-01,2030-01-01,TÜV,cooling,3\n",
    "trainings.csv": "worker,skill,level,time,course\ncho,welding,2,2026-02-01,W1\n",
    "revocations.csv": "worker,type,time,until,reason\ncho,F-GAS,2026-05-01,2026-12-31,papers lost\n",
    "exemptions.csv": "worker,type,time,until,granted_by,reason\ncho,F-GAS,2026-05-02,2026-06-30,mo,exam is booked\n",
    "declined.csv": "worker,job,time,reason\ndee,j3,2026-05-03,too far\n",
    "learning_wishes.csv": "worker,skill,time,active,note\ndee,welding,2026-05-04,,\ndee,wiring,2026-05-04,no,done\n",
    "skills_declined.csv": "worker,skill,time,note\ndee,wiring,2026-05-04,only watched\n",
    "retractions.csv": "worker,time,retracts_id,reason\ncho,2026-03-05,o9,wrong job\n",
    "disputes.csv": "id,worker,time,disputes_id,effect,reason\nd1,cho,2026-03-06,o9,Set aside,not my job\n",
    "dispute_decisions.csv": "worker,time,decides_id,verdict,decided_by,reason\n"
    "cho,2026-03-07,d1,rejected,mo,the van was there\n",
}


@pytest.fixture
def company(tmp_path: Path) -> Path:
    for name, text in TABLES.items():
        put(tmp_path / name, text)
    return tmp_path


def test_a_company_in_one_table_of_each_kind(company: Path) -> None:
    assert set(TABLES) == {f"{name}.csv" for name in KINDS}
    batch = load(company)
    assert told(batch) == []
    assert batch.notes == []
    numbers = dict.fromkeys(("skills", "links", "workers", "jobs"), 2) | dict.fromkeys(
        ("customers", "sites", "assets", "job_types"), 1
    )
    numbers |= {"shifts": 5, "leave": 2, "bookings": 2, "causes": 2, "questions": 2, "corrections": 2, "merges": 1}
    numbers |= {"site_notes": 2}
    facts = dict.fromkeys(EVIDENCE_KINDS, 1)
    facts |= dict.fromkeys(("job_outcome", "customer_rating", "assessment", "learning_wish"), 2)
    assert batch.counts() == numbers | facts


def test_every_column_fills_its_place(company: Path) -> None:
    batch = load(company)
    assert batch.skills[0] == Skill(
        "welding",
        "Welding",
        SkillKind.TECHNICAL,
        "Joining metal",
        400.0,
        ("arc welding", "MIG"),
        "http://example.org/w",
    )
    assert batch.workers[0] == Worker(
        "cho",
        "Cho Park",
        "north",
        "+49 30 1",
        Place(52.5, 13.25),
        ("en", "de"),
        30.0,
        date(2020, 1, 1),
        date(2027, 1, 1),
        55.0,
        45.0,
    )


def test_a_job_has_a_crew_a_time_to_begin_and_wishes_of_its_own(company: Path) -> None:
    batch = load(company)
    job, plain = batch.jobs
    assert (job.earliest, job.latest) == (
        datetime(2026, 3, 2, 8, tzinfo=UTC),
        datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    )
    assert (job.risk, job.crew) == (Risk.LOW, 3)
    assert (job.preferred, job.required, job.excluded) == (("cho", "dee"), ("ana",), ("ben",))
    assert (plain.risk, plain.crew, plain.preferred) == (None, None, ())
    assert (batch.job_types[0].risk, batch.job_types[0].crew) == (Risk.HIGH, 2)
    assert batch.customers[0].until == (("cho", date(2026, 12, 31)), ("ben", date(2027, 1, 31)))


def test_a_row_of_several_days_is_a_shift_on_each(company: Path) -> None:
    *week, night = load(company).shifts
    assert [shift.weekday for shift in week] == [0, 1, 2, 4]
    assert week[0] == Shift("cho", 0, 450, 960, date(2026, 1, 1), date(2026, 12, 31))
    assert night == Shift("cho", 5, 1320, 1800)


def test_leave_and_bookings_fill_their_places(company: Path) -> None:
    batch = load(company)
    assert batch.leave == [
        Leave("cho", date(2026, 12, 24), date(2027, 1, 2), "holidays"),
        Leave("dee", date(2026, 12, 24), date(2026, 12, 24), cancelled=True),
    ]
    start = datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert batch.bookings == [
        Booking("j3", "cho", start, 90.0, locked=True, lead=True),
        Booking("j3", "dee", start, 90.0),
    ]


def test_papers_and_wishes_are_read_with_all_they_say(company: Path) -> None:
    facts = {type(fact): fact for fact in load(company).evidence}
    common = {"worker": "cho", "source": "import", "type": "F-GAS"}
    assert facts[CertificationRevoked] == CertificationRevoked(
        id="revocation:cho/F-GAS/2026-05-01",
        time=datetime(2026, 5, 1, tzinfo=UTC),
        until=date(2026, 12, 31),
        reason="papers lost",
        **common,
    )
    assert facts[ExemptionGranted] == ExemptionGranted(
        id="exemption:cho/F-GAS/2026-05-02",
        time=datetime(2026, 5, 2, tzinfo=UTC),
        until=date(2026, 6, 30),
        granted_by="mo",
        reason="exam is booked",
        **common,
    )
    assert isinstance(declined := facts[JobDeclined], JobDeclined)
    assert (declined.worker, declined.job, declined.reason) == ("dee", "j3", "too far")
    assert isinstance(wish := facts[LearningWish], LearningWish)
    assert (wish.skill, wish.active, wish.note) == ("wiring", False, "done")
    assert isinstance(no := facts[SkillDeclined], SkillDeclined)
    assert (no.skill, no.note) == ("wiring", "only watched")


def test_empty_cells_take_the_default(company: Path) -> None:
    batch = load(company)
    assert batch.skills[1] == Skill("soldering", "Soldering")
    assert batch.workers[1] == Worker("dee", "Dee Roy")


def test_evidence_without_an_id_gets_one_from_what_tells_it_apart(company: Path) -> None:
    ids = {fact.id for fact in load(company).evidence}
    assert ids == {
        "job_outcome:j2/cho/2026-03-02",
        "o9",
        "customer_rating:j2/cho/2026-03-03",
        "customer_rating:j3/cho/2026-03-03",
        "self_report:cho/welding/2026-03-01",
        "assessment:cho/welding/mo/2026-03-01",
        "assessment:cho/welding/lu/2026-03-01",
        "endorsement:cho/welding/dee/2026-03-01",
        "override:cho/welding/mo/2026-03-04",
        "certification:cho/F-GAS/2025-01-01",
        "training:cho/welding/W1/2026-02-01",
        "revocation:cho/F-GAS/2026-05-01",
        "exemption:cho/F-GAS/2026-05-02",
        "declined:j3/dee/2026-05-03",
        "learning_wish:dee/welding/2026-05-04",
        "learning_wish:dee/wiring/2026-05-04",
        "skill_declined:dee/wiring/2026-05-04",
        "retraction:import/o9",
        "d1",
        "dispute_decided:import/d1/2026-03-07",
    }


def test_an_outcome_leaves_what_the_job_demanded_to_the_workspace(company: Path) -> None:
    outcome = next(fact for fact in load(company).evidence if isinstance(fact, JobOutcome))
    assert outcome == JobOutcome(
        id="job_outcome:j2/cho/2026-03-02",
        worker="cho",
        time=datetime(2026, 3, 2, tzinfo=UTC),
        source="import",
        job="j2",
        result=Result.REWORK,
        minutes=40.0,
        note="leaks again",
        cause="leak",
        used=(Demand("cooling", 3.0, 2.0), Demand("wiring")),
    )


def test_a_rating_leaves_what_the_job_demanded_to_the_workspace(company: Path) -> None:
    ratings = [fact for fact in load(company).evidence if isinstance(fact, CustomerRating)]
    common = {"worker": "cho", "time": datetime(2026, 3, 3, tzinfo=UTC), "source": "import"}
    assert ratings == [
        CustomerRating(
            id="customer_rating:j2/cho/2026-03-03", **common, job="j2", stars=4.5, customer="bay", note="very kind"
        ),
        CustomerRating(id="customer_rating:j3/cho/2026-03-03", **common, job="j3", stars=1.0),
    ]


def test_an_override_is_read_with_who_set_it_and_why(company: Path) -> None:
    (override,) = [fact for fact in load(company).evidence if isinstance(fact, Override)]
    assert (override.skill, override.level, override.rater, override.note) == ("welding", 5.0, "mo", "runs the course")


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        ("j9,3,acme", "job", "job 'j9'"),
        ("j1,3,acne", "customer", "customer 'acne'"),
        ("j1,6,acme", "stars", "'6'"),
        ("j1,0.9,acme", "stars", "'0.9'"),
        ("j1,nan,acme", "stars", "'nan'"),
        ("j1,,acme", "stars", "an empty cell"),
    ],
)
def test_a_rating_that_cannot_be_taken_is_told_by_column(tmp_path: Path, row: str, column: str, found: str) -> None:
    text = f"worker,time,job,stars,customer\nana,2026-03-03,{row}\nana,2026-03-04,j1,3,acme\n"
    batch = load(put(tmp_path / "customer_ratings.csv", text))
    (problem,) = batch.problems
    assert (problem.line, problem.column, problem.found) == (2, column, found)
    assert [fact.time.day for fact in batch.evidence] == [4]


def test_a_certification_happens_on_the_day_it_was_issued(company: Path) -> None:
    fact = next(fact for fact in load(company).evidence if isinstance(fact, CertificationGranted))
    assert fact.time == datetime(2025, 1, 1, tzinfo=UTC)


def test_a_retraction_means_a_fact_of_its_own_source(tmp_path: Path) -> None:
    text = "worker,time,retracts_id,source\nana,2026-03-05,o9,crm\n"
    wrong = TrainingCompleted(
        id="o9", source="crm", worker="ana", time=datetime(2026, 3, 4, tzinfo=UTC), skill="cooling", level=3.0
    )
    known = replace(KNOWN, facts=lambda keys: {wrong.key: wrong})
    (fact,) = load(put(tmp_path / "retractions.csv", text), known=known).evidence
    assert isinstance(fact, Retraction)
    assert fact.target == ("crm", "o9")


def test_reading_twice_gives_the_same(company: Path) -> None:
    assert load(company) == load(company)


def test_ids_that_are_made_up_stay_apart_whatever_the_parts_contain() -> None:
    one = natural_id("self_report", {"worker": "a/b", "skill": "c", "time": ""})
    other = natural_id("self_report", {"worker": "a", "skill": "b/c", "time": ""})
    assert one != other


def test_an_id_that_would_be_too_long_is_shortened_to_a_fingerprint() -> None:
    values = {"worker": "w" * 150, "skill": "s" * 150}
    id = natural_id("self_report", values)
    assert id.startswith("self_report:sha256:")
    assert len(id) < 200
    assert id != natural_id("self_report", values | {"skill": "t" * 150})


def test_every_kind_of_evidence_and_every_class_of_nouns_has_a_table() -> None:
    assert KIND_OF_CLASS.keys() == {*EVIDENCE_KINDS.values(), *get_args(Noun)}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_field_has_its_column(kind: Kind) -> None:
    elsewhere = {"home", "place", "weekday", "demands", "job_type", "site", "estimate", "listed"}
    elsewhere |= {"customer"} if kind.name == "outcomes" else set()
    if kind.name == "assets":
        elsewhere -= {"site"}
    names = {column.name for column in kind.columns}
    assert {field.name for field in fields(kind.cls)} - names <= elsewhere


def test_every_kind_is_found_by_its_own_name() -> None:
    assert all(kind_of_name(name) is kind for name, kind in KINDS.items())


@pytest.mark.parametrize("name", ["people", "workersheet", "worker", "", "x-workers", "skillset"])
def test_other_names_say_nothing(name: str) -> None:
    assert kind_of_name(name) is None


def test_all_that_is_wrong_with_a_row_is_told_at_once(tmp_path: Path) -> None:
    batch = load(put(tmp_path / "links.csv", "source,target,kind,weight\n,cooling,likes,2\n"))
    assert [problem.column for problem in batch.problems] == ["source", "kind", "weight"]


def test_a_table_that_lacks_a_column_names_all_that_are_missing(tmp_path: Path) -> None:
    batch = load(put(tmp_path / "self_reports.csv", "who,skil,level\nana,cooling,2\n"))
    assert [(problem.line, problem.column) for problem in batch.problems] == [(1, "worker"), (1, "time"), (1, "skill")]


def test_a_long_cell_is_cut_in_the_message(tmp_path: Path) -> None:
    batch = load(put(tmp_path / "self_reports.csv", f"worker,skill,level,time\nana,cooling,{'9' * 500},2026-03-01\n"))
    assert batch.problems[0].found == "'" + "9" * 80 + "…'"
