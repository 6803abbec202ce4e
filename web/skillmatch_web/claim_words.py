"""What a worker claims of herself, in words."""

from __future__ import annotations

from skillmatch.claims import CertificateClaim, Claim
from skillmatch.model import RUNGS
from skillmatch_web.languages import _
from skillmatch_web.skill_field import skill_name
from skillmatch_web.words import short


def claimed(claim: Claim) -> str:
    """Return in words what is claimed."""
    if isinstance(claim.what, CertificateClaim):
        return _("certificate %(type)s", type=claim.what.type)
    level, rung = short(claim.what.level), RUNGS[round(claim.what.level)]
    return _("%(skill)s at level %(level)s, %(rung)s", skill=skill_name(claim.what.skill), level=level, rung=_(rung))
