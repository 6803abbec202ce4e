"""Nouns and evidence of every kind, as hypothesis makes them up: valid, and as odd as validity allows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from skillmatch.beliefs import evidence
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.model import (
    Asset,
    CertificationRequirement,
    Customer,
    Job,
    JobStatus,
    JobType,
    Link,
    LinkKind,
    Place,
    Requirement,
    Site,
    Skill,
    SkillKind,
    Worker,
)

ids = st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=" ;:\",!='"), min_size=1, max_size=12
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
requirements = st.builds(
    Requirement, ids, levels, st.floats(0, 1000, exclude_min=True), must=st.booleans()
) | st.builds(Requirement, ids, st.none(), st.floats(0, 1000, exclude_min=True))
needs = st.lists(
    requirements | st.builds(CertificationRequirement, ids),
    max_size=3,
    unique_by=lambda need: need.skill if isinstance(need, Requirement) else f"certification {need.type}",
).map(tuple)
minutes = maybe(st.floats(0, 100_000, exclude_min=True))


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
    st.builds(Customer, ids, texts, texts, some(ids), some(ids), some(ids)),
    st.builds(Site, ids, ids, texts, maybe(places)),
    st.builds(Asset, ids, ids, texts, texts),
    st.builds(JobType, ids, texts, needs, minutes),
    st.builds(
        Job,
        ids,
        texts,
        texts,
        maybe(ids),
        maybe(ids),
        maybe(ids),
        maybe(ids),
        needs,
        maybe(times),
        maybe(days),
        minutes,
        st.integers(1, 5),
        st.sampled_from(JobStatus),
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
    evidence.Retraction: st.builds(evidence.Retraction, **_common, retracts_source=ids, retracts_id=ids, reason=texts),
}
facts = st.one_of(*EVIDENCE.values())
