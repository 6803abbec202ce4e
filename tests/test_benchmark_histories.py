"""The benchmarks' histories are what their protocols say, and nobody is shown what lies ahead."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from scipy.sparse import csr_matrix, save_npz

from benchmarks.assistments.bench import ItemRate, PersonRate
from benchmarks.beliefs.measuring import measure
from benchmarks.beliefs.predictor import Predictor, Skillmatch, succeeded
from benchmarks.beliefs.regression import CountedRegression
from benchmarks.histories import Split, assistments, by_worker, eclipse


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()))


@pytest.fixture
def bugs(tmp_path: Path) -> Split:
    write(tmp_path / "eclipse/jobs.csv.gz", "id,product,component,fixer\n1,JDT,UI,ann\n2,JDT,Core,bob\n")
    rows = ["2,0,bob,1", "1,0,platform-inbox,0", "1,1,bob,0", "1,2,ann,1", "2,1,cid,0", "2,2,ann,0"]
    write(tmp_path / "eclipse/handovers.csv.gz", "\n".join(["bug,step,worker,fixed", *rows]) + "\n")
    return eclipse(tmp_path)


@pytest.fixture
def pupils(tmp_path: Path) -> Split:
    header = "user_id,item_id,timestamp,correct,skill_id"
    train = [f"{person},{number % 2},0,{int(number % 3 > 0)},7" for person in range(20) for number in range(12)]
    test = [f"{person},{number % 2},0,{int((number + person) % 2)},7" for person in (90, 91) for number in range(4)]
    write(tmp_path / "assistments09/train.csv.gz", "\n".join([header, *train]) + "\n")
    write(tmp_path / "assistments09/test.csv.gz", "\n".join([header, *test]) + "\n")
    save_npz(tmp_path / "assistments09/item_skill.npz", csr_matrix([[1.0, 0.0], [1.0, 1.0]]))
    return assistments(tmp_path)


def test_handovers_are_in_the_order_of_bugs_and_steps_and_persons_only(bugs: Split) -> None:
    handovers = [(fact.job, fact.worker, succeeded(fact)) for fact in (*bugs.train, *bugs.test)]
    assert handovers == [
        ("1", "bob", False),
        ("1", "ann", True),
        ("2", "bob", True),
        ("2", "cid", False),
        ("2", "ann", False),
    ]
    assert len(bugs.test) == 1


def test_a_bug_needs_its_component_and_a_little_of_its_product(bugs: Split) -> None:
    assert [tuple(demand) for demand in bugs.train[0].demands] == [("JDT / UI", None, 1.0), ("JDT", None, 0.25)]
    assert bugs.train[0].job_type == "JDT / UI"


def test_an_item_needs_the_skills_of_the_matrix(pupils: Split) -> None:
    first, second = pupils.train[:2]
    assert [demand.skill for demand in first.demands] == ["skill-0"]
    assert [demand.skill for demand in second.demands] == ["skill-0", "skill-1"]
    assert (first.job_type, second.job_type) == ("item-0", "item-1")


def test_answers_of_a_person_keep_the_order_of_the_rows(pupils: Split) -> None:
    for facts in by_worker((*pupils.train, *pupils.test)).values():
        assert facts == sorted(facts, key=lambda fact: fact.order)
        assert len({fact.time for fact in facts}) == len(facts)


@pytest.mark.parametrize("make", [Skillmatch, CountedRegression, ItemRate, PersonRate])
def test_a_new_person_is_predicted_from_her_own_answers_only(make: type[Predictor], pupils: Split) -> None:
    alone, after = make(), make()
    first, second = by_worker(pupils.test).values()
    for predictor in (alone, after):
        predictor.fit(pupils.train, returning=False)
    after.restore()
    after.predict_then_learn(first)
    after.restore()
    assert after.predict_then_learn(second) == alone.predict_then_learn(second)


def test_only_each_nth_new_person_is_measured_when_asked(pupils: Split) -> None:
    assert measure(PersonRate(), pupils).score.count == 8
    assert measure(PersonRate(), pupils, every=2).score.count == 4
