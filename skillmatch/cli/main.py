"""The group of commands, what they share, and how mistakes are told."""

from __future__ import annotations

import sys
from typing import Any

import click

from skillmatch import __version__
from skillmatch.errors import ImportStopped, SkillmatchError
from skillmatch.settings import load_settings


class Group(click.Group):
    """A group that tells every mistake a caller can react to in words, and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; our own errors become one line on stderr."""
        try:
            return super().invoke(ctx)
        except ImportStopped as stopped:
            from skillmatch.cli.show import show_problems

            show_problems(stopped.report)
            click.secho(f"error: {stopped}", err=True, fg="red")
        except SkillmatchError as error:
            click.secho(f"error: {error}", err=True, fg="red")
        except BrokenPipeError:
            sys.stderr.close()
        ctx.exit(1)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="skillmatch")
@click.option(
    "--database",
    metavar="URL",
    help="A file or a database URL. Default: $SKILLMATCH_DATABASE, else skillmatch.db in this folder.",
)
@click.pass_context
def main(ctx: click.Context, database: str | None) -> None:
    """Who can really do this job? Ranks workers for customers' jobs by what their work history shows."""
    ctx.obj = database or (None if ctx.resilient_parsing else load_settings().database)


def register() -> None:
    """Add every command to the group."""
    from skillmatch.cli import ask, change, decide, demonstrate
    from skillmatch.cli.claims import certificates, claim
    from skillmatch.cli.crew import crew
    from skillmatch.cli.diagnose import diagnose
    from skillmatch.cli.dispute import dispute
    from skillmatch.cli.evaluate import evaluate
    from skillmatch.cli.link import link
    from skillmatch.cli.matrix import matrix
    from skillmatch.cli.plan import plan
    from skillmatch.cli.policy import policy
    from skillmatch.cli.record import record
    from skillmatch.cli.refit import refit
    from skillmatch.cli.skills import skill
    from skillmatch.cli.token import token
    from skillmatch.cli.user import user
    from skillmatch.cli.webhook import deliver, webhook

    plain = (
        certificates,
        claim,
        crew,
        deliver,
        diagnose,
        dispute,
        evaluate,
        link,
        matrix,
        plan,
        policy,
        record,
        refit,
        skill,
        token,
        user,
        webhook,
    )
    commands = (*ask.COMMANDS, *change.COMMANDS, *decide.COMMANDS, *plain)
    for command in (*commands, demonstrate.demo, demonstrate.serve):
        main.add_command(command)


register()
