"""A skills matrix from file to statements: the sheet, the place of the matrix, its columns, people and cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from skillmatch.errors import NotFound
from skillmatch.importers.draft import Unfit, shown
from skillmatch.importers.matrix.cells import Cells, Matrix
from skillmatch.importers.matrix.choices import Choices, with_ids
from skillmatch.importers.matrix.columns import find_columns
from skillmatch.importers.matrix.grid import Grid, read_grids
from skillmatch.importers.matrix.headings import LEAST, Headings, Links, settle
from skillmatch.importers.matrix.layout import Layout, lay_out
from skillmatch.importers.matrix.people import People
from skillmatch.importers.matrix.preview import ColumnMatch, PersonMatch
from skillmatch.importers.matrix.rows import match_people
from skillmatch.model import Skill, Worker
from skillmatch.skills.linking import Linker


def read_matrix(
    path: Path,
    *,
    workers: Sequence[Worker],
    skills: Sequence[Skill],
    linker: Links | None = None,
    choices: Choices | None = None,
    sheet: str | None = None,
    least: float = LEAST,
) -> Matrix:
    """Return what a skills matrix says, and what every part of it was matched with.

    Parameters
    ----------
    path
        An .xlsx or .csv file.
    workers, skills
        Those of the company.
    linker
        Finds skills by words; made from the skills when there is none.
    choices
        What somebody has decided about this sheet.
    sheet
        The sheet of a workbook; found by itself when not given.
    least
        The confidence from which on a skill is taken without anybody's choice.

    Raises
    ------
    NotFound
        When there is no such file, or a choice names a skill or worker that does not exist.
    Unfit
        When there is no matrix in it.
    """
    if not path.is_file():
        raise NotFound(f"there is no file {str(path)!r}")
    if not workers or not skills:
        missing = "workers" if not workers else "skills"
        raise Unfit(f"a company without {missing}", f"{missing} to match the sheet with: import them first")
    choices = with_ids(choices or Choices(), {one.id: one.name for one in skills}, [one.id for one in workers])
    grids, problems = read_grids(path, sheet)
    people = People(workers, choices.people)
    layout, notes = _find(grids, people)
    headings = Headings(skills, linker or Linker(skills), choices.skills, least=least)
    columns = find_columns(
        layout, choices, lambda text, heading: headings.choice(text) is not None or bool(headings.exactly(heading))
    )
    matches = settle(
        [
            headings.match(one.text, one.heading, layout.grid.place(one.heading_row, one.number))
            for one in columns.skills
        ]
    )
    persons = match_people(layout, people, [number for number, _why in columns.beside])
    notes += _unused(choices, matches, persons)
    return Cells(layout, columns, matches, persons, problems, notes).matrix()


def _find(grids: Sequence[Grid], people: People) -> tuple[Layout, list[str]]:
    """Return where the matrix is: on the sheet with most people of the company."""
    layouts: list[Layout] = []
    faults: list[Unfit] = []
    for grid in grids:
        try:
            layout = lay_out(grid, people)
        except Unfit as error:
            faults.append(error)
        else:
            layouts += [layout] if layout else []
    if not layouts:
        if faults:
            raise faults[0]
        examples = ", ".join(shown(worker.name) for worker in list(people.workers.values())[:3])
        raise Unfit(
            f"nobody of the {len(people.workers):,} workers of the company",
            f"a column or row with their names or ids, such as {examples}; new people are imported first",
        )
    best = max(layouts, key=lambda layout: layout.known)
    others = ", ".join(f"{one.grid.sheet} ({one.known:,} people)" for one in layouts if one is not best)
    return best, [f"other sheets hold people too, name one with --sheet: {others}"] if others else []


def _unused(choices: Choices, columns: Sequence[ColumnMatch], people: Sequence[PersonMatch]) -> list[str]:
    """Return a note for each choice about something that the sheet does not have."""
    texts, names = {one.text for one in columns}, {one.text for one in people}
    return [
        *(f"a choice for {shown(text)}, which is no column of skills here" for text in choices.skills.keys() - texts),
        *(f"a choice for {shown(text)}, who is not on the sheet" for text in choices.people.keys() - names),
    ]
