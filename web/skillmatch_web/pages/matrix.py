"""The skills matrix: workers by skills, levels and how sure they are; as a page and as files."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from skillmatch.model import SkillKind
from skillmatch.workspace import ROW_ORDERS, MatrixFilter, SkillsMatrix
from skillmatch_web.addresses import today, workspace
from skillmatch_web.asked import number, one_of, words
from skillmatch_web.languages import N_
from skillmatch_web.paging import Paging
from skillmatch_web.sight import sight

blueprint = Blueprint("matrix", __name__)

ROWS, COLUMNS = 40, 15
KINDS = {
    SkillKind.TECHNICAL: N_("technical"),
    SkillKind.EQUIPMENT: N_("equipment"),
    SkillKind.SAFETY: N_("safety"),
    SkillKind.CUSTOMER: N_("customers"),
    SkillKind.KNOWLEDGE: N_("knowledge"),
}
SURE = (0.5, 1.0)
"""Half the width of an interval up to which a level is sure, and fairly sure."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wanted() -> MatrixFilter:
    """Return the filter that the address asks for, among the teams that are seen."""
    kind = one_of("kind", set(SkillKind))
    by = words("by")
    return MatrixFilter(
        sight().teams,
        words("team"),
        words("family"),
        SkillKind(kind) if kind else None,
        words("worker"),
        words("skill"),
        "evidence" in request.args,
        one_of("order", ROW_ORDERS, "name"),
        by,
        one_of("columns", ("evidence", "name"), "evidence"),
    )


def address_of(found: MatrixFilter) -> dict[str, Any]:
    """Return the parts of an address that ask for a filter, those that say something."""
    parts = {
        "team": found.team,
        "family": found.family,
        "kind": str(found.kind or ""),
        "worker": found.worker,
        "skill": found.skill,
        "evidence": 1 if found.with_evidence else "",
        "order": "" if found.order == "name" else found.order,
        "by": found.by,
        "columns": "" if found.columns == "evidence" else found.columns,
    }
    return {name: value for name, value in parts.items() if value}


def certainty(low: float, high: float) -> int:
    """Return how sure a level is: 3 sure, 2 fairly sure, 1 not sure."""
    half = (high - low) / 2
    return 3 if half <= SURE[0] else 2 if half <= SURE[1] else 1


@blueprint.get("/matrix")
def show() -> str | AnyResponse:
    """Show a piece of the matrix: a page of workers by a page of skills."""
    filter, down, across = wanted(), number("page"), number("across")
    matrix = workspace().skills_matrix(
        filter, rows=((down - 1) * ROWS, ROWS), columns=((across - 1) * COLUMNS, COLUMNS)
    )
    rows, columns = Paging(down, ROWS, matrix.total_workers), Paging(across, COLUMNS, matrix.total_skills)
    parts = address_of(filter)
    if down > rows.pages or across > columns.pages:
        near: dict[str, Any] = {"page": min(down, rows.pages), "across": min(across, columns.pages)}
        return redirect(url_for("matrix.show", **near, **parts))
    teams = sight().teams or workspace().teams()
    return render_template(
        "matrix.html",
        matrix=matrix,
        cells=cells_of(matrix),
        wanted=filter,
        rows=rows,
        columns=columns,
        parts_of_address=parts,
        teams=sorted(teams),
        families=workspace().families(),
        kinds=KINDS,
        ordered_by=workspace().graph.name(filter.by) if filter.by else "",
        hidden=sight().workers()[1] if sight().teams else 0,
        today=today(),
    )


def cells_of(matrix: SkillsMatrix) -> list[list[tuple[int, int, bool, float, float, float]]]:
    """Return the cells by row: rung, certainty, whether there is evidence, level, low, high."""
    levels = matrix.levels
    columns = (values.tolist() for values in (levels.level, levels.low, levels.high, levels.known))
    return [
        [
            (round(level), certainty(low, high) if known else 0, known, level, low, high)
            for level, low, high, known in zip(*row, strict=True)
        ]
        for row in zip(*columns, strict=True)
    ]


@blueprint.get("/matrix.xlsx")
def workbook() -> Response:
    """Send all workers by all skills of the filter as an Excel workbook."""
    target = BytesIO()
    matrix = workspace().write_matrix(target, wanted())
    return _sent(Response(target.getvalue(), content_type=WORKBOOK), matrix, "xlsx")


@blueprint.get("/matrix.csv")
def table() -> Response:
    """Send all workers by all skills of the filter as CSV, a line for each cell."""
    matrix, lines = workspace().matrix_lines(wanted())

    def whole() -> Iterator[str]:
        yield "\ufeff"  # spreadsheets take it for UTF-8 by this
        yield from lines

    return _sent(Response(stream_with_context(whole()), content_type="text/csv; charset=utf-8"), matrix, "csv")


def _sent(answer: Response, matrix: SkillsMatrix, ending: str) -> Response:
    name = f"skills-matrix-{today():%Y-%m-%d}-revision-{matrix.revision}.{ending}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
