"""Random companies with everything that a ranking reads, and the true changes that advice speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import Evidence
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.matching.changes import (
    AskAgain,
    AskFor,
    Certify,
    Change,
    Employ,
    Nearer,
    Relieve,
    Reschedule,
    Speak,
    Succeed,
)
from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.policy import POLICIES, Limits, Policy
from skillmatch.matching.roster import travel_minutes
from skillmatch.matching.view import View
from skillmatch.model import (
    AllOf,
    AnyOf,
    Booking,
    Certification,
    CertificationRequirement,
    Customer,
    LanguageRequirement,
    Leave,
    Need,
    Place,
    Requirement,
    Risk,
    Shift,
    Worker,
)
from tests.beliefs.strategies import levels
from tests.kit.build import (
    RICH,
    at,
    booking,
    exemption,
    outcome,
    refusal,
    revocation,
    self_report,
    views,
    week,
    wish,
)

NOW = 102.0
"""A Monday at eight, in days after the start of 2026."""
TODAY = at(NOW).date()
SITE = Place(52.5, 13.4)
IDS = ("w0", "w1", "w2", "w3", "w4")
SKILLS = ("refrigeration", "controls", "lifts")
MUST = Requirement("refrigeration", 2.5, 2.0, must=True)
EITHER = AnyOf(
    (Requirement("controls", 3.0, must=True), AllOf((Requirement("lifts"), CertificationRequirement("F-GAS"))))
)
NEEDS: tuple[tuple[Need, ...], ...] = (
    (),
    (Requirement("refrigeration", 3.0, 2.0, preferred_level=4.0), Requirement("controls")),
    (MUST, CertificationRequirement("F-GAS")),
    (Requirement("lifts", 2.0), LanguageRequirement("Polish")),
    (MUST, Requirement("controls", 2.0, must=True), CertificationRequirement("F-GAS")),
    (EITHER, Requirement("refrigeration", 2.0)),
    (AnyOf((MUST, Requirement("lifts", 2.0))), LanguageRequirement("Polish")),
)
STRICT = Policy(
    "strict",
    "Strict",
    POLICIES["balanced"].weights,
    Limits(max_travel=60.0, certainty_normal=0.7, day_hours=9.0, week_hours=20.0),
)
# Explaining a failure of so large an example takes minutes; to shrink it is enough.
SEARCH = settings(
    max_examples=40,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CHOICES = (*POLICIES.values(), STRICT)


@dataclass(frozen=True, slots=True)
class Company:
    """Everything that one ranking is made from, as plain values that a test can change and look at again."""

    workers: tuple[Worker, ...]
    needs: tuple[Need, ...]
    policy: Policy
    circumstances: Circumstances
    day: date
    facts: tuple[Evidence, ...] = ()
    papers: tuple[Evidence, ...] = ()
    certifications: tuple[Certification, ...] = ()
    shifts: tuple[Shift, ...] = ()
    leave: tuple[Leave, ...] = ()
    bookings: tuple[Booking, ...] = ()
    work: tuple[tuple[str, date, float], ...] = ()
    customer: Customer | None = None
    job_type: str | None = None
    more: dict[str, object] = field(default_factory=dict)

    def seen(self) -> list[View]:
        """Return the job seen over the company, once for each way to meet its needs."""
        held: dict[str, list[Certification]] = {}
        for one in self.certifications:
            held.setdefault(one.worker, []).append(one)
        return views(
            self.facts,
            needs=self.needs,
            workers=self.workers,
            certifications=held,
            day=self.day,
            days=NOW,
            job_type=self.job_type,
            customer=self.customer,
            params=RICH,
            circumstances=self.circumstances,
            papers=self.papers,
            shifts=self.shifts,
            leave=self.leave,
            bookings=self.bookings,
            work=self.work,
            **self.more,
        )


def some(values: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """Return strategies for a few of some names, mostly none."""
    return st.just(()) | st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


EMPLOYED = ((None, None), (None, None), (TODAY + timedelta(days=2), None), (None, TODAY - timedelta(days=2)))
people = st.builds(
    Worker,
    st.just("w"),
    st.just("W"),
    home=st.none() | st.builds(Place, st.sampled_from([52.0, 52.5, 52.9]), st.sampled_from([13.2, 13.4, 14.6])),
    languages=some(["Polish", "polish", "Turkish"]),
    capacity=st.sampled_from([0.0, 20.0, 40.0]),
    cost_per_hour=st.sampled_from([None, 30.0, 90.0]),
    max_travel=st.sampled_from([None, None, 20.0, 200.0]),
)
spans = st.sampled_from([(480, 1020), (360, 840), (720, 1200), (1320, 1800)])


@st.composite
def employed(draw: st.DrawFn, worker: str) -> Worker:
    begun, ended = draw(st.sampled_from(EMPLOYED))
    return replace(draw(people), id=worker, name=worker.upper(), active_from=begun, active_to=ended)


@st.composite
def customers(draw: st.DrawFn, ids: Sequence[str]) -> Customer:
    lists = [draw(some(ids)) for _ in range(3)]
    named = sorted({one for listed in lists for one in listed})
    days = {one: draw(st.sampled_from([None, TODAY - timedelta(days=9), TODAY + timedelta(days=90)])) for one in named}
    until = tuple((one, day) for one, day in days.items() if day is not None)
    return Customer("bakery", "Bakery", "", *lists, until)


@st.composite
def facts_of(draw: st.DrawFn, worker: str) -> list[Evidence]:
    found: list[Evidence] = []
    for number in range(draw(st.integers(0, 4))):
        times, skill = draw(st.integers(1, 6)), draw(st.sampled_from(SKILLS))
        begun, result = draw(st.integers(0, 90)), draw(st.sampled_from(Result))
        kind = draw(st.integers(0, 4))
        if kind == 0:
            found.append(self_report(worker, skill, level=draw(levels), days=begun, id=f"{worker}s{number}"))
            continue
        demands = (Demand(skill, draw(st.none() | levels)),)
        found += [
            outcome(worker, demands, days=begun + n, result=result, job_type="hard", id=f"{worker}o{number}-{n}")
            for n in range(times)
        ]
    return found


@st.composite
def papers_of(draw: st.DrawFn, worker: str) -> list[Evidence]:
    days = st.integers(0, 101)
    kinds = (
        st.builds(revocation, st.just(worker), days=days, until=st.sampled_from([None, TODAY + timedelta(days=300)])),
        st.builds(exemption, st.just(worker), days=days, until=st.just(TODAY + timedelta(days=1))),
        st.builds(refusal, st.just(worker), st.sampled_from(["j1", "j2"]), days=st.integers(80, 101)),
        st.builds(wish, st.just(worker), st.sampled_from(SKILLS), days=days, active=st.booleans()),
    )
    return draw(st.lists(st.one_of(kinds), max_size=2))


@st.composite
def circumstances(draw: st.DrawFn, ids: Sequence[str]) -> Circumstances:
    opens = draw(st.sampled_from([0.0, 0.0, 480.0, 600.0]))
    dated = draw(st.booleans())
    visits = {kind: {one: draw(st.integers(0, 12)) for one in draw(some(ids))} for kind in ("customer", "site")}
    return Circumstances(
        "j1",
        draw(st.sampled_from(Risk)),
        draw(st.integers(1, 5)),
        draw(st.sampled_from([None, 45.0, 120.0, 600.0])),
        draw(st.sampled_from([1, 2])),
        draw(st.sampled_from([None, SITE])),
        dated,
        opens if dated else 0.0,
        draw(st.sampled_from([1440.0, opens + 120.0])) if dated else 1440.0,
        draw(st.booleans()) if dated else False,
        draw(some(ids)),
        draw(some(ids)),
        draw(some(ids)),
        visits,
    )


@st.composite
def companies(draw: st.DrawFn, *, policies: Sequence[Policy] = CHOICES) -> Company:
    """Return strategies for a company of one to five workers and a job."""
    ids = IDS[: draw(st.integers(1, 5))]
    certifications, shifts, leave, bookings, work = [], [], [], [], []
    day = TODAY + timedelta(days=draw(st.sampled_from([0, 0, 1, 3])))
    for worker in ids:
        if draw(st.booleans()):
            issued = TODAY - timedelta(days=draw(st.integers(0, 110)))
            expires = issued + timedelta(days=draw(st.sampled_from([30, 90, 900])))
            certifications.append(Certification(worker, "F-GAS", issued, expires))
        for start, end in draw(st.lists(spans, max_size=2, unique=True)):
            shifts += week(worker, start, end, draw(st.sampled_from([range(5), (0, 3), range(7)])))
        if draw(st.integers(0, 5)) == 0:
            leave.append(Leave(worker, day - timedelta(days=1), day + timedelta(days=draw(st.integers(0, 4)))))
        for number in range(draw(st.sampled_from([0, 0, 1, 2]))):
            start = at(NOW) + timedelta(hours=draw(st.integers(-30, 90)))
            bookings.append(booking(worker, f"b{number}", start=start, minutes=draw(st.sampled_from([60.0, 400.0]))))
        for _ in range(draw(st.integers(0, 2))):
            ago = timedelta(days=draw(st.integers(0, 40)))
            work.append((worker, TODAY - ago, draw(st.sampled_from([60.0, 300.0, 2000.0]))))
    return Company(
        tuple(draw(employed(worker)) for worker in ids),
        draw(st.sampled_from(NEEDS)),
        draw(st.sampled_from(policies)),
        draw(circumstances(ids)),
        day,
        tuple(fact for worker in ids for fact in draw(facts_of(worker))),
        tuple(paper for worker in ids for paper in draw(papers_of(worker))),
        tuple(certifications),
        tuple(shifts),
        tuple(leave),
        tuple(bookings),
        tuple(work),
        draw(st.none() | customers(ids)),
        draw(st.sampled_from([None, "hard"])),
    )


def changed(company: Company, worker: str, change: Change, demands: Sequence[Demand]) -> Company:
    """Return the company in which a change that was advised has truly come about; `demands` are those of the job."""
    person = next(one for one in company.workers if one.id == worker)
    known = company.circumstances

    def put(fresh: Worker) -> Company:
        return replace(company, workers=tuple(fresh if one.id == worker else one for one in company.workers))

    if isinstance(change, Employ):
        return put(replace(person, active_from=None, active_to=None))
    if isinstance(change, Speak):
        return put(replace(person, languages=(*person.languages, change.language)))
    if isinstance(change, Nearer):
        return put(replace(person, home=_nearer(person.home, change.minutes)))
    if isinstance(change, Certify):
        fresh = Certification(worker, change.type, TODAY, TODAY + timedelta(days=999))
        return replace(company, certifications=(*company.certifications, fresh))
    if isinstance(change, Succeed):
        site, customer = company.more.get("site"), company.customer.id if company.customer else None
        jobs = [
            outcome(worker, demands, days=NOW, job_type=company.job_type, customer=customer, site=site, id=f"zz{n:03}")
            for n in range(change.count)
        ]
        return replace(company, facts=(*company.facts, *jobs))
    if isinstance(change, Relieve):
        return replace(company, work=_less(company, worker, change.minutes))
    if isinstance(change, Reschedule):
        moved = replace(known, dated=True, opens=change.begin, closes=change.begin, late=False)
        return replace(company, day=change.day, circumstances=moved)
    if isinstance(change, AskAgain):
        kept = (one for one in company.papers if not (one.KIND == "declined" and one.worker == worker))
        return replace(company, papers=tuple(kept))
    assert isinstance(change, AskFor)
    return _asked(company, worker, minds=change.minds)


def _asked(company: Company, worker: str, *, minds: bool) -> Company:
    known, customer = company.circumstances, company.customer
    if not minds:
        assert customer is not None
        until = tuple((one, day) for one, day in customer.until if one != worker)
        wished = replace(customer, preferred=(*customer.preferred, worker), until=until)
        return replace(company, customer=wished)
    known = replace(
        known,
        required=(*known.required, worker) if known.required else (),
        excluded=tuple(one for one in known.excluded if one != worker),
    )
    if customer is not None:
        excluded = tuple(one for one in customer.excluded if one != worker)
        others = tuple(one for one in customer.required if one != worker)
        required = (*others, worker) if customer.wishes(customer.required, company.day) else others
        ended = dict(customer.until).get(worker, company.day) < company.day
        preferred = tuple(one for one in customer.preferred if one != worker or not ended)
        named = {*preferred, *required, *excluded}
        until = tuple((one, day) for one, day in customer.until if one != worker and one in named)
        customer = replace(customer, preferred=preferred, excluded=excluded, required=required, until=until)
    return replace(company, customer=customer, circumstances=known)


def _nearer(home: Place | None, minutes: float) -> Place:
    """Return the place on the line to the job from which the way is so many minutes shorter."""
    assert home is not None
    wanted, low, high = travel_minutes(home, SITE) - minutes, 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if travel_minutes(_between(home, middle), SITE) > wanted:
            high = middle
        else:
            low = middle
    return _between(home, low)


def _between(home: Place, share: float) -> Place:
    """Return a point between the job (0) and a home (1)."""
    return Place(
        SITE.latitude + share * (home.latitude - SITE.latitude),
        SITE.longitude + share * (home.longitude - SITE.longitude),
    )


def _less(company: Company, worker: str, minutes: float) -> tuple[tuple[str, date, float], ...]:
    """Return the work of a company with so much less of one worker in the four weeks up to the day of the job."""
    rows = []
    for who, day, length in company.work:
        own = who == worker and timedelta(0) <= company.day - day < timedelta(days=28)
        taken = min(length, minutes) if own else 0.0
        minutes -= taken
        rows.append((who, day, length - taken))
    return (*rows, (worker, company.day, -minutes))
