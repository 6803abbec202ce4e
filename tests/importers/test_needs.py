"""The small language of lists and requirements in a cell."""

from __future__ import annotations

import pytest
from hypothesis import given

from skillmatch.importers.draft import Unfit
from skillmatch.importers.needs import parse_list, parse_needs, write_list, write_needs
from skillmatch.model import CertificationRequirement, Need, Requirement
from tests.importers.strategies import needs, some, texts


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("cooling", Requirement("cooling")),
        ("cooling:3", Requirement("cooling", 3.0)),
        ("cooling:3!", Requirement("cooling", 3.0, must=True)),
        ("cooling:2:0.5", Requirement("cooling", 2.0, 0.5)),
        ("cooling:2,5:0,5!", Requirement("cooling", 2.5, 0.5, must=True)),
        ("cooling::0.25", Requirement("cooling", None, 0.25)),
        ("cooling : 3 : 2", Requirement("cooling", 3.0, 2.0)),
        ("iso:9001:a", Requirement("iso:9001:a")),
        ("iso:a:2:3", Requirement("iso:a", 2.0, 3.0)),
        ("a:1:2:3", Requirement("a:1", 2.0, 3.0)),
        ('"iso:9001"', Requirement("iso:9001")),
        ('"iso:9001":2', Requirement("iso:9001", 2.0)),
        ('"a; ""b""!":1:2!', Requirement('a; "b"!', 1.0, 2.0, must=True)),
        ('5" pipe:2', Requirement('5" pipe', 2.0)),
        ("GEF (MVC) [GEF 3.x / Zest]:1", Requirement("GEF (MVC) [GEF 3.x / Zest]", 1.0)),
        ("cert:F-GAS", CertificationRequirement("F-GAS")),
        ("cert: F-GAS!", CertificationRequirement("F-GAS")),
        ('cert:"A;B"', CertificationRequirement("A;B")),
        ('"cert:F-GAS"', Requirement("cert:F-GAS")),
    ],
)
def test_a_requirement_reads_as_it_is_written(cell: str, expected: Need) -> None:
    assert parse_needs(cell) == (expected,)


def test_several_requirements_stand_between_semicolons() -> None:
    assert parse_needs(" a:1 ;; b!c ;cert:X; ") == (
        Requirement("a", 1.0),
        Requirement("b!c"),
        CertificationRequirement("X"),
    )


@given(needs)
def test_requirements_come_back_as_they_were(wanted: tuple[Need, ...]) -> None:
    assert parse_needs(write_needs(wanted)) == wanted


@given(some(texts))
def test_a_list_comes_back_as_it_was(items: tuple[str, ...]) -> None:
    assert parse_list(write_list(items)) == items


@pytest.mark.parametrize(
    "cell",
    [
        "cooling:6",
        "cooling:-1",
        "cooling:2:0",
        "cooling!",
        "a:1; a:2",
        '"cooling',
        '  "cooling; b',
        '"a" b:2',
        "x" * 2000,
    ],
)
def test_what_is_no_requirement_is_refused(cell: str) -> None:
    with pytest.raises(Unfit):
        parse_needs(cell)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "cell", ["a" + " " * 900_000 + "b", '"' * 900_001, '" ' * 400_000, ";" * 900_000, "a:" * 400_000]
)
def test_a_cell_of_nonsense_is_answered_quickly(cell: str) -> None:
    try:
        parse_needs(cell)
    except Unfit:
        return
