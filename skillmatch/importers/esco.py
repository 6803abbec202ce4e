"""ESCO, the European classification of skills, as its publisher's folder of CSV files holds it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from skillmatch.errors import Invalid
from skillmatch.importers.draft import Draft, Source, Unfit
from skillmatch.importers.intake import Header
from skillmatch.importers.tables import read_csv
from skillmatch.model import Link, LinkKind, Noun, Skill, SkillKind

PREFIX = "http://data.europa.eu/esco/"
RELATED_WEIGHT = 0.5
"""For relations that ESCO calls optional: the skills bear on each other without being the same, which were 1."""

Record = dict[str, str]


def accepts(path: Path) -> bool:
    """Return whether `path` is a folder with ESCO's skills in some language."""
    return path.is_dir() and _language(path) is not None


def _language(folder: Path) -> str | None:
    """Return the language to read: English, or else the first there is."""
    languages = {file.stem.rpartition("_")[2] for file in folder.glob("skills_*.csv")}
    whole = sorted(each for each in languages if (folder / f"skillGroups_{each}.csv").is_file())
    return "en" if "en" in whole else next(iter(whole), None)


def read(folder: Path, draft: Draft) -> None:
    """Read skills, groups of skills and the relations between them into a draft."""
    language = _language(folder)
    for name, (columns, make) in _FILES.items():
        file = f"{name}_{language}.csv"
        with draft.reading(file):
            _read_file(folder / file, columns, make, draft)


def _read_file(path: Path, columns: tuple[str, ...], make: Callable[[Record], Noun | None], draft: Draft) -> None:
    if not path.is_file():
        raise Unfit("no such file", "all files of ESCO's skills in one folder")
    rows = read_csv(path, path.name, draft)
    header = Header(*next(rows))
    places = {column: header.find(column) for column in columns}
    for column, index in places.items():
        if index is None:
            raise Unfit(f"columns {header.listed()}", "the file as ESCO publishes it", column=column, line=header.line)
    source = draft.open(Source(path.name, published=True))
    for line, cells in draft.watch(path.name, rows):
        cells += [""] * (len(header.names) - len(cells))
        try:
            thing = make({column: cells[index] for column, index in places.items() if index is not None})
        except Invalid as error:
            draft.leave_out(f"rows of {path.name} that break a rule", f"line {line}, {error}")
            continue
        if thing is not None:
            draft.add(thing, source, line)


def _id(uri: str) -> str:
    """Return the id of a concept: what its address says after ESCO's own part."""
    return "esco:" + uri.removeprefix(PREFIX).removeprefix("skill/")


def _words(text: str) -> str:
    return " ".join(text.split())


def _skill(row: Record) -> Skill:
    # Groups have no skillType; those of ISCED-F divide fields of knowledge.
    known = row.get("skillType") == "knowledge" or "/isced-f/" in row["conceptUri"]
    return Skill(
        _id(row["conceptUri"]),
        _words(row["preferredLabel"]),
        SkillKind.KNOWLEDGE if known else SkillKind.TECHNICAL,
        row["description"].strip(),
        alt_names=tuple(dict.fromkeys(filter(None, map(_words, row["altLabels"].split("\n"))))),
        source_uri=row["conceptUri"],
    )


def _broader(row: Record) -> Link:
    return Link(_id(row["conceptUri"]), _id(row["broaderUri"]), LinkKind.BROADER)


def _relation(row: Record) -> Link | None:
    ends = _id(row["originalSkillUri"]), _id(row["relatedSkillUri"])
    match row["relationType"]:
        case "essential":
            return Link(*ends, LinkKind.NEEDS)
        case "optional":
            return Link(*ends, LinkKind.RELATED, RELATED_WEIGHT)
        case _:
            return None


_CONCEPT = ("conceptUri", "preferredLabel", "altLabels", "description")
_FILES: dict[str, tuple[tuple[str, ...], Callable[[Record], Noun | None]]] = {
    "skills": ((*_CONCEPT, "skillType"), _skill),
    "skillGroups": (_CONCEPT, _skill),
    "broaderRelationsSkillPillar": (("conceptUri", "broaderUri"), _broader),
    "skillSkillRelations": (("originalSkillUri", "relationType", "relatedSkillUri"), _relation),
}
"""The files that are read, with the columns that are taken from each."""
