"""Every class of nouns has a form that loses nothing."""

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import get_args

import pytest

from skillmatch.model import (
    Asset,
    CertificationRequirement,
    Customer,
    Job,
    JobStatus,
    JobType,
    Link,
    LinkKind,
    Noun,
    Place,
    Requirement,
    Site,
    Skill,
    SkillKind,
    Worker,
)
from skillmatch.store.forms import KINDS, folded

NEEDS = (
    Requirement("controls", 2.5, 0.1 + 0.2, must=True),
    Requirement("hydraulics"),
    CertificationRequirement("gas"),
)
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
        )
    ),
    Customer: Customer("c", "Müller & Co", "+49", ("anna",), ("ben", "carla"), ("dan",)),
    Site: Site("x", "c", "Plant", Place(-90.0, 180.0)),
    Asset: Asset("a", "x", "chiller", "K9"),
    JobType: JobType("t", "Repair", NEEDS, 90.0),
    Job: Job(
        *("j", "Too warm", "It's\n50% off_", "t", "c", "x", "a", NEEDS),
        *(datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), date(2026, 2, 1), 45.5, 1, JobStatus.CANCELLED),
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


def test_texts_are_searched_without_regard_to_case_or_to_how_accents_are_written():
    assert folded("STRASSE Ä") == folded("straße A\u0308")
