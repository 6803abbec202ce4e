"""The surroundings that the tests are given are empty at first and leave nothing behind."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy

from skillmatch.model import Worker
from skillmatch.store.schema import VERSION_TABLE, metadata
from skillmatch.store.store import Store
from tests.kit.postgres import drop_database, fresh_database

KILLED = """
import os, signal
from tests.kit import postgres

with postgres.server(postgres.find_programs()) as url:
    print(url, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("left_over", ["rows", "a table", "nothing"])
def test_every_test_gets_a_database_without_content_of_this_version(database_url: str, left_over: str) -> None:
    engine = sqlalchemy.create_engine(database_url)
    with engine.begin() as connection:
        assert set(sqlalchemy.inspect(connection).get_table_names()) == {*metadata.tables, VERSION_TABLE}
        assert connection.execute(sqlalchemy.text("SELECT count(*) FROM worker")).scalar() == 0
        if left_over == "a table":
            connection.execute(sqlalchemy.text("CREATE TABLE leftover (id INTEGER)"))
    engine.dispose()
    store = Store.open(database_url)
    with store.write() as transaction:
        assert transaction.revision() == 0
        assert transaction.save_policy("p", {}, note="") == 1
        if left_over == "rows":
            transaction.save_nouns(Worker, [Worker("anna", "Anna")], revision=transaction.next_revision())
    store.close()


def test_one_that_is_not_made_yet_has_no_table(unmade_database_url: str) -> None:
    engine = sqlalchemy.create_engine(unmade_database_url)
    assert sqlalchemy.inspect(engine).get_table_names() == []
    engine.dispose()


def test_databases_of_one_server_are_apart_and_can_be_dropped_while_in_use(postgres_server: str) -> None:
    first, second = fresh_database(postgres_server), fresh_database(postgres_server)
    engine = sqlalchemy.create_engine(first)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE mine (id INTEGER)"))
    other = sqlalchemy.create_engine(second)
    assert sqlalchemy.inspect(other).get_table_names() == []
    for url in (first, second):
        drop_database(postgres_server, url)
    for each in (engine, other):
        each.dispose()


def test_a_killed_test_run_leaves_no_server_behind(postgres_server: str) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True)
    found = re.search(r"host=(\S+)", killed.stdout)
    assert found
    folder = Path(found.group(1))
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
