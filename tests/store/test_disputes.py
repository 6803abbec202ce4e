"""What is set aside is not read, and counts again to the letter, in the newest state and in every past one."""

from __future__ import annotations

import pytest

from skillmatch.beliefs.disputes import DisputeState
from skillmatch.beliefs.evidence import Dispute, DisputeDecided, DisputeEffect, Evidence, Verdict
from skillmatch.errors import Conflict
from skillmatch.store.store import Store
from tests.kit.build import at, outcome, self_report
from tests.store.writing import append, grant, ids, retract

WORK, SAID, PROOF = outcome(id="o1", days=2), self_report(id="s1", days=1), grant()


def dispute(fact: Evidence, id: str = "d1", effect: DisputeEffect = DisputeEffect.SET_ASIDE) -> Dispute:
    source, key = fact.key
    return Dispute(
        id=id,
        worker=fact.worker,
        time=at(10),
        source="test",
        disputes_source=source,
        disputes_id=key,
        effect=effect,
        reason="no",
    )


def decision(about: Dispute, verdict: Verdict, id: str = "v1", days: float = 20.0) -> DisputeDecided:
    return DisputeDecided(
        id=id,
        worker=about.worker,
        time=at(days),
        source="test",
        decides_source=about.source,
        decides_id=about.id,
        verdict=verdict,
        decided_by="mona",
    )


def test_every_past_state_is_read_as_it_was(filled: Store):
    steps: list[Evidence] = [WORK, dispute(WORK), decision(dispute(WORK), Verdict.REJECTED)]
    steps += [retract(steps[2], id="again"), decision(dispute(WORK), Verdict.UPHELD, id="v2")]
    steps += [retract(steps[4], id="once more"), retract(steps[1], id="withdrawn")]
    seen = []
    for step in steps:
        append(filled, step)
        with filled.read() as transaction:
            seen.append((transaction.revision(), transaction.evidence_of("anna"), transaction.cases()))
    counts = [bool(facts) for _revision, facts, _cases in seen]
    assert counts == [True, False, True, False, False, False, True]
    states = [case.state for _revision, _facts, cases in seen for case in cases]
    assert states == ["open", "rejected", "open", "upheld", "open", "withdrawn"]
    for revision, facts, cases in seen:
        with filled.read(as_of=revision) as transaction:
            assert transaction.evidence_of("anna") == facts
            assert transaction.cases() == cases
            assert transaction.count_outcomes() == len(facts)
            assert [row.counts for row in transaction.work_rows(after=at(0))][-1:] == [bool(facts)]
    with filled.read() as transaction:
        assert list(transaction.log()) == steps


def test_what_changed_is_told_by_revision(filled: Store):
    append(filled, PROOF, SAID)
    with filled.read() as transaction:
        since = transaction.revision()
    append(filled, dispute(PROOF))
    with filled.read() as transaction:
        assert transaction.changed_workers(since=since) == {"anna"}
        assert transaction.workers_with(["certification"], since=since) == {"anna"}
        assert transaction.certifications(since=since) == []
        since = transaction.revision()
    append(filled, decision(dispute(PROOF), Verdict.REJECTED))
    with filled.read() as transaction:
        assert transaction.certifications(since=since) == [PROOF]
        assert ids(transaction.evidence_of("anna")) == ["c1", "s1"]


@pytest.mark.parametrize("late", [False, True])
def test_of_two_decisions_the_later_one_counts_whichever_came_first(filled: Store, late: bool):
    first = decision(dispute(SAID), Verdict.UPHELD, id="v1", days=20)
    second = decision(dispute(SAID), Verdict.REJECTED, id="v2", days=21)
    append(filled, SAID, dispute(SAID), *((second, first) if late else (first, second)))
    with filled.read() as transaction:
        assert transaction.evidence_of("anna") == [SAID]
        assert [case.state for case in transaction.cases(["anna"])] == [DisputeState.REJECTED]


def test_one_of_two_disputes_is_enough_to_set_a_fact_aside(filled: Store):
    one, two = dispute(SAID, "d1"), dispute(SAID, "d2", DisputeEffect.KEEP)
    append(filled, SAID, two)
    with filled.read() as transaction:
        assert transaction.evidence_of("anna") == [SAID]
    append(filled, one, decision(one, Verdict.REJECTED), decision(two, Verdict.UPHELD, id="v2"))
    with filled.read() as transaction:
        assert transaction.evidence_of("anna") == []


def test_a_dispute_cannot_be_moved_to_another_fact(filled: Store):
    append(filled, SAID, WORK, dispute(SAID))
    with pytest.raises(Conflict, match="a dispute cannot be moved"):
        append(filled, dispute(WORK))
    with pytest.raises(Conflict, match="expected a dispute"):
        append(filled, decision(dispute(SAID, "s1"), Verdict.UPHELD))


def test_what_is_read_of_many_workers_is_what_is_read_of_each(filled: Store):
    facts = [self_report(worker, id=f"{worker}-{n}", days=n) for worker in ("anna", "ben", "carla") for n in range(3)]
    append(filled, *facts, *(dispute(fact, f"d-{fact.id}") for fact in facts[::2]))
    with filled.read() as transaction:
        everybody = transaction.cases()
        nobodys = [f"w{number}" for number in range(30)]
        assert transaction.cases([*nobodys, "anna", "ben", "carla"]) == everybody
        each = [case for worker in ("anna", "ben", "carla") for case in transaction.cases([worker])]
        assert sorted(each, key=lambda case: case.dispute.order) == everybody
        assert transaction.cases([]) == []
        assert transaction.cases(["nobody", "a\0b"]) == []


def test_a_retraction_outlives_a_dispute_and_a_correction_outlives_the_retraction(filled: Store):
    append(filled, SAID, dispute(SAID), retract(SAID), decision(dispute(SAID), Verdict.REJECTED))
    with filled.read() as transaction:
        assert transaction.evidence_of("anna") == []
        assert transaction.was_taken_back(SAID.key, "anna")
        assert not transaction.was_taken_back(("test", "none"), "anna")
    corrected = self_report(id="s1", days=1, level=1.0)
    append(filled, corrected)
    with filled.read() as transaction:
        assert transaction.evidence_of("anna") == [corrected]
        assert not transaction.was_taken_back(SAID.key, "anna")
