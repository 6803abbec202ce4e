"""Passwords and one-time secrets: how they are drawn, kept and compared. What is kept lets nobody in."""

from __future__ import annotations

import secrets
from functools import cache
from hashlib import sha256
from threading import Semaphore
from typing import TYPE_CHECKING
from unicodedata import normalize

from skillmatch.accounts import LONGEST_PASSWORD

if TYPE_CHECKING:
    from argon2 import PasswordHasher

TOKEN_BYTES = 32
MEMORY_KIB, PASSES, LANES = 19_456, 2, 1
"""What OWASP recommends for argon2id (Password Storage Cheat Sheet, 2023); 32 ms where it was measured."""
_at_work = Semaphore(2)
"""Each takes 19 MiB and a core: a flood of sign-ins waits in line instead of taking the machine."""


def new_token() -> str:
    """Return a secret of 256 bits that fits into an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what is kept of a secret that was drawn: it has no structure to guess, so a plain hash is enough."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # takes a while to load, and few commands need it

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def _plain(password: str) -> bytes:
    # Keyboards write the same letter in more than one way.
    return normalize("NFKC", password).encode("utf-8", "surrogatepass")


def hashed(password: str) -> str:
    """Return the argon2id hash of a password."""
    with _at_work:
        return _hasher().hash(_plain(password))


@cache
def nobodys_hash() -> str:
    """Return the hash of a password that nobody knows: compared with where there is none, which so takes as long."""
    return hashed(new_token())


def matches(kept: str | None, password: str) -> bool:
    """Return whether a password is the one whose hash was kept; takes the same time where none was.

    A password longer than any that can be set is wrong without a look.
    """
    from argon2.exceptions import InvalidHashError, VerifyMismatchError

    against = nobodys_hash() if kept is None else kept
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        with _at_work:
            _hasher().verify(against, _plain(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Return whether a hash was made with other costs than those of now."""
    return _hasher().check_needs_rehash(kept)
