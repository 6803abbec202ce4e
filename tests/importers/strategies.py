"""Nouns and evidence of every kind, as hypothesis makes them up: valid, and as odd as validity allows."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from hypothesis import strategies as st

from skillmatch.beliefs import evidence
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.errors import Invalid
from skillmatch.model import (
    AllOf,
    AnyOf,
    Asset,
    Booking,
    Cause,
    CertificationRequirement,
    Correction,
    Customer,
    Job,
    JobStatus,
    JobType,
    LanguageRequirement,
    Leave,
    Link,
    LinkKind,
    Merge,
    Need,
    NoteKind,
    NoteStatus,
    Place,
    Question,
    Requirement,
    Risk,
    Shift,
    Site,
    SiteNote,
    Skill,
    SkillKind,
    Worker,
)
from skillmatch.needs import check_needs

ids = (
    st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" ;:\",!='"), min_size=1, max_size=12)
    # Ids made of the very signs that requirements are written with.
    | st.lists(
        st.sampled_from(
            ["a", "2", "1.5", " ", " + ", "+", "*", "|", "(", ")", ":", "-", "!", ";", '"', "cert:", "lang:"]
        ),
        min_size=1,
        max_size=6,
    ).map("".join)
).filter(lambda text: text == text.strip() and text.isprintable())
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
levels = st.floats(0, 5)
days = st.dates(date(1970, 1, 1), date(2100, 1, 1))
times = st.datetimes(datetime(1970, 1, 1), datetime(2026, 11, 1), timezones=st.just(UTC)).map(
    lambda time: time.replace(fold=0)  # says nothing in UTC
)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=3).map(tuple)


places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
counts = st.just(1) | st.integers(1, 50)
weights = st.just(1.0) | st.floats(0, 1000, exclude_min=True)


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    level, preferred = sorted([draw(levels), draw(levels)])
    if not draw(st.booleans()):
        return Requirement(draw(ids), weight=draw(weights), count=draw(counts))
    return Requirement(
        draw(ids), level, draw(weights), draw(st.booleans()), draw(maybe(st.just(preferred))), draw(counts)
    )


def sound(needs: tuple[Need, ...]) -> bool:
    """Return whether a job may have these needs: nothing twice, not too many ways to meet them."""
    try:
        check_needs(needs, "this")
    except Invalid:
        return False
    return True


plain_ones = requirements() | st.builds(CertificationRequirement, ids, counts) | st.builds(LanguageRequirement, ids)
trees = st.recursive(
    plain_ones,
    lambda part: (
        st.builds(AnyOf, st.lists(part, min_size=2, max_size=3).map(tuple))
        | st.builds(AllOf, st.lists(part, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=6,
)
needs = st.lists(plain_ones | trees, max_size=3).map(tuple).filter(sound)
minutes = maybe(st.floats(0, 100_000, exclude_min=True))


chances = st.floats(0, 1, exclude_min=True, exclude_max=True)
words = texts.map(str.strip).filter(bool)


def pairs(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(ids, values, max_size=3).map(lambda found: tuple(found.items()))


@st.composite
def causes(draw: st.DrawFn) -> Cause:
    plain = tuple(need for need in draw(needs) if not isinstance(need, AnyOf | AllOf))
    return Cause(draw(ids), plain, draw(minutes), draw(maybe(chances)), draw(ids), draw(st.booleans()))


merges = (
    st.tuples(ids, ids)
    .filter(lambda ends: ends[0] != ends[1])
    .flatmap(lambda ends: st.builds(Merge, st.just(ends[0]), st.just(ends[1]), times, texts, texts, st.booleans()))
)


@st.composite
def workers(draw: st.DrawFn) -> Worker:
    first, last = sorted([draw(days), draw(days)])
    return Worker(
        draw(ids),
        draw(texts),
        draw(texts),
        draw(texts),
        draw(maybe(places)),
        draw(some(texts)),
        draw(st.floats(0, 168)),
        draw(maybe(st.just(first))),
        draw(maybe(st.just(last))),
        draw(maybe(st.floats(0, 999_999))),
        draw(maybe(st.floats(0, 1440, exclude_min=True))),
    )


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    wishes = [draw(some(ids)) for _ in range(3)]
    named = sorted({worker for workers in wishes for worker in workers})
    until = tuple((worker, draw(days)) for worker in named if draw(st.booleans()))
    return Customer(draw(ids), draw(texts), draw(texts), *wishes, until)


@st.composite
def jobs(draw: st.DrawFn) -> Job:
    earliest, latest = sorted([draw(times), draw(times)])
    return Job(
        draw(ids),
        draw(texts),
        draw(texts),
        draw(maybe(ids)),
        draw(maybe(ids)),
        draw(maybe(ids)),
        draw(maybe(ids)),
        draw(needs),
        draw(maybe(times)),
        draw(maybe(days)),
        draw(minutes),
        draw(st.integers(1, 5)),
        draw(st.sampled_from(JobStatus)),
        draw(maybe(st.just(earliest))),
        draw(maybe(st.just(latest))),
        draw(maybe(st.sampled_from(Risk))),
        draw(maybe(st.integers(1, 50))),
        draw(some(ids)),
        draw(some(ids)),
        draw(some(ids)),
        draw(pairs(st.booleans())),
    )


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    start = draw(st.integers(0, 1439))
    first, last = sorted([draw(days), draw(days)])
    return Shift(
        draw(ids),
        draw(st.integers(0, 6)),
        start,
        draw(st.integers(start + 1, 2880)),
        draw(maybe(st.just(first))),
        draw(maybe(st.just(last))),
    )


@st.composite
def leaves(draw: st.DrawFn) -> Leave:
    first, last = sorted([draw(days), draw(days)])
    return Leave(draw(ids), first, last, draw(texts), draw(st.booleans()))


bookings = st.builds(
    Booking,
    ids,
    ids,
    times,
    st.floats(0, 100_000, exclude_min=True),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
links = (
    st.tuples(ids, ids)
    .filter(lambda ends: ends[0] != ends[1])
    .flatmap(
        lambda ends: st.builds(Link, st.just(ends[0]), st.just(ends[1]), st.sampled_from(LinkKind), st.floats(0.001, 1))
    )
)
nouns = st.one_of(
    st.builds(
        Skill,
        ids,
        texts,
        st.sampled_from(SkillKind),
        texts,
        maybe(st.floats(1, 36_500)),
        some(texts),
        maybe(texts),
    ),
    links,
    workers(),
    customers(),
    st.builds(Site, ids, ids, texts, maybe(places), texts),
    st.builds(Asset, ids, ids, texts, texts, maybe(days)),
    st.builds(JobType, ids, texts, needs, minutes, st.sampled_from(Risk), st.integers(1, 50)),
    jobs(),
    shifts(),
    leaves(),
    bookings,
    causes(),
    st.builds(Question, ids, words, pairs(chances), chances, maybe(ids), st.booleans()),
    st.builds(Correction, words, ids, st.booleans(), texts),
    merges,
    st.builds(
        SiteNote,
        *(ids, ids, st.sampled_from(NoteKind), words, times, texts, maybe(ids), maybe(ids)),
        *(st.sampled_from(NoteStatus), texts, texts),
    ),
)

_common = {"id": ids, "worker": ids, "time": times, "source": ids}
_stated = {**_common, "skill": ids, "level": levels, "note": texts}
demands = some(st.builds(Demand, ids, maybe(levels), st.floats(0.01, 10)))


@st.composite
def certifications(draw: st.DrawFn) -> evidence.CertificationGranted:
    issued, expires = sorted([draw(days), draw(days)])
    skill = draw(maybe(ids))
    return evidence.CertificationGranted(
        **{name: draw(strategy) for name, strategy in _common.items()},
        type=draw(ids),
        issued=issued,
        expires=draw(maybe(st.just(expires))),
        issuer=draw(texts),
        skill=skill,
        level=None if skill is None else draw(levels),
    )


@st.composite
def papers(draw: st.DrawFn, cls: type[Any]) -> Any:
    """Revocations and exemptions, which end after they begin."""
    start, end = sorted([draw(days.filter(lambda day: day < date(2026, 11, 1))), draw(days)])
    common = {name: draw(strategy) for name, strategy in _common.items()}
    common |= {"time": datetime.combine(start, time(), UTC), "type": draw(ids), "reason": draw(texts)}
    if cls is evidence.ExemptionGranted:
        return cls(**common, until=end, granted_by=draw(ids))
    return cls(**common, until=draw(maybe(st.just(end))))


EVIDENCE: dict[type[evidence.Evidence], st.SearchStrategy[Any]] = {
    evidence.JobOutcome: st.builds(
        evidence.JobOutcome,
        **_common,
        job=ids,
        result=st.sampled_from(Result),
        demands=demands,
        job_type=maybe(ids),
        minutes=maybe(st.floats(0, 100_000)),
        note=texts,
        customer=maybe(ids),
        site=maybe(ids),
        estimate=maybe(st.floats(0, 100_000, exclude_min=True)),
    ),
    evidence.CustomerRating: st.builds(
        evidence.CustomerRating,
        **_common,
        job=ids,
        stars=st.floats(1, 5),
        customer=maybe(ids),
        demands=demands,
        note=texts,
    ),
    evidence.SelfReport: st.builds(evidence.SelfReport, **_stated),
    evidence.Assessment: st.builds(evidence.Assessment, **_stated, rater=texts),
    evidence.Endorsement: st.builds(evidence.Endorsement, **_stated, rater=texts),
    evidence.Override: st.builds(evidence.Override, **_stated, rater=texts),
    evidence.CertificationGranted: certifications(),
    evidence.TrainingCompleted: st.builds(evidence.TrainingCompleted, **_common, skill=ids, level=levels, course=texts),
    evidence.CertificationRevoked: papers(evidence.CertificationRevoked),
    evidence.ExemptionGranted: papers(evidence.ExemptionGranted),
    evidence.JobDeclined: st.builds(evidence.JobDeclined, **_common, job=ids, reason=texts),
    evidence.SkillDeclined: st.builds(evidence.SkillDeclined, **_common, skill=ids),
    evidence.LearningWish: st.builds(evidence.LearningWish, **_common, skill=ids, active=st.booleans(), note=texts),
    evidence.Retraction: st.builds(evidence.Retraction, **_common, retracts_source=ids, retracts_id=ids, reason=texts),
    evidence.Dispute: st.builds(
        evidence.Dispute,
        **_common,
        disputes_source=ids,
        disputes_id=ids,
        effect=st.sampled_from(evidence.DisputeEffect),
        reason=texts,
    ),
    evidence.DisputeDecided: st.builds(
        evidence.DisputeDecided,
        **_common,
        decides_source=ids,
        decides_id=ids,
        verdict=st.sampled_from(evidence.Verdict),
        decided_by=ids,
        reason=texts,
    ),
}
facts = st.one_of(*EVIDENCE.values())
