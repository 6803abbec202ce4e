"""Fixtures for all tests: empty databases on both engines, and a browser.

What a machine cannot provide is skipped with a line that says how to get it. Where the environment
variable CI is `true` nothing may be missing, and the same line is a failure.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.kit import browser, databases, postgres

# A deadline for one example says more about a busy machine than about the code; pytest-timeout ends what hangs.
settings.register_profile("skillmatch", deadline=None)
settings.load_profile("skillmatch")

# Whoever uses one of these fixtures gets the marker; `database_url` carries its own.
MARKER_BY_FIXTURE = {"postgres_server": "postgres", "browser_type_launch_args": "browser"}


def missing(reason: str) -> None:
    """Skip what needs a piece that this machine lacks, or fail where nothing may be lacking."""
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Run a PostgreSQL server for the session; the value is its URL."""
    programs = postgres.find_programs()
    if programs is None:
        missing(postgres.HOW_TO_GET_IT)
    with postgres.server(programs) as url:
        yield url


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Run the test twice, each time with the URL of a database without content: a SQLite file, PostgreSQL."""
    if request.param == "sqlite":
        yield databases.new_file(tmp_path / "test.db")
        return
    server = request.getfixturevalue("postgres_server")
    url = databases.lend_database(server)
    yield url
    databases.give_back(server, url)


@pytest.fixture(params=BOTH)
def unmade_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Run the test twice, each time with the URL of a database in which there is not one table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    url = postgres.fresh_database(server)
    yield url
    postgres.drop_database(server, url)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium of this machine instead of one that Playwright would download."""
    program = browser.find_browser()
    if program is None:
        missing(browser.HOW_TO_GET_IT)
    return {**browser_type_launch_args, "executable_path": str(program), "args": list(browser.ARGUMENTS)}


BEGIN_WITH = (
    "tests/workspace/test_histories.py",
    "tests/web/test_browser_every_page.py",
    "tests/web/test_roles.py",
    "tests/web/test_pages.py",
    "tests/web/test_browser.py",
    "tests/web/api/test_schema.py",
    "tests/store/test_history.py",
    "tests/workspace/test_merging.py",
    "tests/test_lint.py",
)
"""Files that take longest, first of all: of several processes none is then left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a server or a browser, so that `-m 'not browser'` is always right."""
    places = {name: place for place, name in enumerate(BEGIN_WITH)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))
    for item in items:
        for fixture, marker in MARKER_BY_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests had to be left out, and how to have them run."""
    left_out: Counter[tuple[str, str]] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        for marker in MARKER_BY_FIXTURE.values():
            if marker in report.keywords:
                left_out[marker, reason.removeprefix("Skipped: ")] += 1
    for (marker, reason), count in sorted(left_out.items()):
        terminalreporter.write_line(f"{marker} tests skipped: {count} ({reason})", yellow=True)
