"""The pages of 10,000 workers under load: the real server, two processes, fifty schedulers at once.

Needs no data but what it generates.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import escape

from benchmarks.report import Report, Row
from benchmarks.web import paint
from benchmarks.web.company import build
from benchmarks.web.load import Load
from benchmarks.web.serving import Served, invite, serving, sign_in
from benchmarks.web.weight import addresses, weigh
from skillmatch.accounts import Role
from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.model import Customer, JobStatus, Site, Worker
from skillmatch.workspace import Workspace
from skillmatch_web.app import create_app

USERS, PROCESSES, JOBS = 50, 2, 50
SECONDS, WARM = 30.0, 20.0
"""How long each load lasts, and that before all others, which is not counted: whatever is made once is made then."""
THINKS = (1.0, 3.0)
WRITES_EVERY = 1.0
ENOUGH = 10
"""A job whose page is asked for has so many candidates at least."""
OUTCOME = "bench"


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of answers, what was wrong, pages in a second, processor milliseconds of the server for each."""

    times: tuple[float, ...]
    errors: tuple[str, ...]
    rate: float
    spent: float

    def percentile(self, share: float) -> float:
        """Return the milliseconds within which a share of the answers came, in percent."""
        return float(np.percentile(self.times, share)) if self.times else float(60_000)


@dataclass(frozen=True, slots=True)
class Firm:
    """The company that is served: its file, the jobs whose pages are asked for, finished ones, who works where."""

    file: Path
    pages: tuple[tuple[str, str], ...]
    finished: tuple[str, ...]
    workers: tuple[str, ...]
    busy: str
    booked: str


def run(data: Path) -> Report:
    """Return the figures; nothing is read from the data folder."""
    with tempfile.TemporaryDirectory(prefix="skillmatch-web-") as folder:
        return measure(build(Path(folder)))


def measure(file: Path, *, seconds: float = SECONDS, browser: bool = True) -> Report:
    """Return the figures of a company that lies in a file, to which accounts and outcomes are added."""
    firm = prepare(file)
    with serving(file, processes=PROCESSES) as served:
        cookies = tuple(sign_in(served.port, f"user-{number}") for number in range(USERS))
        asked(served, cookies, firm, firm.pages, WARM)
        closed = asked(served, cookies, firm, firm.pages, seconds)
        paced = asked(served, cookies, firm, firm.pages, seconds, THINKS)
        written = asked(served, cookies, firm, firm.pages, seconds, THINKS, writes=True)
        floor = asked(served, cookies, firm, (("/sign-in", "Sign in"),), seconds)
        megabytes = served.megabytes()
        heavy, missing = weights(served, firm)
        paints = painted(served, firm) if browser else {}
    with serving(file, processes=PROCESSES, keep_pages=False) as served:
        cookies = tuple(sign_in(served.port, f"user-{number}") for number in range(USERS))
        asked(served, cookies, firm, firm.pages, WARM)
        anew = asked(served, cookies, firm, firm.pages, seconds)
        paced_anew = asked(served, cookies, firm, firm.pages, seconds, THINKS)
    loads = Loads(closed, paced, written, floor, anew, paced_anew)
    rows = [
        *loads.rows(),
        *([Row("max_page_kb", "the heaviest page without a cache, styles and scripts included",
               max(heavy.values()) / 1000, "kB", "<= 300")] if heavy else []),
        *([Row("largest_paint_ms", "the phone pages, processor slowed four times", max(paints.values()), "ms",
               "<= 2000", paints)] if paints else []),
        Row("memory_mb", "memory that one process has for itself", megabytes, "MB"),
    ]  # fmt: skip
    return Report("web", tuple(rows), notes(loads, heavy, missing, browser=bool(paints)))


@dataclass(frozen=True, slots=True)
class Loads:
    """What each load met.

    Users without a pause; who think; who think while somebody writes; who ask for the sign-in page without a pause; and
    the first two where no page is kept.
    """

    closed: Measured
    paced: Measured
    written: Measured
    floor: Measured
    anew: Measured
    paced_anew: Measured

    @property
    def errors(self) -> tuple[str, ...]:
        """All that was wrong."""
        every = (self.closed, self.paced, self.written, self.floor, self.anew, self.paced_anew)
        return tuple(error for one in every for error in one.errors)

    def rows(self) -> list[Row]:
        """Return the figures of answering."""
        at_once = f"{USERS} users without a pause between pages"
        think = f"{USERS} users who think for {THINKS[0]:g} to {THINKS[1]:g} s after each page"
        return [
            self._row("p95_ms", f"{at_once}, 95 % of the answers", lambda one: one.percentile(95), reach="<= 100"),
            self._row("p50_ms", "half of them", lambda one: one.percentile(50)),
            self._row("p99_ms", "99 % of them", lambda one: one.percentile(99)),
            self._row("pages_per_s", "pages in a second", lambda one: one.rate, "/s"),
            self._row("cpu_ms", "processor time of the server for each", lambda one: one.spent),
            self._thinking("paced_p95_ms", f"{think}, 95 % of the answers", lambda one: one.percentile(95)),
            self._thinking("paced_p50_ms", "half of them", lambda one: one.percentile(50)),
            self._thinking("paced_cpu_ms", "processor time of the server for each", lambda one: one.spent),
            Row("errors", "answers that were not the page, in all of these loads", float(len(self.errors)), "", "<= 0"),
        ]  # fmt: skip

    def _row(self, name: str, what: str, of: Callable[[Measured], float], unit: str = "ms", *, reach: str = "") -> Row:
        baselines = {"pages not kept": of(self.anew), "sign-in page": of(self.floor)}
        return Row(name, what, of(self.closed), unit, reach, baselines)

    def _thinking(self, name: str, what: str, of: Callable[[Measured], float]) -> Row:
        baselines = {"pages not kept": of(self.paced_anew), "an outcome each second": of(self.written)}
        return Row(name, what, of(self.paced), "ms", "", baselines)


def notes(loads: Loads, heavy: dict[str, int], missing: Sequence[str], *, browser: bool) -> tuple[str, ...]:
    """Return what a reader must know."""
    heaviest = sorted(heavy, key=lambda endpoint: -heavy[endpoint])[:8]
    return (
        f"{PROCESSES} server processes, {USERS} schedulers each with a session of her own, {JOBS} open jobs; the load "
        "comes from a second process, and the outcomes from a third",
        "without a pause all users wait all the time: the answer then takes users over pages in a second, whatever "
        "the page does; the sign-in page in the same run is the floor of this machine",
        "a page is kept until something is written: where an outcome comes each second, nearly each one is made anew",
        f"{len(loads.closed.times):,} pages without pauses, {len(loads.paced.times):,} with",
        "heaviest pages in kB: " + ", ".join(f"{endpoint} {heavy[endpoint] / 1000:.0f}" for endpoint in heaviest),
        *(f"wrong: {error}" for error in loads.errors[:5]),
        *(["no browser: largest_paint_ms was not measured"] if not browser else []),
        *([f"pages not weighed, since the company has none: {', '.join(missing)}"] if missing else []),
    )


def prepare(file: Path) -> Firm:
    """Add the accounts, and return what is asked for: the most urgent jobs that have candidates."""
    with Workspace.open(f"sqlite:///{file}") as workspace:
        jobs = workspace.open_jobs(limit=1000).jobs
        chosen = islice((job for job in jobs if workspace.rank(job.id).eligible >= ENOUGH), JOBS)
        pages = tuple((f"/jobs/{job.id}", str(escape(job.title))) for job in chosen)
        booked = next((job.id, own[0].worker) for job in jobs if (own := workspace.bookings(job.id)))
        for number in range(USERS):
            invite(workspace, f"user-{number}", Role.SCHEDULER)
        invite(workspace, "all", Role.ADMINISTRATOR)
        invite(workspace, "phone", Role.WORKER, worker=booked[1])
        finished = workspace.open_jobs(status=JobStatus.DONE, limit=500).jobs
        return Firm(
            file,
            pages,
            tuple(job.id for job in finished),
            tuple(one.id for one in workspace.workers() if one.active_to is None and _has_come(one)),
            booked[1],
            booked[0],
        )


def _has_come(worker: Worker) -> bool:
    return worker.active_from is None or worker.active_from < date.today()


def asked(
    served: Served,
    cookies: tuple[str, ...],
    firm: Firm,
    pages: tuple[tuple[str, str], ...],
    seconds: float,
    thinks: tuple[float, float] = (0.0, 0.0),
    *,
    writes: bool = False,
) -> Measured:
    """Return what one load met, while somebody `writes` or nobody does."""
    load = Load(served.port, cookies, pages, seconds, thinks)
    spent, begin = served.seconds(), time.monotonic()
    with writing(firm) if writes else nobody_writes():
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.web.load"],
            input=load.as_json(),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found = json.loads(done.stdout)
    # The warm-up is left out of the times, but not of the processor time: it is put in proportion.
    counted = len(found["times"]) * (time.monotonic() - begin) / seconds
    times, errors = tuple(found["times"]), tuple(found["errors"])
    return Measured(times, errors, len(times) / seconds, 1e3 * (served.seconds() - spent) / max(counted, 1.0))


@contextmanager
def nobody_writes() -> Iterator[None]:
    """Let nobody write."""
    yield


@contextmanager
def writing(firm: Firm) -> Iterator[None]:
    """Record an outcome every second, from this process, until the end of the block."""
    ended = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(_write, firm, ended)
        try:
            yield
        finally:
            ended.set()
    writer.result()  # a load beside which nothing was written is not the one that is told of


def _write(firm: Firm, ended: threading.Event) -> None:
    rng = np.random.default_rng()
    with Workspace.open(f"sqlite:///{firm.file}") as workspace:
        while not ended.wait(WRITES_EVERY):
            now = datetime.now(UTC)
            worker, job = firm.workers[rng.integers(len(firm.workers))], firm.finished[rng.integers(len(firm.finished))]
            workspace.record(
                JobOutcome(
                    id=f"{now.timestamp()}", worker=worker, time=now, source=OUTCOME, job=job,
                    result=Result.FIRST_TIME_FIX,
                )
            )  # fmt: skip


def weights(served: Served, firm: Firm) -> tuple[dict[str, int], list[str]]:
    """Return the bytes of every page by its endpoint, and the endpoints of which the company has none."""
    cookie = sign_in(served.port, "all")
    with Workspace.open(f"sqlite:///{firm.file}") as workspace:
        found, missing = addresses(create_app(workspace), known_ids(workspace, firm))
    heavy: dict[str, int] = {}
    for endpoint, path in found.items():
        status, size = weigh(served.port, path, cookie)
        if status == 200:
            heavy[endpoint] = size
        elif status >= 400:
            missing.append(endpoint)
    return heavy, missing


def known_ids(workspace: Workspace, firm: Firm) -> dict[str, Any]:
    """Return an id for each kind that addresses name."""
    skill = next(iter(workspace.names()))
    known: dict[str, Any] = {"job": firm.booked, "worker": firm.busy, "skill": skill}
    known["site"] = workspace.catalogue.all(Site)[0].id
    known["customer"] = workspace.catalogue.all(Customer)[0].id
    decisions = workspace.decisions(limit=1)
    if decisions:
        known["number"] = decisions[0].number
    return known


def painted(served: Served, firm: Firm) -> dict[str, float]:
    """Return what the phone pages take until they are painted, by address; nothing without a browser."""
    from dev import find_browser

    if find_browser() is None:
        return {}
    name, _, value = sign_in(served.port, "phone").partition("=")
    pages = {"/today": "/today", "/jobs/ID/finish": f"/jobs/{firm.booked}/finish"}
    home = f"http://127.0.0.1:{served.port}"
    return {page: paint.measure(home + path, {name: value}) for page, path in pages.items()}
