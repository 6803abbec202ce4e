"""Serving the pages: on this machine, or to others under names that are trusted."""

from __future__ import annotations

import errno
import ipaddress
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from skillmatch.accounts import Role
from skillmatch.errors import Invalid, SkillmatchError
from skillmatch.workspace import Workspace
from skillmatch_web.addresses import EXTENSION
from skillmatch_web.app import create_app
from skillmatch_web.languages import LANGUAGES
from skillmatch_web.sign_on import Provider

HOST = "127.0.0.1"
THREADS = 8
MOST_PROCESSES = 64
WAITING_CONNECTIONS = 128
PATIENCE = 3
"""Seconds that a request in flight has to end after Ctrl-C."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where pages are served.

    They listen on `port` (1 to 65535, or 0 for any that is free) of `host`, an address of this machine. They answer to
    the names of this machine and to `trusted_hosts`. With `https`, people reach them through a proxy of the firm that
    speaks https and says in X-Forwarded-For who asks. `provider` vouches for people, if there is one, and `passwords`
    are the roles that may sign in by password. `language` is for people who have chosen none, "" as browsers ask.
    So many `processes` (1 to 64) serve, each with the company in its memory,
    and pages if it is to `keep_pages`.
    """

    port: int
    host: str = HOST
    trusted_hosts: tuple[str, ...] = ()
    https: bool = False
    provider: Provider | None = None
    passwords: frozenset[Role] = frozenset(Role)
    language: str = ""
    processes: int = 1
    keep_pages: bool = True

    def check(self) -> None:
        """Raise Invalid for an address that others can reach without a name to answer to, or a language that is not, or
        for no number of processes.
        """
        if not 1 <= self.processes <= MOST_PROCESSES:
            raise Invalid(f"{self.processes} processes cannot serve: expected 1 to {MOST_PROCESSES}, one for each core")
        if self.language and self.language not in LANGUAGES:
            raise Invalid(f"there are no pages in language {self.language!r}: expected one of {', '.join(LANGUAGES)}")
        if self.is_public and not self.trusted_hosts:
            raise Invalid(
                f"to listen on {self.host} needs a name under which the pages answer: add --trusted-host, such as "
                "--trusted-host skills.example.org; without --host they are for this machine only"
            )

    @property
    def is_public(self) -> bool:
        """Whether others can reach it."""
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            raise Invalid(
                f"{self.host!r} is no address to listen on: expected one such as 127.0.0.1, ::1 or 0.0.0.0"
            ) from None

    def address(self, port: int) -> str:
        """Return how people write where the pages are."""
        name = self.trusted_hosts[0] if self.trusted_hosts else f"[{self.host}]" if ":" in self.host else self.host
        if self.https:
            return f"https://{name}"
        return f"http://{name}" if ":" in name.rpartition("]")[2] else f"http://{name}:{port}"


class PortUnavailable(SkillmatchError):
    """The pages cannot be served on the port that was asked for."""


def serve(
    open_workspace: Callable[[], Workspace], place: Place, *, patience: int = PATIENCE, demo: bool = False
) -> None:
    """Serve the pages until Ctrl-C, and say where they are as soon as they are there.

    While no administrator has a password, a one-time link for one is printed.

    Parameters
    ----------
    open_workspace
        Opens the workspace. The server forks, and connections to a database must not cross a fork, so it is called in
        each process that serves; and once before, to meet what is wrong with the database while it can still be told.
    place
        Where.
    patience
        Seconds that a request in flight has to end after Ctrl-C; connections without one are not waited for.
    demo
        Whether the sign-in page offers to be somebody of the demo; only where nobody else can reach it.

    Raises
    ------
    Invalid
        When others could reach it, but there is no name to answer to; or when it is a demo.
    PortUnavailable
        When somebody else uses the port, or the system does not let us.
    StoreError
        When the database cannot be used.
    """
    place.check()
    if demo and (place.is_public or place.trusted_hosts):
        raise Invalid("the demo lets people in without a password: it is for this machine only")
    with listen(place.port, place.host) as listening:
        port = listening.getsockname()[1]
        with open_workspace() as workspace:
            create_app(workspace, trusted_hosts=place.trusted_hosts)  # what is wrong with the names is told now
            welcome = first_link(workspace, place.address(port))
            if demo:
                workspace.accounts.demo()
        ours = os.getpid()
        try:
            Server(open_workspace, listening, place, patience=patience, demo=demo, welcome=welcome).run()
        except SystemExit as end:
            # How the server ends when all is well. The process that served ends so too, and must not go on as us.
            if end.code or os.getpid() != ours:
                raise


def first_link(workspace: Workspace, address: str) -> str:
    """Return what to print while no administrator has a password, "" once one has."""
    invitation = workspace.accounts.first_invitation()
    if invitation is None:
        return ""
    account, token = invitation
    return (
        f"Nobody administers it yet: open {address}/invitations/{token} within 48 hours to choose the password of "
        f"“{account.sign_in}”. The link works once."
    )


def listen(port: int, host: str = HOST) -> socket.socket:
    """Return a socket that listens on the port of an address of this machine, or raise PortUnavailable."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(WAITING_CONNECTIONS)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise PortUnavailable(
                f"port {port} of {host} is taken by another program, perhaps another skillmatch: "
                "end that one, or choose another port with --port"
            ) from error
        raise PortUnavailable(
            f"port {port} of {host} cannot be used ({error.strerror}): choose another with --port, such as 8000, or an "
            "address of this machine with --host"
        ) from error
    return listening


class Server(BaseApplication):
    """gunicorn with some threads in each process. Each has the arrays in its own memory, up to date by revision: what
    one of them writes shows on the next page of all.
    """

    def __init__(
        self,
        open_workspace: Callable[[], Workspace],
        listening: socket.socket,
        place: Place,
        *,
        patience: int,
        demo: bool,
        welcome: str,
    ) -> None:
        self.open_workspace = open_workspace
        self.place, self.demo, self.welcome = place, demo, welcome
        self.patience = patience
        self.port: int = listening.getsockname()[1]
        # From here on the socket is gunicorn's. It came bound, so that a taken port is an error of ours that names
        # --port and not five retries in a log.
        self.descriptor = listening.detach()
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults; its command line, files and environment are not read."""
        settings = {
            "bind": f"fd://{self.descriptor}",
            "worker_class": "gthread",
            "workers": self.place.processes,
            "threads": THREADS,
            "loglevel": "warning",
            # Otherwise it opens a socket in the user's home through which it can be commanded.
            "control_socket_disable": True,
            "graceful_timeout": self.patience,
            "post_worker_init": ready,
            "worker_exit": close_workspace,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application; called in the process that serves."""
        workspace = self.open_workspace()
        workspace.people()  # a large company takes seconds to load: now, and not while somebody waits for a page
        app = create_app(
            workspace,
            secret_key=workspace.accounts.page_key(),
            trusted_hosts=self.place.trusted_hosts,
            https=self.place.https,
            demo=self.demo,
            provider=self.place.provider,
            passwords=self.place.passwords,
            language=self.place.language,
            keep_pages=self.place.keep_pages,
        )
        # Browsers share cookies between the ports of a machine; two companies side by side must not.
        app.config["SESSION_COOKIE_NAME"] = f"skillmatch_{self.port}"
        self.workspace = workspace
        return app

    def start_courier(self) -> None:
        """Send what webhooks are told, beside the pages, until `stop_courier`."""
        self.stopping = Event()
        self.courier = Thread(target=self.workspace.courier.run, args=(self.stopping,), name="webhooks", daemon=True)
        self.courier.start()

    def stop_courier(self) -> None:
        """End that; what is on its way is sent again by whoever serves next."""
        self.stopping.set()
        self.courier.join(timeout=self.patience)


def ready(worker: Any) -> None:
    """Say where the pages are, once the first process that serves them is ready, and leave Ctrl-C to its parent."""
    # A terminal signals both, and the parent then tells this process to quit. Two signals at once meet in gunicorn's
    # handler, which waits for a lock that it holds itself until the parent's patience ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker.app.start_courier()
    if worker.age == 1:  # a later one replaces one that died, at the same address
        app = worker.app
        click.echo(f"skillmatch is at {app.place.address(app.port)} – Ctrl-C ends it")
        if app.welcome:
            click.echo(app.welcome)
        if app.place.is_public and not app.place.https:
            click.echo(
                "Passwords travel in the clear to this address: put a proxy with https in front, then add --https"
            )


def close_workspace(_server: Any, worker: Any) -> None:
    """Let go of the database when a process ends."""
    if worker.app.callable is not None:
        worker.app.stop_courier()
        worker.app.callable.extensions[EXTENSION].close()
