"""The mistakes a caller can react to. Every message says what was found, what was expected and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from skillmatch.wording import said


class SkillmatchError(Exception):
    """Root of every error this package raises on purpose."""


class Invalid(SkillmatchError, ValueError):
    """A value breaks a rule of the domain, such as a level outside the scale or a cycle of skills."""


class NotFound(SkillmatchError, LookupError):
    """Something was asked for by an id that does not exist."""

    @classmethod
    def named(cls, what: str, key: str, known: Iterable[str] = ()) -> NotFound:
        """Return the error for a missing `key`, with the nearest of the `known` ids as advice.

        >>> str(NotFound.named("worker", "ana", ["anna", "ben"]))
        "there is no worker 'ana'; did you mean 'anna'?"
        """
        near = get_close_matches(key, list(known), n=1, cutoff=0.6)
        if near:
            told = said("there is no {what} {key!r}; did you mean {near!r}?", what=said(what), key=key, near=near[0])
            return cls(told)
        return cls(said("there is no {what} {key!r}", what=said(what), key=key))


class Conflict(SkillmatchError):
    """Two facts cannot both stand, such as one id used for two different pieces of evidence."""


class StoreError(SkillmatchError):
    """The database cannot be used: unreachable, locked, damaged, or of a version this code does not know."""


class ImportStopped(SkillmatchError):
    """An import met problems and wrote nothing. `report` (a `model.Report`) lists them."""

    def __init__(self, message: str, report: object) -> None:
        super().__init__(message)
        self.report = report


class NotAllowed(SkillmatchError):
    """Somebody may not do this, or did not show that she is who she says."""


class TryLater(NotAllowed):
    """Signing in failed too often. `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            said("signing in has failed too often: wait {seconds} seconds, then try again", seconds=seconds)
        )
        self.seconds = seconds
