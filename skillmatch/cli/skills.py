"""The commands of skills: those that are one (duplicates, merge, unmerge, distinct, merges), and who has which."""

from __future__ import annotations

from pathlib import Path

import click

from skillmatch.cli.common import as_json, opened, plain, print_json
from skillmatch.cli.show_skills import show_distinct, show_duplicates, show_effect, show_merges
from skillmatch.model import SkillKind
from skillmatch.workspace import MatrixFilter

by_option = click.option("--by", default="", help="Who says so.")
reason_option = click.option("--reason", default="", help="Why, for whoever reads it later.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Say what it would move, and change nothing.")


@click.group()
def skill() -> None:
    """Find skills that are there under two names, make them one, and two again."""


@skill.command("duplicates")
@click.option("--limit", type=click.IntRange(0, 100_000), default=20, show_default=True, help="How many pairs.")
@as_json
@click.pass_obj
def duplicates_(database: str, limit: int, json_: bool) -> None:
    """List pairs of skills that may be one, the surest first, with what speaks for and against it."""
    with opened(database) as workspace:
        found = workspace.duplicates(limit=limit)
    if json_:
        print_json({"duplicates": [plain(one) for one in found]})
    else:
        show_duplicates(found)


@skill.command()
@click.argument("old")
@click.argument("into")
@by_option
@reason_option
@dry_run_option
@as_json
@click.pass_obj
def merge(database: str, old: str, into: str, by: str, reason: str, dry_run: bool, json_: bool) -> None:
    """Make skills OLD and INTO one: whatever names OLD means INTO from now on. It can be undone."""
    with opened(database) as workspace:
        effect = workspace.merge_skills(old, into, by=by, reason=reason, dry_run=dry_run)
    if json_:
        print_json({**plain(effect), "dry_run": dry_run})
    else:
        show_effect(effect, dry_run=dry_run)


@skill.command()
@click.argument("old")
@by_option
@reason_option
@dry_run_option
@as_json
@click.pass_obj
def unmerge(database: str, old: str, by: str, reason: str, dry_run: bool, json_: bool) -> None:
    """Take skill OLD out of the one it was merged into: whatever named it means it again."""
    with opened(database) as workspace:
        effect = workspace.unmerge(old, by=by, reason=reason, dry_run=dry_run)
    if json_:
        print_json({**plain(effect), "dry_run": dry_run})
    else:
        show_effect(effect, dry_run=dry_run)


@skill.command()
@click.argument("a")
@click.argument("b")
@by_option
@reason_option
@as_json
@click.pass_obj
def distinct(database: str, a: str, b: str, by: str, reason: str, json_: bool) -> None:
    """Record that skills A and B are two, so that they are not proposed any more."""
    with opened(database) as workspace:
        found = workspace.distinct(a, b, by=by, reason=reason)
    if json_:
        print_json(found)
    else:
        show_distinct(found)


@skill.command()
@as_json
@click.pass_obj
def merges(database: str, json_: bool) -> None:
    """List the merges on record, the newest first, with those that were undone and the pairs that are two."""
    with opened(database) as workspace:
        found = workspace.merges()
        zone = workspace.zone
    if json_:
        print_json({"merges": [plain(one) for one in found]})
    else:
        show_merges(found, zone)


@skill.command("export")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--team", default="", help="Only workers of this team.")
@click.option("--family", default="", metavar="SKILL", help="Only this skill and all narrower ones.")
@click.option("--kind", type=click.Choice([str(kind) for kind in SkillKind]), help="Only skills of this kind.")
@click.option("--with-evidence", is_flag=True, help="Leave out what is only inferred.")
@as_json
@click.pass_obj
def export_(
    database: str, path: Path, team: str, family: str, kind: str | None, with_evidence: bool, json_: bool
) -> None:
    """Write who has which skill, at what level and how sure that is, into PATH: an .xlsx or a .csv file."""
    wanted = MatrixFilter(team=team, family=family, kind=SkillKind(kind) if kind else None, with_evidence=with_evidence)
    with opened(database) as workspace:
        matrix = workspace.export_matrix(path, wanted)
    if json_:
        print_json({"path": str(path), "workers": matrix.total_workers, "skills": matrix.total_skills})
    else:
        click.echo(f"{matrix.total_workers:,} workers by {matrix.total_skills:,} skills are in {path}")
