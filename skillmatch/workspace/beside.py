"""What stands beside the workspace: use-cases that need little of it, each reached by a name of its own."""

from __future__ import annotations

from functools import cached_property

from skillmatch.beliefs.disputes import DisputeEffect
from skillmatch.workspace.calendars import Calendars
from skillmatch.workspace.catalogue import Catalogue
from skillmatch.workspace.disputing import Disputes
from skillmatch.workspace.downloads import Downloads
from skillmatch.workspace.finishing import Finishing
from skillmatch.workspace.jobs import JobBook
from skillmatch.workspace.known import Known
from skillmatch.workspace.notes import Notes
from skillmatch.workspace.places import Places
from skillmatch.workspace.sheets import Sheets
from skillmatch.workspace.shown_plans import ShownPlans
from skillmatch.workspace.signing_in import Accounts
from skillmatch.workspace.skill_editing import SkillEditing
from skillmatch.workspace.skillbook import Skillbook
from skillmatch.workspace.surveys import Surveys
from skillmatch.workspace.tokens import Tokens


class Beside(ShownPlans, Surveys):
    """The parts of the workspace that stand beside it."""

    dispute_effect = DisputeEffect.SET_ASIDE

    @property
    def accounts(self) -> Accounts:
        """Who may sign in, and who is signed in."""
        return Accounts(self._store, self.now)

    @property
    def disputes(self) -> Disputes:
        """What workers say is wrong, and what was decided about it."""
        return Disputes(self._store, self.now, self.dispute_effect)

    @property
    def calendars(self) -> Calendars:
        """Calendars of workers, for their phones."""
        return Calendars(self._store, self.now)

    @property
    def downloads(self) -> Downloads:
        """The tables of the company as files."""
        return Downloads(self._store)

    @property
    def known(self) -> Known:
        """What is known about one worker, as a file."""
        return Known(self._store)

    @property
    def tokens(self) -> Tokens:
        """The tokens of programs."""
        return Tokens(self._store, self.now)

    @property
    def job_book(self) -> JobBook:
        """Creating, changing and cancelling jobs."""
        return JobBook(self._store, self.now)

    @property
    def catalogue(self) -> Catalogue:
        """What other programs look up."""
        return Catalogue(self._store)

    @cached_property
    def skillbook(self) -> Skillbook:
        """The skills as people look them up."""
        return Skillbook(self._store, self.now, lambda: self.zone, self._lock, self._fresh)

    @property
    def skill_editing(self) -> SkillEditing:
        """Changing skills and links."""
        return SkillEditing(self._store, self.now)

    @property
    def sheets(self) -> Sheets:
        """Skills matrices that were sent and wait to be taken in."""
        return Sheets(self._store, self.now, self)

    @property
    def notes(self) -> Notes:
        """What people leave at sites."""
        return Notes(self._store, self.now)

    @property
    def places(self) -> Places:
        """What there is at sites and customers."""
        return Places(self._store)

    @property
    def finishing(self) -> Finishing:
        """Finishing jobs with a note, and taking that back."""
        return Finishing(self._store, self.now)
