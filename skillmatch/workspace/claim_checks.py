"""What can be handed in as a claim, and what cannot."""

from __future__ import annotations

import re
from datetime import date, datetime

from skillmatch.claims import CertificateClaim, Claim, LevelClaim
from skillmatch.errors import Invalid, NotFound
from skillmatch.model import Skill
from skillmatch.store.store import Transaction
from skillmatch.wording import said
from skillmatch.workspace.base import find_worker

EARLIEST = date(1950, 1, 1)


def check_id(id: str) -> None:
    """Raise Invalid for an id that no form of ours has given."""
    if not re.fullmatch("[0-9a-f]{32}", id):
        raise Invalid(said("this form was damaged on its way: check what you typed and send it again"))


def check_claimed(what: CertificateClaim | LevelClaim, now: datetime) -> None:
    """Raise Invalid for a certificate of days that cannot be."""
    if isinstance(what, CertificateClaim):
        today = now.date()
        if not EARLIEST <= what.issued <= today:
            raise Invalid(
                said(
                    "issued on {day}: expected a day from {first} to today, {today}",
                    day=what.issued,
                    first=EARLIEST,
                    today=today,
                )
            )
        if what.expires is not None and what.expires.year > today.year + 100:
            raise Invalid(said("valid until {day}: expected a day within 100 years, or none", day=what.expires))


def check_names(transaction: Transaction, claim: Claim) -> None:
    """Raise NotFound when a claim names a worker, a skill or a file of hers that is not there."""
    find_worker(transaction, claim.worker)
    if isinstance(claim.what, LevelClaim) and transaction.noun(Skill, claim.what.skill) is None:
        raise NotFound.named("skill", claim.what.skill, transaction.ids(Skill))
    if claim.attachment is not None:
        file = transaction.attachment(claim.attachment)
        if file is None or file.worker != claim.worker:
            raise NotFound(said("the file that was sent is not here any more: choose it again"))
