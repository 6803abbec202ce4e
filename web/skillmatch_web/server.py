"""Serving the pages on this machine."""

from __future__ import annotations

import errno
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from skillmatch.errors import SkillmatchError
from skillmatch.workspace import Workspace
from skillmatch_web.addresses import EXTENSION
from skillmatch_web.app import create_app

HOST = "127.0.0.1"
THREADS = 8
WAITING_CONNECTIONS = 128
PATIENCE = 3
"""Seconds that a request in flight has to end after Ctrl-C."""


class PortUnavailable(SkillmatchError):
    """The pages cannot be served on the port that was asked for."""


def serve(open_workspace: Callable[[], Workspace], *, port: int, patience: int = PATIENCE) -> None:
    """Serve the pages on 127.0.0.1 until Ctrl-C, and say where they are as soon as they are there.

    Parameters
    ----------
    open_workspace
        Opens the workspace. The server forks, and connections to a database must not cross a fork, so it is called in
        the process that serves; and once before, to meet what is wrong with the database while it can still be told.
    port
        1 to 65535, or 0 for any that is free.
    patience
        Seconds that a request in flight has to end after Ctrl-C; connections without one are not waited for.

    Raises
    ------
    PortUnavailable
        When somebody else uses the port, or the system does not let us.
    StoreError
        When the database cannot be used.
    """
    with listen(port) as listening:
        open_workspace().close()
        ours = os.getpid()
        try:
            Server(open_workspace, listening, patience).run()
        except SystemExit as end:
            # How the server ends when all is well. The process that served ends so too, and must not go on as us.
            if end.code or os.getpid() != ours:
                raise


def listen(port: int) -> socket.socket:
    """Return a socket that listens on the port, or raise PortUnavailable."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(WAITING_CONNECTIONS)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise PortUnavailable(
                f"port {port} of {HOST} is taken by another program, perhaps another skillmatch: "
                "end that one, or choose another port with --port"
            ) from error
        raise PortUnavailable(
            f"port {port} of {HOST} cannot be used ({error.strerror}): choose another with --port, such as 8000"
        ) from error
    return listening


class Server(BaseApplication):
    """gunicorn with one process and some threads: SQLite has one writer, and the arrays in memory exist once."""

    def __init__(self, open_workspace: Callable[[], Workspace], listening: socket.socket, patience: int) -> None:
        self.open_workspace = open_workspace
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
            "workers": 1,
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
        app = create_app(self.open_workspace())
        # Browsers share cookies between the ports of a machine; two companies side by side must not.
        app.config["SESSION_COOKIE_NAME"] = f"skillmatch_{self.port}"
        return app


def ready(worker: Any) -> None:
    """Say where the pages are, once the process that serves them is ready, and leave Ctrl-C to its parent."""
    # A terminal signals both, and the parent then tells this process to quit. Two signals at once meet in gunicorn's
    # handler, which waits for a lock that it holds itself until the parent's patience ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if worker.age == 1:  # a later one replaces one that died, at the same address
        click.echo(f"skillmatch is at http://{HOST}:{worker.app.port} – Ctrl-C ends it")


def close_workspace(_server: Any, worker: Any) -> None:
    """Let go of the database when a process ends."""
    if worker.app.callable is not None:
        worker.app.callable.extensions[EXTENSION].close()
