"""How the preview of a skills matrix looks in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from skillmatch.cli.show import console, indented, many, percent, show_problems, table
from skillmatch.importers.matrix.marks import scale_named
from skillmatch.importers.matrix.preview import (
    CHOSEN,
    CONFLICT,
    LEFT_OUT,
    OPEN,
    ColumnMatch,
    MatrixPreview,
    PersonMatch,
    skill_for,
    worker_for,
)
from skillmatch.model import rung

MOST_OPEN, MOST_PEOPLE, MOST_COLUMNS, MOST_BESIDE = 40, 20, 200, 20


def show_preview(preview: MatrixPreview, written: str | None) -> None:
    """Print what a sheet was taken for, what needs a choice first; `written`: the file of choices."""
    out = console()
    found = f"{many(len(preview.columns), 'skill')}, {_people(len(preview.people))}, {preview.orientation}"
    out.print(f"[bold]{escape(preview.file)}[/]: {found}; marks: {_scale(preview)}")
    _show_open(out, preview)
    _show_columns(out, preview.columns)
    _show_people(out, preview.people)
    _show_marks(out, preview)
    if preview.beside:
        out.print("\n[bold]What else is on the sheet[/]: not read")
        for line in preview.beside[:MOST_BESIDE]:
            out.print(indented(escape(line), 2))
        _more(out, len(preview.beside) - MOST_BESIDE)
    for note in preview.notes:
        out.print(escape(note))
    if preview.problems:
        out.print(f"\n[bold]{many(len(preview.problems), 'cell')} that cannot be read[/]: mend them, or --skip-bad")
    show_problems(preview)
    _show_next(out, preview, written)


def _scale(preview: MatrixPreview) -> str:
    return f"{scale_named(preview.scale).expected} (scale {preview.scale})"


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _more(out: Console, count: int) -> None:
    if count > 0:
        out.print(indented(f"... and {count:,} more", 2))


def _show_open(out: Console, preview: MatrixPreview) -> None:
    columns, people = preview.open_columns, preview.open_people
    if not columns and not people:
        return
    out.print("\n[bold]Unmatched[/]: each needs a choice (nothing after the = leaves it out), or --skip-unmatched")
    rows = table("cell", "on the sheet", "why", "your choice, for example")
    rows.columns[-1].no_wrap = True  # to be copied
    lines: list[tuple[ColumnMatch | PersonMatch, str, str]] = [(one, "--match", skill_for(one)) for one in columns]
    lines += [(one, "--person", worker_for(one)) for one in people]
    for one, option, near in lines[:MOST_OPEN]:
        example = "" if not one.text else f'{option} "{one.text}={near}"'
        rows.add_row(one.place, escape(one.text or "(no name)"), escape(_why(one)), escape(example))
    out.print(rows)
    _more(out, len(lines) - MOST_OPEN)


def _why(one: ColumnMatch | PersonMatch) -> str:
    if one.best is None or one.status == CONFLICT or one.best.confidence >= 0.7:
        return one.reason
    others = "".join(f", or {other.name} {percent(other.confidence)}" for other in one.others)
    return f"{one.reason}: {one.best.name} {percent(one.best.confidence)}{others}"


def _show_columns(out: Console, columns: Sequence[ColumnMatch]) -> None:
    settled = [one for one in columns if one.status not in OPEN]
    if not settled:
        return
    out.print("\n[bold]Skills[/]")
    rows = table("cell", "on the sheet", "taken for", "sure", "by", "cells", right=("sure", "cells"))
    for one in settled[:MOST_COLUMNS]:
        name = one.best.name if one.best else f"({one.reason})"
        sure = percent(one.best.confidence) if one.best and not one.exact and one.status != CHOSEN else ""
        own = f" [dim](scale {one.scale})[/]" if one.scale else ""
        rows.add_row(one.place, escape(one.text), f"{escape(name)}{own}", sure, escape(_by(one)), f"{one.cells:,}")
    out.print(rows)
    _more(out, len(settled) - MOST_COLUMNS)


def _by(column: ColumnMatch) -> str:
    if column.status in (CHOSEN, LEFT_OUT) or column.best is None:
        return "your choice"
    if column.exact:
        return "its name" if column.best.via == column.best.name else f"its name {column.best.via!r}"
    return f"the words {', '.join(map(repr, column.best.words))}" if column.best.words else "its meaning"


def _show_people(out: Console, people: Sequence[PersonMatch]) -> None:
    settled = [one for one in people if one.status not in OPEN]
    if not settled:
        return
    out.print("\n[bold]People[/]")
    rows = table("cell", "on the sheet", "taken for", "sure", "by", "cells", right=("sure", "cells"))
    # Those of whom it is least sure are worth a look; a full list of names is not.
    order = sorted(settled, key=lambda one: one.best.confidence if one.best else 0.0)
    for one in order[:MOST_PEOPLE]:
        name = f"{escape(one.best.name)} [dim]{escape(one.best.worker)}[/]" if one.best else f"({one.reason})"
        sure = percent(one.best.confidence) if one.best and one.best.confidence < 0.98 else ""
        how = "your choice" if one.status in (CHOSEN, LEFT_OUT) or one.best is None else one.best.how
        rows.add_row(one.place, escape(one.text), name, sure, how, f"{one.cells:,}")
    out.print(rows)
    _more(out, len(order) - MOST_PEOPLE)


def _show_marks(out: Console, preview: MatrixPreview) -> None:
    doubt = f"; {preview.doubt}: if that is wrong, name the scale with --scale" if preview.doubt else ""
    out.print(f"\n[bold]Marks[/]: {_scale(preview)}{escape(doubt)}. A blank cell says nothing")
    rows = table("mark", "level", "cells", right=("cells",))
    for mark in preview.marks:
        level = "cannot be read" if mark.level is None else f"{mark.level:.3g} {rung(mark.level)}"
        rows.add_row(escape(mark.mark), level, f"{mark.cells:,}")
    out.print(rows)


def _show_next(out: Console, preview: MatrixPreview, written: str | None) -> None:
    blank = f"; {preview.blank:,} {'is' if preview.blank == 1 else 'are'} blank" if preview.blank > 0 else ""
    out.print(f"\n{many(preview.cells, 'cell')} can be taken{blank}. Nothing was written.")
    if written is not None:
        out.print(f"The choices are in {escape(written)}: mend them there, then add --choices {escape(written)}")
    elif not preview.ready:
        out.print(
            "Many to choose? --write-choices FILE writes all of it into a file that you mend and give to --choices."
        )
    out.print("Take it in with --apply --on DATE; when a manager filled it in, also --as assessment --by NAME.")
