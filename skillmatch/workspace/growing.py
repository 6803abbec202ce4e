"""What the workspace knows about papers and growth, each behind an object of its own."""

from __future__ import annotations

from skillmatch.workspace.certificates import Papers
from skillmatch.workspace.claims import ClaimBook
from skillmatch.workspace.developing import Development
from skillmatch.workspace.matrices import Matrices
from skillmatch.workspace.reach import Reach


class Growing(Matrices):
    """The part of the workspace that leads to claims, certificates, inferred skills and wishes."""

    @property
    def claims(self) -> ClaimBook:
        """What workers hand in, to be approved."""
        return ClaimBook(self._store, self.now)

    @property
    def papers(self) -> Papers:
        """What is known about claims, and which certificates run out."""
        return Papers(self._reach)

    @property
    def development(self) -> Development:
        """What skills are inferred, and what workers wish to learn."""
        return Development(self._reach)

    @property
    def _reach(self) -> Reach:
        return Reach(self._store, self.now, self.zone, self._lock, self._fresh)
