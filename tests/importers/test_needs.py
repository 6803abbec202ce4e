"""The small language of requirements in a cell."""

from __future__ import annotations

import pytest
from hypothesis import given

from skillmatch.importers.draft import Unfit
from skillmatch.importers.needs import parse_needs, write_needs
from skillmatch.model import AllOf, AnyOf, CertificationRequirement, LanguageRequirement, Need, Requirement
from tests.importers.strategies import needs


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
        ("cooling:3-4", Requirement("cooling", 3.0, preferred_level=4.0)),
        ("cooling: 2,5 - 3,5 : 2", Requirement("cooling", 2.5, 2.0, preferred_level=3.5)),
        ("cooling:3-4:2*2!", Requirement("cooling", 3.0, 2.0, True, 4.0, 2)),
        ("cooling:3*2", Requirement("cooling", 3.0, count=2)),
        ("cooling * 2", Requirement("cooling", count=2)),
        ("cooling::0.5*3", Requirement("cooling", None, 0.5, count=3)),
        ("cert:F-GAS*2", CertificationRequirement("F-GAS", 2)),
        ('cert:"F-GAS*2"', CertificationRequirement("F-GAS*2")),
        ("lang:german", LanguageRequirement("german")),
        ('lang: "a | b"!', LanguageRequirement("a | b")),
        ('"lang:german":2', Requirement("lang:german", 2.0)),
    ],
)
def test_a_requirement_reads_as_it_is_written(cell: str, expected: Need) -> None:
    assert parse_needs(cell) == (expected,)


A, B, C = Requirement("a"), Requirement("b", 2.0), CertificationRequirement("c")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("a | b:2", (AnyOf((A, B)),)),
        ("a|b:2|cert:c", (AnyOf((A, B, C)),)),
        ("a | (b:2 + cert:c)", (AnyOf((A, AllOf((B, C)))),)),
        ("a | b:2 + cert:c", (AnyOf((A, AllOf((B, C)))),)),
        ("(a | b:2) + cert:c", (AllOf((AnyOf((A, B)), C)),)),
        ("(a | b:2)+(cert:c)", (AllOf((AnyOf((A, B)), AllOf((C,)))),)),
        ("(a | b:2); cert:c", (AnyOf((A, B)), C)),
        ("(a); b:2", (AllOf((A,)), B)),
        ("((a | b:2))", (AllOf((AnyOf((A, B)),)),)),
        (' "a" | ( b : 2 + cert:"c" ) ;', (AnyOf((A, AllOf((B, C)))),)),
        ('"a | (b; c)" | a', (AnyOf((Requirement("a | (b; c)"), A)),)),
    ],
)
def test_choices_stand_between_bars_and_groups_in_parentheses(cell: str, expected: tuple[Need, ...]) -> None:
    assert parse_needs(cell) == expected


@pytest.mark.parametrize("id", ["C++", "A+ (2024)", "f(x)", "x)", "5 * pipe", "a*b", "a-2", "x (y) z+", "a:2 b-3", "-"])
def test_an_id_with_a_sign_that_can_mean_nothing_else_needs_no_quotes(id: str) -> None:
    assert parse_needs(id) == (Requirement(id),)
    assert parse_needs(f"{id}:3!; a") == (Requirement(id, 3.0, must=True), A)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("a | (b:2 + cert:c)", "a | (b:2.0 + cert:c)"),
        ("a | b:2 + cert:c", "a | (b:2.0 + cert:c)"),
        ("(a | b:2)", "a | b:2.0"),
        ("a:3-4:2*2!", "a:3.0-4.0:2.0*2!"),
        ("C++:3", '"C++":3.0'),
        ("cert:F-GAS*2; lang:de", "cert:F-GAS*2; lang:de"),
    ],
)
def test_requirements_are_written_with_no_more_signs_than_they_need(cell: str, expected: str) -> None:
    assert write_needs(parse_needs(cell)) == expected


def test_several_requirements_stand_between_semicolons() -> None:
    assert parse_needs(" a:1 ;; b!c ;cert:X; ") == (
        Requirement("a", 1.0),
        Requirement("b!c"),
        CertificationRequirement("X"),
    )


@pytest.mark.parametrize(
    "id",
    ["a*2", "a | b", "(a)", "a)", "a + b", "C++", "a:2", "a:3-4", "lang:a", "cert:a", "a!", "a; b", '"a"', '5" a', ":"],
)
def test_an_id_that_looks_like_a_requirement_comes_back_as_it_was(id: str) -> None:
    alone = (Requirement(id), CertificationRequirement(id), LanguageRequirement(id))
    assert parse_needs(write_needs(alone)) == alone
    among = (AnyOf((AllOf(alone), Requirement(id, 1.0, count=2))),)
    assert parse_needs(write_needs(among)) == among


def test_a_skill_named_like_a_certification_is_another_requirement() -> None:
    assert len(parse_needs('"cert:a"; cert:a; "lang:a"; lang:a')) == 4


@given(needs)
def test_requirements_come_back_as_they_were(wanted: tuple[Need, ...]) -> None:
    assert parse_needs(write_needs(wanted)) == wanted


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
        "cooling:4-3",
        "cooling:3-6",
        "cooling*0",
        "cooling:3*51",
        "cooling:3*1.5",
        "cert:F-GAS*51",
        "a | ",
        "| a",
        "a + | b",
        "()",
        "(a",
        "(a; b)",
        "(a))",
        "(a) b",
        "(a)!",
        "a (b | c)",
        'a | "b',
        "(" * 21 + "a" + ")" * 21,
        "|".join("abcdefghijklmnopq"),
        "; ".join(f"a{number} | b{number}" for number in range(5)),
    ],
)
def test_what_is_no_requirement_is_refused(cell: str) -> None:
    with pytest.raises(Unfit):
        parse_needs(cell)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "cell",
    [
        "a" + " " * 900_000 + "b",
        '"' * 900_001,
        '" ' * 400_000,
        ";" * 900_000,
        "a:" * 400_000,
        "(" * 900_000,
        "a(" * 400_000,
        "a|" * 400_000,
        "a | b;" * 150_000,
        "a + " * 200_000,
        "a*" * 400_000,
        "".join(f"a{number};" for number in range(100_000)),
    ],
)
def test_a_cell_of_nonsense_is_answered_quickly(cell: str) -> None:
    try:
        parse_needs(cell)
    except Unfit:
        return
