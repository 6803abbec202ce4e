"""Whom to send under uncertain causes: sums by hand, terms that sum, and questions against plain enumeration."""

import math
from dataclasses import replace

import numpy as np
import pytest

from skillmatch.beliefs.evidence import Evidence
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.errors import Invalid
from skillmatch.matching.diagnosis.counts import Counts
from skillmatch.matching.diagnosis.estimate import Diagnosis, diagnose
from skillmatch.matching.diagnosis.marginal import Marginal, Prices, marginalise
from skillmatch.matching.diagnosis.nouns import OTHER, Call, Cause, Finding
from skillmatch.matching.diagnosis.prospects import Trust, prospects
from skillmatch.matching.diagnosis.questions import Question
from skillmatch.matching.diagnosis.worth import questions_for, worth_asking, worth_of
from skillmatch.model import Worker
from skillmatch.needs import Requirement
from tests.kit.build import outcome, self_report, view

STATED = (Cause("leak", (Requirement("brazing", 2.0),)), Cause("board", (Requirement("wiring", 2.0),)))
HISTORY = Counts.of(
    [Finding(Call("there is ice", "too hot"), "leak", 120.0)] * 9
    + [Finding(Call("it hums", "too hot"), "board", 60.0)] * 9
)
WORKERS = [Worker("ada", "Ada", cost_per_hour=30.0), Worker("bob", "Bob", cost_per_hour=40.0), Worker("eve", "Eve")]
PRICES = Prices(visit=40.0, again=200.0)


def evidence() -> list[Evidence]:
    found: list[Evidence] = []
    for day in range(1, 25):
        for worker, good, bad in (("ada", "brazing", "wiring"), ("bob", "wiring", "brazing")):
            for skill, result in ((good, Result.FIRST_TIME_FIX), (bad, Result.FAILED)):
                found.append(outcome(worker, [Demand(skill, 2.5)], days=day, result=result))
    return [*found, self_report("eve", "brazing", level=2.0)]


def situation(call: Call | None = None, **more: object) -> Marginal:
    diagnosis = diagnose(HISTORY, call or Call("", "too hot"), needs=(Requirement("cooling", 1.0),), stated=STATED)
    facts = evidence()
    first = view(facts, workers=WORKERS, needs=diagnosis.likely[0].needs)
    views = [replace(first, needs=one.needs) for one in diagnosis.likely]
    return marginalise(diagnosis, views, PRICES, **more)  # type: ignore[arg-type]


def test_success_and_cost_are_sums_over_the_causes_by_hand():
    found = situation()
    base = next(n for n, one in enumerate(found.diagnosis.likely) if one.cause == OTHER)
    chances, paces = prospects(found.views, base)
    for place in range(3):
        success = cost = 0.0
        for number, one in enumerate(found.diagnosis.likely):
            chance = float(chances[number, place])
            rates = [30.0, 40.0, PRICES.rate]
            hours = [((one.minutes or 0.0) * pace + 2 * PRICES.way) / 60 for pace in paces[number].tolist()]
            again = PRICES.visit + PRICES.again + sum(h * rate for h, rate in zip(hours, rates, strict=True)) / 3
            success += one.probability * chance
            cost += one.probability * (PRICES.visit + hours[place] * rates[place] + (1 - chance) * again)
        assert found.success[place] == pytest.approx(success)
        assert found.cost[place] == pytest.approx(cost)


def test_explanations_sum_to_the_bit_and_name_the_causes():
    found = situation()
    for place in range(3):
        success, cost = found.explain_success(place), found.explain_cost(place)
        assert success.total == found.success[place]
        assert cost.total == found.cost[place]
        assert {term.label for term in success.terms} == {"leak", "board", "something else"}


def test_who_knows_the_likelier_cause_is_sent_and_covers_it():
    ice, hum = (situation(Call(text, "too hot")) for text in ("ice again", "it hums"))
    workers = ice.views[0].table.workers
    assert workers[int(ice.best(1)[0])] == "ada"
    assert workers[int(hum.best(1)[0])] == "bob"
    ada, bob = (ice.views[0].table.place(name) for name in ("ada", "bob"))
    assert ice.coverage[ada] > ice.coverage[bob]
    assert hum.coverage[bob] > hum.coverage[ada]


def test_who_is_blocked_for_a_cause_cannot_succeed_with_it():
    free = situation()
    number = next(n for n, one in enumerate(free.diagnosis.likely) if one.cause == "leak")
    ada = free.views[0].table.place("ada")
    flags = [np.arange(3) == ada if n == number else None for n in range(len(free.diagnosis.likely))]
    barred = situation(blocked=flags)
    assert barred.chance[number, ada] == 0.0
    lost = free.probability[number] * free.chance[number, ada]
    assert barred.success[ada] == pytest.approx(free.success[ada] - lost)


def test_only_the_eligible_are_sent_and_nobody_when_nobody_is():
    ada = situation().views[0].table.place("ada")
    assert list(situation(eligible=np.arange(3) == ada).best(3)) == [ada]
    nobody = situation(eligible=np.zeros(3, dtype=np.bool_))
    assert list(nobody.best(3)) == []
    assert worth_asking([Question("air", "air?", (("leak", 0.9),))], nobody, HISTORY, stated=STATED) == ()


def enumerated(found: Marginal, chances: tuple[tuple[str, float], ...]) -> float:
    """Return what asking saves, by plain sums over answers, workers and causes."""
    causes = [(one.cause, one.probability) for one in found.diagnosis.likely]
    known = math.fsum(p for cause, p in causes if cause != OTHER)
    yes = dict(chances)
    yes = {**yes, OTHER: math.fsum(p * yes[cause] for cause, p in causes if cause != OTHER) / known}

    def least(weigh: dict[str, float]) -> float:
        return min(
            math.fsum(p * weigh[cause] * float(found.costs[n, place]) for n, (cause, p) in enumerate(causes))
            for place in range(3)
        )

    return least(dict.fromkeys(yes, 1.0)) - least(yes) - least({cause: 1.0 - p for cause, p in yes.items()})


@pytest.mark.parametrize(("leak", "board"), [(0.9, 0.1), (0.7, 0.4), (0.5, 0.5), (0.05, 0.95)])
def test_the_worth_of_a_question_is_that_of_enumeration(leak: float, board: float):
    found = situation()
    question = Question("air", "Is air moving at the vents?", (("leak", leak), ("board", board)))
    worth = worth_of(question, found, HISTORY, stated=STATED)
    assert worth.saved == pytest.approx(max(enumerated(found, (("leak", leak), ("board", board))), 0.0), abs=1e-9)
    assert worth.saved >= 0.0
    if leak == board:
        assert not worth_asking([question], found, HISTORY, stated=STATED)


@pytest.mark.parametrize("answer", [True, False])
def test_what_a_question_promises_is_what_the_answer_brings(answer: bool):
    question = Question("air", "Is air moving at the vents?", (("leak", 0.9), ("board", 0.2)))
    worth = worth_of(question, situation(), HISTORY, stated=STATED)
    promised = worth.causes_if_yes if answer else worth.causes_if_no
    before = situation().diagnosis
    call = Call("", "too hot", answers={"air": answer})
    after: Diagnosis = diagnose(HISTORY, call, stated=STATED, questions=[question])
    for one, chance in zip(before.likely, promised, strict=True):
        assert after.probability(one.cause) == pytest.approx(chance)


def test_words_of_finished_jobs_become_questions_until_they_are_said_or_answered():
    def asked(call: Call) -> set[str]:
        return {question.id for question in questions_for(HISTORY, situation(call), stated=STATED)}

    assert {"word:ice", "word:hums"} <= asked(Call("", "too hot"))
    assert "word:ice" not in asked(Call("ice", "too hot"))
    assert "word:ice" not in asked(Call("", "too hot", answers={"word:ice": False}))


def test_a_question_is_offered_only_when_it_saves_more_than_asking_costs():
    question = Question("air", "Is air moving at the vents?", (("leak", 0.9), ("board", 0.1)))
    found = situation()
    (worth,) = worth_asking([question], found, HISTORY, stated=STATED)
    assert (worth.if_yes, worth.if_no) == ("ada", "bob")
    assert worth.separates in ("leak", "board")
    assert worth_asking([question], found, HISTORY, price=worth.saved, stated=STATED) == ()


def test_what_does_not_fit_together_is_refused():
    found = situation()
    with pytest.raises(Invalid, match="2 views and 0 blocked for 3 causes"):
        marginalise(found.diagnosis, found.views[:2], PRICES)
    with pytest.raises(Invalid, match="price 'visit' is -1"):
        Prices(visit=-1.0)
    with pytest.raises(Invalid, match="chance of yes for 'leak' is 1"):
        Question("air", "air?", (("leak", 1.0),))
    with pytest.raises(Invalid, match="trust in causes is 2"):
        Trust(cause=2.0)
    with pytest.raises(Invalid, match="caution is -1"):
        Trust(caution=-1.0)
