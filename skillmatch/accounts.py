"""Who may sign in: accounts, their roles, and what a sign-in name and a password have to be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from unicodedata import name as letter_name
from unicodedata import normalize

from skillmatch.errors import Invalid
from skillmatch.scale import check_id
from skillmatch.wording import said

LONGEST_NAME = 100
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 1000
FEWEST_LETTERS = 5
"""So many different characters a password has at least."""
FEWEST_BESIDES_NAMES = 8
MOST_TEAMS = 50
SCRIPTS = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"))
"""Alphabets with letters that look like those of another one."""
COMMON = frozenset(
    "password passwort motdepasse contraseña kennwort skillmatch letmein welcome willkommen iloveyou qwerty qwertz"
    " qwertyuiop qwertzuiop asdfghjkl administrator changeme geheim secret".split()
)


class Role(StrEnum):
    """What somebody may do."""

    SCHEDULER = "scheduler"
    WORKER = "worker"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


THEMES = ("", "light", "dark")
"""In which colours pages are shown; "" is as the system is set."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in.

    `sign_in` is the name she types, as `sign_in_name` makes it; `worker` the worker that she is, if any; `teams` those
    whose workers she sees, () for all. A higher `epoch` ends every session that began under a lower one. Without a
    password nobody gets in by one: `has_password`. `linked` says that an identity provider vouches for her. `language`,
    `zone` (an IANA name) and `theme` are how she reads the pages, "" as the company has set.
    """

    id: str
    sign_in: str
    name: str
    role: Role
    created: datetime
    worker: str | None = None
    teams: tuple[str, ...] = ()
    epoch: int = 0
    disabled: bool = False
    has_password: bool = False
    linked: bool = False
    language: str = ""
    zone: str = ""
    theme: str = ""

    def __post_init__(self) -> None:
        if self.role is Role.WORKER and self.worker is None:
            raise Invalid(said("account {name!r} is a worker's: say which worker it is, by id", name=self.sign_in))
        if self.role in (Role.WORKER, Role.ADMINISTRATOR) and self.teams:
            raise Invalid(
                said("account {name!r} is of a role that has no teams: leave the teams out", name=self.sign_in)
            )
        if len(self.teams) > MOST_TEAMS:
            raise Invalid(
                said(
                    "account {name!r} names {count} teams: expected {most} at most",
                    name=self.sign_in,
                    count=len(self.teams),
                    most=MOST_TEAMS,
                )
            )
        check_person_name(self.name)

    @property
    def signature(self) -> str:
        """How she stands on record: by her name, and her sign-in name where that says more."""
        return self.name if sign_in_name(self.name) == self.sign_in else f"{self.name} ({self.sign_in})"


def sign_in_name(typed: str) -> str:
    """Return a sign-in name as it is compared: what looks or sounds the same is the same (Unicode NFKC, case folded).

    >>> sign_in_name(" Ｒita ") == sign_in_name("RITA") == "rita"
    True
    """
    return normalize("NFKC", normalize("NFKC", typed).casefold()).strip()


def check_sign_in_name(name: str) -> None:
    """Raise Invalid unless somebody can sign in by `name`, as `sign_in_name` makes it."""
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable() or re.search(r"\s", name):
        raise Invalid(
            said(
                "sign-in name {name} cannot be used: expected 1 to {most} printable characters and no blanks",
                name=_cut(name),
                most=LONGEST_NAME,
            )
        )
    scripts = {letter_name(letter, "").split(" ")[0] for letter in name if letter.isalpha()} & SCRIPTS
    if len(scripts) > 1:
        found = " and ".join(sorted(script.capitalize() for script in scripts))
        raise Invalid(
            said(
                "sign-in name {name} mixes {scripts} letters, which look alike: use one alphabet",
                name=_cut(name),
                scripts=found,
            )
        )


def check_person_name(name: str) -> None:
    """Raise Invalid unless `name` can be what somebody is called."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise Invalid(
            said(
                "name {name} cannot be used: expected 1 to {most} printable characters",
                name=_cut(name),
                most=LONGEST_NAME,
            )
        )


def checked_teams(teams: tuple[str, ...]) -> tuple[str, ...]:
    """Return teams in order and each once, or raise Invalid for what is no name of a team."""
    for team in teams:
        check_id(team, "team")
    return tuple(sorted(set(teams)))


def check_password(password: str, *names: str) -> None:
    """Raise Invalid, saying what is expected and never repeating it, unless a password is hard to guess.

    Parameters
    ----------
    password
        As typed.
    names
        What it may not consist of: names of the person.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            said(
                "this password has {length} characters: expected at least {least}; a few words that only you would put "
                "together are easiest to remember",
                length=len(password),
                least=SHORTEST_PASSWORD,
            )
        )
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(
            said(
                "this password has {length:,} characters: expected at most {most:,}",
                length=len(password),
                most=LONGEST_PASSWORD,
            )
        )
    folded = sign_in_name(password)
    if len(set(folded)) < FEWEST_LETTERS or _runs(folded):
        raise Invalid(said("this password repeats a few characters or counts up: expected one that is harder to guess"))
    if re.sub(r"[^\w]|[\d_]", "", folded) in COMMON:
        raise Invalid(
            said("this password is among the first that are tried: expected words that only you would put together")
        )
    besides = folded
    for word in sorted((word for name in names for word in sign_in_name(name).split()), key=len, reverse=True):
        besides = besides.replace(word, "") if len(word) >= 3 else besides
    if besides != folded and len(besides) < FEWEST_BESIDES_NAMES:
        raise Invalid(said("this password is little more than your name: expected one that others cannot guess"))


def _runs(text: str) -> bool:
    """Return whether most characters follow the one before, as in 123456 or abcdef."""
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    return sum(step in (1, -1, 0) for step in steps) > 0.75 * len(steps)


def _cut(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "…")
