"""Hard rules: who is blocked, on which day, and with which words."""

from datetime import date

import numpy as np
import pytest

from skillmatch.matching.policy import POLICIES, Policy
from skillmatch.matching.rules import RULES, CertificationHeld, CustomersWish, Employed, MustSkill
from skillmatch.matching.view import View
from skillmatch.model import Certification, CertificationRequirement, Customer, Requirement, Worker
from tests.kit.build import outcome, view

POLICY = POLICIES["balanced"]
ANNA, BEN = Worker("anna", "Anna"), Worker("ben", "Ben")
DAY = date(2026, 6, 1)


def blocked(rule, seen: View, policy: Policy = POLICY) -> list[str]:
    flags = rule.blocks(seen, policy)
    return [] if flags is None else [seen.table.workers[place] for place in np.flatnonzero(flags)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_a_rule_gives_reasons_exactly_for_those_it_blocks(rule):
    seen = view(
        [outcome("anna", days=n) for n in range(9)],
        workers=[ANNA, BEN, Worker("old", "Old", active_to=date(2026, 1, 1))],
        needs=(Requirement("refrigeration", 3.0, must=True), CertificationRequirement("F-GAS")),
        certifications={"anna": [Certification("anna", "F-GAS", date(2020, 1, 1))]},
        customer=Customer("c", "Care Home", required=("anna",), excluded=("ben",)),
        day=DAY,
    )
    for place, worker in enumerate(seen.table.workers):
        assert bool(rule.reasons(seen, POLICY, place)) == (worker in blocked(rule, seen))
    assert blocked(rule, seen)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_a_rule_that_does_not_bear_on_the_job_blocks_nobody(rule):
    seen = view(workers=[ANNA, BEN], needs=(Requirement("refrigeration"),), day=DAY)
    assert rule.blocks(seen, POLICY) is None
    assert rule.reasons(seen, POLICY, 0) == ()


def test_a_certification_must_be_valid_on_the_day_of_the_job():
    held = {"anna": [Certification("anna", "F-GAS", date(2024, 1, 1), date(2026, 5, 31))]}
    needs = (CertificationRequirement("F-GAS"),)
    before = view(workers=[ANNA], needs=needs, certifications=held, day=date(2026, 5, 31))
    after = view(workers=[ANNA], needs=needs, certifications=held, day=DAY)
    assert blocked(CertificationHeld(), before) == []
    assert blocked(CertificationHeld(), after) == ["anna"]
    assert CertificationHeld().reasons(after, POLICY, 0) == (
        "certification F-GAS expires on 2026-05-31, before the day of the job (2026-06-01)",
    )


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
    assert Employed().reasons(seen, POLICY, 0) == ("starts on 2026-06-02, after the day of the job (2026-06-01)",)
    assert Employed().reasons(seen, POLICY, 1) == ("left on 2026-05-31, before the day of the job (2026-06-01)",)


def test_restriction_beats_requirement():
    seen = view(workers=[ANNA, BEN], customer=Customer("c", "Care Home", required=("anna",), excluded=("anna",)))
    assert blocked(CustomersWish(), seen) == ["anna", "ben"]


def test_a_must_needs_to_be_sure_enough():
    facts = [outcome("anna", days=n) for n in range(12)]
    seen = view(facts, workers=[ANNA, BEN], needs=(Requirement("refrigeration", 3.0, must=True),))
    assert blocked(MustSkill(), seen) == ["ben"]
    strict = Policy("strict", "Strict", {"success": 1.0}, certainty=0.999)
    assert blocked(MustSkill(), seen, strict) == ["anna", "ben"]


def test_ability_next_door_is_no_evidence_for_a_must():
    facts = [outcome("anna", "controls", days=n) for n in range(60)] + [outcome("ben", days=n) for n in range(12)]
    seen = view(facts, needs=(Requirement("refrigeration", 2.0, must=True),))
    assert float(seen.certainty(0)[0]) > POLICY.certainty
    assert blocked(MustSkill(), seen) == ["anna"]
    assert MustSkill().reasons(seen, POLICY, 0) == ("refrigeration: needs level 2 (with help); nothing on record",)


def test_another_skill_never_stands_in_for_a_must():
    """Mastery next door lifts the general part, but each must is tested on its own skill's belief."""
    facts = [outcome("anna", "controls", days=n) for n in range(40)]
    seen = view(facts, needs=(Requirement("refrigeration", 4.5, must=True), Requirement("controls", 3.0)))
    assert blocked(MustSkill(), seen) == ["anna"]
