"""Everybody's chance and pace under one cause, made to compare people with: not who looks best by luck.

A chance as ranking shows it is made for those who are sent. Among all who could be sent, the best-looking one is
more often overrated the less is known of her (J. Smith, R. Winkler, The Optimizer's Curse, Management Science 52,
2006), and nobody was watched at work that she is not sent to. So people are compared by ability alone, at the lower end
of what it may be, and what sets them apart under one cause only counts in part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from skillmatch.beliefs.table import Floats
from skillmatch.errors import Invalid
from skillmatch.matching.view import Z_80, View, logistic


@dataclass(frozen=True, slots=True)
class Trust:
    """How far beliefs are followed when people are compared.

    `cause` is the share, 0 to 1, of what sets people apart under a cause beyond what does under the job type's needs:
    skills of causes are seen less often, in jobs whose cause was noted by hand. `caution` is how many standard
    deviations below what is believed of her somebody is taken to be: the usual one is the lower end of the 80 %
    interval that is shown everywhere.
    """

    cause: float = 0.5
    caution: float = Z_80

    def __post_init__(self) -> None:
        if not 0.0 <= self.cause <= 1.0:
            raise Invalid(f"trust in causes is {self.cause:g}: expected 0 to 1")
        if not 0.0 <= self.caution < inf:
            raise Invalid(f"caution is {self.caution:g}: expected a finite number, 0 or above")


TRUST = Trust()


@dataclass(frozen=True, slots=True)
class Ability:
    """What a view believes of everybody, arrays (workers,) in logits against those who usually do such work.

    `ahead` is the mean ability, `unsure` its standard deviation, both less those of the usual people. `usual` is the
    mean log-odds of these.
    """

    ahead: Floats
    unsure: Floats
    usual: float

    @classmethod
    def of(cls, view: View) -> Ability:
        """Return abilities without what counters tell of the last results, which is the same for all here.

        The usual people are weighed by the jobs they did with the demanded skills.
        """
        done, level = np.zeros(len(view.table)), np.zeros(len(view.table))
        for column in view.columns:
            level += column.part * column.exposure
            level[column.index] += column.part * (column.gained[1] + column.gained[2])
            done[column.index] += column.part * (column.rows.successes + column.rows.failures)
        total = float(done.sum())
        share = done / total if total > 0.0 else np.full(len(done), 1.0 / max(len(done), 1))
        able = (view.log_odds - view.offset) - (view.practice - level)
        unsure = np.sqrt(view.params.spread * view.var)
        return cls(able - float(share @ able), unsure - float(share @ unsure), float(share @ view.log_odds))


def prospects(views: Sequence[View], base: int | None, trust: Trust = TRUST) -> tuple[Floats, Floats]:
    """Return chances of success, and by which factor each worker's jobs take longer than usual: (causes, workers).

    Parameters
    ----------
    base
        Which view is that of the job type's own needs; None when there is none, and every view counts in full.
    """
    abilities = [Ability.of(view) for view in views]
    common = abilities[base].ahead if base is not None else None
    chances, paces = [], []
    for view, one in zip(views, abilities, strict=True):
        ahead = one.ahead if common is None else common + trust.cause * (one.ahead - common)
        ahead = ahead - trust.caution * one.unsure
        params = view.params
        chances.append(logistic(params.slope * (view.shrink * (one.usual + ahead)) + params.shift))
        paces.append(np.exp(-params.grip * ahead))
    return np.stack(chances), np.stack(paces)
