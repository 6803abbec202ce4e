"""What can be behind a customer's call, as the company lists it, and questions that tell the causes apart."""

from __future__ import annotations

from dataclasses import dataclass

from skillmatch.errors import Invalid
from skillmatch.needs import AllOf, AnyOf, PlainNeed, check_needs
from skillmatch.scale import check_id

UNTOLD = 0.5
WENT_WITH = "cause:"
"""An answer of a job under this and the id of a cause says that whoever decides went with the cause: it is no answer of
the customer's, and the job then has the needs and the minutes of that cause for its own.
"""


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that can be behind calls of a job type, as the company lists it.

    `needs` come on top of those of the job type; () when nothing more is needed. `minutes` is how long a job with this
    cause takes, None when only the finished jobs can tell. `chance` is how often, of all calls of the type, somebody
    who knows the work takes it to be the cause; None when nobody said. One that is not `active` is listed no more.
    """

    id: str
    needs: tuple[PlainNeed, ...] = ()
    minutes: float | None = None
    chance: float | None = None
    job_type: str = ""
    active: bool = True

    def __post_init__(self) -> None:
        check_id(self.id, "cause")
        if self.minutes is not None and not 0.0 < self.minutes <= 100_000.0:
            raise Invalid(f"cause {self.id!r} takes {self.minutes:g} minutes: expected above 0, up to 100000")
        if self.chance is not None and not 0.0 < self.chance < 1.0:
            raise Invalid(f"chance of cause {self.id!r} is {self.chance:g}: expected between 0 and 1")
        check_needs(self.needs, f"cause {self.id!r}")
        if any(isinstance(need, AnyOf | AllOf) for need in self.needs):
            raise Invalid(f"cause {self.id!r} leaves a choice between needs: expected needs that all have to be met")


@dataclass(frozen=True, slots=True)
class Question:
    """A yes or no that a customer can answer.

    `yes` has by cause how likely she says yes; causes left out: `otherwise`. Two causes are told apart as far as these
    chances differ. It is asked about calls of `job_type`, or of any; one that is not `active` is asked no more.
    """

    id: str
    text: str
    yes: tuple[tuple[str, float], ...] = ()
    otherwise: float = UNTOLD
    job_type: str | None = None
    active: bool = True

    def __post_init__(self) -> None:
        check_id(self.id, "question")
        if not self.text.strip():
            raise Invalid(f"question {self.id!r} asks nothing: expected words that can be read to a customer")
        for cause, chance in (*self.yes, ("any other", self.otherwise)):
            if not 0.0 < chance < 1.0:
                raise Invalid(
                    f"question {self.id!r}: chance of yes for {cause!r} is {chance:g}: expected between 0 and 1"
                )
        named = [cause for cause, _ in self.yes]
        for cause in named:
            if named.count(cause) > 1:
                raise Invalid(f"question {self.id!r} names cause {cause!r} twice: expected each once")
