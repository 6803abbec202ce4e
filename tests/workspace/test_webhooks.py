"""Webhooks: what happens is told at least once, signed, and only where it may go; what fails is tried for a day."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import CertificationGranted, JobOutcome, SelfReport
from skillmatch.beliefs.observation import Result
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.store.store import Store
from skillmatch.workspace import EVENTS, Workspace
from skillmatch.workspace.answers import Change, Proficiency, Recorded
from skillmatch.workspace.delivering import GIVEN_UP, HELD, NOT_THERE, STAGES, pause_after
from skillmatch.workspace.happening import tell_recorded
from skillmatch.workspace.sending import LONGEST_BODY, check_url, resolved, send
from tests.kit.company import NOW, fill
from tests.kit.receiver import Receiver, receiver

DOCS = Path(__file__).parents[2] / "docs/webhooks.md"


class Firm(Workspace):
    """A workspace with a clock that a test can put forward."""

    time: datetime
    private_webhooks = True

    def forward(self, length: timedelta) -> None:
        self.time += length

    def hook(self, to: Receiver, *events: str) -> tuple[str, str]:
        row, secret = self.webhooks.add(to.url, events=events or tuple(EVENTS))
        return row.id, secret


def firm_at(url: str, *, filled: bool = False) -> Firm:
    store = Store.open(url)
    if filled:
        fill(store)
    found = Firm(store, clock=lambda: found.time)
    found.time = NOW
    return found


@pytest.fixture
def firm(database_url: str) -> Iterator[Firm]:
    with firm_at(database_url, filled=True) as opened:
        yield opened  # type: ignore[misc]


def outcome(id: str = "o1", result: Result = Result.FIRST_TIME_FIX, *, source: str = "test") -> JobOutcome:
    return JobOutcome(id=id, worker="ben", time=NOW - timedelta(days=1), source=source, job="j2", result=result)


def types(to: Receiver) -> list[str]:
    return [json.loads(body)["type"] for _headers, body in to.got]


def data(to: Receiver, place: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to.got[place][1])["data"]
    return found


def example_of_the_documents() -> Any:
    """Return the function with which the documents say that a receiver checks a message."""
    found = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    names: dict[str, Any] = {}
    exec(found[1], names)
    return names["is_ours"]


def test_a_finished_job_is_told_signed_and_the_lines_of_the_documents_verify_it(firm: Firm):
    with receiver() as to:
        id, secret = firm.hook(to)
        done = firm.record(outcome())
        (row,) = [one for one in firm.courier.deliver() if one.event == "job.finished"]
        assert types(to) == ["job.finished", "belief.changed"]
        headers, body = to.got[0]
    assert row.status == 200
    assert row.delivered == NOW
    assert row.due is None
    assert row.attempts == 1
    assert data(to)["job"] == "j2"
    assert data(to)["result"] == "first-time fix"
    told = {one["skill"]: one["after"]["level"] for one in data(to, 1)["changes"]}
    assert told == {one.skill: round(one.after.level, 4) for one in done.changes}
    # By hand, as the standard has it, and by the lines in the documents.
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert (
        headers["webhook-signature"]
        == "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    )
    is_ours, now = example_of_the_documents(), NOW.timestamp()
    assert is_ours(secret, headers, body, now=now)
    assert not is_ours(secret, headers, body + b" ", now=now)
    assert not is_ours("whsec_" + base64.b64encode(bytes(32)).decode(), headers, body, now=now)
    assert not is_ours(secret, headers, body, now=now + 3600)
    assert [one.webhook for one in firm.webhooks.deliveries(id)] == [id, id]


def test_a_message_is_written_with_what_it_tells_or_not_at_all(firm: Firm):
    with receiver() as to:
        id, _secret = firm.hook(to)
        with pytest.raises(NotFound):
            firm.record(SelfReport(id="s", worker="ben", time=NOW, skill="nothing", level=2.0))
        assert firm.webhooks.deliveries(id) == ()

        def fail() -> None:
            with firm._store.together():
                firm.record(outcome())
                raise ValueError("stop")

        with pytest.raises(ValueError, match="stop"):
            fail()
        assert firm.webhooks.deliveries(id) == ()
        firm.record(outcome())
        assert len(firm.webhooks.deliveries(id)) == 2
        firm.record(outcome())  # the same again is nothing new
        assert len(firm.webhooks.deliveries(id)) == 2


def test_only_what_was_asked_for_is_told_and_paused_ones_are_told_nothing(firm: Firm):
    with receiver() as to:
        id, _secret = firm.hook(to, "decision.made")
        firm.record(outcome())
        number = firm.propose("j1").number
        assert number
        first = firm.decision(number).first or "anna"
        firm.assign(number, [first])
        firm.courier.deliver()
        assert types(to) == ["decision.made"]
        assert (data(to)["job"], data(to)["workers"], data(to)["decision"]) == ("j1", [first], number)
        assert data(to)["bookings"][0]["worker"] == first
        firm.webhooks.set_active(id, False)
        firm.assign(firm.propose("j1").number, [first], reason="again")
        assert len(firm.webhooks.deliveries(id)) == 1
        with pytest.raises(Conflict, match="paused"):
            firm.webhooks.test(id)


def test_what_fails_is_tried_again_later_each_time_under_the_same_id(firm: Firm):
    with receiver(500, 503, 200) as to:
        id, _secret = firm.hook(to, "job.finished")
        to.body = b"\x00no <b>room</b>\n" + b"x" * 5000
        firm.record(outcome())
        (row,) = firm.courier.deliver()
        assert row.status == 500
        assert row.error.startswith("answered 500: no <b>room</b> xxx")
        assert len(row.error) < 400
        assert row.due is not None
        assert timedelta(seconds=11) <= row.due - NOW <= timedelta(seconds=19)
        assert firm.courier.deliver() == ()  # not yet
        firm.time = row.due
        (row,) = firm.courier.deliver()
        assert row.due is not None
        assert timedelta(seconds=22) <= row.due - firm.time <= timedelta(seconds=38)
        firm.time = row.due
        (row,) = firm.courier.deliver()
        assert row.delivered == firm.time
        assert row.attempts == 3
        assert len({headers["webhook-id"] for headers, _body in to.got}) == 1
        assert len({headers["webhook-timestamp"] for headers, _body in to.got}) == 3
    assert firm.webhooks.deliveries(id) == (row,)


def test_what_fails_for_a_day_is_given_up_and_can_be_sent_again(firm: Firm):
    with receiver(500) as to:
        firm.hook(to, "job.finished")
        firm.record(outcome())
        for _ in range(40):
            (row,) = firm.courier.deliver()
            if row.due is None:
                break
            firm.time = row.due
        assert row.delivered is row.due is None
        assert 10 <= row.attempts <= 16
        assert firm.time <= NOW + GIVEN_UP
        to.answers = [204]
        again = firm.webhooks.again(row.number)
        (done,) = firm.courier.deliver()
        assert done.number == again.number != row.number
        assert done.delivered
        assert to.got[0][0]["webhook-id"] == to.got[-1][0]["webhook-id"]


def test_a_receiver_that_is_slow_or_away_keeps_nobody_else_waiting(firm: Firm):
    with receiver(3.0) as slow, receiver() as other:
        first, _secret = firm.hook(slow, "job.finished", "belief.changed")
        firm.hook(other, "job.finished", "belief.changed")
        firm.record(outcome())
        began = time.monotonic()
        rows = firm.courier.deliver(seconds=0.3)
        assert time.monotonic() - began < 2
        assert types(other) == ["job.finished", "belief.changed"]
        late = [row for row in rows if row.webhook == first]
        assert [(row.status, row.error) for row in late] == [(None, "no answer within 0.3 seconds")]
        waiting = [row for row in firm.webhooks.deliveries(first) if row.attempts == 0]
        assert [row.due for row in waiting] == [NOW + NOT_THERE]


def test_a_receiver_that_sends_a_byte_now_and_then_is_cut_off():
    import socket

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def drip() -> None:
            one, _address = listening.accept()
            with one:
                for letter in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200:
                    try:
                        one.send(bytes([letter]))
                    except OSError:
                        return
                    time.sleep(0.05)

        thread = Thread(target=drip)
        thread.start()
        began = time.monotonic()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        sent = send(url, "whsec_AAAA", id="e", timestamp=1, body=b"{}", private=True, seconds=0.4)
        assert time.monotonic() - began < 2
        assert sent.error == "no answer within 0.4 seconds"
        thread.join()


def test_redirects_are_not_followed(firm: Firm):
    with receiver(302) as to, receiver() as elsewhere:
        to.location = elsewhere.url
        firm.hook(to, "job.finished")
        firm.record(outcome())
        (row,) = firm.courier.deliver()
        assert row.status == 302
        assert "redirects are not followed" in row.error
        assert elsewhere.got == []


def test_two_processes_send_each_message_once(firm: Firm, database_url: str):
    with receiver(0.01) as to:
        firm.hook(to, "job.finished")
        for number in range(30):
            firm.record(outcome(f"o{number}"))
        with firm_at(database_url) as other, ThreadPoolExecutor(4) as pool:
            works = [pool.submit(one.courier.deliver) for one in (firm, other, firm, other)]
            done = [row for work in works for row in work.result()]
        assert len(done) == 30
        assert all(row.delivered for row in done)
        assert len({headers["webhook-id"] for headers, _body in to.got}) == len(to.got) == 30


def test_a_process_that_is_killed_in_the_middle_has_its_message_sent_again_by_another(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'c.db'}"
    with firm_at(url, filled=True) as firm, receiver(60.0, 200) as to:
        # The clock of the other process is the real one, and it would give up what is older than a day.
        firm.time = datetime.now(NOW.tzinfo)
        id, _secret = firm.hook(to, "job.finished")
        firm.record(outcome())
        command = [sys.executable, "-m", "skillmatch", "--database", url, "deliver", "--once"]
        other = subprocess.Popen(command, env={**os.environ, "SKILLMATCH_WEBHOOK_PRIVATE": "yes"})
        try:
            until = time.monotonic() + 60
            while not to.got and time.monotonic() < until:
                time.sleep(0.05)
        finally:
            other.send_signal(signal.SIGKILL)
            other.wait()
        assert len(to.got) == 1
        firm.time = datetime.now(NOW.tzinfo)
        assert firm.courier.deliver() == ()  # it is the other's still
        firm.forward(HELD)
        (row,) = firm.courier.deliver()
        assert row.attempts == 2
        assert row.delivered
        assert to.got[0][0]["webhook-id"] == to.got[1][0]["webhook-id"]
        assert to.got[0][1] == to.got[1][1]
        assert firm.webhooks.deliveries(id) == (row,)


def test_a_late_failure_does_not_undo_that_another_process_delivered(firm: Firm):
    with receiver() as to:
        firm.hook(to, "job.finished")
        firm.record(outcome())
        with firm._store.write() as transaction:
            mine = transaction.claim_delivery(NOW, until=NOW + HELD)
        assert mine
        firm.forward(HELD)
        (row,) = firm.courier.deliver()
        with firm._store.write() as transaction:
            transaction.delivery_failed(mine, None, "late", again=NOW)
        assert firm.webhooks.delivery(row.number) == row


def test_a_certificate_is_told_of_once_at_each_stage_however_many_look(firm: Firm, database_url: str):
    ends = date(2026, 8, 20)
    firm.record(
        CertificationGranted(id="c", worker="anna", time=NOW, type="gas", issued=date(2025, 1, 1), expires=ends)
    )
    told: list[tuple[int, int]] = []
    with receiver() as to, firm_at(database_url) as other:
        firm.hook(to, "certificate.expiring")
        for _ in range(90):
            firm.forward(timedelta(days=1))
            other.time = firm.time
            with ThreadPoolExecutor(2) as pool:
                sums = list(pool.map(lambda one: one.courier.tend(), (firm, other)))
            told += [((ends - firm.time.date()).days, sum(sums))] if any(sums) else []
            firm.courier.deliver()
    assert told == [(60, 1), (30, 1), (7, 1)]
    assert types(to) == ["certificate.expiring"] * len(STAGES)
    assert [data(to, place)["days"] for place in range(3)] == [60, 30, 7]
    assert data(to)["worker"] == "anna"
    assert data(to)["certificate"] == "gas"


def test_an_import_tells_nobody(firm: Firm, tmp_path: Path):
    with receiver() as to:
        id, _secret = firm.hook(to)
        (tmp_path / "e.jsonl").write_text("")
        firm.export_path(tmp_path / "all.jsonl")
        firm.record(outcome("o9"))
        before = firm.webhooks.deliveries(id)
        with firm_at(f"sqlite:///{tmp_path / 'other.db'}") as other:
            there, _secret = other.hook(to)
            other.import_path(tmp_path / "all.jsonl")
            assert other.webhooks.deliveries(there) == ()
        assert len(before) == 2


def test_the_thread_sends_by_itself_and_ends_when_told(tmp_path: Path):
    with firm_at(f"sqlite:///{tmp_path / 'c.db'}", filled=True) as firm, receiver() as to:
        firm.hook(to, "job.finished")
        stop = Event()
        thread = Thread(target=firm.courier.run, args=(stop,), kwargs={"idle": 0.02})
        thread.start()
        firm.record(outcome())
        until = time.monotonic() + 10
        while not to.got and time.monotonic() < until:
            time.sleep(0.02)
        stop.set()
        thread.join(10)
        assert types(to) == ["job.finished"]
        assert not thread.is_alive()


def test_a_removed_one_is_told_nothing_comes_back_and_is_forgotten_after_a_month(firm: Firm):
    with receiver() as to:
        id, _secret = firm.hook(to, "job.finished")
        firm.record(outcome())
        firm.webhooks.remove(id)
        assert firm.webhooks.all() == ()
        assert firm.courier.deliver() == ()
        with pytest.raises(NotFound):
            firm.webhooks.get(id)
        firm.webhooks.back(id)
        assert len(firm.courier.deliver()) == 1
        firm.webhooks.remove(id)
        firm.forward(timedelta(days=31))
        firm.courier.tend()
        with pytest.raises(NotFound):
            firm.webhooks.back(id)


def test_a_new_secret_signs_from_then_on(firm: Firm):
    with receiver() as to:
        id, old = firm.hook(to, "job.finished")
        new = firm.webhooks.roll(id)
        firm.webhooks.test(id)
        (row,) = firm.courier.deliver()
        assert row.event == "test"
        is_ours = example_of_the_documents()
        headers, body = to.got[0]
        assert is_ours(new, headers, body, now=NOW.timestamp())
        assert not is_ours(old, headers, body, now=NOW.timestamp())


def test_adding_says_what_is_wrong(firm: Firm):
    add = firm.webhooks.add
    with pytest.raises(NotFound, match=r"job\.finished"):
        add("https://example.org/", events=["job.finishd"])
    with pytest.raises(Invalid, match="told nothing"):
        add("https://example.org/", events=[])
    row, _secret = add("https://example.org/", events=["job.finished"], id="a" * 32)
    with pytest.raises(Conflict, match="already"):
        add("https://example.net/", events=["job.finished"], id=row.id)
    with pytest.raises(Conflict, match="already"):
        add(" https://example.org/ ", events=["job.finished"])
    for number in range(19):
        add(f"https://example.org/{number}", events=["job.finished"])
    with pytest.raises(Conflict, match="20 webhooks"):
        add("https://example.org/x", events=["job.finished"])
    for act in (firm.webhooks.get, firm.webhooks.remove, firm.webhooks.roll, firm.webhooks.test):
        for id in ("none", "\0", "x" * 5000):
            with pytest.raises(NotFound):
                act(id)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.org/",
        "//example.org",
        "https://",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "https://example.org:99999/",
        "https://example.org:0/",
        "https://[::1/",
        "https://example.org/a b",
        "https://example.org\\@evil/",
        "https://ex\nample.org/",
        "https://example.org/ü",
        "javascript:alert(1)",
        "https://example.org/" + "x" * 500,
    ],
)
def test_what_is_no_address_is_refused(url: str):
    with pytest.raises(Invalid) as found:
        check_url(url, private=True)
    assert "secret" not in str(found.value)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fc00::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]",
        "localhost",
        "a.localhost.",
    ],
)
def test_addresses_of_this_machine_and_of_private_networks_are_refused(host: str):
    with pytest.raises(Invalid, match="SKILLMATCH_WEBHOOK_PRIVATE"):
        check_url(f"http://{host}/", private=False)
    assert check_url(f"http://{host}/", private=True)


@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f.1", "017700000001"])
def test_a_name_that_leads_to_this_machine_is_refused_when_it_is_sent(name: str):
    with pytest.raises(Invalid, match=r"SKILLMATCH_WEBHOOK_PRIVATE|leads to no address"):
        resolved(name, 80, private=False)
    with receiver() as to:
        port = to.url.split(":")[2].split("/")[0]
        sent = send(f"http://{name}:{port}/", "whsec_AAAA", id="e", timestamp=1, body=b"{}", private=False)
        assert sent.status is None
        assert to.got == []


def test_public_addresses_are_let_through():
    for url in ("https://example.org/x?y=1", "http://8.8.8.8:8080/", "https://[2606:4700::1111]/"):
        assert check_url(url, private=False) == url


def test_a_message_that_is_too_long_is_not_sent():
    with receiver() as to:
        sent = send(to.url, "whsec_AAAA", id="e", timestamp=1, body=b"x" * 65_537, private=True)
        assert "65,537 bytes" in sent.error
        assert to.got == []


@given(st.integers(1, 1000), st.floats(0, 1))
def test_pauses_grow_and_end_at_six_hours(attempts: int, chance: float):
    pause = pause_after(attempts, chance).total_seconds()
    usual = min(15.0 * 2.0 ** (attempts - 1), 21_600.0)
    assert 0.75 * usual - 1e-5 <= pause <= 1.25 * usual + 1e-5


def test_secrets_are_in_no_log_and_no_error(firm: Firm, caplog: pytest.LogCaptureFixture):
    with receiver(500) as to:
        _id, secret = firm.hook(to)
        to.body = b"go away"
        firm.record(outcome())
        rows = firm.courier.deliver()
        assert secret not in caplog.text + repr(rows) + repr(firm.webhooks.all()) + repr(firm.accounts.audit())


def test_the_longest_message_is_below_64_kilobytes():
    long, level = "\u20ac" * 200, Proficiency(1 / 3, 2 / 3, 4 / 3)
    changes = tuple(Change(f"{long[:-3]}{number:03}", level, replace(level, level=2.0)) for number in range(500))
    fact = JobOutcome(id=long, worker=long, time=NOW, source=long, job=long, result=Result.REWORK)
    told: list[dict[str, Any]] = []

    class Listener:
        def tell(self, event: str, data: dict[str, Any], **_: Any) -> None:
            told.append({"id": "evt_" + "0" * 32, "type": event, "timestamp": NOW.isoformat(), "data": data})

    tell_recorded(Listener(), Recorded(fact, "added", changes, level, level), now=NOW)  # type: ignore[arg-type]
    assert [one["type"] for one in told] == ["job.finished", "belief.changed"]
    assert told[1]["data"]["changed"] == 500
    assert 40_000 < len(json.dumps(told[1])) <= LONGEST_BODY
