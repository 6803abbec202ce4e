"""Any history, in any order of arrival, with duplicates, corrections and retractions, is one belief to the bit.

All of the 1000 examples go fact by fact through a real workspace on a SQLite file, and then in another order, all at
once, as an import does it; under parameters of which none has its default. The file is filled once; each example begins
by emptying it of evidence and beliefs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from struct import pack
from typing import Any

import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import (
    ABOUT_FACTS,
    KINDS,
    Assessment,
    CertificationGranted,
    CertificationRevoked,
    CustomerRating,
    Dispute,
    DisputeDecided,
    DisputeEffect,
    Endorsement,
    Evidence,
    ExemptionGranted,
    JobDeclined,
    JobOutcome,
    LearningWish,
    Override,
    Retraction,
    SelfReport,
    SkillDeclined,
    TrainingCompleted,
    Verdict,
)
from skillmatch.beliefs.filter import WorkerState, fold
from skillmatch.beliefs.histories import COMPILED_FROM, encode, fold_histories, replay, states_of
from skillmatch.beliefs.observation import Result
from skillmatch.beliefs.params import (
    FEATURES,
    BeliefParams,
    Difficulty,
    Exposure,
    Loading,
    SkillEffect,
    pace_key,
)
from skillmatch.errors import Conflict, NotFound
from skillmatch.importers.batch import Batch
from skillmatch.model import Customer, Job, JobType, Noun, Report, Requirement, Site, Skill, Worker
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace
from skillmatch.workspace.importing import write_batch

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WORKERS = ("anna", "ben", "chen")
SKILLS = ("cooling", "controls", "wiring", "pumps", "alone")
JOBS = (
    Job("typed", "By its type", type="repair", customer="bakery", site="roof", minutes=90.0),
    Job("estimated", "By the estimate of its type", type="check", customer="school"),
    Job(
        "own",
        "Requirements of its own",
        type="repair",
        site="yard",
        requirements=(
            Requirement("wiring", 4.5, 0.25),
            Requirement("cooling", None, 2.0),
            Requirement("pumps", 1.0, 2.0),
            Requirement("alone"),
        ),
    ),
    Job("unestimated", "No type, no estimate", requirements=(Requirement("pumps", 0.0),)),
    Job("bare", "Nothing known of it"),
)
NOUNS: tuple[tuple[type[Noun], tuple[Noun, ...]], ...] = (
    (Skill, tuple(Skill(id, id.title()) for id in SKILLS)),
    (Worker, tuple(Worker(id, id.title()) for id in WORKERS)),
    (Customer, (Customer("bakery", "Bakery"), Customer("school", "School"))),
    (Site, (Site("roof", "bakery"), Site("yard", "school"))),
    (
        JobType,
        (
            JobType("repair", "Repair", (Requirement("cooling", 3.0, 3.0), Requirement("controls"))),
            JobType("check", "Check", (Requirement("controls", 2.0),), 45.0),
        ),
    ),
    (Job, JOBS),
)
PARAMS = BeliefParams(
    version=1,
    general_var=0.37,
    family_var=0.29,
    learned_var=0.13,
    skill_var=0.41,
    general_drift=0.0007,
    skill_drift=0.0013,
    half_life_days=611.0,
    half_lives={"cooling": 90.0, "alone": 2000.0},
    loadings={
        "controls": (Loading("family:tech", 0.8), Loading("circle:cooling", 0.6)),
        "cooling": (Loading("family:tech", 1.0), Loading("circle:cooling", 0.9)),
        "pumps": (Loading("circle:cooling", 0.4),),
        "wiring": (Loading("family:power", 0.7), Loading("family:tech", 0.3)),
    },
    exposures={
        "alone": Exposure(0.02, 1.0),
        "controls": Exposure(-1.0, 0.6),
        "cooling": Exposure(0.55, 0.6),
        "pumps": Exposure(0.9, 0.25),
    },
    recent_days=23.0,
    lasting_days=311.0,
    practice_of_failure=0.21,
    habits=(0.41, 0.22, -0.07, -0.09, -0.03),
    base=1.23,
    reference=0.87,
    logit_per_level=0.71,
    average_level=2.3,
    cuts=(-0.47, 0.83),
    instance_var=0.19,
    effect_var=0.9,
    type_var=0.33,
    customer_var=0.06,
    site_var=0.07,
    grip=0.31,
    pace_noise=0.17,
    paces={
        pace_key("repair", 90.0): Difficulty(0.12, 0.03),
        pace_key(None, None): Difficulty(-3.9, 0.4),
        pace_key("repair", None): Difficulty(-4.2, 0.2),
    },
    rater_noise={"self": 11.0, "manager": 3.7, "peer": 7.9, "customer": 6.1},
    rater_slope={"self": 0.33, "manager": 0.61, "peer": 0.41, "customer": 0.52},
    rater_bias={"self": 0.45, "manager": -0.11, "peer": 0.21, "customer": 0.77},
    leniencies={"manager:mona": 0.35, "peer:ben": -0.4, "customer:bakery": -0.25},
    self_habit=0.11,
    halo=0.42,
    weights=tuple(0.05 * (-1.0) ** place * (place + 1.0) for place in range(len(FEATURES))),
    skills={"cooling": SkillEffect(0.3, 0.07, -0.05), "alone": SkillEffect(-0.4, 0.11, 0.02)},
    slope=0.91,
    shift=0.06,
    spread=1.3,
    difficulties={"repair": Difficulty(0.4, 0.05), "check": Difficulty(-0.6, 0.02)},
    customers={"bakery": Difficulty(0.2, 0.01)},
    sites={"roof": Difficulty(-0.15, 0.02)},
    fitted_on=1234,
    fitted_until=20_400.0,
    scores={"log_loss": 0.5},
)


@dataclass(slots=True)
class Company:
    """A database that can be emptied of evidence and beliefs, and the workspace on it."""

    store: Store
    workspace: Workspace
    engine: sqlalchemy.Engine

    def empty(self) -> None:
        with self.engine.begin() as connection:
            for table in ("belief", "worker_part", "worker_belief", "evidence"):
                connection.execute(sqlalchemy.text(f"DELETE FROM {table}"))

    def stored(self) -> dict[str, object]:
        """Return what is believed of every worker, to the bit, who has none or only the prior left out."""
        with self.store.read() as transaction:
            states = list(transaction.states())
        return {state.worker: bits(state) for state in states if state.last is not None}


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    url = f"sqlite:///{tmp_path_factory.mktemp('histories') / 'firm.db'}"
    store = Store.open(url)
    with store.write() as transaction:
        for kind, nouns in NOUNS:
            transaction.save_nouns(kind, nouns, revision=transaction.next_revision())
        transaction.save_params(PARAMS, note="made up")
    engine = sqlalchemy.create_engine(url)
    sqlalchemy.event.listen(store._engine, "connect", hurry)
    store._engine.dispose()
    sqlalchemy.event.listen(engine, "connect", hurry)
    yield Company(store, Workspace(store, clock=lambda: NOW), engine)
    engine.dispose()
    store.close()


def hurry(connection: Any, _record: object) -> None:
    """No power is cut during this test, and waiting for the disk would be most of its time."""
    connection.execute("PRAGMA synchronous = OFF")


def bits(state: WorkerState) -> object:
    """Return a state so that two are equal only to the bit."""

    def exact(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: exact(one) for name, one in value.items()}
        if isinstance(value, tuple):
            return tuple(map(exact, value))
        return pack("<d", value) if isinstance(value, float) else value

    return exact(state.values()), state.last


# What happened

levels = st.sampled_from((0.0, 1.0, 2.5, 3.0, 4.2, 5.0))
minutes = st.sampled_from((None, None, 0.0, 12.5, 90.0, 100_000.0))
# Few days, so that several facts share a time, an occasion or a day; some are years apart.
times = st.builds(
    lambda days, hours: NOW - timedelta(days=days, hours=hours),
    st.sampled_from((0, 1, 1, 2, 30, 400, 2000)),
    st.sampled_from((0, 0, 1, 6.5)),
)
raters = st.sampled_from(("mona", "ben", ""))
skills = st.sampled_from(SKILLS)
job_ids = st.sampled_from([job.id for job in JOBS])
stated = {"skill": skills, "level": levels}


def certificate(common: dict[str, Any], skill: str | None, level: float, type: str) -> CertificationGranted:
    issued = common["time"].date()
    proof = {} if skill is None else {"skill": skill, "level": level}
    return CertificationGranted(**common, type=type, issued=issued, expires=date(2030, 1, 1), **proof)


FORMS: dict[type[Evidence], dict[str, st.SearchStrategy[Any]]] = {
    JobOutcome: {"job": job_ids, "result": st.sampled_from(Result), "minutes": minutes},
    CustomerRating: {
        "job": job_ids,
        "stars": st.sampled_from((1.0, 2.5, 4.0, 5.0)),
        "customer": st.sampled_from((None, "bakery", "school")),
    },
    SelfReport: stated,
    Assessment: {**stated, "rater": raters},
    Endorsement: {**stated, "rater": raters},
    Override: {**stated, "rater": raters},
    TrainingCompleted: {**stated, "course": st.sampled_from(("", "C1"))},
    CertificationGranted: {"skill": st.none() | skills, "level": levels, "type": st.sampled_from(("F-GAS", "ELEC"))},
    CertificationRevoked: {"type": st.sampled_from(("F-GAS", "ELEC")), "until": st.none() | st.just(date(2030, 1, 1))},
    ExemptionGranted: {"type": st.just("F-GAS"), "until": st.just(date(2030, 1, 1)), "granted_by": st.just("mona")},
    JobDeclined: {"job": job_ids, "reason": st.sampled_from(("", "too far"))},
    LearningWish: {"skill": skills, "active": st.booleans()},
    SkillDeclined: {"skill": skills},
}
"""What there is to draw for each kind but those that name an earlier fact."""


@st.composite
def arrivals(draw: st.DrawFn) -> list[Evidence]:
    """Facts in the order in which they arrive: late, twice, corrected, retracted, and what cannot be taken."""
    crew = WORKERS[: draw(st.integers(1, 3))]
    # Mostly work, as in any company.
    kinds = st.sampled_from([*FORMS, JobOutcome, JobOutcome, JobOutcome, CustomerRating])

    def fact(kind: type[Evidence], key: tuple[str, str], worker: str) -> Evidence:
        common = {"source": key[0], "id": key[1], "worker": worker, "time": draw(times)}
        values = {name: draw(strategy) for name, strategy in FORMS[kind].items()}
        return certificate(common, **values) if kind is CertificationGranted else kind(**common, **values)

    came: list[Evidence] = []
    for number in range(draw(st.integers(1, 12))):
        action = draw(st.sampled_from(ACTIONS))
        earlier = draw(st.sampled_from(came)) if came else None
        if earlier is None or action == "new":
            key = (draw(st.sampled_from(("crm", "hr"))), str(number))
            came.append(fact(draw(kinds), key, draw(st.sampled_from(crew))))
        elif action == "again":
            came.append(earlier)
        elif action in ("retract", "dispute", "decide"):
            # Most often of the right worker; of another one it is refused.
            worker = draw(st.sampled_from((earlier.worker,) * 6 + crew))
            if action == "decide":
                earlier = draw(st.sampled_from([one for one in came if isinstance(one, Dispute)] or came))
                worker = earlier.worker
            common = {"source": draw(st.sampled_from(("crm", "hr"))), "worker": worker, "time": draw(times)}
            came.append(draw(about(action, f"{action} {number}", common, earlier)))
        elif isinstance(earlier, Dispute):
            came.append(replace(earlier, effect=draw(st.sampled_from(DisputeEffect)), time=draw(times)))
        elif isinstance(earlier, DisputeDecided):
            came.append(replace(earlier, verdict=draw(st.sampled_from(Verdict)), time=draw(times)))
        elif isinstance(earlier, Retraction):
            came.append(replace(earlier, reason=draw(st.sampled_from(("", "wrong", "twice"))), time=draw(times)))
        else:
            worker = draw(st.sampled_from((earlier.worker, earlier.worker, *crew)))
            came.append(fact(type(earlier), earlier.key, worker))
    return came


ACTIONS = (*("new",) * 4, "again", "correct", "correct", "retract", "retract", *("dispute",) * 3, *("decide",) * 3)


def about(action: str, id: str, common: dict[str, Any], earlier: Evidence) -> st.SearchStrategy[Evidence]:
    """Return strategies for what is said of an earlier fact."""
    source, target = earlier.key
    fixed = {name: st.just(value) for name, value in {**common, "id": id}.items()}
    if action == "dispute":
        named = {"disputes_source": st.just(source), "disputes_id": st.just(target)}
        return st.builds(Dispute, **fixed, **named, effect=st.sampled_from(DisputeEffect))
    if action == "decide":
        named = {"decides_source": st.just(source), "decides_id": st.just(target), "decided_by": st.just("mona")}
        return st.builds(DisputeDecided, **fixed, **named, verdict=st.sampled_from(Verdict))
    return st.builds(Retraction, **fixed, retracts_source=st.just(source), retracts_id=st.just(target))


@dataclass(slots=True)
class Book:
    """The rules of the log in a few lines, kept apart from the code under test: what counts after each arrival.

    `counts` are the keys of what was not retracted; of facts those that are not set aside are folded.
    """

    latest: dict[tuple[str, str], Evidence] = field(default_factory=dict)
    counts: set[tuple[str, str]] = field(default_factory=set)

    def refuses(self, fact: Evidence) -> bool:
        """Return whether what is said of another fact fits neither that nor what was said before."""
        if not isinstance(fact, ABOUT_FACTS) or self.latest.get(fact.key) == fact:
            return False
        target, old = self.latest.get(fact.target), self.latest.get(fact.key)
        if target is None or target.worker != fact.worker:
            return True
        if isinstance(fact, DisputeDecided) and not isinstance(target, Dispute):
            return True
        if isinstance(target, ABOUT_FACTS if isinstance(fact, Dispute) else Retraction):
            return True
        return isinstance(old, ABOUT_FACTS) and old.target != fact.target

    def take(self, fact: Evidence) -> str:
        """Take a fact that is not refused, and return what becomes of it."""
        old = self.latest.get(fact.key)
        if old == fact:
            return "unchanged"
        self.latest[fact.key] = fact
        self.counts.add(fact.key)
        if isinstance(fact, Retraction):
            self.counts.discard(fact.target)
        return "added" if old is None else "changed"

    def is_aside(self, fact: Evidence) -> bool:
        """Return whether somebody's word that a fact of hers is wrong is open and to be heeded, or was found true."""
        for dispute in self.latest.values():
            if not isinstance(dispute, Dispute) or dispute.key not in self.counts or dispute.worker != fact.worker:
                continue
            said = [
                one
                for one in self.latest.values()
                if isinstance(one, DisputeDecided) and one.target == dispute.key and one.key in self.counts
            ]
            said.sort(key=lambda one: (one.time, one.source, one.id))
            heeded = said[-1].verdict == "upheld" if said else dispute.effect == "set_aside"
            if dispute.target == fact.key and heeded:
                return True
        return False

    def histories(self) -> dict[str, list[Evidence]]:
        """Return each worker's facts that count, in canonical order."""
        own: dict[str, list[Evidence]] = {}
        for key in self.counts:
            fact = self.latest[key]
            if not isinstance(fact, ABOUT_FACTS) and not self.is_aside(fact):
                own.setdefault(fact.worker, []).append(fact)
        return {worker: sorted(own[worker], key=lambda fact: fact.order) for worker in sorted(own)}

    def another_way(self, random: Random) -> list[Evidence]:
        """Return another order of arrival that ends in the same: each fact once, and twice, and what was retracted."""
        came = [self.latest[key] for key in sorted(self.counts) if not isinstance(self.latest[key], ABOUT_FACTS)]
        came += random.sample(came, len(came) // 2)
        random.shuffle(came)
        retracted = [one for one in self.latest.values() if self._retracts(one)]
        for retraction in retracted:
            target = self.latest[retraction.target]
            if not isinstance(target, ABOUT_FACTS):
                first, second = sorted(random.randint(0, len(came)) for _ in range(2))
                came.insert(second, retraction)
                came.insert(first, target)
        for kind in (Dispute, DisputeDecided):
            # What nothing was said about, or somebody else by now, has no say any more.
            here = {fact.key: fact.worker for fact in came}
            said = [one for one in self.latest.values() if isinstance(one, kind) and here.get(one.target) == one.worker]
            random.shuffle(said)
            for one in said:
                came.insert(random.randint(place_of(came, one.target) + 1, len(came)), one)
        here = {fact.key: fact.worker for fact in came}
        last = [one for one in retracted if isinstance(self.latest[one.target], ABOUT_FACTS) and one.target in here]
        return came + last

    def _retracts(self, fact: Evidence) -> bool:
        """Return whether it took something back that was not given again since."""
        if not isinstance(fact, Retraction) or fact.target in self.counts:
            return False
        return self.latest[fact.target].worker == fact.worker


def place_of(came: list[Evidence], key: tuple[str, str]) -> int:
    return max(place for place, fact in enumerate(came) if fact.key == key)


@settings(
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(came=arrivals(), random=st.randoms(use_true_random=False))
def test_any_arrival_of_any_history_is_one_belief_to_the_bit(firm: Company, came: list[Evidence], random: Random):
    firm.empty()
    book = Book()
    for fact in came:
        if book.refuses(fact):
            with pytest.raises((Conflict, NotFound)):
                firm.workspace.record(fact)
        else:
            done = firm.workspace.record(fact)
            assert done.status == book.take(done.evidence)
    histories = book.histories()
    with firm.store.read() as transaction:
        assert transaction.params() == PARAMS
        assert dict(transaction.evidence()) == histories
    stored = firm.stored()
    assert firm.workspace.rebuild(check=True).differing == 0
    assert stored == {worker: bits(fold(worker, facts, PARAMS)) for worker, facts in histories.items()}
    assert stored == {state.worker: bits(state) for state in fold_histories(histories, PARAMS)}
    encoded = encode(histories, PARAMS)
    compiled, _found = replay(encoded, PARAMS, times=COMPILED_FROM)
    assert stored == {state.worker: bits(state) for state in states_of(encoded, compiled)}
    firm.empty()
    with firm.store.write() as transaction:
        write_batch(transaction, Batch(evidence=book.another_way(random)), Report(), None)
    assert firm.stored() == stored


def test_every_kind_of_evidence_and_every_parameter_takes_part():
    assert {*FORMS, *ABOUT_FACTS} == set(KINDS.values())
    defaults = BeliefParams()
    assert [f.name for f in fields(PARAMS) if getattr(PARAMS, f.name) == getattr(defaults, f.name)] == []
    assert all(PARAMS.weights)
