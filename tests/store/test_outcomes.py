"""What jobs turned out to be: read whole or by revision, from either database; and the weights of signs by version."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from skillmatch.beliefs.evidence import Evidence, JobOutcome, Retraction
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.errors import Invalid
from skillmatch.model import Asset, Customer, Job, Noun, Site
from skillmatch.store.store import Store
from tests.kit.build import at

CUSTOMER = Customer("shop", "Shop")
SITE = Site("corner", "shop", kind="bakery")
ASSET = Asset("case", "corner", "display case", installed=date(2020, 5, 1))
JOBS = tuple(Job(f"j{n}", f"Job {n}", site="corner", asset="case") for n in (1, 2, 3))


def ended(id: str, *, job: str = "j1", days: float = 0.0, cause: str | None = "leak", note: str = "") -> JobOutcome:
    return JobOutcome(
        id=id, worker="anna", time=at(days), source="t", job=job, result=Result.FIRST_TIME_FIX, cause=cause, note=note,
        used=(Demand("controls", 2.0),) if cause else (),
    )  # fmt: skip


def write(store: Store, *things: Noun | Evidence) -> int:
    with store.write() as transaction:
        revision = transaction.next_revision()
        for thing in things:
            if isinstance(thing, Evidence):
                transaction.append([thing], revision=revision)
            else:
                transaction.save_nouns(type(thing), [thing], revision=revision)
    return revision


def found(store: Store, since: int = -1) -> dict[str, list[str]]:
    with store.read() as transaction:
        return {one.job.id: [fact.id for fact in one.outcomes] for one in transaction.turned_out(since=since)}


@pytest.fixture
def firm(filled: Store) -> Store:
    write(filled, CUSTOMER, SITE, ASSET, *JOBS)
    return filled


def test_a_job_comes_with_its_place_and_the_outcomes_that_name_a_cause_in_order(firm: Store):
    write(firm, ended("b", days=2), ended("a", days=1), ended("none", cause=None, days=3))
    with firm.read() as transaction:
        (one,) = transaction.turned_out()
        assert transaction.count_causes() == 2
    assert (one.job.id, one.site, one.asset) == ("j1", SITE, ASSET)
    assert [fact.id for fact in one.outcomes] == ["a", "b"]
    assert one.outcomes[0] == ended("a", days=1)


def test_words_in_a_note_that_look_like_a_cause_are_none(firm: Store):
    write(firm, ended("a", cause=None, note='"cause":"leak" \\"cause\\":\\"leak\\"'))
    assert found(firm) == {}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(ended("a", days=5), id="added late"),
        pytest.param(ended("a", cause="fan"), id="corrected"),
        pytest.param(Job("j1", "Job 1", "the words", site="corner"), id="the job"),
    ],
)
def test_what_may_be_otherwise_since_a_revision_comes_again_and_nothing_else(firm: Store, change: Noun | Evidence):
    before = write(firm, ended("a"), ended("other", job="j2"))
    write(firm, change)
    assert list(found(firm, since=before)) == ["j1"]


def test_a_changed_site_or_asset_brings_all_jobs_there(firm: Store):
    before = write(firm, ended("a"))
    after = write(firm, Site("corner", "shop", kind="hospital"))
    assert found(firm, since=before) == {"j1": ["a"], "j2": [], "j3": []}
    assert found(firm, since=after) == {}
    write(firm, Asset("case", "corner", "display case", installed=date(2021, 1, 1)))
    assert found(firm, since=after) == {"j1": ["a"], "j2": [], "j3": []}


def test_a_retracted_outcome_and_one_moved_to_another_job_leave_the_old_job_without(firm: Store):
    before = write(firm, ended("a"), ended("b", job="j2"))
    retraction = Retraction(id="r", worker="anna", time=at(9), source="t", retracts_source="t", retracts_id="a")
    write(firm, retraction, ended("b", job="j3"))
    assert found(firm, since=before) == {"j1": [], "j2": [], "j3": ["b"]}
    assert found(firm) == {"j3": ["b"]}


def test_the_past_is_not_asked_what_jobs_turned_out_to_be(firm: Store):
    with firm.read(as_of=1) as transaction, pytest.raises(Invalid, match="turned out"):
        transaction.turned_out()


def test_weights_of_signs_are_kept_with_their_versions_and_the_newest_counts(store: Store):
    time = datetime(2026, 5, 1, 8, tzinfo=UTC)
    with store.read() as transaction:
        assert transaction.sign_weights() is None
    with store.write() as transaction:
        assert transaction.save_sign_weights({"said": 0.1}, findings=60, time=time) == 1
        assert transaction.save_sign_weights({"said": 1.0 / 3.0}, findings=140, time=time) == 2
    with store.read() as transaction:
        assert transaction.sign_weights() == (2, {"said": 1.0 / 3.0}, 140, time)
