"""The use-cases of looking over the firm: who can do what, where it is thin, who is overloaded, what is late."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, TypeVar

from skillmatch.errors import Invalid
from skillmatch.importers.matrix_sheets import check_size
from skillmatch.matching.arrays import Flags
from skillmatch.matching.policy import Policy
from skillmatch.model import Certification, Job, JobType, Worker
from skillmatch.workspace.base import Base
from skillmatch.workspace.demands import Demands
from skillmatch.workspace.loads import Loads, loads_of, mixes
from skillmatch.workspace.matrix_files import FORMS, XLSX, matrix_lines, write_matrix
from skillmatch.workspace.policies import policy_of
from skillmatch.workspace.resident import Resident
from skillmatch.workspace.skills_matrix import MatrixFilter, SkillsMatrix, make_matrix, people, usual_levels
from skillmatch.workspace.thinness import Ability, Thin, thin_places

WEEKS = 4
MOST_KEPT = 16
"""Answers that are kept while nothing is written: for so many sets of teams."""
KEPT_FOR = timedelta(minutes=10)
"""Beliefs fade by the hour, so an answer is not kept for longer."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RunningOut:
    """The last certification of a type that a worker has, which ends soon or has ended."""

    worker: Worker
    certification: Certification


class Surveys(Base):
    """The part of the workspace that looks over the firm."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._kept: dict[tuple[object, ...], tuple[datetime, Any]] = {}
        self._demands = Demands()
        self._abilities: dict[tuple[str, ...], Ability] = {}

    def skills_matrix(
        self,
        wanted: MatrixFilter | None = None,
        *,
        rows: tuple[int, int | None] = (0, None),
        columns: tuple[int, int | None] = (0, None),
    ) -> SkillsMatrix:
        """Return workers by skills, or a piece of it, with the same levels as in a worker's profile.

        Parameters
        ----------
        wanted
            Which workers and skills; all when not given.
        rows, columns
            Where the piece begins, from 0, and how many it has; None for all that follow.

        Raises
        ------
        NotFound
            When the family, or the skill to order by, is none of the company's.
        """
        with self._lock, self._store.read() as transaction:
            resident = self._fresh(transaction)
            usual = self._keep(resident, ("usual",), lambda: usual_levels(transaction.nouns(JobType)))
            return make_matrix(
                resident,
                wanted or MatrixFilter(),
                usual,
                moment=self.now(),
                today=self._today(),
                rows=_piece(*rows),
                columns=_piece(*columns),
            )

    def write_matrix(self, target: IO[bytes], wanted: MatrixFilter | None = None) -> SkillsMatrix:
        """Write all workers by all skills that are wanted as an Excel workbook, and return what was written.

        Raises
        ------
        Invalid
            When these are more cells than a workbook takes; the message says what to do.
        """
        matrix = self._whole(wanted, workbook=True)
        write_matrix(matrix, target, policy=self._balanced(), zone=self.zone)
        return matrix

    def matrix_lines(self, wanted: MatrixFilter | None = None) -> tuple[SkillsMatrix, Iterator[str]]:
        """Return all workers by all skills that are wanted, and their lines as CSV, one worker and skill a line.

        Raises
        ------
        Invalid
            When these are too many; the message says what to do.
        """
        matrix = self._whole(wanted, workbook=False)
        return matrix, matrix_lines(matrix, policy=self._balanced(), zone=self.zone)

    def export_matrix(self, path: Path, wanted: MatrixFilter | None = None) -> SkillsMatrix:
        """Write all workers by all skills that are wanted into a file, whole or not at all, and return them.

        Raises
        ------
        Invalid
            When the file is to be neither .xlsx nor .csv, cannot be written, or these are too many cells for it.
        """
        form = path.suffix.lower().removeprefix(".")
        if form not in FORMS:
            raise Invalid(f"a matrix as {path.name!r}: expected a name that ends in .{' or .'.join(FORMS)}")
        try:
            with TemporaryDirectory(prefix=".matrix-", dir=path.parent) as work:
                new = Path(work) / "new"
                with new.open("wb") as target:
                    if form == XLSX:
                        matrix = self.write_matrix(target, wanted)
                    else:
                        matrix, lines = self.matrix_lines(wanted)
                        target.writelines(line.encode() for line in lines)
                new.replace(path)
        except OSError as error:
            raise Invalid(f"{str(path)!r} cannot be written ({error.strerror}): expected a file in a folder") from error
        return matrix

    def _whole(self, wanted: MatrixFilter | None, *, workbook: bool) -> SkillsMatrix:
        size = self.skills_matrix(wanted, rows=(0, 0), columns=(0, 0))
        check_size(size.total_workers, size.total_skills, workbook=workbook)
        return self.skills_matrix(wanted)

    def _balanced(self) -> Policy:
        with self._store.read() as transaction:
            return policy_of(transaction, "balanced")

    def thin(self, *, policy: str = "balanced", teams: tuple[str, ...] = ()) -> tuple[Thin, ...]:
        """Return everything that open jobs and those of the last year ask for with who can do it, the most pressing
        first.

        Only workers of `teams` count, () for everybody; a must has to be as sure as the policy says.

        Raises
        ------
        NotFound
            When there is no such policy.
        """
        with self._lock, self._store.read() as transaction:
            chosen, resident, today = policy_of(transaction, policy), self._fresh(transaction), self._today()
            counted, whose = _counted(resident, teams, today), tuple(sorted(teams))
            ability = self._able(resident, counted, whose)

            def find() -> tuple[Thin, ...]:
                return thin_places(
                    resident, self._demands.refresh(transaction, today), chosen, counted, ability, today=today
                )

            # With its moment, so that no answer grows older than what it rests on.
            return self._keep(resident, ("thin", today, policy, chosen.version, whose, ability.moment), find)

    def loads(
        self,
        *,
        teams: tuple[str, ...] = (),
        team: str = "",
        search: str = "",
        order: str = "load",
        offset: int = 0,
        limit: int | None = None,
        only_overloaded: bool = False,
    ) -> Loads:
        """Return what workers have to do in this week and the next three, the heaviest loads first.

        Of what sort the work is is said of those on the page.

        Raises
        ------
        Invalid
            When there is no such order.
        """
        with self._lock, self._store.read() as transaction:
            resident, today = self._fresh(transaction), self._today()
            types = self._keep(resident, ("types",), lambda: {type.id: type for type in transaction.nouns(JobType)})
            found = loads_of(
                resident,
                today=today,
                teams=teams,
                team=team,
                search=search,
                order=order,
                weeks=WEEKS,
                page=_piece(offset, limit),
                only_overloaded=only_overloaded,
            )
            shown = [row.worker.id for row in found.rows]
            sorts = mixes(transaction, resident, shown, types, now=self.now(), today=today, weeks=WEEKS)
        return replace(found, rows=tuple(replace(row, mix=sorts[row.worker.id]) for row in found.rows))

    def late_jobs(self, *, among: Collection[str] | None = None) -> tuple[Job, ...]:
        """Return the open jobs whose promise is broken, the most urgent and longest late first."""
        with self._store.read() as transaction:
            found = transaction.jobs_open()
        now, today = self.now(), self._today()
        late = [job for job in found if among is None or job.id in among]
        late = [job for job in late if (job.due or today) < today or (job.latest or now) < now]
        return tuple(sorted(late, key=lambda job: (job.priority, job.due or today, job.id)))

    def running_out(self, *, days: int = 60, teams: tuple[str, ...] = ()) -> tuple[RunningOut, ...]:
        """Return whose certifications end within so many days, or ended within as many, and were not renewed: the
        first to end first.
        """
        with self._lock:
            resident, today = self._fresh(), self._today()
            roster, found = resident.roster, []
            for worker in people(resident, today, teams=teams):
                for type in roster.types_of(worker.id):
                    held = roster.certifications(worker.id, type)
                    last = max(held, key=lambda one: one.expires or date.max)
                    if last.expires is not None and abs((last.expires - today).days) <= days:
                        found.append(RunningOut(worker, last))
        return tuple(sorted(found, key=lambda one: (one.certification.expires or date.max, one.worker.name)))

    def teams(self) -> tuple[str, ...]:
        """Return the names of all teams, in order."""
        with self._lock:
            return tuple(sorted({worker.team for worker in self._fresh().roster.workers.values() if worker.team}))

    def families(self) -> tuple[tuple[str, str], ...]:
        """Return the skills that have narrower ones: id and name, by name."""
        with self._lock:
            resident = self._fresh()
            found = ((id, resident.names.get(id, id)) for id in resident.graph.families())
            return tuple(sorted(found, key=lambda pair: (pair[1].casefold(), pair[0])))

    def _today(self) -> date:
        return self.now().astimezone(self.zone).date()

    def _able(self, resident: Resident, counted: Flags, teams: tuple[str, ...]) -> Ability:
        """Return who of some teams can do what, as of now or of a short while ago with what was written since."""
        known, now = self._abilities.get(teams), self.now()
        if (
            known is None
            or not timedelta(0) <= now - known.moment < KEPT_FOR
            or not known.standings.counts(resident.table, counted)
        ):
            if len(self._abilities) >= MOST_KEPT:
                self._abilities.clear()
            known = self._abilities[teams] = Ability(resident, counted, now)
        else:
            known.refresh()
        return known

    def _keep(self, resident: Resident, key: tuple[object, ...], find: Callable[[], T]) -> T:
        """Return what `find` finds, or what it found a short while ago at the same revision."""
        whole = (resident.revision, *key)
        known = self._kept.get(whole)
        now = self.now()
        if known is None or not timedelta(0) <= now - known[0] < KEPT_FOR:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            known = self._kept[whole] = (now, find())
        found: T = known[1]
        return found


def _piece(first: int, count: int | None) -> slice:
    return slice(first, None if count is None else first + count)


def _counted(resident: Resident, teams: tuple[str, ...], today: date) -> Flags:
    """Return who is with the firm, of some teams or of all, (workers,)."""
    return resident.roster.active_on(today) & resident.roster.of_teams(teams)
