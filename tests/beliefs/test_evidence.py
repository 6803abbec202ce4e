"""Every kind of evidence keeps its promises: it can be stored, described, observed, and refuses nonsense."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from skillmatch.beliefs.columns import OPEN
from skillmatch.beliefs.evidence import (
    KINDS,
    Assessment,
    CertificationGranted,
    CertificationRevoked,
    CustomerRating,
    Dispute,
    DisputeDecided,
    DisputeEffect,
    Endorsement,
    Evidence,
    ExemptionGranted,
    JobDeclined,
    JobOutcome,
    LearningWish,
    Override,
    Retraction,
    SelfReport,
    SkillDeclined,
    TrainingCompleted,
    Verdict,
    day_number,
    from_payload,
    to_payload,
)
from skillmatch.beliefs.observation import DONE, GRADES, Cut, Demand, Rater, Reading, Result, Trial
from skillmatch.beliefs.params import BeliefParams, pace_key
from skillmatch.errors import Invalid

WHEN = datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)
COMMON = {"id": "e1", "worker": "anna", "time": WHEN, "source": "test"}
EXAMPLES: dict[str, Evidence] = {
    "job_outcome": JobOutcome(
        **COMMON,
        job="j1",
        result=Result.REWORK,
        demands=(Demand("controls", 2.5, 0.1 + 0.2), Demand("hydraulics")),
        job_type="lift stuck",
        minutes=95.0,
        note="Tür klemmt",
        customer="bakery",
        site="bakery-1",
        estimate=60.0,
    ),
    "customer_rating": CustomerRating(
        **COMMON, job="j1", stars=4.5, customer="bakery", demands=(Demand("controls", 2.5, 0.1 + 0.2),), note="prompt"
    ),
    "override": Override(**COMMON, skill="controls", level=4.5, rater="mona", note="she led the refit"),
    "self_report": SelfReport(**COMMON, skill="controls", level=3.5, note="since school"),
    "assessment": Assessment(**COMMON, skill="controls", level=2.0, rater="mona"),
    "endorsement": Endorsement(**COMMON, skill="controls", level=4.0, rater="ben"),
    "certification": CertificationGranted(
        **COMMON, type="F-GAS", issued=date(2024, 1, 1), expires=date(2027, 1, 1), skill="refrigeration", level=3.0
    ),
    "training": TrainingCompleted(**COMMON, skill="controls", level=2.0, course="PLC basics"),
    "revocation": CertificationRevoked(**COMMON, type="F-GAS", until=date(2026, 9, 1), reason="audit"),
    "exemption": ExemptionGranted(
        **COMMON, type="F-GAS", until=date(2026, 6, 1), granted_by="mona", reason="exam is booked"
    ),
    "declined": JobDeclined(**COMMON, job="j1", reason="afraid of heights"),
    "learning_wish": LearningWish(**COMMON, skill="controls", active=False, note="later"),
    "skill_declined": SkillDeclined(**COMMON, skill="controls", note="never did any"),
    "retraction": Retraction(**COMMON, retracts_source="import", retracts_id="o7", reason="wrong worker"),
    "dispute": Dispute(
        **COMMON, disputes_source="import", disputes_id="o7", effect=DisputeEffect.KEEP, reason="not me"
    ),
    "dispute_decided": DisputeDecided(
        **COMMON, decides_source="import", decides_id="d7", verdict=Verdict.UPHELD, decided_by="mona", reason="seen"
    ),
}


def test_there_is_an_example_of_every_kind():
    assert EXAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_survives_storage_as_json(kind: str):
    fact = EXAMPLES[kind]
    payload = json.loads(json.dumps(to_payload(fact)))
    assert from_payload(kind, payload, **COMMON) == fact


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_describes_itself_in_one_line(kind: str):
    text = EXAMPLES[kind].describe()
    assert text
    assert "\n" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_says_a_trial_or_a_reading_about_the_skills_it_names(kind: str):
    fact = EXAMPLES[kind]
    said = [skill for observation in fact.observe() for skill in [demand.skill for demand in observation.demands]]
    # An override names a skill and is a decision, not a fact about ability.
    assert tuple(said) == (() if kind == "override" else fact.skills())
    assert all(isinstance(observation, Trial | Reading) for observation in fact.observe())


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_must_be_in_utc(kind: str):
    payload = to_payload(EXAMPLES[kind])
    for when in (WHEN.replace(tzinfo=None), WHEN.astimezone(timezone(timedelta(hours=2)))):
        with pytest.raises(Invalid, match="expected a time in UTC"):
            from_payload(kind, payload, **{**COMMON, "time": when})


@pytest.mark.parametrize("bad", ["", " anna", "a" * 201, "an\nna"])
def test_a_fact_about_nobody_is_refused(bad: str):
    with pytest.raises(Invalid, match="is no id"):
        SelfReport(**{**COMMON, "worker": bad}, skill="controls", level=1.0)


@pytest.mark.parametrize("level", [-0.1, 5.1, float("nan"), float("inf")])
def test_a_level_off_the_scale_is_refused(level: float):
    with pytest.raises(Invalid, match="expected a level from 0 to 5"):
        SelfReport(**COMMON, skill="controls", level=level)


def test_an_unknown_kind_or_field_is_refused():
    with pytest.raises(Invalid, match="expected one of job_outcome"):
        from_payload("hearsay", {}, **COMMON)
    with pytest.raises(Invalid, match="cannot be read"):
        from_payload("self_report", {"skill": "controls", "level": 1.0, "stars": 3}, **COMMON)
    with pytest.raises(Invalid, match="cannot be read"):
        from_payload("job_outcome", {"job": "j1", "result": "splendid"}, **COMMON)


def test_a_certification_cannot_expire_before_it_was_issued():
    with pytest.raises(Invalid, match="before it was issued"):
        CertificationGranted(**COMMON, type="F-GAS", issued=date(2026, 1, 2), expires=date(2026, 1, 1))


@pytest.mark.parametrize("kind", ["revocation", "exemption", "declined", "learning_wish", "skill_declined"])
def test_papers_wishes_and_refusals_say_nothing_of_ability(kind: str):
    assert EXAMPLES[kind].observe() == ()
    assert EXAMPLES[kind].skills() == ()


@pytest.mark.parametrize("kind", [CertificationRevoked, ExemptionGranted])
def test_a_paper_holds_from_its_day_to_its_last_both_included(kind: type):
    named = {"granted_by": "mona"} if kind is ExemptionGranted else {}
    paper = kind(**COMMON, type="F-GAS", until=date(2026, 3, 3), **named)
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 4)]
    assert [paper.holds_on(day) for day in days] == [False, True, True, False]
    with pytest.raises(Invalid, match="before it begins on 2026-03-01"):
        kind(**COMMON, type="F-GAS", until=date(2026, 2, 28), **named)


def test_a_revocation_without_a_last_day_holds_for_good():
    assert CertificationRevoked(**COMMON, type="F-GAS").holds_on(date.max)


def test_an_exemption_names_who_answers_for_it():
    with pytest.raises(Invalid, match="who grants an exemption"):
        ExemptionGranted(**COMMON, type="F-GAS", until=date(2026, 6, 1), granted_by="")


@pytest.mark.parametrize("stars", [0.9, 5.1, float("nan"), float("inf")])
def test_stars_off_the_scale_are_refused(stars: float):
    with pytest.raises(Invalid, match="expected 1 to 5 stars"):
        CustomerRating(**COMMON, job="j1", stars=stars)


@pytest.mark.parametrize(("stars", "level"), [(1.0, 0.0), (2.0, 1.25), (5.0, 5.0)])
def test_stars_are_stated_levels_of_the_mix_of_skills(stars: float, level: float):
    demands = (Demand("controls", 2.5, 2.0), Demand("hydraulics"))
    fact = CustomerRating(**COMMON, job="j1", stars=stars, customer="bakery", demands=demands)
    assert fact.observe() == (Reading(demands, level, Rater.CUSTOMER, "bakery"),)
    assert CustomerRating(**COMMON, job="j1", stars=stars).observe() == ()


@pytest.mark.parametrize("minutes", [-1.0, 100_001.0, float("nan")])
def test_a_duration_that_cannot_be_is_refused(minutes: float):
    with pytest.raises(Invalid, match="expected 0 to 100000"):
        JobOutcome(**COMMON, job="j1", result=Result.FAILED, minutes=minutes)


@pytest.mark.parametrize("result", Result)
def test_work_that_was_broken_off_has_a_pace_of_its_own(result: Result):
    (trial,) = JobOutcome(**COMMON, job="j1", result=result, minutes=40.0, estimate=60.0).observe()
    assert isinstance(trial, Trial)
    done = result in (Result.FIRST_TIME_FIX, Result.WITH_HELP)
    assert (trial.minutes, trial.estimate) == (40.0, 60.0)
    assert (trial.success >= DONE) == done
    keys = {pace_key("boiler", estimate, done=done) for estimate in (60.0, None) for done in (True, False)}
    assert len(keys) == 4
    defaults = BeliefParams()
    assert defaults.pace(pace_key("boiler", 60.0, done=True)).var < OPEN
    assert defaults.pace(pace_key("boiler", 60.0, done=False)).var == OPEN


def test_results_lie_between_neighbouring_cutpoints():
    """Together the results cover the whole scale, better ones higher up."""
    grades = [GRADES[result] for result in (Result.FAILED, Result.REWORK, Result.WITH_HELP, Result.FIRST_TIME_FIX)]
    assert grades[0] == GRADES[Result.HANDED_ON]
    assert (grades[0][0], grades[-1][1]) == (Cut.NEVER, Cut.BEYOND)
    assert all(worse[1] == better[0] for worse, better in pairwise(grades))


@pytest.mark.parametrize(
    ("kind", "rater", "by"),
    [("self_report", Rater.SELF, "anna"), ("assessment", Rater.MANAGER, "mona"), ("endorsement", Rater.PEER, "ben")],
)
def test_a_stated_level_says_who_stated_it(kind: str, rater: Rater, by: str):
    fact = EXAMPLES[kind]
    assert fact.observe() == (Reading((Demand("controls"),), fact.level, rater, by),)


def test_day_numbers_are_exact_to_the_microsecond():
    step = timedelta(microseconds=1)
    assert day_number(WHEN + step) > day_number(WHEN)
    assert day_number(datetime(2026, 1, 1, tzinfo=UTC)) == 20454.0
