"""O*NET, the database of occupations of the United States, as its publisher's folder of Excel files holds it.

Taken are skills and knowledge (2.A, 2.B, 2.C of the content model), work activities (4.A) with the intermediate and
detailed ones below them, and software and tools with the commodities they belong to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from skillmatch.errors import Invalid
from skillmatch.importers.draft import Draft, Source, Unfit
from skillmatch.importers.excel import Workbook
from skillmatch.importers.intake import Header
from skillmatch.importers.relations import key_of
from skillmatch.model import Link, LinkKind, Noun, Skill, SkillKind

MODEL = "Content Model Reference"
_KINDS = {
    "2.A": SkillKind.TECHNICAL,
    "2.B": SkillKind.TECHNICAL,
    "2.B.1": SkillKind.CUSTOMER,  # social skills
    "2.C": SkillKind.KNOWLEDGE,
    "4.A": SkillKind.TECHNICAL,
}
"""The branches of the content model that are taken, and what sort of ability each holds."""

Cells = tuple[str, ...]


def accepts(path: Path) -> bool:
    """Return whether `path` is a folder with O*NET's content model."""
    return path.is_dir() and (path / f"{MODEL}.xlsx").is_file()


def read(folder: Path, draft: Draft) -> None:
    """Read elements, activities, software and tools as skills, each with a link to what is broader, into a draft."""
    for name, (columns, make) in _FILES.items():
        path = folder / f"{name}.xlsx"
        if not path.is_file():
            draft.notes.append(f"{path.name} is not in the folder, left out")
            continue
        with draft.reading(path.name):
            source = draft.open(Source(path.name, published=True))
            seen: set[object] = set()
            for line, cells in _rows(path, columns, draft):
                for thing in _sound(make(cells), path.name, line, draft):
                    key = key_of(thing)
                    if key not in seen:
                        seen.add(key)
                        draft.add(thing, source, line)


def _sound(things: Iterator[Noun], file: str, line: int, draft: Draft) -> Iterator[Noun]:
    try:
        yield from things
    except Invalid as error:
        draft.leave_out(f"rows of {file} that break a rule", f"line {line}, {error}")


def _rows(path: Path, columns: Cells, draft: Draft) -> Iterator[tuple[int, Cells]]:
    """Yield of each row the cells in `columns`."""
    book = Workbook(path)
    try:
        rows = book.rows(book.sheets()[0])
        header = Header(*next(rows, (1, [])))
        places = [header.find(column) for column in columns]
        if None in places:
            missing = columns[places.index(None)]
            raise Unfit(f"columns {header.listed()}", "the file as O*NET publishes it", column=missing, line=1)
        for line, cells in draft.watch(path.name, rows):
            yield line, tuple(" ".join(cells[index].split()) for index in places if index is not None)
    finally:
        book.close()


def _elements(cells: Cells) -> Iterator[Noun]:
    id, name, description = cells
    branches = [branch for branch in _KINDS if f"{id}.".startswith(f"{branch}.")]
    if not branches:
        return
    yield Skill(f"onet:{id}", name, _KINDS[max(branches, key=len)], description if description != name else "")
    if id.count(".") > 1:
        yield _broader(f"onet:{id}", f"onet:{id.rpartition('.')[0]}")


def _activities(cells: Cells) -> Iterator[Noun]:
    element, broad, broad_name, fine, fine_name = cells
    yield Skill(f"onet:{broad}", broad_name.rstrip("."))
    yield Skill(f"onet:{fine}", fine_name.rstrip("."))
    yield _broader(f"onet:{broad}", f"onet:{element}")
    yield _broader(f"onet:{fine}", f"onet:{broad}")


def _examples(word: str, kind: SkillKind) -> Callable[[Cells], Iterator[Noun]]:
    def make(cells: Cells) -> Iterator[Noun]:
        name, code, title = cells
        commodity = f"onet:unspsc:{code}"
        yield Skill(commodity, title, kind)
        yield Skill(f"onet:{word}:{name}", name, kind)
        yield _broader(f"onet:{word}:{name}", commodity)

    return make


def _broader(source: str, target: str) -> Link:
    return Link(source, target, LinkKind.BROADER)


_COMMODITY = ("Example", "Commodity Code", "Commodity Title")
_FILES: dict[str, tuple[Cells, Callable[[Cells], Iterator[Noun]]]] = {
    MODEL: (("Element ID", "Element Name", "Description"), _elements),
    "DWA Reference": (("Element ID", "IWA ID", "IWA Title", "DWA ID", "DWA Title"), _activities),
    "Technology Skills": (_COMMODITY, _examples("software", SkillKind.TECHNICAL)),
    "Tools Used": (_COMMODITY, _examples("tool", SkillKind.EQUIPMENT)),
}
"""The files that are read, with the columns that are taken from each."""
