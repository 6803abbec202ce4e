"""How strongly each kind of sign counts: learned numbers, kept apart from the counts and valid until the next fit."""

from __future__ import annotations

from dataclasses import dataclass

BLOCKS = ("frequency", "said", "unsaid", "circumstances", "answers")
"""The kinds of signs, in the order in which they are added."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each block of signs counts (1: as if it were independent of all others), and how counts are smoothed.

    Words of one sentence come together, so the strongest counts fully and the next ones less: word number n, from 1,
    counts n to the power -`discount`. `prior` and `signs` are how many imagined findings stand behind the frequency
    among all job types and behind the average sign; `stated` those behind chances that the company states.
    """

    frequency: float = 1.0
    said: float = 1.0
    unsaid: float = 1.0
    circumstances: float = 1.0
    discount: float = 1.0
    prior: float = 4.0
    signs: float = 6.0
    stated: float = 8.0
    fitted_on: int = 0

    @property
    def blocks(self) -> tuple[float, ...]:
        """The weights of `BLOCKS`; an answer, asked for on its own, counts as what it is."""
        return (self.frequency, self.said, self.unsaid, self.circumstances, 1.0)


DEFAULTS = Weights()
