"""The use-cases of a skills matrix: what a sheet in anybody's words means, and taking it in as evidence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from skillmatch.beliefs.evidence import Assessment, Evidence, SelfReport
from skillmatch.errors import ImportStopped, Invalid
from skillmatch.importers.batch import Batch
from skillmatch.importers.draft import Unfit
from skillmatch.importers.evidence_columns import natural_id
from skillmatch.importers.matrix import Choices, Matrix, MatrixPreview, Statement, read_matrix
from skillmatch.importers.matrix.headings import LEAST, Links
from skillmatch.importers.matrix.preview import skill_for, worker_for
from skillmatch.model import Problem, Report, Skill, Worker
from skillmatch.store.store import Transaction
from skillmatch.taxonomy import Correction
from skillmatch.workspace.importing import Progress, keep
from skillmatch.workspace.linking import Linking

SOURCE, TAKEN_BACK = "matrix", "matrix taken back"
"""Where the facts of a sheet come from, and the retractions of one that was taken back as a whole."""
SELF_REPORT, ASSESSMENT = STATED_AS = ("self-report", "assessment")


@dataclass(slots=True)
class MatrixReport(Report):
    """What taking in a matrix did, and the matches somebody chose, which count in later links."""

    corrections: tuple[Correction, ...] = ()


class Matrices(Linking):
    """The part of the workspace that takes in skills matrices."""

    def read_matrix(
        self,
        path: Path | str,
        *,
        choices: Choices | None = None,
        sheet: str | None = None,
        linker: Links | None = None,
        least: float = LEAST,
        among: Collection[str] | None = None,
    ) -> MatrixPreview:
        """Return what a sheet of people and skills is taken for; nothing is written.

        Parameters
        ----------
        path
            An .xlsx or .csv file.
        choices
            What somebody has decided about it: skills, people, marks, scale.
        sheet
            The sheet of a workbook; without it, the one with most people of the company.
        linker
            Finds skills by words; the workspace's own, with what people said about earlier links, when not given.
        least
            The confidence from which on a skill is taken by itself.
        among
            The ids of the workers who may be on it; None for all. Nobody else is matched.

        Raises
        ------
        ImportStopped
            When there is no matrix in the file.
        NotFound
            When there is no such file, or a choice names a skill or worker that does not exist.
        """
        return self._matrix(Path(path), choices, sheet, linker, least, among).preview

    def import_matrix(
        self,
        path: Path | str,
        *,
        on: date,
        stated_as: str = SELF_REPORT,
        by: str = "",
        choices: Choices | None = None,
        sheet: str | None = None,
        linker: Links | None = None,
        least: float = LEAST,
        among: Collection[str] | None = None,
        skip_unmatched: bool = False,
        skip_bad: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
        also: Callable[[Transaction], None] | None = None,
    ) -> MatrixReport:
        """Take in a sheet of people and skills as evidence, in one transaction; blank cells say nothing.

        Worker, skill and day (and who assessed) tell a fact from others: the same sheet again changes nothing, and a
        corrected one with the same day corrects; one that was taken back as a whole counts anew. Skills that somebody
        chose for a column are remembered. Further parameters as in `read_matrix`.

        Parameters
        ----------
        on
            The day on which the sheet was right.
        stated_as, by
            `self-report`, or `assessment` by somebody.
        skip_unmatched, skip_bad
            Leave out columns and people that have no sure match, and cells that cannot be read.
        dry_run
            Do all of it but keep nothing.
        also
            Does more in the same transaction.

        Raises
        ------
        ImportStopped
            When something is unmatched or cannot be read and is not to be left out; nothing is written.
        Invalid
            When the day lies in the future, or it is not said who assessed.
        NotFound
            As in `read_matrix`.
        """
        moment = self._checked(on, stated_as, by)
        matrix = self._matrix(Path(path), choices, sheet, linker, least, among)
        preview = matrix.preview
        report = MatrixReport(corrections=preview.corrections)
        report.problems = [*preview.problems, *_open(preview)]
        if (preview.problems and not skip_bad) or (len(report.problems) > len(preview.problems) and not skip_unmatched):
            raise ImportStopped(_why_stopped(preview), report)
        with self._store.read() as transaction:
            back = transaction.retracted_by(TAKEN_BACK)
        facts: list[Evidence] = [_anew(_fact(one, moment, stated_as, by), back) for one in matrix.statements]
        if not facts:
            report.notes.append("no cell says anything of a worker and a skill that were matched")
        batch = Batch(evidence=facts, corrections=list(preview.corrections))
        keep(self._store, batch, report, dry_run=dry_run, progress=progress, now=self.now(), zone=self.zone, also=also)
        return report

    def _checked(self, on: date, stated_as: str, by: str) -> datetime:
        if stated_as not in STATED_AS:
            raise Invalid(f"levels stated as {stated_as!r}: expected {SELF_REPORT} or {ASSESSMENT}")
        if (stated_as == ASSESSMENT) != bool(by.strip()):
            found = "an assessment by nobody" if stated_as == ASSESSMENT else f"a self-report by {by!r}"
            raise Invalid(f"{found} was asked for: expected who assessed (by) with an assessment, and only there")
        moment = datetime.combine(on, time(), UTC)
        if moment > self.now():
            raise Invalid(f"{on} lies in the future: expected the day on which the sheet was right")
        return moment

    def _matrix(
        self,
        path: Path,
        choices: Choices | None,
        sheet: str | None,
        linker: Links | None,
        least: float,
        among: Collection[str] | None,
    ) -> Matrix:
        with self._store.read() as transaction:
            workers, skills = transaction.nouns(Worker), transaction.nouns(Skill)
        workers = [worker for worker in workers if among is None or worker.id in among]
        try:
            return read_matrix(
                path,
                workers=workers,
                skills=skills,
                linker=linker or self._links,
                choices=choices,
                sheet=sheet,
                least=least,
            )
        except Unfit as error:
            problem = Problem(path.name, error.line, error.column, error.found, error.expected)
        except OSError as error:
            found = f"a file that cannot be read ({error.strerror or type(error).__name__})"
            problem = Problem(path.name, None, None, found, "a file that this program may read")
        raise ImportStopped("no skills matrix was found; nothing was written", Report(problems=[problem]))


def _fact(said: Statement, moment: datetime, stated_as: str, by: str) -> Evidence:
    values = {"worker": said.worker, "skill": said.skill, "time": moment}
    if stated_as == ASSESSMENT:
        rater = by.strip()
        id = natural_id(Assessment.KIND, {**values, "rater": rater})
        return Assessment(
            id=id, worker=said.worker, time=moment, source=SOURCE, skill=said.skill, level=said.level, rater=rater
        )
    id = natural_id(SelfReport.KIND, values)
    return SelfReport(id=id, worker=said.worker, time=moment, source=SOURCE, skill=said.skill, level=said.level)


def _anew(fact: Evidence, back: Collection[tuple[str, str]]) -> Evidence:
    """Return the fact under another id where that of the sheet was taken back: the log knows that as retracted."""
    id, number = fact.id, 1
    while (fact.source, id) in back:
        number += 1
        id = f"{fact.id}~{number}"
    return fact if number == 1 else replace(fact, id=id)


def _open(preview: MatrixPreview) -> Iterator[Problem]:
    """Yield what needs a choice, as problems; who stands there twice is one already."""
    for column in preview.open_columns:
        found = f"cell {column.place}: the skill {column.text!r} ({column.reason})"
        expected = f'a choice: --match "{column.text}={skill_for(column)}"; "{column.text}=" leaves it out'
        yield Problem(preview.file, None, None, found, expected)
    for person in preview.open_people:
        if person.text and "already" not in person.reason:
            found = f"cell {person.place}: the person {person.text!r} ({person.reason})"
            expected = f'a choice: --person "{person.text}={worker_for(person)}"; "{person.text}=" leaves her out'
            yield Problem(preview.file, None, None, found, expected)


def _why_stopped(preview: MatrixPreview) -> str:
    counts = (
        (len(preview.open_columns), "column of skills without a sure match", "columns of skills without a sure match"),
        (len(preview.open_people), "person without a sure match", "people without a sure match"),
        (len(preview.problems), "cell that cannot be read", "cells that cannot be read"),
    )
    told = ", ".join(f"{count:,} {one if count == 1 else many}" for count, one, many in counts if count)
    return (
        f"nothing was imported: {told}; choose with --match, --person and --mark, or take the rest only with "
        "--skip-unmatched and --skip-bad"
    )
