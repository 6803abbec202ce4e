"""The file of choices that a preview proposes: what was matched, to be looked over, and what is open, to be decided."""

from __future__ import annotations

from collections.abc import Iterator

from skillmatch.importers.matrix.choices import Choices, quoted
from skillmatch.importers.matrix.preview import LEFT_OUT, TAKEN, ColumnMatch, MatrixPreview, PersonMatch


def proposal(preview: MatrixPreview, choices: Choices) -> str:
    """Return the text of a TOML file: choices that were made and matches that were found, open ones as comments."""
    return "\n".join(_lines(preview, choices)) + "\n"


def _lines(preview: MatrixPreview, choices: Choices) -> Iterator[str]:
    yield f"# What stands in {quoted(preview.file)}, and what it means. Mend it, then give it to --choices."
    yield '# "" leaves a column or person out, or says that a mark means nothing. Lines with # do not count.'
    yield f"{'' if choices.scale else '# '}scale = {quoted(choices.scale or preview.scale)}"
    if choices.held is not None:
        yield f"held = {choices.held!r}"
    yield from ("", "[skills]")
    for column in preview.columns:
        yield _column(column)
    yield from ("", "[people]")
    for person in preview.people:
        if person.text:
            yield _person(person)
    yield from ("", "[marks]")
    for mark in preview.marks:
        level = '""' if mark.level is None else repr(mark.level)
        chosen = mark.mark in choices.marks
        unclear = "  # what does it mean?" if mark.level is None and not chosen else ""
        yield f"{'' if chosen else '# '}{quoted(mark.mark)} = {level}{unclear}"


def _column(column: ColumnMatch) -> str:
    key = quoted(column.text)
    if column.status == LEFT_OUT:
        return f'{key} = ""'
    if column.best is None:
        return f'# {key} = ""  # {column.reason}'
    sure = f"{column.best.name}, {column.best.confidence:.0%}"
    if column.status in TAKEN:
        return f"{key} = {quoted(column.best.skill)}  # {quoted(sure)}"
    others = "".join(f"; or {quoted(link.skill)}" for link in column.others)
    return f"# {key} = {quoted(column.best.skill)}  # {quoted(f'{sure}, {column.reason}')}{others}"


def _person(person: PersonMatch) -> str:
    key = quoted(person.text)
    if person.status == LEFT_OUT:
        return f'{key} = ""'
    if person.best is None:
        return f'# {key} = ""  # {person.reason}'
    sure = quoted(f"{person.best.name}, {person.best.confidence:.0%}, {person.best.how}")
    if person.status in TAKEN:
        return f"{key} = {quoted(person.best.worker)}  # {sure}"
    return f"# {key} = {quoted(person.best.worker)}  # {sure}, {quoted(person.reason)}"
