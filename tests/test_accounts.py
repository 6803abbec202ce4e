"""Names that look the same are the same, and passwords that are tried first are refused without being repeated."""

from __future__ import annotations

from datetime import UTC, datetime
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.accounts import (
    LONGEST_PASSWORD,
    Account,
    Role,
    check_password,
    check_person_name,
    check_sign_in_name,
    sign_in_name,
)
from skillmatch.errors import Invalid

CREATED = datetime(2026, 6, 1, tzinfo=UTC)
GOOD = "nine green umbrellas"


def account(**more: object) -> Account:
    usual = {"id": "a1", "sign_in": "rita", "name": "Rita Ochs", "role": Role.SCHEDULER, "created": CREATED}
    return Account(**{**usual, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", ["rita", "RITA", " Rita\t", "ｒｉｔａ", "Ｒita", "ʳita"])
def test_names_that_look_the_same_are_the_same(typed: str):
    assert sign_in_name(typed) == "rita"


@given(st.text(max_size=50))
def test_a_sign_in_name_is_what_it_is_made_of_again(typed: str):
    once = sign_in_name(typed)
    assert sign_in_name(once) == once
    assert sign_in_name(normalize("NFD", typed)) == sign_in_name(normalize("NFC", typed))


@pytest.mark.parametrize("name", ["", " ", "a b", "a\0b", "x" * 101, "line\nbreak", "\u202erita", "rit\u0430", "ρita"])
def test_what_nobody_can_sign_in_by_is_refused(name: str):
    with pytest.raises(Invalid, match="sign-in name"):
        check_sign_in_name(sign_in_name(name) if name.strip() else name)


@pytest.mark.parametrize("name", ["rita", "rita.ochs@firm.example", "рита", "张伟", "o'neil-2", "x" * 100])
def test_names_of_one_alphabet_are_taken(name: str):
    check_sign_in_name(name)


@pytest.mark.parametrize("name", ["", "  ", " Rita", "Ri\nta", "x" * 101, "Ri\0ta"])
def test_a_name_of_a_person_is_words(name: str):
    with pytest.raises(Invalid, match="name"):
        check_person_name(name)


@pytest.mark.parametrize(
    "password", [GOOD, "x9$Kq!77zPw#", "größte Mühe im Mai", "密码" * 3 + "umbrella", "a b c d e f g h"]
)
def test_a_password_that_is_hard_to_guess_is_taken(password: str):
    check_password(password, "rita", "Rita Ochs")


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "has 0 characters: expected at least 12"),
        ("short", "has 5 characters"),
        ("x" * (LONGEST_PASSWORD + 1), "has 1,001 characters: expected at most 1,000"),
        ("aaaaaaaaaaaaaaa", "repeats a few"),
        ("abababababababab", "repeats a few"),
        ("123456789012", "counts up"),
        ("abcdefghijklmnop", "counts up"),
        ("Password123456!", "first that are tried"),
        ("skillmatch2026!!", "first that are tried"),
        ("RITAochs2026", "more than your name"),
        ("rita1973rita", "more than your name"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_and_not_repeated(password: str, said: str):
    with pytest.raises(Invalid, match=said) as refused:
        check_password(password, "rita", "Rita Ochs")
    assert not password or password not in str(refused.value)


@given(st.text(max_size=1100))
def test_any_password_is_taken_or_refused_in_words(password: str):
    said = ""
    try:
        check_password(password, "rita", "Rita Ochs")
    except Invalid as refused:
        said = str(refused)
    assert "expected" in said if said else 12 <= len(password) <= LONGEST_PASSWORD


def test_a_worker_has_to_be_one_and_sees_no_teams():
    with pytest.raises(Invalid, match="say which worker"):
        account(role=Role.WORKER)
    for role in (Role.WORKER, Role.ADMINISTRATOR):
        with pytest.raises(Invalid, match="leave the teams out"):
            account(role=role, worker="anna", teams=("North",))


def test_a_signature_says_the_sign_in_name_where_the_name_does_not():
    assert account().signature == "Rita Ochs (rita)"
    assert account(name="RITA").signature == "RITA"
