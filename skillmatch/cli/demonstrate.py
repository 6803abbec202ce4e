"""`skillmatch demo` builds and shows the sample company; `skillmatch serve` opens the pages."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import click

from skillmatch.accounts import Role
from skillmatch.cli import show
from skillmatch.cli.common import as_json, open_workspace, opened, print_json, progress_bar
from skillmatch.errors import Invalid
from skillmatch.settings import load_settings
from skillmatch.workspace import Workspace

DATABASE = "company.db"
ENOUGH = 5
"""So many candidates make a ranking worth showing."""

port_option = click.option(
    "--port", type=click.IntRange(1, 65535), help="Port of the pages. Default: $SKILLMATCH_PORT, else 8000."
)


@click.command()
@port_option
@click.option("--once", is_flag=True, help="Print the ranking and stop, without serving pages.")
@click.option("--fresh", is_flag=True, help="Build the sample company anew, forgetting what was recorded in it.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("skillmatch-demo"),
    show_default=True,
    help="Where the sample company is kept.",
)
@as_json
def demo(port: int | None, once: bool, fresh: bool, folder: Path, json_: bool) -> None:
    """Build a sample company, rank workers for one of its jobs, and serve its pages until Ctrl-C."""
    if fresh or not (folder / DATABASE).exists():
        build(folder, quiet=json_)
    with opened(str(folder / DATABASE)) as workspace:
        show_one(workspace, json_=json_)
    if not once:
        run_server(str(folder / DATABASE), port, demo=True)


@click.command()
@port_option
@click.option("--host", metavar="ADDRESS", help="Address to listen on. Default: $SKILLMATCH_HOST, else 127.0.0.1.")
@click.option(
    "--trusted-host",
    "trusted_hosts",
    metavar="NAME",
    multiple=True,
    help="A name under which the pages answer; may be given again. Default: $SKILLMATCH_TRUSTED_HOSTS.",
)
@click.option(
    "--https", is_flag=True, default=None, help="People come by https, through a proxy. Default: $SKILLMATCH_HTTPS."
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="Processes that serve, each with the company in its memory. Default: $SKILLMATCH_PROCESSES, else 1.",
)
@click.pass_obj
def serve(
    database: str,
    port: int | None,
    host: str | None,
    trusted_hosts: tuple[str, ...],
    https: bool | None,
    processes: int | None,
) -> None:
    """Serve the pages until Ctrl-C: on 127.0.0.1, or on another address under names that you trust."""
    with opened(database) as workspace:
        if load_settings().model:
            # Now and with a bar, so that nobody who opens a page waits until all names of skills are embedded.
            with progress_bar() as progress:
                workspace.link("skills", progress=progress)
    run_server(database, port, host=host, trusted_hosts=trusted_hosts, https=https, processes=processes)


def build(folder: Path, *, quiet: bool) -> None:
    """Generate the sample company and import it; the folder appears only when it is complete."""
    from skillmatch.demo import write_company

    if folder.exists() and not (folder / DATABASE).exists() and any(folder.iterdir()):
        raise Invalid(f"folder {str(folder)!r} holds other files: name an empty or new one with --folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    half_made = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with progress_bar(quiet=quiet) as progress:
            progress("inventing the sample company", 0, None)
            summary = write_company(half_made / "tables")
            with opened(str(half_made / DATABASE), create=True) as workspace:
                workspace.import_path(half_made / "tables", progress=progress)
        if not quiet:
            click.echo(str(summary))
        if folder.exists():
            shutil.rmtree(folder)
        half_made.chmod(0o755)
        half_made.replace(folder)
    finally:
        shutil.rmtree(half_made, ignore_errors=True)


def show_one(workspace: Workspace, *, json_: bool) -> None:
    """Print the ranking for the most urgent open job that has a choice of workers, and why the first is first."""
    jobs = workspace.open_jobs(limit=50).jobs
    if not jobs:
        click.echo("no job is open; build the company anew with --fresh")
        return
    rankings = (workspace.rank(job.id, limit=5) for job in jobs)
    ranking = next((one for one in rankings if one.eligible >= ENOUGH), None) or workspace.rank(jobs[0].id, limit=5)
    if json_:
        print_json(ranking)
        return
    show.show_job(workspace.job(ranking.job.id), workspace.names())
    show.console().print()
    show.show_ranking(ranking)
    if ranking.candidates:
        show.console().print()
        show.show_candidate(ranking.candidates[0])


def run_server(
    database: str,
    port: int | None,
    *,
    host: str | None = None,
    trusted_hosts: tuple[str, ...] = (),
    https: bool | None = None,
    processes: int | None = None,
    demo: bool = False,
) -> None:
    """Serve the pages of a database; Flask is imported only here. A demo is for this machine only."""
    from skillmatch_web.server import Place
    from skillmatch_web.server import serve as serve_pages
    from skillmatch_web.sign_on import Provider

    settings = load_settings()
    place = Place(port or settings.port)
    if not demo:
        names = trusted_hosts or settings.names
        https = settings.https if https is None else https
        provider = Provider.of(settings)
        passwords = frozenset(Role) if settings.passwords == "everybody" else frozenset({Role.ADMINISTRATOR})
        place = Place(place.port, host or settings.host, names, https, provider, passwords)
        place = replace(place, processes=processes or settings.processes)
    place = replace(place, language=settings.language, keep_pages=settings.keep_pages)
    serve_pages(lambda: open_workspace(database), place, demo=demo)
