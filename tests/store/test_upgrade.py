"""A database is brought to the version of the code, or refused, and never half changed."""

import multiprocessing
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from skillmatch.errors import Invalid, NotFound, StoreError
from skillmatch.model import Customer, Job, JobType, Requirement, Skill, Worker
from skillmatch.store import upgrade
from skillmatch.store.connect import address, engine_for, transaction
from skillmatch.store.schema import HEAD, VERSION_TABLE, metadata
from skillmatch.store.store import Store
from tests.kit import postgres
from tests.kit.build import self_report
from tests.store.opening import database_of_version, open_all
from tests.store.writing import append, retract, save


def run(url: str, *statements: str) -> None:
    engine = engine_for(address(url))
    with transaction(engine, writes=True) as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def tables(url: str) -> set[str]:
    engine = engine_for(address(url))
    with transaction(engine, writes=False) as connection:
        found = set(inspect(connection).get_table_names())
    engine.dispose()
    return found


def test_the_migrations_make_exactly_the_tables_of_the_schema(store: Store):
    with transaction(store._engine, writes=False) as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_the_migrations_and_the_schema_name_everything_alike(store: Store):
    """Autogenerate does not look at names of constraints and at conditions of indexes."""
    with transaction(store._engine, writes=False) as connection:
        inspector = inspect(connection)
        for table in metadata.sorted_tables:
            keys = {key["name"] for key in inspector.get_foreign_keys(table.name)}
            assert keys == {key.name for key in table.foreign_key_constraints}
            assert inspector.get_pk_constraint(table.name)["name"] == table.primary_key.name
            checks = {check["name"] for check in inspector.get_check_constraints(table.name)}
            assert checks == ({"ck_revision_counter_single"} if table.name == "revision_counter" else set())
            for index in inspector.get_indexes(table.name):
                partial = any(key.endswith("_where") for key in index.get("dialect_options", {}))
                assert partial == (index["name"] in ("ix_evidence_job", "ix_evidence_effective"))


def test_ids_sort_by_code_point_whatever_the_language_of_the_server(store: Store):
    if store.url.startswith("sqlite"):
        return  # as it always does
    columns = text("SELECT column_name FROM information_schema.columns WHERE collation_name = 'C' AND table_name = :t")
    with transaction(store._engine, writes=False) as connection:
        found = {table: set(connection.execute(columns, {"t": table}).scalars()) for table in metadata.tables}
    assert all("id" in found[table] for table in ("skill", "worker", "customer", "site", "asset", "job_type", "job"))
    assert found["evidence"] == {"id", "source", "worker", "job"}
    assert found["belief"] == {"worker", "skill"}


def test_the_code_knows_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", str(upgrade.MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert script.get_current_head() == HEAD == max(upgrade.known_versions())
    assert {revision.revision for revision in script.walk_revisions()} == upgrade.known_versions()


BELIEFS_OF_0002 = (
    "INSERT INTO worker_belief (worker, general_mean, general_var, form, uses, revision)"
    " VALUES ('anna', 0.5, 0.25, 0.0, 1, 1)",
    "INSERT INTO belief (worker, skill, mean, var, day, recent, lasting, uses, successes, failures, surprise, gone,"
    " revision) VALUES ('anna', 'controls', 0.1, 0.5, 20000, 0, 0, 1, 0, 0, 0, false, 1)",
)


def test_beliefs_without_parts_are_dropped_and_what_they_came_from_is_kept(unmade_database_url: str):
    old = database_of_version(unmade_database_url, "0002")
    save(old, Worker("anna", "Anna"))
    save(old, Skill("controls", "Controls"))
    fact = self_report(skill="controls")
    append(old, fact)
    old.close()
    run(unmade_database_url, *BELIEFS_OF_0002)
    assert "worker_part" not in tables(unmade_database_url)
    store = Store.open(unmade_database_url)
    with store.read() as transaction:
        assert list(transaction.states()) == []
        assert transaction.worker_rows() == transaction.part_rows() == transaction.belief_rows() == []
        assert list(transaction.log()) == [fact]
        assert transaction.unfolded()
    store.close()


BELIEFS_OF_0004 = (
    "INSERT INTO worker_belief (worker, form, uses, worked, occasion, revision) VALUES ('anna', 0.0, 1, 0.0, '', 1)",
    "INSERT INTO worker_part (worker, part, mean, var, jobs, gone, revision)"
    " VALUES ('anna', 'general', 0.5, 0.25, 0.0, false, 1)",
    "INSERT INTO belief (worker, skill, mean, var, day, recent, lasting, uses, successes, failures, surprise, won,"
    " main, gone, revision) VALUES ('anna', 'controls', 0.1, 0.5, 20000, 0, 0, 1, 0, 0, 0, 0, 0, false, 1)",
)


def test_beliefs_from_before_families_were_counted_as_skills_are_dropped(unmade_database_url: str):
    old = database_of_version(unmade_database_url, "0004")
    save(old, Worker("anna", "Anna"))
    save(old, Skill("controls", "Controls"))
    fact = self_report(skill="controls")
    append(old, fact)
    old.close()
    run(unmade_database_url, *BELIEFS_OF_0004)
    store = Store.open(unmade_database_url)
    with store.read() as transaction:
        assert transaction.worker_rows() == transaction.part_rows() == transaction.belief_rows() == []
        assert list(transaction.log()) == [fact]
        assert transaction.unfolded()
    store.close()


def test_a_database_from_before_parts_has_exactly_the_tables_of_the_schema_afterwards(unmade_database_url: str):
    database_of_version(unmade_database_url, "0002").close()
    store = Store.open(unmade_database_url)
    test_the_migrations_make_exactly_the_tables_of_the_schema(store)
    store.close()


BEFORE = (
    Worker("anna", "Anna", languages=("en",)),
    Customer("c", "Çelik", preferred=("anna",)),
    JobType("t", "Repair", (Requirement("controls", 2.0),), 60.0),
    Job("j", "Too warm", type="t", customer="c"),
)


def test_nouns_from_before_matching_are_as_they_were_and_can_be_saved_again_without_a_change(unmade_database_url: str):
    old = database_of_version(unmade_database_url, "0003")
    for noun in BEFORE:
        save(old, noun)
    old.close()
    assert "booking" not in tables(unmade_database_url)
    store = Store.open(unmade_database_url)
    for noun in BEFORE:
        with store.read() as transaction:
            assert transaction.nouns(type(noun)) == [noun]
        assert save(store, noun) == (0, 0, 1)
    test_the_migrations_make_exactly_the_tables_of_the_schema(store)
    store.close()


def test_a_database_from_before_history_can_be_looked_back_to_from_its_upgrade_on(unmade_database_url: str):
    old = database_of_version(unmade_database_url, "0003")
    save(old, Worker("anna", "Anna"))
    gone, fact = self_report(id="e1"), self_report(id="e2")
    append(old, gone, fact)
    append(old, retract(gone))
    old.close()
    store = Store.open(unmade_database_url)
    save(store, Worker("anna", "Annabel"))
    append(store, retract(fact, id="r2"))
    for revision, name, facts in ((3, "Anna", [fact]), (4, "Annabel", [fact]), (5, "Annabel", [])):
        with store.read(as_of=revision) as transaction:
            assert transaction.nouns(Worker) == [Worker("anna", name)]
            assert transaction.evidence_of("anna") == facts
    with pytest.raises(NotFound, match=r"revision 2 is not known any more.* from revision 3 on"), store.read(as_of=2):
        pass
    with pytest.raises(Invalid, match="expected 3 to 5"), store.read(as_of=6):
        pass
    store.close()


def test_opening_again_finds_what_was_written(unmade_database_url: str):
    first = Store.open(unmade_database_url)
    with first.write() as transaction:
        transaction.next_revision()
    first.close()
    again = Store.open(unmade_database_url)
    with again.read() as transaction:
        assert transaction.revision() == 1
    again.close()


def test_a_database_of_a_newer_version_is_refused(unmade_database_url: str):
    Store.open(unmade_database_url).close()
    run(unmade_database_url, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(StoreError, match=rf"newer skillmatch \(revision 9999; this one knows up to {HEAD}\): upgrade"):
        Store.open(unmade_database_url)


def test_a_file_of_another_program_is_refused_and_left_as_it_was(tmp_path: Path):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (id)")
        connection.execute("CREATE TABLE alembic_version (version_num)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="belongs to another program: it holds the table 'alembic_version'"):
        Store.open(str(path))
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["shop.db"]


def test_tables_that_would_get_in_the_way_are_not_taken_over(unmade_database_url: str):
    run(unmade_database_url, "CREATE TABLE skill (id INTEGER)")
    with pytest.raises(StoreError, match="belongs to another program: it holds the table 'skill'"):
        Store.open(unmade_database_url)
    assert tables(unmade_database_url) == {"skill"}


def test_a_server_database_may_hold_other_tables(postgres_server: str):
    url = postgres.fresh_database(postgres_server)
    run(url, "CREATE TABLE orders (id INTEGER)")
    Store.open(url).close()
    assert {"orders", "skill"} <= tables(url)
    postgres.drop_database(postgres_server, url)


def test_several_processes_may_open_an_empty_database_at_once(unmade_database_url: str):
    processes = 3
    # Where they may get in each other's way is a matter of luck, so they try a few times.
    urls = [unmade_database_url] + [
        f"{unmade_database_url}{number}" for number in range(5) if unmade_database_url.startswith("sqlite")
    ]
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(processes)
    running = [context.Process(target=open_all, args=(barrier, urls)) for _ in range(processes)]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0] * processes
    store = Store.open(urls[-1])
    with store.read() as transaction:
        assert transaction.revision() == processes
    store.close()


def test_opening_waits_for_a_writer_where_sqlite_itself_would_give_up_at_once(tmp_path: Path):
    """A backup that was restored is in the old journal mode; to switch it, nobody else may be writing."""
    path = str(tmp_path / "x.db")
    Store.open(path).close()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        assert other.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
        other.execute("BEGIN IMMEDIATE")
        end = Timer(0.2, other.execute, ["COMMIT"])
        end.start()
        try:
            Store.open(path).close()
        finally:
            end.join()
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_threads_may_open_different_databases_at_once(tmp_path: Path):
    with ThreadPoolExecutor(4) as threads:
        for store in threads.map(Store.open, [str(tmp_path / f"{number}.db") for number in range(8)]):
            store.close()


def test_a_migration_that_fails_leaves_nothing(unmade_database_url: str, monkeypatch: pytest.MonkeyPatch):
    migrate: Callable[[Connection], None] = upgrade._migrate

    def fail_at_the_end(connection: Connection) -> None:
        migrate(connection)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(upgrade, "_migrate", fail_at_the_end)
        with pytest.raises(KeyboardInterrupt):
            Store.open(unmade_database_url)
    assert tables(unmade_database_url) == set()
    Store.open(unmade_database_url).close()


def test_a_folder_with_odd_signs_in_its_name_holds_a_database(tmp_path: Path):
    folder = tmp_path / "100% Übung #1?"
    folder.mkdir()
    store = Store.open(str(folder / "x.db"))
    assert (folder / "x.db").exists()
    store.close()
