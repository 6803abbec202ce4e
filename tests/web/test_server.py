"""Serving for real: a process of its own, on 127.0.0.1 only, that ends when it is told to."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.errors import Invalid, StoreError
from skillmatch.workspace import Workspace
from skillmatch_web.server import Place, PortUnavailable, listen, serve
from tests.web.conftest import ANNA, OPEN, PASSWORD
from tests.web.forms import text_of

PROGRAM = """
import sys
from skillmatch.workspace import Workspace
from skillmatch_web.server import Place, serve
processes = int(sys.argv[2]) if len(sys.argv) > 2 else 1
serve(lambda: Workspace.open(sys.argv[1]), Place(0, processes=processes), patience=60)
print("ended")
"""


@contextmanager
def running(file: Path, processes: int = 1) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the server in a process group of its own, as a terminal does; give the process and its port."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, f"sqlite:///{file}", str(processes)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    try:
        line = process.stdout.readline()
        found = re.fullmatch(r"skillmatch is at http://127\.0\.0\.1:(\d+) – Ctrl-C ends it\n", line)
        assert found, line + (process.stdout.read() if process.poll() is not None else "")
        yield process, int(found[1])
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()
        process.wait()


def get(port: int, path: str, cookie: str = "") -> tuple[HTTPConnection, int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    return connection, answer.status, answer.read().decode()


def sign_in(port: int) -> str:
    """Sign Rita in and return her cookie."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
        cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
        assert token
        form = urlencode({"csrf_token": token[1], "name": "rita", "password": PASSWORD})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in", form, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 303
        return str(answer.headers["Set-Cookie"]).partition(";")[0]


def test_the_pages_are_served_where_it_says_and_nowhere_else(company_file: Path, tmp_path: Path):
    with running(Path(shutil.copy(company_file, tmp_path))) as (process, port):
        connection, status, page = get(port, f"/jobs/{OPEN}", sign_in(port))
        connection.close()
        assert status == 200
        assert "Candidates" in text_of(page)
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        sockets = [one for member in family for one in member.net_connections(kind="all")]
        listening = {one.laddr for one in sockets if one.status == psutil.CONN_LISTEN}
        assert {(address.ip, address.port) for address in listening} == {("127.0.0.1", port)}
        assert {one.laddr for one in sockets if one.family == socket.AF_UNIX} <= {""}


def test_two_processes_serve_and_each_shows_what_the_other_wrote(company_file: Path, tmp_path: Path):
    file = Path(shutil.copy(company_file, tmp_path))
    with running(file, processes=2) as (process, port):
        cookie = sign_in(port)
        deadline = time.monotonic() + 60
        while len(children := psutil.Process(process.pid).children()) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(children) == 2
        pages = [_page(port, cookie) for _ in range(6)]
        with Workspace.open(f"sqlite:///{file}") as other:
            before = other.rank(OPEN).revision
            assert all(f"from revision {before}," in page for page in pages)
            job = other.job(OPEN).job
            other.record(JobOutcome(id="x", worker=ANNA, time=datetime.now(UTC), job=job.id, result=Result.FAILED))
            after = other.rank(OPEN).revision
        assert after > before
        assert all(f"from revision {after}," in _page(port, cookie) for _ in range(6))


def _page(port: int, cookie: str) -> str:
    connection, status, page = get(port, f"/jobs/{OPEN}", cookie)
    connection.close()
    assert status == 200
    return text_of(page)


def test_no_number_of_processes_is_refused():
    for number in (0, -1, 65):
        with pytest.raises(Invalid, match="expected 1 to 64"):
            Place(8000, processes=number).check()


def test_the_first_start_prints_a_link_that_lets_an_administrator_in(tmp_path: Path):
    file = tmp_path / "new.db"
    with running(file) as (process, port):
        assert process.stdout
        line = process.stdout.readline()
        found = re.search(rf"open http://127\.0\.0\.1:{port}(/invitations/\S+) within 48 hours .* “admin”", line)
        assert found, line
        connection, status, page = get(port, found[1])
        connection.close()
        assert status == 200
        assert "Welcome, Administrator" in text_of(page)
        assert found[1].rpartition("/")[2] not in " ".join(psutil.Process(process.pid).cmdline())


def test_a_session_and_an_open_form_outlive_a_restart(company_file: Path, tmp_path: Path):
    file = Path(shutil.copy(company_file, tmp_path))
    with running(file) as (_process, port):
        with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("GET", f"/jobs/{OPEN}", headers={"Cookie": sign_in(port)})
            answer = connection.getresponse()
            token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
            cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
        assert token
    with running(file) as (_process, other):
        kept = cookie.replace(f"skillmatch_{port}=", f"skillmatch_{other}=")
        connection, status, _page = get(other, f"/jobs/{OPEN}", kept)
        connection.close()
        assert status == 200
        with closing(HTTPConnection("127.0.0.1", other, timeout=20)) as connection:
            headers = {"Cookie": kept, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", "/sign-out", urlencode({"csrf_token": token[1]}), headers)
            assert connection.getresponse().status == 303


def test_ctrl_c_ends_it_at_once_and_quietly_even_with_a_browser_connected(company_file: Path, tmp_path: Path):
    with running(Path(shutil.copy(company_file, tmp_path))) as (process, port):
        connection, _status, _page = get(port, "/")
        with closing(connection):  # and open until then, as browsers keep theirs
            started = time.monotonic()
            os.killpg(process.pid, signal.SIGINT)
            assert process.stdout
            rest = process.stdout.read()
            assert process.wait(timeout=30) == 0
            assert time.monotonic() - started < 30  # half of what it would wait for a request
            assert rest == "ended\n"


def test_a_taken_port_is_an_error_that_names_it_and_the_option(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortUnavailable, match=rf"port {port} .* is taken .* --port"):
            serve(lambda: Workspace.open(f"sqlite:///{tmp_path / 'x.db'}"), Place(port))
    assert not (tmp_path / "x.db").exists()


def test_a_port_is_taken_as_soon_as_we_have_it():
    with listen(0) as first, pytest.raises(PortUnavailable):
        listen(first.getsockname()[1])


def test_a_database_that_cannot_be_used_is_told_before_anything_is_served(tmp_path: Path):
    (tmp_path / "broken.db").write_text("this is no database, but it is long enough to be taken for one" * 20)
    with pytest.raises(StoreError):
        serve(lambda: Workspace.open(f"sqlite:///{tmp_path / 'broken.db'}"), Place(0))
