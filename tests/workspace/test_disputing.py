"""Disputes in a small firm: what they change, who is told what, and that nothing else notices them."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from skillmatch.accounts import Account, Role
from skillmatch.beliefs.disputes import Dispute, DisputeDecided, DisputeEffect, DisputeState, Verdict
from skillmatch.beliefs.evidence import (
    Assessment,
    CertificationGranted,
    CertificationRevoked,
    Evidence,
    JobOutcome,
    Override,
    Retraction,
    SelfReport,
    day_number,
)
from skillmatch.beliefs.filter import fold
from skillmatch.beliefs.observation import Result
from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound
from skillmatch.importers.batch import Batch
from skillmatch.model import Report
from skillmatch.store.store import Store
from skillmatch.workspace import Disputes, Proficiency, Workspace
from skillmatch.workspace.bands import REGULAR, SUDDEN
from skillmatch.workspace.importing import write_batch
from tests.workspace.firm import NOW, Firm, firm, job

PEOPLE: dict[str, dict[str, Any]] = {
    "mona": {"name": "Mona", "role": Role.MANAGER},
    "anna": {"name": "Anna", "role": Role.WORKER, "worker": "anna"},
    "ben": {"name": "Ben", "role": Role.MANAGER, "worker": "ben"},
}


def account(shop: Firm, name: str) -> Account:
    """Return who is signed in."""
    known = {one.sign_in: one for one in shop.accounts.all()}
    return known.get(name) or shop.accounts.add(name, **PEOPLE[name])


def mona(shop: Firm) -> Account:
    """Return the manager."""
    return account(shop, "mona")


@pytest.fixture
def shop(tmp_path: Path) -> Firm:
    """A firm in which Ben has failed at a job that he says was not his."""
    found = firm(tmp_path)
    time = NOW - timedelta(days=3)
    found.record(JobOutcome(id="bad", worker="ben", time=time, job="old", result=Result.FAILED, cause="valve"))
    found.record(
        Assessment(id="low", worker="ben", time=NOW - timedelta(days=2), skill="controls", level=1.0, rater="Mona")
    )
    return found


BAD, LOW = ("typed in", "bad"), ("typed in", "low")


def level(shop: Firm, skill: str = "refrigeration", worker: str = "ben") -> Proficiency:
    return next(row.proficiency for row in shop.profile(worker).skills if row.skill.id == skill)


def log(shop: Firm) -> list[Evidence]:
    with shop._store.read() as transaction:
        return list(transaction.log())


def exact(shop: Firm) -> bool:
    return shop.rebuild(check=True).differing == 0


def test_while_a_dispute_is_open_the_fact_is_set_aside_and_the_level_moves_at_once(shop: Firm):
    before = level(shop)
    step = shop.disputes.open("ben", BAD, reason="  I was on leave ")
    assert step.status == "added"
    assert step.disputed.case.dispute.reason == "I was on leave"
    assert step.disputed.state is DisputeState.OPEN
    change = next(one for one in step.changes if one.skill == "refrigeration")
    assert change.before == before
    assert change.after == level(shop)
    assert change.after.level > before.level
    assert exact(shop)


def test_what_it_counts_as_is_what_it_would_be_without_the_fact(shop: Firm, tmp_path: Path):
    shop.disputes.open("ben", BAD, reason="not me")
    with shop._store.read() as transaction:
        facts, params = transaction.evidence_of("ben"), transaction.params()
    assert "bad" not in [fact.id for fact in facts]
    state = fold("ben", facts, params)
    assert Proficiency.in_skill(state, "refrigeration", day_number(NOW), params) == level(shop)


def test_rejected_it_counts_again_to_the_bit_and_upheld_it_never_does(shop: Firm):
    before = shop.profile("ben").skills
    dispute = shop.disputes.open("ben", BAD, reason="not me").disputed.key
    aside = shop.profile("ben").skills
    rejected = shop.disputes.decide(dispute, Verdict.REJECTED, reason="the van was there", by=mona(shop))
    assert rejected.disputed.state is DisputeState.REJECTED
    assert shop.profile("ben").skills == before
    shop.disputes.reopen(dispute, by=mona(shop))
    assert shop.profile("ben").skills == aside
    shop.disputes.decide(dispute, Verdict.UPHELD, reason="on leave indeed", by=mona(shop))
    assert shop.profile("ben").skills == aside
    assert exact(shop)


def test_a_withdrawn_dispute_leaves_everything_as_it_was_and_can_be_opened_anew(shop: Firm):
    before = shop.profile("ben").skills
    dispute = shop.disputes.open("ben", BAD, reason="not me").disputed.key
    assert shop.disputes.withdraw(dispute).disputed.state is DisputeState.WITHDRAWN
    assert shop.profile("ben").skills == before
    assert shop.disputes.withdraw(dispute).status == "unchanged"
    again = shop.disputes.open("ben", BAD, reason="it was not me after all")
    assert again.status == "added"
    assert again.disputed.key != dispute
    assert exact(shop)


def test_with_keep_nothing_moves_until_somebody_has_found_the_worker_right(shop: Firm):
    shop.dispute_effect = DisputeEffect.KEEP
    before = level(shop)
    step = shop.disputes.open("ben", BAD, reason="not me")
    assert step.changes == ()
    assert level(shop) == before
    shop.disputes.decide(step.disputed.key, Verdict.UPHELD, reason="right", by=mona(shop))
    assert level(shop).level > before.level
    assert exact(shop)


def test_the_effect_is_that_of_the_day_on_which_it_was_opened(shop: Firm):
    dispute = shop.disputes.open("ben", BAD, reason="not me").disputed
    aside = level(shop)
    shop.dispute_effect = DisputeEffect.KEEP
    assert shop.disputes.find(dispute.key).case.sets_aside
    assert shop.rebuild(check=False).differing == 0
    assert level(shop) == aside


def test_disputing_twice_changes_nothing_and_neither_does_deciding_twice(shop: Firm):
    first = shop.disputes.open("ben", BAD, reason="not me")
    count = len(log(shop))
    again = shop.disputes.open("ben", BAD, reason="really not me")
    assert (again.status, again.disputed, again.changes) == ("unchanged", first.disputed, ())
    shop.disputes.decide(first.disputed.key, Verdict.UPHELD, reason="right", by=mona(shop))
    assert shop.disputes.decide(first.disputed.key, Verdict.UPHELD, reason="yes", by=mona(shop)).status == "unchanged"
    assert len(log(shop)) == count + 1
    with pytest.raises(Conflict, match=r"was upheld by Mona \(“right”\): open it again to decide otherwise"):
        shop.disputes.decide(first.disputed.key, Verdict.REJECTED, reason="no", by=mona(shop))
    with pytest.raises(Conflict, match="it cannot be withdrawn any more"):
        shop.disputes.withdraw(first.disputed.key)
    with pytest.raises(Conflict, match="that stands until it is opened again"):
        shop.disputes.open("ben", BAD, reason="once more")
    assert len(log(shop)) == count + 1


def test_only_facts_and_only_ones_own_can_be_disputed(shop: Firm):
    dispute = shop.disputes.open("ben", BAD, reason="not me").disputed.key
    decision = shop.disputes.decide(dispute, Verdict.REJECTED, reason="no", by=mona(shop)).disputed.case.decision
    assert decision is not None
    for key in (dispute, decision.key):
        with pytest.raises(Conflict, match="only facts can be disputed"):
            shop.disputes.open("ben", key, reason="no")
    with pytest.raises(NotFound, match="worker 'anna' has no evidence 'bad'") as hers:
        shop.disputes.open("anna", BAD, reason="not his")
    with pytest.raises(NotFound) as nobodys:
        shop.disputes.open("anna", ("typed in", "none"), reason="x")
    assert str(hers.value).replace("bad", "none") == str(nobodys.value)
    with pytest.raises(NotFound, match="there is no worker 'bem'; did you mean 'ben'"):
        shop.disputes.open("bem", BAD, reason="x")


@pytest.mark.parametrize("fact", ["dispute of a dispute", "of another's fact", "of nothing", "decision on a fact"])
def test_recorded_directly_the_same_is_refused(shop: Firm, fact: str):
    own = shop.disputes.open("ben", BAD, reason="not me").disputed.key
    common = {"id": "x", "time": NOW, "source": "typed in"}
    effect = DisputeEffect.SET_ASIDE
    wrong: dict[str, Evidence] = {
        "dispute of a dispute": Dispute(
            **common, worker="ben", disputes_source=own[0], disputes_id=own[1], effect=effect
        ),
        "of another's fact": Dispute(**common, worker="anna", disputes_source=BAD[0], disputes_id="bad", effect=effect),
        "of nothing": Dispute(**common, worker="ben", disputes_source=BAD[0], disputes_id="worse", effect=effect),
        "decision on a fact": DisputeDecided(
            **common,
            worker="ben",
            decides_source=BAD[0],
            decides_id="bad",
            verdict=Verdict.UPHELD,
            decided_by="Mona",
        ),
    }
    before = log(shop)
    with pytest.raises((Conflict, NotFound)):
        shop.record(wrong[fact])
    assert log(shop) == before


def test_nobody_decides_about_herself(shop: Firm):
    dispute = shop.disputes.open("ben", BAD, reason="not me").disputed.key
    ben = account(shop, "ben")
    with pytest.raises(NotAllowed, match="somebody else has to decide"):
        shop.disputes.decide(dispute, Verdict.UPHELD, reason="I say so", by=ben)
    shop.disputes.decide(dispute, Verdict.REJECTED, reason="no", by=mona(shop))
    with pytest.raises(NotAllowed):
        shop.disputes.reopen(dispute, by=ben)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001, "a\0b"])
def test_a_reason_is_needed_and_has_an_end(shop: Firm, reason: str):
    with pytest.raises(Invalid, match="reason"):
        shop.disputes.open("ben", BAD, reason=reason)
    dispute = shop.disputes.open("ben", BAD, reason="not me").disputed.key
    with pytest.raises(Invalid, match="reason"):
        shop.disputes.decide(dispute, Verdict.UPHELD, reason=reason, by=mona(shop))
    with pytest.raises(Invalid, match="nobody was named who decides"):
        shop.disputes.decide(dispute, Verdict.UPHELD, reason="so", decided_by=" ")


def test_a_retracted_fact_does_not_come_back_by_a_rejection(shop: Firm):
    dispute = shop.disputes.open("ben", BAD, reason="not me").disputed.key
    aside = level(shop)
    shop.record(Retraction(id="r", worker="ben", time=NOW, retracts_source=BAD[0], retracts_id="bad"))
    assert shop.disputes.find(dispute).gone
    shop.disputes.decide(dispute, Verdict.REJECTED, reason="no", by=mona(shop))
    assert level(shop) == aside
    assert exact(shop)
    shop.record(Retraction(id="r2", worker="ben", time=NOW, retracts_source=LOW[0], retracts_id="low"))
    with pytest.raises(Conflict, match="was retracted already"):
        shop.disputes.open("ben", LOW, reason="too late")


def test_a_corrected_fact_stays_set_aside_and_comes_back_corrected(shop: Firm):
    dispute = shop.disputes.open("ben", BAD, reason="not me").disputed.key
    aside = level(shop)
    time = NOW - timedelta(days=3)
    shop.record(JobOutcome(id="bad", worker="ben", time=time, job="old", result=Result.WITH_HELP))
    assert level(shop) == aside
    shop.disputes.decide(dispute, Verdict.REJECTED, reason="as corrected", by=mona(shop))
    with shop._store.read() as transaction:
        (found,) = [fact for fact in transaction.evidence_of("ben") if fact.id == "bad"]
    assert isinstance(found, JobOutcome)
    assert found.result is Result.WITH_HELP
    assert exact(shop)


def test_a_fact_that_turns_out_to_be_somebody_elses_is_hers_to_dispute(shop: Firm):
    shop.disputes.open("ben", BAD, reason="that was Chen")
    chen = level(shop, worker="chen")
    time = NOW - timedelta(days=3)
    shop.record(JobOutcome(id="bad", worker="chen", time=time, job="old", result=Result.FAILED))
    assert level(shop, worker="chen").level < chen.level
    assert exact(shop)
    assert shop.disputes.open("chen", BAD, reason="no, it was Ben").status == "added"
    assert level(shop, worker="chen") == chen
    assert exact(shop)


def test_a_revoked_certification_is_in_force_while_that_is_disputed(shop: Firm):
    """Setting it aside would let whoever it stops send herself to the work."""
    shop.record(CertificationRevoked(id="rv", worker="ben", time=NOW - timedelta(days=1), type="F-GAS"))
    step = shop.disputes.open("ben", ("typed in", "rv"), reason="I passed the audit")
    assert step.disputed.case.dispute.effect is DisputeEffect.KEEP
    with shop._store.read() as transaction:
        assert transaction.facts(["revocation"], workers=["ben"])
    shop.disputes.decide(step.disputed.key, Verdict.UPHELD, reason="passed", by=mona(shop))
    with shop._store.read() as transaction:
        assert not transaction.facts(["revocation"], workers=["ben"])


def test_every_reader_of_facts_leaves_out_what_is_set_aside(shop: Firm, tmp_path: Path):
    shop.record(CertificationGranted(id="c", worker="ben", time=NOW, type="F-GAS", issued=date(2026, 1, 1)))
    shop.record(Override(id="ov", worker="ben", time=NOW, skill="controls", level=4.0, rater="Mona"))
    with shop._store.read() as transaction:
        outcomes, since = transaction.count_outcomes(), transaction.revision()
    shop.views("old")  # the arrays are in memory from here on
    for id in ("bad", "c", "ov", "low"):
        shop.disputes.open("ben", ("typed in", id), reason="wrong")
    with shop._store.read() as transaction:
        assert transaction.count_outcomes() == outcomes - 1
        assert transaction.count_causes() == 0
        assert transaction.certifications(workers=["ben"]) == []
        assert "ben" in transaction.workers_with(["certification"], since=since)
        assert [row.counts for row in transaction.work_rows(since=since, after=NOW - timedelta(days=9))] == [False]
        assert "bad" not in [fact.id for fact in transaction.job_outcomes("old")]
        assert [one.job.id for one in transaction.turned_out(since=since) if one.outcomes] == []
        assert len(transaction.visits(customer="bakery")) == outcomes - 1
        assert not {"bad", "c", "ov", "low"} & {fact.id for fact in dict(transaction.evidence())["ben"]}
    profile = shop.profile("ben")
    assert profile.certifications == ()
    assert [row.override for row in profile.skills] == [None] * len(profile.skills)
    assert all("bad" not in piece.evidence.id for piece in shop.why("ben", "refrigeration").pieces)
    shop.export_path(tmp_path / "tables", tables=True)
    assert "bad" not in (tmp_path / "tables/outcomes.csv").read_text()
    with Workspace(shop._store, clock=lambda: NOW) as fresh:
        for mine, other in zip(shop.views("old"), fresh.views("old"), strict=True):
            assert (mine.levels_mean == other.levels_mean).all() if hasattr(mine, "levels_mean") else True
        assert fresh.rank("old", policy="balanced", limit=9) == shop.rank("old", policy="balanced", limit=9)


def test_a_decision_is_replayed_as_it_was_when_the_fact_counted_and_when_it_did_not(shop: Firm):
    shop.save(job("j1"))
    shop.propose("j1")
    dispute = shop.disputes.open("ben", BAD, reason="not me").disputed.key
    shop.propose("j1")
    shop.disputes.decide(dispute, Verdict.REJECTED, reason="no", by=mona(shop))
    shop.propose("j1")
    scores = []
    for decision in sorted(shop.decisions(), key=lambda one: one.number):
        replay = shop.replay(decision.number)
        assert replay.same, replay
        scores.append({row.worker: row.score for row in decision.shown}["ben"])
    assert len(scores) == 3
    assert scores[0] == scores[2] != scores[1]


def test_jsonl_carries_disputes_and_all_that_was_decided(shop: Firm, tmp_path: Path):
    first = shop.disputes.open("ben", BAD, reason="not me").disputed.key
    shop.disputes.decide(first, Verdict.REJECTED, reason="no", by=mona(shop))
    second = shop.disputes.open("ben", LOW, reason="unfair").disputed.key
    shop.disputes.decide(second, Verdict.UPHELD, reason="yes", by=mona(shop))
    gone = shop.disputes.open("chen", key_of_first(shop, "chen"), reason="hm").disputed.key
    shop.disputes.withdraw(gone)
    file = tmp_path / "all.jsonl"
    shop.export_path(file)
    assert exact(shop)
    copy = Workspace.open(f"sqlite:///{tmp_path / 'copy.db'}", clock=lambda: NOW)
    copy.import_path(file)
    assert copy.rebuild(check=True).differing == 0
    assert copy.disputes.page() == shop.disputes.page()
    assert copy.profile("ben").skills == shop.profile("ben").skills
    assert copy.import_path(file).unchanged["evidence"] == len(log(shop))
    copy.export_path(tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_text() == file.read_text()


def key_of_first(shop: Firm, worker: str) -> tuple[str, str]:
    return shop.profile(worker).evidence[0].key


def test_tables_bring_disputes_and_decisions_after_the_facts(shop: Firm, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "disputes.csv").write_text(
        "worker,time,source,disputes_source,disputes_id,effect,reason\n"
        "ben,2026-05-30T10:00,hr,typed in,bad,set_aside,not me\n"
    )
    (folder / "dispute_decisions.csv").write_text(
        "worker,time,source,decides_id,verdict,decided_by\nben,2026-05-31T10:00,hr,dispute:typed in/bad,upheld,Mona\n"
    )
    before = level(shop)
    shop.import_path(folder)
    (row,) = shop.disputes.page().rows
    assert row.state is DisputeState.UPHELD
    assert level(shop).level > before.level
    assert exact(shop)


def test_the_list_has_those_that_wait_first_and_only_of_whom_is_asked(shop: Firm):
    first = shop.disputes.open("ben", BAD, reason="one").disputed.key
    shop.forward(minutes=5)
    second = shop.disputes.open("ben", LOW, reason="two").disputed.key
    shop.forward(minutes=5)
    third = shop.disputes.open("anna", key_of_first(shop, "anna"), reason="three").disputed.key
    shop.disputes.decide(second, Verdict.UPHELD, reason="yes", by=mona(shop))
    assert [row.key for row in shop.disputes.page().rows] == [first, third, second]
    assert [row.key for row in shop.disputes.page(among=["anna"]).rows] == [third]
    assert [row.key for row in shop.disputes.page(states=[DisputeState.UPHELD]).rows] == [second]
    page = shop.disputes.page(limit=1, offset=1)
    assert ([row.key for row in page.rows], page.total) == ([third], 3)
    assert shop.disputes.page(among=[]).total == 0


def test_both_worlds_are_what_deciding_makes_of_the_level(shop: Firm):
    dispute = shop.disputes.open("ben", BAD, reason="not me").disputed.key
    (worlds,) = [one for one in shop.disputes.find(dispute).worlds if one.skill == "refrigeration"]
    assert worlds.now == worlds.upheld == level(shop)
    shop.disputes.decide(dispute, Verdict.REJECTED, reason="no", by=mona(shop))
    assert level(shop) == worlds.rejected
    shop.disputes.reopen(dispute, by=mona(shop))
    shop.disputes.decide(dispute, Verdict.UPHELD, reason="yes", by=mona(shop))
    assert level(shop) == worlds.upheld


def test_the_evidence_of_a_skill_lists_what_is_set_aside_as_well(shop: Firm):
    count = len(shop.disputes.evidence("ben", "refrigeration").facts)
    shop.disputes.open("ben", BAD, reason="not me")
    rows = shop.disputes.evidence("ben", "refrigeration").facts
    assert len(rows) == count
    assert [row.fact.order for row in rows] == sorted((row.fact.order for row in rows), reverse=True)
    (aside,) = [row for row in rows if not row.counts]
    assert aside.fact.id == "bad"
    assert aside.case is not None
    assert aside.case.state is DisputeState.OPEN


def test_a_worker_goes_on_seeing_the_job_that_she_disputes(shop: Firm):
    shop.save(job("j9"))
    shop.record(JobOutcome(id="x9", worker="chen", time=NOW, job="j9", result=Result.FAILED))
    shop.disputes.open("chen", ("typed in", "x9"), reason="it was switched off")
    assert "j9" in shop.jobs_of("chen")


def test_who_did_each_step_is_on_record(shop: Firm):
    step = shop.disputes.open("anna", key_of_first(shop, "anna"), reason="not me", by=account(shop, "anna"))
    assert shop.recorded_by(step.disputed.case.dispute) == "Anna"
    done = shop.disputes.decide(step.disputed.key, Verdict.REJECTED, reason="no", by=mona(shop)).disputed.case.decision
    assert done is not None
    assert (shop.recorded_by(done), done.decided_by) == ("Mona", "Mona")


@pytest.mark.parametrize("skill", ["refrigeration", "controls"])
def test_the_band_is_the_log_folded_as_of_each_of_its_points(shop: Firm, skill: str):
    shop.did("ben", times=30, days=400)
    shop.did("ben", times=5, result=Result.FAILED, days=200)
    shop.record(SelfReport(id="s", worker="ben", time=NOW - timedelta(days=700), skill=skill, level=4.0))
    band = shop.disputes.evidence("ben", skill).band
    with shop._store.read() as transaction:
        facts, params = transaction.evidence_of("ben"), transaction.params()
    times = [point.time for point in band.points]
    assert times == sorted(times)
    assert times[-1] == NOW
    assert len(times) <= REGULAR + 2 * SUDDEN
    at_facts = {fact.time for fact in facts if skill in fact.skills()}
    checked = 0
    for point in band.points:
        if point.time in at_facts and point.time != NOW:
            continue
        known = [fact for fact in facts if fact.time <= point.time]
        state = fold("ben", known, params)
        assert point.proficiency == Proficiency.in_skill(state, skill, day_number(point.time), params)
        checked += 1
    assert checked > 50
    assert 0 < len(band.sudden) <= SUDDEN
    drawn = [(point.time, point.proficiency) for point in band.points]
    for effect in band.sudden:
        at = drawn.index((effect.evidence.time, effect.after))
        assert (effect.evidence.time, effect.before) in drawn[: at + 1]
    for effect in band.effects:
        known = [fact for fact in facts if fact.order <= effect.evidence.order]
        day = day_number(effect.evidence.time)
        assert effect.after == Proficiency.in_skill(fold("ben", known, params), skill, day, params)
        assert effect.before == Proficiency.in_skill(fold("ben", known[:-1], params), skill, day, params)


def test_the_interval_widens_while_nothing_is_heard(shop: Firm):
    shop.forward(days=600)
    points = shop.disputes.evidence("anna", "refrigeration").band.points
    quiet = [point.proficiency for point in points if point.time > NOW]
    widths = [one.high - one.low for one in quiet]
    assert len(quiet) > 40
    assert widths == sorted(widths)
    assert widths[-1] > widths[0]


def test_without_evidence_there_is_no_band(shop: Firm):
    found = shop.disputes.evidence("anna", "controls")
    assert (found.band.points, found.facts) == ((), ())
    with pytest.raises(NotFound):
        shop.disputes.evidence("nobody", "controls")


def test_two_who_decide_at_once_are_told_apart(shop: Firm):
    dispute = shop.disputes.open("ben", BAD, reason="not me").disputed.key
    told: list[Any] = []
    signed_in = mona(shop)
    barrier = threading.Barrier(2)

    def decide(verdict: Verdict) -> None:
        other = Disputes(Store.open(shop._store.url), shop.now, DisputeEffect.KEEP)
        barrier.wait()
        try:
            told.append(other.decide(dispute, verdict, reason="so", by=signed_in).status)
        except Conflict as error:
            told.append(error)

    threads = [threading.Thread(target=decide, args=[verdict]) for verdict in Verdict]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one for one in told if one == "added"] == ["added"]
    assert sum(isinstance(one, Conflict) for one in told) == 1
    assert exact(shop)


def test_a_write_that_breaks_off_leaves_nothing_of_a_dispute(shop: Firm):
    before, was = log(shop), shop.profile("ben").skills
    effect = DisputeEffect.SET_ASIDE
    dispute = Dispute(id="d", worker="ben", time=NOW, disputes_source=BAD[0], disputes_id="bad", effect=effect)

    def break_off() -> None:
        with shop._store.write() as transaction:
            transaction.append([dispute], revision=transaction.next_revision())
            assert "bad" not in [fact.id for fact in transaction.evidence_of("ben")]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert log(shop) == before
    assert shop.profile("ben").skills == was


def test_a_firm_without_disputes_is_not_slowed_down_by_looking_for_them(shop: Firm):
    """One query by kind, whatever the number of workers in an import."""
    facts = [
        SelfReport(id=f"s{n}", worker=who, time=NOW - timedelta(days=n), skill="controls", level=2.0)
        for n, who in enumerate(("anna", "ben", "chen") * 10)
    ]
    asked: list[str] = []
    with shop._store.write() as transaction:
        spy = transaction._execute
        transaction._execute = lambda *a, **k: (asked.append(str(a[0])), spy(*a, **k))[1]  # type: ignore[method-assign]
        write_batch(transaction, Batch(evidence=list(facts)), Report(), None)
    assert len([text for text in asked if "kind = " in text and "payload" in text]) <= 1


def test_a_page_says_of_each_dispute_what_is_said_of_it_alone(shop: Firm):
    for number, worker in enumerate(("ben", "anna", "ben")):
        time = NOW - timedelta(days=20 + number)
        fact = SelfReport(id=f"own{number}", worker=worker, time=time, skill="refrigeration", level=1.0 + number)
        shop.record(fact)
        by = account(shop, worker) if number else None
        shop.disputes.open(worker, fact.key, reason=f"reason {number}", by=by)
    page = shop.disputes.page(limit=10, worlds=True)
    assert page.total == page.counts[DisputeState.OPEN] == 3
    assert all(len(row.worlds) == 1 for row in page.rows)
    for row in page.rows:
        assert replace(row, recorded_by="") == shop.disputes.find(row.key)
        assert row.recorded_by == shop.recorded_by(row.case.dispute)
    assert len({row.recorded_by for row in page.rows}) == 3
