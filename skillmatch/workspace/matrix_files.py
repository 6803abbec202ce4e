"""A matrix of workers by skills as files, with what it was made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import IO

from skillmatch.importers.matrix_sheets import Written, lines, write_workbook
from skillmatch.matching.policy import Policy
from skillmatch.workspace.skills_matrix import MatrixFilter, SkillsMatrix

XLSX, CSV = FORMS = ("xlsx", "csv")


def write_matrix(matrix: SkillsMatrix, target: IO[bytes], *, policy: Policy, zone: tzinfo) -> None:
    """Write a matrix as a workbook into `target`, or raise Invalid when it is too large for one."""
    write_workbook(target, _written(matrix, policy, zone), all_cells=not matrix.wanted.with_evidence)


def matrix_lines(matrix: SkillsMatrix, *, policy: Policy, zone: tzinfo) -> Iterator[str]:
    """Yield the lines of a matrix as CSV, or raise Invalid when it is too large."""
    return lines(_written(matrix, policy, zone), all_cells=not matrix.wanted.with_evidence)


def _written(matrix: SkillsMatrix, policy: Policy, zone: tzinfo) -> Written:
    levels = matrix.levels
    return Written(
        [(worker.id, worker.name, worker.team) for worker in matrix.workers],
        [(skill.id, skill.name) for skill in matrix.skills],
        levels.level,
        levels.low,
        levels.high,
        levels.known,
        _foot(matrix),
        _legend(matrix, policy, zone),
    )


def _foot(matrix: SkillsMatrix) -> list[tuple[str, Sequence[float | str]]]:
    sums = matrix.sums
    return [
        ("usual level asked", [one.usual for one in sums]),
        ("with evidence", [float(one.known) for one in sums]),
        ("of these at the usual level or above", [float(one.reached) for one in sums]),
        ("best", [one.best.name if one.best else "" for one in sums]),
    ]


def _legend(matrix: SkillsMatrix, policy: Policy, zone: tzinfo) -> list[tuple[str, str]]:
    local, limits = matrix.moment.astimezone(zone), policy.limits
    return [
        ("Level", "0 none, 1 has seen it, 2 with help, 3 alone, 4 experienced, 5 expert; estimated from evidence"),
        (
            "Certainty",
            "in 8 cases of 10 the true level lies no further from the level than about this number; small is sure",
        ),
        ("In italics", "inferred: there is no evidence in the very skill, the number comes from general ability"),
        ("Usual level", "the level at which most job types ask for the skill; 3, alone, where none asks at a level"),
        ("Workers", f"{matrix.total_workers:,} who are with the firm"),
        ("Skills", f"{matrix.total_skills:,}"),
        ("Filter", described(matrix.wanted) or "none"),
        ("Made", f"{local:%Y-%m-%d %H:%M %Z}"),
        ("Revision", str(matrix.revision)),
        ("Parameter version", str(matrix.params_version)),
        (
            "Policy",
            f"{policy.name}, version {policy.version}: a must has to be met with a probability of "
            f"{limits.certainty_low:.0%} at low, {limits.certainty_normal:.0%} at normal and "
            f"{limits.certainty_high:.0%} at high risk",
        ),
    ]


def described(wanted: MatrixFilter) -> str:
    """Return a filter in words, "" where all is wanted.

    >>> described(MatrixFilter(team="North", with_evidence=True))
    'team North; only with evidence'
    """
    parts = (
        f"teams {', '.join(wanted.teams)}" if wanted.teams else "",
        f"team {wanted.team}" if wanted.team else "",
        f"family {wanted.family}" if wanted.family else "",
        f"kind {wanted.kind}" if wanted.kind else "",
        f"worker {wanted.worker!r}" if wanted.worker else "",
        f"skill {wanted.skill!r}" if wanted.skill else "",
        "only with evidence" if wanted.with_evidence else "",
    )
    return "; ".join(part for part in parts if part)
