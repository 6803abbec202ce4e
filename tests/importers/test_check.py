"""Rows compared with each other, with the database, and with the day."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.importers.batch import Known
from skillmatch.importers.cycles import closing_edges
from skillmatch.importers.near import Near
from skillmatch.model import Link, LinkKind, Skill
from skillmatch.skills.graph import SkillGraph
from tests.importers.sample import KNOWN, load, put, told


def test_an_id_used_in_two_files_is_told_with_both_places(tmp_path: Path) -> None:
    put(tmp_path / "workers-1.csv", "id,name\ncho,Cho\n")
    put(tmp_path / "workers-2.csv", "id,name\ndee,Dee\ncho,Cho\n")
    batch = load(tmp_path)
    assert told(batch) == [
        "workers-2.csv:3: found worker 'cho', which workers-1.csv:2 has already; "
        "expected each only once: leave out one of the two, or give it another id"
    ]


def test_two_kinds_of_evidence_may_not_share_an_id(tmp_path: Path) -> None:
    put(tmp_path / "self_reports.csv", "id,worker,skill,level,time\n1,ana,cooling,3,2026-03-01\n")
    put(tmp_path / "trainings.csv", "id,worker,skill,level,time\n1,ana,cooling,3,2026-03-01\n")
    assert "training '1', which self_reports.csv:2 has already" in told(load(tmp_path))[0]


def test_the_same_id_of_two_sources_is_two_facts(tmp_path: Path) -> None:
    rows = "id,source,worker,skill,level,time\n1,hr,ana,cooling,3,2026-03-01\n1,crm,ana,cooling,3,2026-03-01\n"
    assert load(put(tmp_path / "self_reports.csv", rows)).problems == []


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        (
            "shifts.csv",
            "worker,days,start,end\nana,mon-wed,07:30,12:00\nana,tue,12:30,16:00\nana,wed,07:30,13:00\n",
            "shift of worker 'ana' on wed from 07:30, which line 2 has already",
        ),
        (
            "leave.csv",
            "worker,first,last\nana,2026-12-24,2026-12-31\nben,2026-12-24,2026-12-24\nana,2026-12-24,2027-01-02\n",
            "leave of worker 'ana' from 2026-12-24, which line 2 has already",
        ),
        (
            "bookings.csv",
            "job,worker,start,minutes\nj1,ana,2026-12-01T08:00,60\nj1,ben,2026-12-01T08:00,60\nj1,ana,2026-12-02,60\n",
            "booking of worker 'ana' for job 'j1', which line 2 has already",
        ),
    ],
)
def test_what_has_no_id_is_told_apart_by_what_it_says(tmp_path: Path, name: str, text: str, found: str) -> None:
    (problem,) = load(put(tmp_path / name, text)).problems
    assert (problem.line, problem.found) == (4, found)


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        ("shifts.csv", "worker,days,start,end\nanna,mon-fri,07:30,16:00\n", "worker"),
        ("leave.csv", "worker,first,last\nanna,2026-12-24,2026-12-24\n", "worker"),
        ("bookings.csv", "job,worker,start,minutes\nj1,anna,2026-12-01,60\n", "worker"),
        ("bookings.csv", "job,worker,start,minutes\nj11,ana,2026-12-01,60\n", "job"),
        ("jobs.csv", "id,title,preferred\nj2,Leak,anna\n", "preferred"),
        ("jobs.csv", "id,title,required\nj2,Leak,anna\n", "required"),
        ("jobs.csv", "id,title,excluded\nj2,Leak,anna\n", "excluded"),
        ("jobs.csv", "id,title,requirements\nj2,Leak,cooling | (controls + wirring)\n", "requirements"),
        ("declined.csv", "worker,job,time\nana,j11,2026-03-01\n", "job"),
        ("learning_wishes.csv", "worker,skill,time\nana,coolin,2026-03-01\n", "skill"),
        ("revocations.csv", "worker,type,time\nanna,F-GAS,2026-03-01\n", "worker"),
        ("exemptions.csv", "worker,type,time,until,granted_by\nanna,F-GAS,2026-03-01,2026-04-01,mo\n", "worker"),
    ],
)
def test_every_reference_is_looked_up_and_the_nearest_id_shown(
    tmp_path: Path, name: str, text: str, column: str
) -> None:
    (problem,) = load(put(tmp_path / name, text)).problems
    assert (problem.line, problem.column) == (2, column)
    assert "did you mean" in problem.expected


def test_a_booking_of_a_job_that_was_refused_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "jobs.csv", "id,title,type\nj2,Leak,repare\n")
    put(tmp_path / "bookings.csv", "job,worker,start,minutes\nj2,ana,2026-12-01,60\n")
    batch = load(tmp_path)
    assert batch.counts() == {}
    assert "job 'j2', whose row cannot be taken (jobs.csv:2)" in [problem.found for problem in batch.problems]


def test_a_booking_may_lie_in_the_future_and_a_refusal_may_not(tmp_path: Path) -> None:
    put(tmp_path / "bookings.csv", "job,worker,start,minutes\nj1,ana,2027-12-01,60\n")
    put(tmp_path / "declined.csv", "worker,job,time\nana,j1,2027-12-01\n")
    batch = load(tmp_path)
    assert batch.counts() == {"bookings": 1}
    assert batch.problems[0].found == "2027-12-01T00:00:00Z, in the future"


def test_what_the_database_has_is_updated_not_a_duplicate(tmp_path: Path) -> None:
    batch = load(put(tmp_path / "workers.csv", "id,name\nana,Ana Lima\n"))
    assert batch.problems == []


def test_a_bad_row_does_not_spoil_what_the_database_has(tmp_path: Path) -> None:
    put(tmp_path / "workers.csv", "id,name,capacity\nana,Ana Lima,900\n")
    put(tmp_path / "customers.csv", "id,name,preferred\nbay,Bay,ana\n")
    batch = load(tmp_path)
    assert [customer.id for customer in batch.customers] == ["bay"]
    assert len(batch.problems) == 1


def test_an_outcome_of_a_job_that_was_refused_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "jobs.csv", "id,title,type\nj2,Leak,repare\n")
    put(tmp_path / "outcomes.csv", "worker,job,time,result\nana,j2,2026-03-01,rework\n")
    batch = load(tmp_path)
    assert batch.counts() == {}
    assert batch.problems[1].found == "job 'j2', whose row cannot be taken (jobs.csv:2)"


def test_with_an_empty_database_every_reference_must_be_in_the_files(tmp_path: Path) -> None:
    batch = load(
        put(tmp_path / "outcomes.csv", "worker,job,time,result\nana,j1,2026-03-01,rework\n"), known=Known.nothing()
    )
    assert [problem.column for problem in batch.problems] == ["worker", "job"]


def test_what_happened_today_has_happened(tmp_path: Path) -> None:
    put(tmp_path / "certifications.csv", "worker,type,issued\nana,F-GAS,2026-11-21\n")
    put(tmp_path / "self_reports.csv", "worker,skill,level,time\nana,cooling,3,2026-11-21T12:00\n")
    assert load(tmp_path).problems == []


def test_a_link_may_not_close_a_circle_with_the_database(tmp_path: Path) -> None:
    known = Known(skills=KNOWN.skills, links=(Link("cooling", "controls", LinkKind.BROADER),))
    batch = load(put(tmp_path / "links.csv", "source,target,kind\ncontrols,cooling,broader\n"), known=known)
    assert batch.links == []
    assert batch.problems[0].found == "broader links that run in a circle: controls -> cooling -> controls"


def test_a_link_of_the_database_may_be_given_another_weight(tmp_path: Path) -> None:
    known = Known(skills=KNOWN.skills, links=(Link("cooling", "controls", LinkKind.NEEDS),))
    batch = load(put(tmp_path / "links.csv", "source,target,kind,weight\ncooling,controls,needs,0.5\n"), known=known)
    assert batch.problems == []


def test_circles_of_different_kinds_and_related_links_are_no_circles(tmp_path: Path) -> None:
    rows = (
        "source,target,kind\ncooling,controls,needs\ncontrols,cooling,broader\n"
        "cooling,wiring,related\nwiring,cooling,related\n"
    )
    assert load(put(tmp_path / "links.csv", rows)).problems == []


def test_a_long_circle_is_told_in_short(tmp_path: Path) -> None:
    skills = "id,name\n" + "".join(f"s{number},S\n" for number in range(5_000))
    links = "source,target,kind\n" + "".join(f"s{number},s{(number + 1) % 5_000},needs\n" for number in range(5_000))
    put(tmp_path / "skills.csv", skills)
    put(tmp_path / "links.csv", links)
    (problem,) = load(tmp_path).problems
    assert problem.line == 5_001
    assert problem.found.endswith("s4999 -> s0 -> s1 -> s2 -> s3 -> s4 -> … -> s4999")


edges = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda edge: edge[0] != edge[1]), max_size=20, unique=True
)


def graph(chosen: list[tuple[int, int]]) -> SkillGraph:
    """Build the graph that is checked by networkx: an oracle for circles."""
    skills = [Skill(str(number), str(number)) for number in range(7)]
    return SkillGraph(skills, [Link(str(a), str(b), LinkKind.NEEDS) for a, b in chosen])


@given(edges)
def test_what_is_kept_has_no_circle_and_what_is_left_out_closes_one(added: list[tuple[int, int]]) -> None:
    closing = closing_edges([], added)
    kept = [edge for index, edge in enumerate(added) if index not in closing]
    graph(kept)
    for index, circle in closing.items():
        before = [edge for number, edge in enumerate(added[:index]) if number not in closing]
        assert circle[0] == circle[-1]
        assert set(itertools.pairwise(circle)) <= {*before, added[index]}
        with pytest.raises(ValueError, match="run in a circle"):
            graph([*before, added[index]])


def test_the_nearest_id_is_found_without_regard_to_case() -> None:
    assert Near().find(Skill, "COOLNG", {"cooling", "controls"}) == "cooling"


@pytest.mark.timeout(20)
def test_many_unknown_ids_among_many_known_ones_are_told_quickly(tmp_path: Path) -> None:
    known = Known(workers={f"worker-{number}" for number in range(100_000)}, skills=KNOWN.skills)
    rows = "worker,skill,level,time\n" + "".join(f"wroker-{number},cooling,3,2026-03-01\n" for number in range(5_000))
    batch = load(put(tmp_path / "self_reports.csv", rows), known=known)
    assert len(batch.problems) == 5_000
    assert "did you mean" in batch.problems[0].expected
