"""What a piece of evidence says, in words for the person whom it is about."""

from __future__ import annotations

from skillmatch.workspace import (
    Assessment,
    CertificationGranted,
    CertificationRevoked,
    CustomerRating,
    Endorsement,
    Evidence,
    ExemptionGranted,
    JobDeclined,
    JobOutcome,
    Override,
    SelfReport,
    TrainingCompleted,
)
from skillmatch_web.languages import _
from skillmatch_web.words import RESULTS, day, short


def said(fact: Evidence) -> str:
    """Return in one line what a fact says; the job that it is about is said beside it."""
    match fact:
        case JobOutcome():
            return _(RESULTS[fact.result]) + (f" – {fact.cause}" if fact.cause else "")
        case CustomerRating():
            return _("The customer gave %(stars)s of 5 stars", stars=short(fact.stars))
        case SelfReport():
            return _("Said of herself: level %(level)s", level=short(fact.level))
        case Assessment():
            return _("Assessed by %(who)s: level %(level)s", who=fact.rater, level=short(fact.level))
        case Endorsement():
            return _("Endorsed by %(who)s: level %(level)s", who=fact.rater, level=short(fact.level))
        case Override():
            return _("Set to level %(level)s by %(who)s", who=fact.rater, level=short(fact.level))
        case TrainingCompleted():
            what = fact.course or fact.id
            return _("Finished the training %(what)s for level %(level)s", what=what, level=short(fact.level))
        case _:
            return _of_papers(fact)


def _of_papers(fact: Evidence) -> str:
    match fact:
        case CertificationGranted(expires=None):
            return _("Certification %(type)s", type=fact.type)
        case CertificationGranted():
            return _("Certification %(type)s until %(day)s", type=fact.type, day=day(fact.expires or fact.issued))
        case CertificationRevoked():
            return _("Certification %(type)s revoked", type=fact.type)
        case ExemptionGranted():
            who = fact.granted_by
            return _(
                "May work without %(type)s until %(day)s, says %(who)s", type=fact.type, day=day(fact.until), who=who
            )
        case JobDeclined():
            return _("Declined job %(job)s", job=fact.job)
        case _:
            return fact.describe()


def note_of(fact: Evidence) -> str:
    """Return what somebody wrote beside a fact, "" where nothing."""
    return str(getattr(fact, "note", "") or getattr(fact, "reason", ""))
