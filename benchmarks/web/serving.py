"""The real server, started as people start it, and people who sign in with their passwords."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import psutil

from skillmatch.accounts import Role
from skillmatch.workspace import Workspace

PASSWORD = "measured over and over 7"


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: its port and its first process."""

    port: int
    process: psutil.Process

    def seconds(self) -> float:
        """Return the processor seconds of all that serve."""
        spent = [one.cpu_times() for one in self.process.children(recursive=True)]
        return sum(one.user + one.system for one in spent)

    def megabytes(self) -> float:
        """Return the memory that the largest process has for itself."""
        return max(one.memory_full_info().uss for one in self.process.children(recursive=True)) / 2**20


@contextmanager
def serving(file: Path, *, processes: int, keep_pages: bool = True) -> Iterator[Served]:
    """Serve a company until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "skillmatch", "--database", str(file), "serve", "--port", str(port)]
    command += ["--processes", str(processes)]
    environment = {**os.environ, "SKILLMATCH_KEEP_PAGES": str(keep_pages).lower(), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment, start_new_session=True) as process:
        try:
            _wait_for(port, process)
            yield Served(port, psutil.Process(process.pid))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it answered")
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request("GET", "/sign-in")
                connection.getresponse().read()
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not answer within two minutes")


def invite(workspace: Workspace, name: str, role: Role, *, worker: str | None = None) -> None:
    """Add an account with the password of all."""
    workspace.accounts.add(name, role=role, worker=worker, password=PASSWORD)


def sign_in(port: int, name: str) -> str:
    """Sign somebody in by the form; return her cookie as `name=value`."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
        cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
        form = urlencode({"csrf_token": token[1] if token else "", "name": name, "password": PASSWORD})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in", form, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 303:
            raise RuntimeError(f"{name} could not sign in: the server answered {answer.status}")
        return str(answer.headers["Set-Cookie"]).partition(";")[0]
