"""The log keeps everything, and says what of it counts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import (
    ABOUT_FACTS,
    Assessment,
    Dispute,
    DisputeDecided,
    Evidence,
    LearningWish,
    Retraction,
    SelfReport,
    TrainingCompleted,
)
from skillmatch.beliefs.observation import Demand
from skillmatch.errors import Conflict, NotFound
from skillmatch.store import rows
from skillmatch.store.store import Appended, Store
from tests.beliefs.test_evidence import EXAMPLES
from tests.kit.build import at, outcome, self_report
from tests.store.writing import append, grant, ids, retract

FIRST = self_report(id="e1", level=2.0, days=1)
CORRECTED = replace(FIRST, level=4.0)
MOVED = replace(FIRST, worker="ben")


def effective(store: Store, worker: str = "anna") -> list[Evidence]:
    with store.read() as transaction:
        return transaction.evidence_of(worker)


def everything(store: Store) -> list[Evidence]:
    with store.read() as transaction:
        return list(transaction.log())


# One fact, its versions and retractions


def test_a_new_fact_is_added_and_counts(filled: Store):
    assert append(filled, FIRST) == Appended(["added"], {"anna"})
    assert effective(filled) == [FIRST]


def test_a_fact_of_every_kind_comes_back_as_it_was(filled: Store):
    about = {kind.KIND for kind in ABOUT_FACTS}
    facts = [replace(fact, id=kind) for kind, fact in EXAMPLES.items() if kind not in about]
    disputed = replace(EXAMPLES[Dispute.KIND], id="d", disputes_source="test", disputes_id=facts[0].id)
    decided = replace(EXAMPLES[DisputeDecided.KIND], id="v", decides_source="test", decides_id="d")
    said = [disputed, decided, retract(facts[1])]
    append(filled, *facts, *said)
    assert everything(filled) == [*facts, *said]
    assert effective(filled) == sorted(facts[2:], key=lambda fact: fact.order)


def test_the_same_fact_again_is_unchanged(filled: Store):
    append(filled, FIRST)
    assert append(filled, FIRST) == Appended(["unchanged"], set())
    assert everything(filled) == [FIRST]


def test_a_whole_number_says_the_same_as_a_float(filled: Store):
    append(filled, FIRST)
    assert append(filled, replace(FIRST, level=2)).status == ["unchanged"]


def test_the_same_id_of_another_source_is_another_fact(filled: Store):
    other = replace(FIRST, source="other")
    append(filled, FIRST)
    assert append(filled, other).status == ["added"]
    assert effective(filled) == [other, FIRST]  # at the same time, by source


def test_a_correction_supersedes_what_was_said_before(filled: Store):
    said = [FIRST]
    append(filled, FIRST)
    for change in ({"level": 4.0}, {"note": "really"}, {"time": at(2)}, {"skill": "controls"}):
        said.append(replace(FIRST, **change))
        assert append(filled, said[-1]) == Appended(["changed"], {"anna"})
        assert effective(filled) == said[-1:]
    assert everything(filled) == said


def test_a_correction_of_the_worker_touches_both_workers(filled: Store):
    append(filled, FIRST)
    assert append(filled, MOVED) == Appended(["changed"], {"anna", "ben"})
    assert effective(filled, "anna") == []
    assert effective(filled, "ben") == [MOVED]


def test_a_correction_may_go_back_to_what_was_said_at_first(filled: Store):
    for fact in (FIRST, CORRECTED):
        append(filled, fact)
    assert append(filled, FIRST).status == ["changed"]
    assert effective(filled) == [FIRST]
    assert everything(filled) == [FIRST, CORRECTED, FIRST]


def test_a_fact_cannot_become_one_of_another_kind(filled: Store):
    append(filled, FIRST)
    common = {"id": FIRST.id, "source": FIRST.source, "worker": "anna", "time": FIRST.time}
    with pytest.raises(Conflict, match=r"'e1' of source 'test' is of kind 'self_report' .* cannot become 'training'"):
        append(filled, TrainingCompleted(**common, skill="controls", level=2.0))
    assert everything(filled) == [FIRST]


def test_a_retracted_fact_no_longer_counts(filled: Store):
    append(filled, FIRST)
    assert append(filled, retract(FIRST)) == Appended(["added"], {"anna"})
    assert effective(filled) == []
    assert everything(filled) == [FIRST, retract(FIRST)]


def test_a_retracted_fact_that_is_said_again_stays_retracted(filled: Store):
    append(filled, FIRST)
    append(filled, retract(FIRST))
    assert append(filled, FIRST, retract(FIRST)) == Appended(["unchanged", "unchanged"], set())
    assert effective(filled) == []


def test_a_correction_of_a_retracted_fact_counts_again(filled: Store):
    append(filled, FIRST)
    append(filled, retract(FIRST))
    assert append(filled, CORRECTED) == Appended(["changed"], {"anna"})
    assert effective(filled) == [CORRECTED]
    assert append(filled, retract(FIRST)).status == ["unchanged"]
    assert effective(filled) == [CORRECTED]


def test_a_second_retraction_takes_back_the_correction_too(filled: Store):
    append(filled, FIRST, retract(FIRST), CORRECTED)
    append(filled, retract(FIRST, id="r2"))
    assert effective(filled) == []


def test_a_retraction_of_a_retracted_fact_is_kept(filled: Store):
    append(filled, FIRST, retract(FIRST))
    assert append(filled, retract(FIRST, id="r2")).status == ["added"]
    assert effective(filled) == []


def test_a_retraction_of_something_unknown_is_refused(filled: Store):
    with pytest.raises(NotFound, match=r"'r1' of source 'test' names evidence 'e1' .* record that evidence first"):
        append(filled, retract(FIRST), FIRST)


def test_a_retraction_for_another_worker_is_refused(filled: Store):
    append(filled, FIRST)
    with pytest.raises(Conflict, match="is about worker 'ben', but evidence 'e1' is about 'anna'"):
        append(filled, retract(FIRST, worker="ben"))


def test_a_retraction_cannot_be_retracted(filled: Store):
    append(filled, FIRST, retract(FIRST))
    with pytest.raises(Conflict, match="record it anew under a new id"):
        append(filled, retract(retract(FIRST), id="r2"))


def test_the_reason_of_a_retraction_can_be_corrected(filled: Store):
    append(filled, FIRST, retract(FIRST))
    assert append(filled, retract(FIRST, reason="another worker")) == Appended(["changed"], {"anna"})
    assert effective(filled) == []


def test_a_retraction_cannot_be_moved_to_another_fact(filled: Store):
    second = replace(FIRST, id="e2")
    append(filled, FIRST, second, retract(FIRST))
    with pytest.raises(Conflict, match="in the log with another target, 'e1'"):
        append(filled, retract(second))


def test_evidence_of_an_unknown_worker_names_her_and_the_nearest(filled: Store):
    with pytest.raises(NotFound, match="'e1' of source 'test': there is no worker 'ana'; did you mean 'anna'"):
        append(filled, replace(FIRST, worker="ana"))


# Many facts at once


def test_a_batch_may_hold_a_fact_its_corrections_and_retractions(filled: Store):
    done = append(filled, FIRST, FIRST, CORRECTED, retract(FIRST), MOVED)
    assert done == Appended(["added", "unchanged", "changed", "added", "changed"], {"anna", "ben"})
    assert effective(filled, "anna") == []
    assert effective(filled, "ben") == [MOVED]


def test_a_batch_done_twice_changes_nothing(filled: Store):
    batches: list[tuple[Evidence, ...]] = [
        (FIRST, CORRECTED),
        (FIRST, CORRECTED, FIRST),
        (FIRST, retract(FIRST)),
        (FIRST, retract(FIRST), CORRECTED),
        (FIRST, retract(FIRST), CORRECTED, retract(FIRST, id="r2")),
        (FIRST, retract(FIRST), retract(FIRST, reason="another")),
    ]
    for number, batch in enumerate(batches):
        batch = [_of_source(fact, f"source {number}") for fact in batch]
        assert append(filled, *batch).status != ["unchanged"] * len(batch)
        counting, log = effective(filled), everything(filled)
        assert append(filled, *batch) == Appended(["unchanged"] * len(batch), set())
        assert effective(filled) == counting
        assert everything(filled) == log


def _of_source(fact: Evidence, source: str) -> Evidence:
    if isinstance(fact, Retraction):
        fact = replace(fact, retracts_source=source)
    return replace(fact, source=source)


FACTS = st.sampled_from([FIRST, CORRECTED, MOVED, replace(FIRST, id="e2"), replace(FIRST, id="e2", level=5.0)])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.lists(FACTS, max_size=8), size=st.integers(1, 9))
def test_the_log_is_the_same_however_facts_are_cut_into_batches(filled: Store, facts: list[Evidence], size: int):
    # Named anew for each example, since all of them share one database.
    run = len(everything(filled))
    alone = [replace(fact, id=f"{run}a{fact.id}") for fact in facts]
    together = [replace(fact, id=f"{run}t{fact.id}") for fact in facts]
    statuses = [append(filled, fact).status[0] for fact in alone]
    chunked = pytest.MonkeyPatch()
    with chunked.context() as patched:
        patched.setattr(rows.chunks, "__defaults__", (size,))
        assert append(filled, *together).status == statuses
    for worker in ("anna", "ben"):
        own = effective(filled, worker)
        ones = [replace(fact, id=fact.id.replace("a", "t", 1)) for fact in own if fact.id.startswith(f"{run}a")]
        assert ones == [fact for fact in own if fact.id.startswith(f"{run}t")]


def test_an_error_in_a_batch_leaves_nothing_of_it(filled: Store):
    with pytest.raises(NotFound):
        append(filled, FIRST, replace(FIRST, id="e2", worker="nobody"))
    assert everything(filled) == []


# Reading


def test_evidence_comes_in_canonical_order(filled: Store):
    facts = [
        outcome(id="B", days=2),
        outcome(id="a", days=2),
        outcome(id="ä", days=2),
        replace(outcome(id="z", days=2), source="A"),
        outcome(id="late", days=1.000001),
        outcome(id="later", days=1),
    ]
    append(filled, *facts)
    assert effective(filled) == sorted(facts, key=lambda fact: fact.order)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    time=st.datetimes(timezones=st.just(UTC)),
    level=st.floats(0, 5),
    weight=st.floats(min_value=5e-324, allow_nan=False, allow_infinity=False),
    note=st.text(),
)
def test_any_value_comes_back_to_the_bit(filled: Store, time: datetime, level: float, weight: float, note: str):
    fact = replace(outcome(id="e1", skill=[Demand("controls", level, weight)]), time=time, note=note)
    append(filled, fact)
    assert effective(filled) == [fact]


def test_the_evidence_of_all_workers_comes_worker_by_worker(filled: Store):
    of_anna = [outcome(id="e1", days=2), outcome(id="e2", days=1)]
    of_carla = outcome("carla", id="e3")
    gone = outcome("ben", id="e4")
    append(filled, *of_anna, of_carla, gone, retract(gone))
    with filled.read() as transaction:
        assert list(transaction.evidence()) == [("anna", of_anna[::-1]), ("carla", [of_carla])]
        assert transaction.count_outcomes() == 3


def test_beliefs_can_be_written_while_evidence_is_streamed(filled: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rows, "CHUNK", 2)
    append(filled, *(outcome(worker, id=f"{worker}{i}") for worker in ("anna", "ben") for i in range(10)))
    with filled.write() as transaction:
        seen = []
        for worker, facts in transaction.evidence():
            seen.append((worker, len(facts)))
            transaction.next_revision()
    assert seen == [("anna", 10), ("ben", 10)]


def test_the_latest_version_is_found_whether_it_counts_or_not(filled: Store):
    append(filled, FIRST, CORRECTED)
    with filled.read() as transaction:
        assert transaction.find_evidence("test", "e1") == CORRECTED
        assert not transaction.is_retracted("test", "e1")
    append(filled, retract(CORRECTED))
    with filled.read() as transaction:
        assert transaction.find_evidence("test", "e1") == CORRECTED
        assert transaction.is_retracted("test", "e1")
        assert transaction.find_evidence("test", "r1") == retract(CORRECTED)


def test_what_was_never_appended_is_not_found(filled: Store):
    append(filled, FIRST)
    with filled.read() as transaction:
        for id in ("e2", "", "a\0b", "\ud800"):
            assert transaction.find_evidence("test", id) is None
            assert not transaction.is_retracted("test", id)
            assert transaction.evidence_of(id) == transaction.job_outcomes(id) == []
            assert transaction.certifications(workers=[id]) == []


def test_the_outcomes_of_a_job_are_found(filled: Store):
    first, second = outcome(id="e1", job="j1", days=2), outcome("ben", id="e2", job="j1", days=1)
    wrong = outcome(id="e3", job="j1")
    append(filled, first, second, outcome(id="e4", job="j2"), wrong, retract(wrong))
    with filled.read() as transaction:
        assert transaction.job_outcomes("j1") == [second, first]
        asked = ("j1", "j2", "j9", "a\0b")
        each = {job: transaction.job_outcomes(job) for job in asked}
        assert transaction.outcomes_by_job(asked) == {job: found for job, found in each.items() if found}
        assert transaction.outcomes_by_job([]) == {}


def test_workers_with_news_are_found(filled: Store):
    append(filled, FIRST, outcome("ben", id="e2"), outcome("carla", id="e3"))
    with filled.read() as transaction:
        start = transaction.revision()
        assert transaction.changed_workers(since=0) == {"anna", "ben", "carla"}
        assert transaction.changed_workers(since=start) == set()

    def news(*facts: Evidence) -> set[str]:
        with filled.read() as transaction:
            before = transaction.revision()
        append(filled, *facts)
        with filled.read() as transaction:
            return transaction.changed_workers(since=before)

    assert news(FIRST) == set()  # known already
    assert news(CORRECTED) == {"anna"}
    assert news(outcome("ben", id="e4")) == {"ben"}
    assert news(MOVED) == {"anna", "ben"}
    assert news(retract(outcome("carla", id="e3"))) == {"carla"}


# Facts by kind


def test_facts_of_kinds_come_in_canonical_order(filled: Store):
    late, early, of_ben, gone = grant(id="c1", days=2), grant(id="c2"), grant("ben", id="c3", days=1), grant(id="c4")
    wish = LearningWish(id="l1", worker="anna", time=at(1), source="test", skill="controls")
    append(filled, late, wish, early, of_ben, gone, retract(gone), self_report(id="e9"))
    with filled.read() as transaction:
        assert transaction.facts(["certification", "learning_wish"]) == [early, of_ben, wish, late]
        assert transaction.facts({"certification"}, workers=["ben", "carla"]) == [of_ben]
        assert transaction.facts({"retraction"}) == transaction.facts([]) == []
        assert transaction.facts(["learning_wish"], workers=[]) == []


def test_only_newer_facts_and_their_workers_come_with_since(filled: Store):
    wish = LearningWish(id="l1", worker="anna", time=at(1), source="test", skill="controls")
    append(filled, grant(id="c1"), wish)
    with filled.read() as transaction:
        before = transaction.revision()
    no_more = replace(wish, active=False)
    append(filled, no_more, grant("ben", id="c2"), self_report("carla", id="e1"))
    with filled.read() as transaction:
        assert transaction.facts(["certification", "learning_wish"], since=before) == [grant("ben", id="c2"), no_more]
        assert transaction.workers_with(["certification", "learning_wish"], since=before) == {"anna", "ben"}
        assert transaction.workers_with(["learning_wish"]) == {"anna"}
        assert transaction.workers_with(["certification", "learning_wish"], since=transaction.revision()) == set()


# Certifications


def test_certifications_that_count_come_in_canonical_order(filled: Store):
    late, early, of_ben, gone = grant(id="c1", days=2), grant(id="c2"), grant("ben", id="c3", days=1), grant(id="c4")
    append(filled, late, early, of_ben, gone, retract(gone), self_report(id="e9"))
    with filled.read() as transaction:
        assert transaction.certifications() == [early, of_ben, late]
        assert transaction.certifications(workers=["anna", "carla"]) == [early, late]
        assert transaction.certifications(workers=[]) == []


def test_only_newer_certifications_come_with_since(filled: Store):
    append(filled, grant(id="c1"))
    with filled.read() as transaction:
        before = transaction.revision()
    append(filled, grant("ben", id="c2"))
    with filled.read() as transaction:
        assert ids(transaction.certifications(since=before)) == ["c2"]
        assert transaction.workers_with(["certification"], since=before) == {"ben"}
        assert transaction.workers_with(["certification"], since=-1) == {"anna", "ben"}


def test_a_retracted_or_moved_certification_is_a_change_for_its_holder(filled: Store):
    append(filled, grant(id="c1"), grant("ben", id="c2"))
    with filled.read() as transaction:
        before = transaction.revision()
    append(filled, retract(grant(id="c1")), self_report("carla"))
    with filled.read() as transaction:
        between = transaction.revision()
        assert transaction.workers_with(["certification"], since=before) == {"anna"}
    append(filled, grant("carla", id="c2"))
    with filled.read() as transaction:
        assert transaction.workers_with(["certification"], since=between) == {"ben", "carla"}
        assert transaction.workers_with(["certification"], since=transaction.revision()) == set()


def test_a_rater_with_any_name_is_kept(filled: Store):
    fact = Assessment(id="a1", worker="anna", time=at(0), skill="controls", level=3.0, rater="Zoë\0\ud800")
    append(filled, fact)
    assert effective(filled) == [fact]


def test_times_beyond_the_clock_of_a_database_are_kept(filled: Store):
    first = SelfReport(id="e1", worker="anna", time=datetime.min.replace(tzinfo=UTC), skill="controls", level=1.0)
    last = replace(first, id="e2", time=datetime.max.replace(tzinfo=UTC))
    append(filled, last, first)
    assert effective(filled) == [first, last]
