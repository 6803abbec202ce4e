"""The catalogues of the pages: which texts are marked in the code, and which of them no catalogue says yet.

    python3 dev.py texts

takes new texts into every catalogue, puts aside those that are gone, and lists what is not translated.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from string import Formatter

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from skillmatch_web.languages import FIRST, LANGUAGES

ROOT = Path(__file__).parents[2]
MAPPING = ROOT / "web" / "babel.cfg"
TRANSLATIONS = Path(__file__).parent / "translations"
KEYWORDS = {**DEFAULT_KEYWORDS, "said": None, "said_many": (1, 2), "joined": (2,)}
"""What marks a text, and which of its arguments are texts."""
WIDTH = 116


def marked() -> Catalog:
    """Return every text that is marked in the code and the templates, with the places where it stands."""
    with MAPPING.open(encoding="utf-8") as source:
        methods, options = parse_mapping_cfg(source)  # type: ignore[no-untyped-call]
    found = Catalog(charset="utf-8")
    texts = extract_from_dir(
        ROOT,
        methods,
        options,
        keywords=KEYWORDS,
        comment_tags=("For translators:",),
        strip_comment_tags=True,
        directory_filter=_looked_into,
    )
    for place, _line, text, comments, _context in texts:
        found.add(text, locations=[(place, None)], auto_comments=comments)  # type: ignore[list-item]
    return found


def _looked_into(directory: str) -> bool:
    at = Path(directory).relative_to(ROOT).parts
    return not at or (at[0] in ("skillmatch", "web") and not at[-1].startswith((".", "_")))


def catalogue_file(language: str) -> Path:
    """Return where the catalogue of a language is kept."""
    return TRANSLATIONS / f"{language}.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language as it is kept."""
    with catalogue_file(language).open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def update(language: str) -> Catalog:
    """Take what is marked now into the catalogue of a language, write it, and return it."""
    kept = read(language)
    kept.update(marked(), no_fuzzy_matching=True, update_creation_date=False)
    kept.obsolete.clear()
    written = BytesIO()
    write_po(written, kept, width=WIDTH, sort_by_file=True, include_lineno=False, omit_header=False)
    catalogue_file(language).write_bytes(written.getvalue())
    return kept


def missing(catalogue: Catalog) -> list[str]:
    """Return the texts that a catalogue does not say, or says doubtfully."""
    return [str(_id(one)) for one in catalogue if one.id and (one.fuzzy or not all(_told(one)))]


def placeholders(text: str) -> set[str]:
    """Return the names of the values of a text, however they are marked.

    >>> sorted(placeholders("%(num)s of {total:,}"))
    ['num', 'total']
    """
    braces = {name for _text, name, _spec, _how in Formatter().parse(text.replace("%", "")) if name}
    rest = text.split("%(")[1:]
    return braces | {part.partition(")")[0] for part in rest}


def differing(catalogue: Catalog) -> list[str]:
    """Return the texts whose translation fills in other values than they do."""
    found = []
    for one in catalogue:
        if one.id and all(_told(one)):
            wanted = placeholders(one.id if isinstance(one.id, str) else one.id[-1])
            if any(placeholders(text) - {"num"} != wanted - {"num"} for text in _told(one)):
                found.append(_id(one))
    return found


def _id(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _told(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def main() -> int:
    """Bring every catalogue up to date and list what is missing; return how many languages are not complete."""
    incomplete = 0
    for language, name in LANGUAGES.items():
        if language == FIRST:
            continue
        kept = update(language)
        wrong = [*missing(kept), *differing(kept)]
        click.echo(f"{name}: {len(kept)} texts, {len(wrong)} to be written in {catalogue_file(language)}")
        for text in wrong:
            click.echo(f"  {text}")
        incomplete += bool(wrong)
    return incomplete


if __name__ == "__main__":
    sys.exit(main())
