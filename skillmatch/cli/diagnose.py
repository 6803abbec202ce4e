"""The command `diagnose`: what may be behind a call, whom to send meanwhile, what to ask; answers and causes kept."""

from __future__ import annotations

import click

from skillmatch.cli import show
from skillmatch.cli.common import as_json, opened, plain, policy_option, print_json
from skillmatch.cli.show_diagnosis import show_diagnosis
from skillmatch.errors import Invalid

ANSWERS = {"yes": True, "no": False, "?": None}


@click.command()
@click.argument("job")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="QUESTION=yes",
    help="Keep what the customer said: yes or no, ? takes it back. May be given several times.",
)
@click.option("--accept", metavar="CAUSE", help="Go with a cause: the job then needs what that cause takes.")
@click.option("--undo", is_flag=True, help="Go back from a cause to what the job type needs.")
@click.option("--limit", type=click.IntRange(1, 1000), default=3, show_default=True, help="How many workers to show.")
@policy_option
@as_json
@click.pass_obj
def diagnose(
    database: str,
    job: str,
    answers: tuple[str, ...],
    accept: str | None,
    undo: bool,
    limit: int,
    policy: str,
    json_: bool,
) -> None:
    """Say what may be behind the call of JOB, whom to send while that is uncertain, and what is worth asking."""
    if accept is not None and undo:
        raise click.UsageError("--accept and --undo exclude each other: give one of them")
    said = [read_answer(text) for text in answers]
    with opened(database) as workspace:
        for question, yes in said:
            workspace.answer(job, question, yes)
        if accept is not None or undo:
            workspace.go_with(job, accept)
        found = workspace.diagnose(job, policy=policy, limit=limit)
        view, names = workspace.job(job), workspace.names()
    if json_:
        print_json(plain(found))
        return
    show.show_job(view, names)
    show_diagnosis(found, names)


def read_answer(text: str) -> tuple[str, bool | None]:
    """Return a question and what was said to it, None for an answer that is taken back.

    >>> read_answer("air-moving=no")
    ('air-moving', False)

    Raises
    ------
    Invalid
        When the text is no answer.
    """
    question, _, said = text.rpartition("=")
    if not question or said.casefold() not in ANSWERS:
        raise Invalid(f"answer {text!r} cannot be read: expected a question with yes, no or ?, as in air-moving=yes")
    return question, ANSWERS[said.casefold()]
