"""Who may sign in, how she is invited, how guessing is slowed down, and when a session ends."""

from __future__ import annotations

import multiprocessing
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier

import pytest

from skillmatch.accounts import Account, Role
from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound, TryLater
from skillmatch.model import Worker
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace
from skillmatch.workspace.passwords import matches, nobodys_hash
from skillmatch.workspace.signing_in import IDLE, LASTS, LONGEST_WAIT, WRONG, Accounts, wait_after

START = datetime(2026, 6, 1, 7, tzinfo=UTC)
PASSWORD, OTHER = "nine green umbrellas", "eleven rusty kettles"


class Firm:
    """Two teams of one worker each, an administrator, and a clock that a test moves."""

    def __init__(self, url: str) -> None:
        self.time = START
        store = Store.open(url)
        with store.write() as transaction:
            revision = transaction.next_revision()
            workers = [Worker("anna", "Anna", "North"), Worker("ben", "Ben", "South")]
            transaction.save_nouns(Worker, workers, revision=revision)
        self.workspace = Workspace(store, clock=lambda: self.time)
        self.rita = self.person("rita", Role.ADMINISTRATOR)

    @property
    def accounts(self) -> Accounts:
        return self.workspace.accounts

    def person(self, name: str, role: Role = Role.SCHEDULER, **more: object) -> Account:
        account = self.accounts.add(name, role=role, **more)  # type: ignore[arg-type]
        return self.accounts.set_password(account.id, PASSWORD)

    def sign_in(self, name: str = "rita", password: str = PASSWORD, address: str = "10.0.0.1") -> str:
        return self.accounts.sign_in(name, password, address=address, agent="a browser").token

    def fail(self, times: int, name: str = "rita", address: str = "10.0.0.1") -> None:
        for _ in range(times):
            with pytest.raises(NotAllowed, match=re.escape(WRONG)):
                self.sign_in(name, "a wrong password", address)


@pytest.fixture
def firm(database_url: str) -> Iterator[Firm]:
    found = Firm(database_url)
    yield found
    found.workspace.close()


def test_whoever_knows_the_password_is_in_until_she_signs_out(firm: Firm):
    token = firm.sign_in(" RITA ")
    assert firm.accounts.whose(token) == firm.rita
    firm.accounts.sign_out(token)
    firm.accounts.sign_out(token)
    assert firm.accounts.whose(token) is None


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "ä" * 5000])
def test_no_other_secret_lets_anybody_in(firm: Firm, token: str):
    firm.sign_in()
    assert firm.accounts.whose(token) is None


def test_what_is_kept_lets_nobody_in(firm: Firm):
    token = firm.sign_in()
    invited = firm.accounts.invite(firm.rita.id)
    with firm.workspace._store.read() as transaction:
        rows = [str(row) for row in transaction.sessions(firm.rita.id)]
        kept = transaction.password_of(firm.rita.id)
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    for secret in (token, invited, PASSWORD):
        assert not any(secret in text for text in (*rows, kept, repr(firm.accounts.audit())))
    for row in rows:
        found = re.search(r"token='(\w{64})'", row)
        assert found
        assert firm.accounts.whose(found[1]) is None


def test_unknown_names_wrong_passwords_and_the_disabled_are_told_the_same(firm: Firm):
    firm.accounts.disable(firm.person("gone").id)
    firm.accounts.add("invited", role=Role.SCHEDULER)
    tried = [("rita", OTHER), ("nobody", PASSWORD), ("gone", PASSWORD), ("invited", PASSWORD), ("rita", ""), ("", "")]
    tried += [("rita", PASSWORD + "x" * 1000), ("ri\0ta", PASSWORD), ("x" * 100_000, PASSWORD), ("rita", "\0" * 20)]
    said = set()
    for number, (name, password) in enumerate(tried):
        with pytest.raises(NotAllowed) as refused:
            firm.sign_in(name, password, f"10.0.1.{number}")
        assert not isinstance(refused.value, TryLater)
        said.add(str(refused.value))
    assert said == {WRONG}


def test_a_password_is_the_same_however_its_letters_are_typed():
    from skillmatch.workspace.passwords import hashed

    kept = hashed("Cafe\u0301 um drei Uhr")
    assert matches(kept, "Caf\u00e9 um drei Uhr")
    assert not matches(kept, "Cafe um drei Uhr")
    assert not matches("no hash at all", PASSWORD)
    assert not matches(nobodys_hash(), PASSWORD)


def test_five_failures_cost_no_wait_and_then_it_doubles(firm: Firm):
    firm.fail(5)
    for expected in (30, 60, 120, 240, 480, 900, 900):
        with pytest.raises(TryLater) as refused:
            firm.sign_in(address="10.0.9.9")
        assert refused.value.seconds == expected
        firm.time += timedelta(seconds=expected - 1)
        with pytest.raises(TryLater):
            firm.sign_in(address="10.0.9.9")
        firm.time += timedelta(seconds=1)
        firm.fail(1)
    firm.time += timedelta(seconds=LONGEST_WAIT)
    firm.sign_in()
    firm.fail(5)


def test_waiting_is_for_a_name_whether_it_is_known_or_not(firm: Firm):
    firm.fail(5, "nobody")
    with pytest.raises(TryLater):
        firm.sign_in("NOBODY", address="10.0.9.9")
    firm.sign_in("rita", address="10.0.9.9")


def test_an_address_that_tries_many_names_waits_too(firm: Firm):
    for number in range(20):
        firm.fail(1, f"name{number}")
    with pytest.raises(TryLater) as refused:
        firm.sign_in()
    assert refused.value.seconds == 30
    firm.sign_in(address="10.0.0.2")


def test_to_sign_in_forgives_the_name_and_not_the_address(firm: Firm):
    for number in range(19):
        firm.fail(1, f"name{number}")
    firm.sign_in()
    firm.fail(1, "another")
    with pytest.raises(TryLater):
        firm.sign_in()


def test_failures_are_forgotten_after_a_day(firm: Firm):
    firm.fail(5)
    firm.time += timedelta(days=1, seconds=1)
    firm.fail(5)


def test_a_clock_that_is_put_back_locks_nobody_out_and_ends_no_session(firm: Firm):
    token = firm.sign_in()
    firm.fail(6 - 1)
    firm.time -= timedelta(days=3)
    assert firm.accounts.whose(token) == firm.rita
    with pytest.raises(TryLater) as refused:
        firm.sign_in()
    assert refused.value.seconds == 30
    firm.time += timedelta(seconds=30)
    firm.sign_in()


@pytest.mark.parametrize("at_once", [12])
def test_guesses_sent_at_once_are_counted_one_by_one(firm: Firm, at_once: int):
    def guess(_number: int) -> type[Exception]:
        try:
            firm.sign_in(password=OTHER)
        except NotAllowed as refused:
            return type(refused)
        raise AssertionError

    with ThreadPoolExecutor(at_once) as pool:
        answers = list(pool.map(guess, range(at_once)))
    assert answers.count(NotAllowed) == 5
    assert answers.count(TryLater) == at_once - 5


def guess_in_a_process(url: str, barrier: Barrier, answers: multiprocessing.Queue[str]) -> None:
    with Workspace.open(url, clock=lambda: START) as workspace:
        nobodys_hash()
        barrier.wait()
        for _ in range(4):
            try:
                workspace.accounts.sign_in("rita", OTHER, address="10.0.0.1")
            except NotAllowed as refused:
                answers.put(type(refused).__name__)


def test_the_limit_holds_over_several_processes(firm: Firm, database_url: str):
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(2), context.Queue()
    running = [context.Process(target=guess_in_a_process, args=(database_url, barrier, answers)) for _ in range(2)]
    for process in running:
        process.start()
    found = [answers.get(timeout=60) for _ in range(8)]
    for process in running:
        process.join(60)
    assert (found.count("NotAllowed"), found.count("TryLater")) == (5, 3)


def test_the_number_of_a_wait_never_sinks_and_never_leaves_its_bounds():
    waits = [wait_after(failures, 5) for failures in range(2000)]
    assert waits == sorted(waits)
    assert set(waits[:5]) == {0}
    assert waits[-1] == LONGEST_WAIT


def test_a_session_ends_when_it_was_not_used_and_after_a_week(firm: Firm):
    idle, used = firm.sign_in(), firm.sign_in()
    while firm.time < START + LASTS - timedelta(hours=6):
        assert firm.accounts.whose(used) is not None
        firm.time += timedelta(hours=6)
    assert firm.accounts.whose(idle) is None
    firm.time = START + LASTS - timedelta(seconds=1)
    assert firm.accounts.whose(used) is not None
    firm.time = START + LASTS
    assert firm.accounts.whose(used) is None


def test_a_session_lasts_over_a_shift_without_use_and_no_longer(firm: Firm):
    token = firm.sign_in()
    firm.time += IDLE - timedelta(seconds=1)
    assert firm.accounts.whose(token) is not None
    firm.time += IDLE
    assert firm.accounts.whose(token) is None


def test_to_look_at_a_page_writes_nothing_for_five_minutes(firm: Firm):
    token = firm.sign_in()

    def seen() -> datetime:
        return firm.accounts.sessions(firm.rita.id)[0][0].seen

    firm.time += timedelta(minutes=4)
    firm.accounts.whose(token)
    assert seen() == START
    firm.time += timedelta(minutes=1)
    firm.accounts.whose(token)
    assert seen() == firm.time


@pytest.mark.parametrize("end", ["revoke", "disable", "set_password"])
def test_whatever_ends_all_sessions_ends_them_at_once(firm: Firm, end: str):
    sam = firm.person("sam")
    tokens = [firm.sign_in("sam") for _ in range(3)]
    assert len(firm.accounts.sessions(sam.id, tokens[0])) == 3
    assert [own for _row, own in firm.accounts.sessions(sam.id, tokens[0])].count(True) == 1
    arguments = (OTHER,) if end == "set_password" else ()
    getattr(firm.accounts, end)(sam.id, *arguments, by=firm.rita)
    assert [firm.accounts.whose(token) for token in tokens] == [None] * 3
    assert firm.accounts.sessions(sam.id) == ()
    assert firm.accounts.whose(firm.sign_in()) is not None


def test_a_change_of_role_holds_for_sessions_that_are_there(firm: Firm):
    sam = firm.person("sam")
    token = firm.sign_in("sam")
    firm.accounts.change(sam.id, role=Role.MANAGER, teams=("North",), by=firm.rita)
    found = firm.accounts.whose(token)
    assert found is not None
    assert (found.role, found.teams) == (Role.MANAGER, ("North",))


def test_an_invitation_works_once_and_lets_choose_a_password(firm: Firm):
    sam = firm.accounts.add("sam", role=Role.SCHEDULER, name="Sam Adler")
    token = firm.accounts.invite(sam.id)
    assert firm.accounts.invited(token) == sam
    with pytest.raises(Invalid, match="more than your name"):
        firm.accounts.accept(token, "sam adler 2026")
    assert firm.accounts.accept(token, PASSWORD).has_password
    with pytest.raises(NotFound, match="was used"):
        firm.accounts.accept(token, OTHER)
    assert firm.accounts.whose(firm.sign_in("sam")) is not None


def test_an_invitation_that_is_sent_twice_at_once_is_used_once(firm: Firm):
    token = firm.accounts.invite(firm.accounts.add("sam", role=Role.SCHEDULER).id)

    def accept(password: str) -> bool:
        try:
            firm.accounts.accept(token, password)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(accept, [PASSWORD, OTHER, PASSWORD, OTHER]))
    assert answers.count(True) == 1


def test_an_invitation_ends_with_time_with_a_newer_one_and_with_the_account(firm: Firm):
    sam = firm.accounts.add("sam", role=Role.SCHEDULER)
    first, second = firm.accounts.invite(sam.id), firm.accounts.invite(sam.id)
    firm.accounts.invited(second)
    firm.time += timedelta(hours=48)
    third = firm.accounts.invite(sam.id)
    firm.accounts.disable(sam.id)
    for token in (first, second, third, "", "\0", "x" * 100_000):
        with pytest.raises(NotFound, match="ask your administrator"):
            firm.accounts.invited(token)
    with pytest.raises(Conflict, match="enable it before"):
        firm.accounts.invite(sam.id)


def test_the_first_start_makes_an_administrator_and_prints_links_until_she_has_a_password(database_url: str):
    with Workspace.open(database_url, clock=lambda: START) as workspace:
        accounts = workspace.accounts
        first, second = accounts.first_invitation(), accounts.first_invitation()
        assert first is not None
        assert second is not None
        assert first[0] == second[0]
        assert (first[0].sign_in, first[0].role) == ("admin", Role.ADMINISTRATOR)
        with pytest.raises(NotFound):
            accounts.accept(first[1], PASSWORD)
        accounts.accept(second[1], PASSWORD)
        assert accounts.first_invitation() is None
        assert len(accounts.all()) == 1


@pytest.mark.parametrize(
    ("entries", "error", "said"),
    [
        ({"sign_in": "RITA"}, Conflict, "there is an account 'rita' already"),
        ({"sign_in": "a b"}, Invalid, "no blanks"),
        ({"role": Role.WORKER}, Invalid, "say which worker"),
        ({"role": Role.WORKER, "worker": "ana"}, NotFound, "did you mean 'anna'"),
        ({"teams": ("Nort",)}, Invalid, "no team 'Nort'; did you mean 'North'"),
        ({"teams": tuple(f"t{number}" for number in range(51))}, Invalid, "50 at most"),
        ({"teams": ("x\0y",)}, Invalid, "is no id"),
        ({"name": "x" * 101}, Invalid, "1 to 100"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_added(
    firm: Firm, entries: dict[str, object], error: type[Exception], said: str
):
    usual = {"sign_in": "sam", "role": Role.SCHEDULER}
    with pytest.raises(error, match=said):
        firm.accounts.add(**{**usual, **entries})  # type: ignore[arg-type]
    assert [one.sign_in for one in firm.accounts.all()] == ["rita"]


def test_the_last_administrator_stays_one(firm: Firm):
    for change in ({"role": Role.SCHEDULER}, {"role": Role.WORKER, "worker": "anna"}):
        with pytest.raises(Conflict, match="only administrator"):
            firm.accounts.change(firm.rita.id, **change)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="only administrator"):
        firm.accounts.disable(firm.rita.id)
    other = firm.person("olga", Role.ADMINISTRATOR)
    firm.accounts.disable(firm.rita.id)
    with pytest.raises(Conflict, match="only administrator"):
        firm.accounts.disable(other.id)


def test_only_administrators_change_accounts(firm: Firm):
    sam = firm.person("sam", Role.MANAGER)
    accounts = firm.accounts
    for forbidden in (
        lambda: accounts.add("eve", role=Role.ADMINISTRATOR, by=sam),
        lambda: accounts.change(sam.id, role=Role.ADMINISTRATOR, by=sam),
        lambda: accounts.disable(firm.rita.id, by=sam),
        lambda: accounts.enable(firm.rita.id, by=sam),
        lambda: accounts.invite(firm.rita.id, by=sam),
        lambda: accounts.revoke(firm.rita.id, by=sam),
        lambda: accounts.set_password(firm.rita.id, OTHER, by=sam),
    ):
        with pytest.raises(NotAllowed, match="only an administrator"):
            forbidden()
    accounts.revoke(sam.id, by=sam)
    accounts.set_password(sam.id, OTHER, by=sam)


def test_whoever_changes_her_password_has_to_know_the_old_one(firm: Firm):
    with pytest.raises(NotAllowed):
        firm.accounts.change_password(firm.rita, OTHER, "some other long words", address="10.0.0.1")
    firm.accounts.change_password(firm.rita, PASSWORD, OTHER, address="10.0.0.1")
    firm.sign_in(password=OTHER)
    with pytest.raises(NotAllowed):
        firm.sign_in(password=PASSWORD)


def test_who_did_what_is_kept(firm: Firm):
    sam = firm.accounts.add("sam", role=Role.SCHEDULER, by=firm.rita)
    firm.accounts.disable(sam.id)
    found = [(row.by, row.what, row.subject) for row in firm.accounts.audit(limit=2)]
    assert found == [("command line", "account disabled", "sam"), ("rita", "account added", "sam")]


def test_a_hash_of_older_costs_is_made_anew_at_the_next_sign_in(firm: Firm):
    from argon2 import PasswordHasher

    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with firm.workspace._store.write() as transaction:
        transaction.save_password(firm.rita.id, cheap)
    firm.sign_in()
    with firm.workspace._store.read() as transaction:
        kept = transaction.password_of(firm.rita.id)
    assert kept is not None
    assert "m=19456,t=2" in kept
    firm.sign_in()


def test_the_demo_has_a_scheduler_a_worker_and_a_manager_without_passwords(firm: Firm):
    people = firm.accounts.demo()
    assert people == firm.accounts.demo()
    assert {role: (one.worker, one.teams, one.has_password) for role, one in people.items()} == {
        Role.SCHEDULER: (None, (), False),
        Role.WORKER: ("anna", (), False),
        Role.MANAGER: (None, ("North",), False),
    }
    for one in people.values():
        firm.fail(1, one.sign_in)
        assert firm.accounts.whose(firm.accounts.begin(one.id).token) == one


def test_nobody_begins_a_session_for_somebody_who_is_disabled(firm: Firm):
    sam = firm.accounts.disable(firm.person("sam").id)
    with pytest.raises(NotAllowed, match="is disabled"):
        firm.accounts.begin(sam.id)
    firm.accounts.enable(sam.id)
    assert firm.accounts.whose(firm.accounts.begin(sam.id).token) is not None


def test_the_key_of_forms_is_drawn_once(firm: Firm, database_url: str):
    with Workspace.open(database_url) as other:
        assert len(firm.accounts.page_key()) == 32
        assert firm.accounts.page_key() == other.accounts.page_key()


def test_accounts_take_no_revision_and_are_not_exported(firm: Firm, tmp_path, database_url: str):
    def revision() -> int:
        with firm.workspace._store.read() as transaction:
            return transaction.revision()

    before = revision()
    firm.sign_in()
    firm.accounts.change(firm.rita.id, name="Rita Ochs")
    assert revision() == before
    firm.workspace.export_path(tmp_path / "out.jsonl")
    written = "".join(path.read_text() for path in tmp_path.rglob("*.jsonl"))
    assert '"anna"' in written
    assert "rita" not in written.casefold()


def test_a_sign_in_that_is_cut_off_in_the_middle_leaves_a_counted_failure_and_no_session(
    tmp_path, monkeypatch: pytest.MonkeyPatch
):
    firm = Firm(f"sqlite:///{tmp_path / 'x.db'}")
    with monkeypatch.context() as patched:
        patched.setattr("skillmatch.workspace.signing_in.new_token", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            firm.sign_in()
    assert firm.accounts.sessions(firm.rita.id) == ()
    with closing(sqlite3.connect(tmp_path / "x.db")) as raw:
        assert raw.execute("SELECT failures FROM sign_in_failure").fetchall() == [(1,), (1,)]
    firm.sign_in()
    firm.workspace.close()
