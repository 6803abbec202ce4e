"""What somebody takes away: whatever the company writes, no worker is named whom she does not see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import Evidence
from skillmatch.errors import NotFound
from skillmatch.importers.export import Table, write_csv
from skillmatch.importers.kinds import KINDS
from skillmatch.model import Customer, Job, JobStatus, Leave, NoteKind, NoteStatus, Noun, SiteNote, Worker
from skillmatch.workspace.portion import Portion
from tests.importers.strategies import facts, nouns
from tests.workspace.firm import NOW, firm, job

PEOPLE = ("a", "b", "c", "d")


def about(thing: Noun | Evidence, worker: str, wishes: tuple[str, ...]) -> Noun | Evidence:
    """Return a thing that names a worker, and others in its wishes."""
    if isinstance(thing, Worker):
        return replace(thing, id=worker)
    if isinstance(thing, Customer):
        until = tuple((one, NOW.date()) for one in wishes)
        return replace(thing, preferred=wishes, required=(), excluded=wishes, until=until)
    if isinstance(thing, Job):
        return replace(thing, preferred=wishes, required=wishes, excluded=())
    return replace(thing, worker=worker) if hasattr(thing, "worker") else thing  # type: ignore[type-var]


def names(thing: Any) -> set[str]:
    """Return the workers that a thing names, found out without knowing what it is."""
    found = {thing.id} if isinstance(thing, Worker) else {getattr(thing, "worker", None)} - {None}
    for wish in ("preferred", "required", "excluded"):
        found |= set(getattr(thing, wish, ()))
    return found | ({worker for worker, _day in thing.until} if isinstance(thing, Customer) else set())


things = st.builds(
    about, nouns | facts, st.sampled_from(PEOPLE), st.lists(st.sampled_from(PEOPLE), unique=True).map(tuple)
)


@given(thing=things, seen=st.frozensets(st.sampled_from(PEOPLE)), private=st.booleans())
def test_no_worker_is_named_who_is_not_seen_and_nothing_is_lost_of_who_is(
    thing: Noun | Evidence, seen: frozenset[str], private: bool
):
    part = Portion(seen, private).part(thing)
    if part is not None:
        assert names(part) <= seen
        assert names(part) == names(thing) & seen
        assert type(part) is type(thing)
    else:
        withdrawn = isinstance(thing, SiteNote) and thing.status is NoteStatus.WITHDRAWN
        assert names(thing) - seen or withdrawn
    if names(thing) <= seen and private:
        assert part == thing


@given(thing=things)
def test_whoever_sees_everybody_loses_only_what_no_page_shows(thing: Noun | Evidence):
    assert Portion(private=True).part(thing) == thing
    part = Portion().part(thing)
    if isinstance(thing, Leave):
        assert part == replace(thing, reason="")
    elif isinstance(thing, SiteNote) and thing.status is NoteStatus.WITHDRAWN:
        assert part is None
    else:
        assert part == thing


def test_a_note_of_another_team_is_for_all_without_its_writer_and_a_suggestion_is_not():
    note = SiteNote("1", "s", NoteKind.NOTE, "sticks", NOW, "By Ann", "a")
    assert Portion(frozenset("b")).part(note) == replace(note, worker=None, by="")
    assert Portion(frozenset("a")).part(note) == note
    suggestion = replace(note, kind=NoteKind.SUGGESTION)
    assert Portion(frozenset("b")).part(suggestion) is None
    nobodys = replace(suggestion, worker=None)
    assert Portion(frozenset("b")).part(nobodys) == nobodys


def test_a_long_table_is_written_while_it_is_read():
    target, seen = BytesIO(), []

    def coming() -> Iterator[Job]:
        for number in range(2_000):
            yield Job(str(number), "x" * 100)
            seen.append(target.tell())

    assert write_csv(target, Table.of(KINDS["jobs"], coming())) == 2_000
    assert seen[0] < 10_000
    assert seen[-1] > 150_000
    assert max(after - before for before, after in pairwise(seen)) < 20_000


def test_what_is_read_one_by_one_is_what_is_read_at_once(tmp_path: Path):
    with firm(tmp_path, [job("j2", status=JobStatus.DONE)]) as own, own._store.read() as transaction:
        assert list(transaction.each(Job)) == transaction.recorded(Job)
        by_kind = [
            fact for kind in KINDS.values() if issubclass(kind.cls, Evidence) for fact in transaction.facts_of(kind.cls)
        ]
        assert by_kind == [fact for _worker, some in transaction.evidence(as_recorded=True) for fact in some]
        few = [fact for fact in by_kind if fact.worker in ("anna", "chen")]
        assert list(transaction.facts_of(type(few[0]), ["chen", "anna", "no\0body"])) == few


def test_what_is_no_table_is_told_with_the_nearest(tmp_path: Path):
    with firm(tmp_path) as own:
        with pytest.raises(NotFound, match="did you mean 'jobs'"):
            own.downloads.write("job", BytesIO(), "csv")
        with pytest.raises(NotFound, match="no table 'accounts'"):
            own.downloads.columns("accounts")
