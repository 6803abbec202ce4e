"""The use-cases of a question about one job: who fits, why, why not her, and which crew."""

from __future__ import annotations

from datetime import date

from skillmatch.matching import ranking
from skillmatch.matching.ranking import Candidate, Ranking
from skillmatch.matching.whynot import WhyNot, why_not
from skillmatch.workspace.policies import Policies, policy_of


class Asking(Policies):
    """The part of the workspace that ranks."""

    def rank(
        self,
        job: str,
        *,
        policy: str = "balanced",
        limit: int = 10,
        day: date | None = None,
        teams: tuple[str, ...] = (),
    ) -> Ranking:
        """Return the best candidates for a job, with reasons, from what is known at this moment.

        Parameters
        ----------
        job
            Its id.
        policy
            The name of a policy.
        limit
            How many candidates to show.
        day
            Ask for this day instead of the job's own.
        teams
            Rank the workers of these teams only; () for everybody.

        Raises
        ------
        NotFound
            When there is no such job or policy.
        """
        with self._lock, self._store.read() as transaction:
            chosen = policy_of(transaction, policy)
            views, found = self._views(transaction, job, day=day, teams=teams)
            revision = self._fresh(transaction).revision
            return ranking.rank(views, chosen, job=found.job, needs=found.needs, revision=revision, limit=limit)

    def explain(self, job: str, worker: str, *, policy: str = "balanced", teams: tuple[str, ...] = ()) -> Candidate:
        """Return one worker for a job, ranked or blocked, with the same numbers that `rank` gives."""
        with self._lock, self._store.read() as transaction:
            chosen = policy_of(transaction, policy)
            return ranking.explain(self._views(transaction, job, teams=teams)[0], chosen, worker)

    def why_not(self, job: str, worker: str, *, policy: str = "balanced", teams: tuple[str, ...] = ()) -> WhyNot:
        """Return why a worker is not the first choice for a job, and what would bring her in or up.

        With `teams`, she stands among the workers of these only.

        Raises
        ------
        NotFound
            When there is no such job, worker or policy.
        """
        with self._lock, self._store.read() as transaction:
            chosen = policy_of(transaction, policy)
            return why_not(self._views(transaction, job, teams=teams)[0], chosen, worker)
