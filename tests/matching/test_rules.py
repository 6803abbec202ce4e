"""Hard rules: who is blocked, on which day, and with which words."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given

from skillmatch.matching.changes import Nearer, Reschedule, alone
from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.policy import OPTIONAL_RULES, POLICIES, Limits, Policy
from skillmatch.matching.ranking import Scoring
from skillmatch.matching.rules import (
    RULES,
    CertificationHeld,
    CustomersWish,
    Employed,
    LanguageSpoken,
    MustSkill,
    NotDeclined,
    TravelLimit,
    in_force,
)
from skillmatch.matching.view import View
from skillmatch.matching.whynot import Question
from skillmatch.model import (
    Certification,
    CertificationRequirement,
    Customer,
    LanguageRequirement,
    Leave,
    Place,
    Requirement,
    Risk,
    Worker,
)
from tests.kit.build import outcome, refusal, revocation, view
from tests.matching.companies import SEARCH, Company, companies

POLICY = POLICIES["balanced"]
ANNA, BEN = Worker("anna", "Anna"), Worker("ben", "Ben")
DAY = date(2026, 6, 1)


def reasons(rule, seen: View, place: int, policy: Policy = POLICY) -> list[str]:
    return [fault.reason for fault in rule.faults(seen, policy, place)]


def blocked(rule, seen: View, policy: Policy = POLICY) -> list[str]:
    flags = rule.blocks(seen, policy)
    return [] if flags is None else [seen.table.workers[place] for place in np.flatnonzero(flags)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_a_rule_that_does_not_bear_on_the_job_blocks_nobody(rule):
    seen = view(workers=[ANNA, BEN], needs=(Requirement("refrigeration"),), day=DAY)
    assert rule.blocks(seen, POLICY) is None
    assert reasons(rule, seen, 0) == []


def test_a_certification_must_be_valid_on_the_day_of_the_job():
    held = {"anna": [Certification("anna", "F-GAS", date(2024, 1, 1), date(2026, 5, 31))]}
    needs = (CertificationRequirement("F-GAS"),)
    before = view(workers=[ANNA], needs=needs, certifications=held, day=date(2026, 5, 31))
    after = view(workers=[ANNA], needs=needs, certifications=held, day=DAY)
    assert blocked(CertificationHeld(), before) == []
    assert blocked(CertificationHeld(), after) == ["anna"]
    assert reasons(CertificationHeld(), after, 0) == [
        "certification F-GAS expires on 2026-05-31, before the day of the job (2026-06-01)"
    ]


def test_a_renewed_certification_counts():
    held = {
        "anna": [
            Certification("anna", "F-GAS", date(2020, 1, 1), date(2024, 1, 1)),
            Certification("anna", "F-GAS", date(2024, 1, 1), date(2028, 1, 1)),
        ]
    }
    seen = view(workers=[ANNA], needs=(CertificationRequirement("F-GAS"),), certifications=held, day=DAY)
    assert blocked(CertificationHeld(), seen) == []


def test_a_worker_who_left_or_has_not_started_is_blocked():
    late = Worker("late", "Late", active_from=date(2026, 6, 2))
    gone = Worker("gone", "Gone", active_to=date(2026, 5, 31))
    seen = view(workers=[late, gone], day=DAY)
    assert blocked(Employed(), seen) == ["late", "gone"]
    assert reasons(Employed(), seen, 0) == ["starts on 2026-06-02, after the day of the job (2026-06-01)"]
    assert reasons(Employed(), seen, 1) == ["left on 2026-05-31, before the day of the job (2026-06-01)"]


def test_restriction_beats_requirement():
    seen = view(workers=[ANNA, BEN], customer=Customer("c", "Care Home", required=("anna",), excluded=("anna",)))
    assert blocked(CustomersWish(), seen) == ["anna", "ben"]


def test_a_must_needs_to_be_sure_enough():
    facts = [outcome("anna", days=n) for n in range(12)]
    seen = view(facts, workers=[ANNA, BEN], needs=(Requirement("refrigeration", 3.0, must=True),))
    assert blocked(MustSkill(), seen) == ["ben"]
    strict = Policy("strict", "Strict", {"success": 1.0}, Limits(certainty_normal=0.99))
    assert blocked(MustSkill(), seen, strict) == ["anna", "ben"]


def test_ability_next_door_is_no_evidence_for_a_must():
    facts = [outcome("anna", "controls", days=n) for n in range(60)] + [outcome("ben", days=n) for n in range(12)]
    seen = view(facts, needs=(Requirement("refrigeration", 2.0, must=True),))
    assert float(seen.certainty(0)[0]) > POLICY.limits.certainty_normal
    assert blocked(MustSkill(), seen) == ["anna"]
    assert reasons(MustSkill(), seen, 0) == ["refrigeration: needs level 2 (with help); nothing on record"]


def test_another_skill_never_stands_in_for_a_must():
    """Mastery next door lifts the general part, but each must is tested on its own skill's belief."""
    facts = [outcome("anna", "controls", days=n) for n in range(40)]
    seen = view(facts, needs=(Requirement("refrigeration", 4.5, must=True), Requirement("controls", 3.0)))
    assert blocked(MustSkill(), seen) == ["anna"]


def test_the_rules_have_keys_of_their_own():
    keys = [rule.key for rule in RULES]
    assert len(set(keys)) == len(keys)
    assert set(OPTIONAL_RULES) < set(keys)


@SEARCH
@given(companies())
def test_a_rule_gives_faults_exactly_for_those_it_blocks(company: Company):
    for seen in company.seen():
        for rule in RULES:
            flags = rule.blocks(seen, company.policy)
            for place in range(len(seen.table)):
                stopped = flags is not None and bool(flags[place])
                faults = rule.faults(seen, company.policy, place)
                assert bool(faults) == stopped, rule.key
                assert all(fault.reason for fault in faults)


@SEARCH
@given(companies())
def test_near_matches_are_among_the_blocked(company: Company):
    scoring = Scoring(company.seen(), company.policy)
    assert not np.any(scoring.near & (scoring.barriers == 0 if scoring.barriers is not None else True))
    for way in scoring.ways:
        for place in np.flatnonzero(way.near) if way.near is not None else ():
            for number, flags in way.blocking:
                close = way.rules[number].near(way.view, company.policy)
                assert not flags[place] or (close is not None and close[place])


@SEARCH
@given(companies())
def test_all_remedies_together_make_her_eligible(company: Company):
    """But for another day, on which other rules may stand against her; then there is no advice."""
    scoring = Scoring(company.seen(), company.policy)
    for place, worker in enumerate(scoring.table.workers):
        for way in scoring.ways:
            remedies = way.remedies(place)
            assert len(remedies) == len(way.blocks(place))
            if not remedies or any(one is None for one in remedies):
                continue
            if any(isinstance(one, Reschedule) and one.day != company.day for one in remedies):
                continue
            nearer = any(isinstance(one, Nearer) for one in remedies)
            if nearer and (Reschedule in map(type, remedies) or company.circumstances.length > 300):
                continue  # with a shorter way she would begin at another time, and give a long job more of her shift
            question = Question(Scoring([way.view], company.policy), worker)
            assert question.after([one for one in remedies if one is not None]) is not None


@SEARCH
@given(companies())
def test_a_remedy_lifts_its_own_fault(company: Company):
    for seen in company.seen():
        for place, worker in enumerate(seen.table.workers):
            own = alone(seen, worker)
            for rule in RULES:
                faults = rule.faults(seen, company.policy, place)
                for fault in faults:
                    remedy = fault.remedy()
                    if remedy is None:
                        continue
                    assert remedy.describe()
                    assert remedy.effort > 0.0
                    after = rule.faults(remedy.made(own), company.policy, 0)
                    assert len(after) < len(faults)
                    assert fault.reason not in [one.reason for one in after]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_every_rule_blocks_somebody(rule):
    hard = Worker("old", "Old", active_to=date(2026, 1, 1), max_travel=10.0, home=Place(50.0, 10.0))
    needs = (
        Requirement("refrigeration", 3.0, must=True),
        CertificationRequirement("F-GAS"),
        LanguageRequirement("Polish"),
    )
    seen = view(
        workers=[hard],
        needs=needs,
        customer=Customer("c", "Care Home", excluded=("old",)),
        day=DAY,
        circumstances=Circumstances("j1", dated=True, place=Place(52.0, 13.0)),
        leave=[Leave("old", DAY, DAY)],
        papers=[refusal("old", days=95)],
    )
    assert blocked(rule, seen) == ["old"]
    assert len(reasons(rule, seen, 0)) == 1


def test_a_wish_holds_until_its_last_day():
    customer = Customer("c", "Care Home", excluded=("anna",), until=(("anna", DAY),))
    assert blocked(CustomersWish(), view(workers=[ANNA, BEN], customer=customer, day=DAY)) == ["anna"]
    assert blocked(CustomersWish(), view(workers=[ANNA, BEN], customer=customer, day=date(2026, 6, 2))) == []
    seen = view(workers=[ANNA], customer=customer, day=DAY)
    assert reasons(CustomersWish(), seen, 0) == ["Care Home does not want this worker until 2026-06-01"]


def test_a_job_may_exclude_and_require_workers_of_its_own():
    customer = Customer("c", "Care Home", required=("anna", "ben"))
    chosen = Circumstances("j1", required=("ben", "chen"))
    seen = view(workers=[ANNA, BEN, Worker("chen", "Chen")], customer=customer, circumstances=chosen)
    assert blocked(CustomersWish(), seen) == ["anna", "chen"]
    left_out = view(workers=[ANNA, BEN], circumstances=Circumstances("j1", excluded=("ben",)))
    assert blocked(CustomersWish(), left_out) == ["ben"]
    assert reasons(CustomersWish(), left_out, 1) == ["this job is not for this worker"]


@pytest.mark.parametrize(("risk", "floor"), [(Risk.LOW, 0.4), (Risk.NORMAL, 0.5), (Risk.HIGH, 0.8)])
def test_the_riskier_a_job_the_surer_a_must_has_to_be(risk: Risk, floor: float):
    facts = [outcome(f"w{n}", days=day) for n in range(12) for day in range(n)]
    seen = view(facts, needs=(Requirement("refrigeration", 2.5, must=True),), circumstances=Circumstances("j1", risk))
    sure = seen.certainty(0)
    assert blocked(MustSkill(), seen) == [seen.table.workers[place] for place in np.flatnonzero(sure < floor)]
    near = MustSkill().near(seen, POLICY)
    assert near is not None
    assert (near & (sure < floor)).tolist() == ((sure >= floor - 0.15) & (sure < floor)).tolist()


def test_a_lapsed_certification_is_near_for_thirty_days_and_a_revoked_one_never():
    ended = {"anna": date(2026, 5, 2), "ben": date(2026, 5, 1), "chen": date(2027, 1, 1)}
    held = {who: [Certification(who, "F-GAS", date(2024, 1, 1), end)] for who, end in ended.items()}
    workers = [ANNA, BEN, Worker("chen", "Chen")]
    needs = (CertificationRequirement("F-GAS"),)
    seen = view(workers=workers, needs=needs, certifications=held, day=DAY, papers=[revocation("chen", days=5)])
    assert blocked(CertificationHeld(), seen) == ["anna", "ben", "chen"]
    assert CertificationHeld().near(seen, POLICY).tolist() == [True, False, False]
    assert reasons(CertificationHeld(), seen, 2) == ["certification F-GAS was revoked on 2026-01-06"]


@pytest.mark.parametrize("spoken", ["Polish", "polish", "POLISH"])
def test_a_language_is_spoken_in_any_case_of_letters(spoken: str):
    seen = view(workers=[Worker("anna", "Anna", languages=(spoken,)), BEN], needs=(LanguageRequirement("Polish"),))
    assert blocked(LanguageSpoken(), seen) == ["ben"]


def test_nobody_is_sent_farther_than_she_or_the_policy_allows():
    home = Place(52.0, 13.0)
    people = [Worker("anna", "Anna", home=home, max_travel=100.0), Worker("ben", "Ben", home=home), Worker("chen", "C")]
    seen = view(workers=people, circumstances=Circumstances("j1", place=Place(52.5, 13.4)))
    assert seen.travel is not None
    minutes = float(seen.travel[0])
    assert 100.0 < minutes < 130.0
    assert blocked(TravelLimit(), seen) == ["anna"]
    strict = replace(POLICY, limits=Limits(max_travel=60.0))
    assert blocked(TravelLimit(), seen, strict) == ["anna", "ben"]
    assert TravelLimit().near(seen, POLICY).tolist() == [True, True, True]
    assert TravelLimit().near(seen, strict).tolist() == [False, False, True]


def test_who_refused_is_not_asked_again_for_a_while():
    seen = view(workers=[ANNA, BEN], papers=[refusal("anna", days=90), refusal("ben", "j2", days=90)], days=100)
    assert blocked(NotDeclined(), seen) == ["anna"]
    assert reasons(NotDeclined(), seen, 0) == ["refused this job; not asked again before 2026-04-15"]
    assert blocked(NotDeclined(), view(workers=[ANNA], papers=[refusal("anna", days=86)], days=100)) == []


def test_a_policy_may_leave_out_some_rules():
    free = Policy("free", "Free", {"success": 1.0}, without=OPTIONAL_RULES)
    assert {rule.key for rule in RULES} - {rule.key for rule in in_force(free)} == set(OPTIONAL_RULES)
