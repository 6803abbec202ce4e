"""The estimator as it ships, and with parts of it left out; each is fitted anew, so that the others can make up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from skillmatch.beliefs.evidence import Evidence, JobOutcome
from skillmatch.beliefs.histories import Histories
from skillmatch.beliefs.observation import Reading
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import DRIFTS, FIRST_LEARNED_VAR, IN_TURNS, JOINTLY, VARIANCES, fit
from skillmatch.beliefs.regression import OWN_SLOPES

NOTHING = 1e-6
"""A prior variance at which a part stays where it is: a thousandth of a logit."""
SHARED = {"family_var": NOTHING, "learned_var": NOTHING}
COUNTS = ("successes", "failures", "recent", "lasting", "pause", "new", OWN_SLOPES)
LATELY = ("surprise", "form")
EXPOSURES = ("relative", "home")
AS_SHIPPED = {name: getattr(BeliefParams(), name) for name in (*VARIANCES, *DRIFTS)}
AS_SHIPPED["learned_var"] = FIRST_LEARNED_VAR
"""The variances that a fit starts from."""

Tell = Callable[[Evidence], Evidence | None]


def everything(fact: Evidence) -> Evidence | None:
    """Return the fact as it is."""
    return fact


def no_job_types(fact: Evidence) -> Evidence | None:
    """Return the fact as if nobody had said what type of job it was."""
    return replace(fact, job_type=None) if isinstance(fact, JobOutcome) else fact


def no_statements(fact: Evidence) -> Evidence | None:
    """Return the fact unless somebody states a level in it."""
    return None if any(isinstance(one, Reading) for one in fact.observe()) else fact


def no_durations(fact: Evidence) -> Evidence | None:
    """Return the fact as if nobody had looked at the clock."""
    return replace(fact, minutes=None) if isinstance(fact, JobOutcome) else fact


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to leave something out.

    Parameters
    ----------
    given, ignored
        What `refit.fit` is to keep, and to ignore.
    tell
        What the estimator is told of a fact, when it is fitted and when it predicts; None for nothing.
    fitted, calibrated
        Whether anything is learned beforehand, and whether the chances are then calibrated.
    """

    name: str
    given: Mapping[str, float] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    tell: Tell = everything
    fitted: bool = True
    calibrated: bool = True

    def told(self, histories: Histories) -> dict[str, list[Evidence]]:
        """Return the histories as the estimator gets to know them."""
        return {
            worker: [told for fact in facts if (told := self.tell(fact)) is not None]
            for worker, facts in histories.items()
        }

    def learn(self, train: Histories, start: BeliefParams) -> BeliefParams:
        """Return the parameters learned from `train`, whose skills hang together as those of `start` do."""
        found = fit(self.told(train), start, given=self.given, ignored=self.ignored) if self.fitted else None
        return found.params if found else start

    def finish(self, params: BeliefParams) -> BeliefParams:
        """Return learned parameters with what is left out after the fit."""
        return params if self.calibrated else replace(params, slope=1.0, shift=0.0)


FULL, BARE = Variant("everything"), Variant("nothing fitted", fitted=False)
VARIANTS = (
    FULL,
    Variant("without counts of practice", ignored=COUNTS),
    Variant("without how it went lately", ignored=LATELY),
    Variant("without who is sent (relative, home)", ignored=EXPOSURES),
    Variant("without families and circles", given=SHARED),
    Variant("general ability alone", given={**SHARED, "skill_var": NOTHING}),
    Variant("a skill's own part alone", given={**SHARED, "general_var": NOTHING}),
    Variant("without difficulty and slopes of single skills", given={"effect_var": NOTHING}, ignored=(OWN_SLOPES,)),
    Variant("without job types", tell=no_job_types),
    Variant("fitted in turns only", ignored=(JOINTLY,)),
    Variant("fitted jointly only", ignored=(IN_TURNS,)),
    Variant("variances as shipped", given=AS_SHIPPED),
    Variant("without calibration", calibrated=False),
    BARE,
)
OF_COMPANIES = (
    FULL,
    Variant("without statements", tell=no_statements),
    Variant("without durations", tell=no_durations),
    BARE,
)
"""For a generated company: the public histories have neither statements nor durations."""
