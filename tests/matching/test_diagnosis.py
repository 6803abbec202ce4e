"""Causes of a call from what finished jobs turned out to be: numbers by hand, terms that sum, any text an answer."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.observation import Demand
from skillmatch.matching.diagnosis.counts import Counts
from skillmatch.matching.diagnosis.estimate import Diagnosis, diagnose
from skillmatch.matching.diagnosis.fitting import fit
from skillmatch.matching.diagnosis.nouns import OTHER, Call, Cause, Finding
from skillmatch.matching.diagnosis.questions import Question
from skillmatch.matching.diagnosis.weights import DEFAULTS, Weights
from skillmatch.matching.diagnosis.words import MOST_WORDS, words_of
from skillmatch.needs import CertificationRequirement, Requirement

PLAIN = Weights(prior=4.0)
ICE = [Finding(Call("there is ice on a pipe", "too hot", "chiller"), "leak", 120.0)] * 12
HUM = [Finding(Call("it hums and clicks", "too hot", "chiller"), "capacitor", 60.0)] * 8
HISTORY = Counts.of([*ICE, *HUM])
NEEDS = (Requirement("cooling", 2.5, 2.0), Requirement("heights", 2.0), CertificationRequirement("F-GAS"))


def sums(found: Diagnosis) -> float:
    return math.fsum(one.probability for one in found.likely)


def test_without_words_the_probability_is_the_smoothed_frequency_by_hand():
    found = diagnose(HISTORY, Call("", "too hot"), weights=PLAIN)
    other = 1 / (20 + 2 * 2 + 1)
    even = 0.5
    assert found.probability("leak") == pytest.approx((1 - other) * (12 + 4 * even) / (20 + 4))
    assert found.probability("capacitor") == pytest.approx((1 - other) * (8 + 4 * even) / (20 + 4))
    assert found.probability(OTHER) == pytest.approx(other)
    assert sums(found) == pytest.approx(1.0)


def test_thin_history_is_drawn_toward_how_often_a_cause_is_found_elsewhere():
    elsewhere = [Finding(Call("", "too warm"), "leak")] * 30 + [Finding(Call("", "too warm"), "fan")] * 2
    one = [Finding(Call("", "new type"), cause) for cause in ("leak", "fan")]
    found = diagnose(Counts.of([*elsewhere, *one]), Call("", "new type"))
    assert found.probability("leak") > 1.8 * found.probability("fan")


def test_what_the_caller_says_moves_the_probability_and_says_so():
    plain = diagnose(HISTORY, Call("", "too hot"))
    found = diagnose(HISTORY, Call("ICE everywhere!", "too hot"))
    assert found.probability("leak") > plain.probability("leak") + 0.2
    leak = next(one for one in found.likely if one.cause == "leak")
    assert "says 'ice'" in [term.label for term in leak.explanation.terms if term.points > 0.0]


def test_a_word_heard_once_says_little():
    counts = Counts.of([*ICE, *HUM, Finding(Call("zebra", "too hot"), "leak")])
    plain, odd = (diagnose(counts, Call(text, "too hot")) for text in ("quokka", "zebra"))
    assert abs(odd.probability("leak") - plain.probability("leak")) < 0.1


def test_a_missing_word_speaks_against_the_cause_whose_callers_use_it():
    plain, quiet = (diagnose(HISTORY, Call(text, "too hot")) for text in ("", "it is warm here"))
    leak = next(one for one in quiet.likely if one.cause == "leak")
    assert next(term.points for term in leak.explanation.terms if term.key == "unsaid") < 0.0
    assert quiet.findings == plain.findings == 20


@given(st.text(max_size=60), st.sampled_from(["too hot", "unheard of", None]), st.floats(0.0, 60.0))
def test_any_call_gets_probabilities_that_sum_to_one_and_terms_that_sum_to_them(
    text: str, job_type: str | None, age: float
):
    found = diagnose(HISTORY, Call(text, job_type, "chiller", age, None, 7, {"air": True}), needs=NEEDS)
    assert sums(found) == pytest.approx(1.0, abs=1e-9)
    for one in found.likely:
        total = 0.0
        for term in one.explanation.terms:
            total = total + term.points
        assert total == one.explanation.total
        assert one.probability == math.exp(total)
    assert all(a.probability >= b.probability for a, b in pairwise(found.likely[:-1]))


@pytest.mark.parametrize(
    ("call", "note"),
    [
        (Call("", "too hot"), "the call has no text"),
        (Call("   \n", "too hot"), "the call has no text"),
        (Call("0800 12345 -- 28", "too hot"), "the text has no words that count"),
        (Call("<p><br/></p>\x00\x07", "too hot"), "the text has no words that count"),
        (Call("Es ist viel zu heiß hier drin", "too hot"), "none of its words was seen"),
        (Call("ice " * 250_000, "too hot"), "the text is very long"),
        (Call("ice", "never seen", "chiller"), "the causes are those of machines of type 'chiller'"),
        (Call("ice", "never seen", "toaster"), "the causes are those of all kinds"),
        (Call("ice", "too hot", answers={"air": True}), "the answer to 'air' says nothing"),
    ],
)
def test_what_a_call_does_not_give_is_stated(call: Call, note: str):
    found = diagnose(HISTORY, call, needs=NEEDS)
    assert any(note in each for each in found.notes), found.notes
    assert sums(found) == pytest.approx(1.0)


def test_with_no_history_and_no_list_the_needs_of_the_job_type_stand():
    found = diagnose(Counts(), Call("too hot", "too hot"), needs=NEEDS, minutes=90.0)
    assert [(one.cause, one.probability, one.needs, one.minutes) for one in found.likely] == [(OTHER, 1.0, NEEDS, 90.0)]
    assert "no finished job tells what such calls turn out to be" in found.notes


def test_a_job_type_never_seen_keeps_to_the_causes_the_company_lists_for_it():
    stated = (Cause("worn belt", chance=0.75), Cause("loose panel", chance=0.25))
    found = diagnose(HISTORY, Call("it rattles", "noise", "chiller"), stated=stated)
    assert [one.cause for one in found.likely] == ["worn belt", "loose panel", OTHER]
    drawn = (8 * 0.75 + 4 * 0.5) / 12
    assert found.probability("worn belt") == pytest.approx((1 - 1 / 5) * drawn)


def test_words_are_read_without_markup_accents_numbers_and_beyond_the_limit():
    assert words_of("<script>alert</script> caf\u00e9 28 \x00 of") == ("alert", "cafe")
    letters = "abcdefghij"
    many = " ".join(a + b + c for a in letters for b in letters for c in letters)
    assert len(words_of(many)) == MOST_WORDS
    assert words_of("x" * 1_000_000) == ()


def test_the_needs_of_a_cause_come_on_top_of_those_of_the_job_type():
    stated = (Cause("leak", (Requirement("leak-finding", 3.0), Requirement("heights", 3.0))),)
    leak = diagnose(HISTORY, Call("", "too hot"), needs=NEEDS, stated=stated).likely[0]
    assert leak.needs == (
        Requirement("cooling", 2.5, 0.5 * 2 / 3),
        Requirement("heights", 3.0, 0.5 / 3 + 0.5 / 2),
        CertificationRequirement("F-GAS"),
        Requirement("leak-finding", 3.0, 0.5 / 2),
    )


def test_skills_that_finished_jobs_used_become_needs_as_far_as_they_are_many():
    used = (Demand("leak-finding", 4.0, 3.0), Demand("cooling", 2.0, 1.0))
    counts = Counts.of([Finding(Call("", "too hot"), "leak", 100.0, used)] * 12)
    needs = {need.skill: need for need in diagnose(counts, Call("", "too hot"), needs=NEEDS[:1]).likely[0].needs}  # type: ignore[union-attr]
    assert needs["leak-finding"].weight == pytest.approx(0.75 * 12 / 16)
    assert needs["leak-finding"].level == 4.0
    assert needs["cooling"].weight == pytest.approx(0.25 * 12 / 16 + 4 / 16)
    assert needs["cooling"].level == pytest.approx(2.0 * 12 / 16 + 2.5 * 4 / 16)


def test_minutes_of_a_cause_are_its_mean_drawn_toward_the_mean_of_all():
    found = diagnose(HISTORY, Call("", "too hot"))
    overall = (12 * 120 + 8 * 60) / 20
    assert found.likely[0].minutes == pytest.approx((12 * 120 + 4 * overall) / 16)


def test_an_answer_counts_as_the_question_says():
    question = Question("air", "Is air moving at the vents?", (("leak", 0.8), ("capacitor", 0.2)))
    before = diagnose(HISTORY, Call("", "too hot"))
    after = diagnose(HISTORY, Call("", "too hot", answers={"air": True}), questions=[question])
    odds = before.probability("leak") / before.probability("capacitor")
    assert after.probability("leak") / after.probability("capacitor") == pytest.approx(odds * 4.0)
    assert after.probability(OTHER) == before.probability(OTHER)


def test_fitting_leaves_the_counts_as_they_were_and_finds_that_words_matter():
    findings = [*ICE, *HUM] * 4
    counts = Counts.of(findings)
    weights = fit(counts, findings)
    assert counts == Counts.of(findings)
    assert weights.fitted_on == len(findings)
    assert weights.said > 0.5
    assert fit(counts, findings[:10]) == DEFAULTS
