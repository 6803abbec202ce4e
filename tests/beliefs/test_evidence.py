"""Every kind of evidence keeps its promises: it can be stored, described, observed, and refuses nonsense."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from skillmatch.beliefs.evidence import (
    KINDS,
    Assessment,
    CertificationGranted,
    Demand,
    Endorsement,
    Evidence,
    JobOutcome,
    Reading,
    Result,
    Retraction,
    SelfReport,
    TrainingCompleted,
    Trial,
    day_number,
    from_payload,
    to_payload,
)
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
    ),
    "self_report": SelfReport(**COMMON, skill="controls", level=3.5, note="since school"),
    "assessment": Assessment(**COMMON, skill="controls", level=2.0, rater="mona"),
    "endorsement": Endorsement(**COMMON, skill="controls", level=4.0, rater="ben"),
    "certification": CertificationGranted(
        **COMMON, type="F-GAS", issued=date(2024, 1, 1), expires=date(2027, 1, 1), skill="refrigeration", level=3.0
    ),
    "training": TrainingCompleted(**COMMON, skill="controls", level=2.0, course="PLC basics"),
    "retraction": Retraction(**COMMON, retracts_source="import", retracts_id="o7", reason="wrong worker"),
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
    said = [
        skill
        for observation in fact.observe()
        for skill in (
            [demand.skill for demand in observation.demands] if isinstance(observation, Trial) else [observation.skill]
        )
    ]
    assert tuple(said) == fact.skills()
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


def test_day_numbers_are_exact_to_the_microsecond():
    step = timedelta(microseconds=1)
    assert day_number(WHEN + step) > day_number(WHEN)
    assert day_number(datetime(2026, 1, 1, tzinfo=UTC)) == 20454.0
