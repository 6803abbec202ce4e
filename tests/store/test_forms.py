"""Every class of nouns has a form that loses nothing."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest

from skillmatch.model import (
    AllOf,
    AnyOf,
    Asset,
    Booking,
    Cause,
    CertificationRequirement,
    Correction,
    Customer,
    Job,
    JobStatus,
    JobType,
    LanguageRequirement,
    Leave,
    Link,
    LinkKind,
    Merge,
    NoteKind,
    NoteStatus,
    Noun,
    Place,
    Question,
    Requirement,
    Risk,
    Shift,
    Site,
    SiteNote,
    Skill,
    SkillKind,
    Worker,
)
from skillmatch.store.forms import KINDS, folded
from skillmatch.store.need_forms import needs_from_json, needs_to_json

NEEDS = (
    Requirement("controls", 2.5, 0.1 + 0.2, must=True),
    Requirement("hydraulics"),
    CertificationRequirement("gas"),
)
CHOICES = (
    Requirement("controls", 2.5, 2.0, preferred_level=1 / 3 + 3, count=2),
    CertificationRequirement("gas", 3),
    LanguageRequirement("en"),
    AnyOf((AllOf((Requirement("a"), AnyOf((LanguageRequirement("a"), CertificationRequirement("a"))))), *NEEDS)),
)
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
FULL: dict[type[Noun], Noun] = {
    Skill: Skill("s", "Ça", SkillKind.SAFETY, "text", 365.25, ("one", "two, three"), "https://example.org/s"),
    Link: Link("a", "b", LinkKind.NEEDS, 1 / 3),
    Worker: Worker(
        *(
            "w",
            "Zoë",
            "north",
            "+44 1",
            Place(51.5, -0.1),
            ("en", "tr"),
            37.5,
            date(2020, 1, 1),
            date(2030, 12, 31),
            41.5,
            95.5,
        )
    ),
    Customer: Customer(
        *("c", "Müller & Co", "+49", ("anna",), ("ben", "carla"), ("dan",)),
        (("ben", date(2026, 1, 31)), ("dan", date(2027, 12, 31))),
    ),
    Site: Site("x", "c", "Plant", Place(-90.0, 180.0), "hospital"),
    Asset: Asset("a", "x", "chiller", "K9", date(2009, 5, 1)),
    JobType: JobType("t", "Repair", CHOICES, 90.0, Risk.HIGH, 2),
    Job: Job(
        *("j", "Too warm", "It's\n50% off_", "t", "c", "x", "a", NEEDS),
        *(MOMENT, date(2026, 2, 1), 45.5, 1, JobStatus.CANCELLED),
        *(MOMENT, MOMENT + timedelta(days=1), Risk.LOW, 3, ("anna",), ("ben",), ("carla", "dan")),
        (("air: moving", True), ("ice", False)),
    ),
    Shift: Shift("w", 6, 1320, 1800, date(2026, 1, 1), date(2026, 12, 31)),
    Leave: Leave("w", date(2026, 7, 1), date(2026, 7, 14), "Zoë's wedding", cancelled=True),
    Booking: Booking("j", "w", MOMENT, 1 / 3, locked=True, lead=True, cancelled=True),
    Cause: Cause("leak", NEEDS, 45.5, 1 / 3, "t", active=False),
    Question: Question("air", "Is air moving?", (("leak", 1 / 3), ("fan: dead", 0.9)), 0.25, "t", active=False),
    Correction: Correction("Kälte; Klima", "s", True, "Zoë"),
    Merge: Merge("s", "a", MOMENT, "Zoë", "the same", undone=True),
    SiteNote: SiteNote(
        *("n", "x", NoteKind.SUGGESTION, "<b>The valve</b>\nsticks", MOMENT, "Zoë", "w", "a"),
        *(NoteStatus.DECLINED, "Too dear; it's old", "Möller"),
    ),
}
BARE: dict[type[Noun], Noun] = {
    Skill: Skill("s", "S"),
    Link: Link("a", "b", LinkKind.RELATED),
    Worker: Worker("w", "W"),
    Customer: Customer("c", "C"),
    Site: Site("x", "c"),
    Asset: Asset("a", "x", "chiller"),
    JobType: JobType("t", "T"),
    Job: Job("j", "J"),
    Shift: Shift("w", 0, 0, 1440),
    Leave: Leave("w", date(2026, 1, 1), date(2026, 1, 1)),
    Booking: Booking("j", "w", MOMENT, 60.0),
    Cause: Cause("leak", job_type="t"),
    Question: Question("air", "Is air moving?"),
    Correction: Correction("x", "s", False),
    Merge: Merge("s", "a", MOMENT),
    SiteNote: SiteNote("n", "x", NoteKind.NOTE, "The valve sticks", MOMENT),
}


def test_every_class_of_nouns_has_a_form():
    assert KINDS.keys() == set(get_args(Noun)) == FULL.keys() == BARE.keys()


@pytest.mark.parametrize("cls", get_args(Noun))
def test_the_examples_give_every_field_a_value_of_its_own(cls: type[Noun]):
    for field in fields(cls):
        if field.default is not field.default_factory:  # has a default
            assert getattr(FULL[cls], field.name) != field.default


@pytest.mark.parametrize("noun", [*FULL.values(), *BARE.values()], ids=repr)
def test_a_noun_comes_back_from_its_columns(noun: Noun):
    kind = KINDS[type(noun)]
    assert kind.decode(kind.encode(noun)) == noun


@pytest.mark.parametrize("cls", get_args(Noun))
def test_every_column_is_filled(cls: type[Noun]):
    kind = KINDS[cls]
    assert kind.row(kind.encode(FULL[cls]), 7).keys() == set(kind.table.c.keys())


def test_whole_numbers_in_requirements_are_the_same_as_floats():
    kind = KINDS[JobType]
    whole, floats = Requirement("s", 3, 1), Requirement("s", 3.0, 1.0)
    assert kind.encode(JobType("t", "T", (whole,))) == kind.encode(JobType("t", "T", (floats,)))


def test_requirements_of_older_versions_are_written_as_they_were():
    """Else an import of the same file would overwrite every job there is."""
    assert needs_to_json(NEEDS) == (
        '[{"skill":"controls","level":2.5,"weight":0.30000000000000004,"must":true},'
        '{"skill":"hydraulics","level":null,"weight":1.0,"must":false},{"certification":"gas"}]'
    )


def test_choices_come_back_from_their_text():
    assert needs_from_json(needs_to_json(CHOICES)) == CHOICES


def test_texts_are_searched_without_regard_to_case_or_to_how_accents_are_written():
    assert folded("STRASSE Ä") == folded("straße A\u0308")
