"""What stands on a worker's page about how she grows: inferred skills to answer, wishes, claims that wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_hex

from skillmatch.claims import Claim, ClaimStatus
from skillmatch.workspace import Inferred, Wish
from skillmatch_web.addresses import workspace


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody sent that was not taken: `problem` beside the field, `nearest` skills that may have been meant."""

    problem: str = ""
    skill: str = ""
    text: str = ""
    nearest: tuple[tuple[str, str], ...] = ()


NOTHING = Typed()


@dataclass(frozen=True, slots=True)
class Growth:
    """What a worker's page shows; `answer` and `wished` are what was typed into either form."""

    inferred: tuple[Inferred, ...]
    wishes: tuple[Wish, ...]
    claims: tuple[Claim, ...]
    answer: Typed = NOTHING
    wished: Typed = NOTHING
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def waiting(self) -> tuple[Claim, ...]:
        """The claims nobody has decided."""
        return tuple(one for one in self.claims if one.status is ClaimStatus.OPEN)

    def token(self, name: str) -> str:
        """Return the id that what a form records will have, so that it counts once."""
        return self._tokens.setdefault(name, token_hex(16))


def growth_of(worker: str, *, answer: Typed = NOTHING, wished: Typed = NOTHING) -> Growth:
    """Return what a worker's page shows."""
    development = workspace().development
    return Growth(
        development.inferred(worker), development.wishes([worker]), workspace().claims.of(worker), answer, wished
    )
