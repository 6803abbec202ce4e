"""Policies: what they may say, how they are changed, and how they are kept."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.errors import Invalid
from skillmatch.matching.policy import OPTIONAL_RULES, POLICIES, WEIGHTED, Limits, Policy
from skillmatch.matching.rules import RULES
from skillmatch.model import Risk

BALANCED = POLICIES["balanced"]


@pytest.mark.parametrize("name", POLICIES)
def test_a_shipped_policy_gives_out_a_hundred_points(name: str):
    assert POLICIES[name].full_score == 100.0
    assert POLICIES[name].name == name
    assert POLICIES[name].version == 0


def test_the_policy_of_habit_weighs_practice_and_wishes_alone():
    assert dict(POLICIES["familiar"].weights) == {"familiarity": 90.0, "preferred": 10.0}


@pytest.mark.parametrize("weights", [{}, {"success": 0.0}, dict.fromkeys(WEIGHTED, 0.0)])
def test_a_policy_that_weighs_nothing_is_refused(weights: dict[str, float]):
    with pytest.raises(Invalid, match="weighs nothing: expected at least one weight above 0"):
        Policy("p", "P", weights)


@pytest.mark.parametrize("weight", [-1.0, -1e-9, 1000.1, float("nan"), float("inf")])
def test_a_weight_off_its_scale_is_refused(weight: float):
    with pytest.raises(Invalid, match="expected 0 to 1000"):
        Policy("p", "P", {"success": weight})


def test_an_unknown_objective_or_a_compulsory_rule_is_refused():
    with pytest.raises(Invalid, match="weighs 'luck': expected one of success, familiarity"):
        Policy("p", "P", {"luck": 1.0})
    for rule in RULES:
        if rule.key not in OPTIONAL_RULES:
            with pytest.raises(Invalid, match=f"leaves out the rule '{rule.key}': expected one of available, travel"):
                Policy("p", "P", {"success": 1.0}, without=(rule.key,))


@pytest.mark.parametrize("limit", [one.name for one in fields(Limits)])
@pytest.mark.parametrize("value", [-1.0, 1e9, float("nan"), float("inf")])
def test_a_limit_off_its_scale_is_refused(limit: str, value: float):
    with pytest.raises(Invalid, match=f"{limit} of policy 'p' is"):
        Policy("p", "P", {"success": 1.0}, replace(Limits(), **{limit: value}))


@pytest.mark.parametrize(("risk", "floor"), [(Risk.LOW, 0.1), (Risk.NORMAL, 0.2), (Risk.HIGH, 0.3)])
def test_the_certainty_needed_is_that_of_the_risk(risk: Risk, floor: float):
    assert Limits(certainty_low=0.1, certainty_normal=0.2, certainty_high=0.3).certainty(risk) == floor


settings_typed = st.dictionaries(
    st.sampled_from([*WEIGHTED, "day_hours", "rest_hours", "max_travel", "travel_rule", "available_rule", "label"]),
    st.sampled_from(["5", "7,5", "12.25"]),
)


@given(settings_typed)
def test_a_changed_policy_survives_being_kept(typed: dict[str, str]):
    typed = {key: ("off" if key.endswith("_rule") else text) for key, text in typed.items()}
    changed = BALANCED.changed(typed)
    record = json.loads(json.dumps(changed.to_record()))
    assert Policy.from_record("balanced", record, version=0) == changed
    assert Policy.from_record("balanced", record, version=3) == replace(changed, version=3)


def test_settings_are_changed_as_people_type_them():
    typed = {"success": "40,5", "max_travel": "90", "day_hours": " 8 ", "travel_rule": "OFF", "label": "Ours"}
    changed = BALANCED.changed(typed)
    assert (changed.weight("success"), changed.limits.max_travel, changed.limits.day_hours) == (40.5, 90.0, 8.0)
    assert (changed.without, changed.label) == (("travel",), "Ours")
    back = changed.changed({"max_travel": "None", "travel_rule": "on", "success": "46", "day_hours": "10"})
    assert replace(back, label="Balanced") == BALANCED


def test_only_the_result_of_several_changes_must_weigh_something():
    changed = POLICIES["familiar"].changed({"familiarity": "0", "preferred": "0", "success": "100"})
    assert changed.weight("success") == 100.0
    with pytest.raises(Invalid, match="weighs nothing"):
        POLICIES["familiar"].changed({"familiarity": "0", "preferred": "0"})


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("success", "-5", "expected 0 to 1000"),
        ("success", "much", "success is 'much': expected a number"),
        ("success", "nan", "expected 0 to 1000"),
        ("day_hours", "none", "expected a number"),
        ("max_travel", "0", "expected 1 to 1440"),
        ("travel_rule", "maybe", "expected on or off"),
        ("must_skill_rule", "off", "no setting 'must_skill_rule'"),
        ("luck", "1", "no setting 'luck': expected an objective"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(key: str, text: str, message: str):
    with pytest.raises(Invalid, match=message):
        BALANCED.changed({key: text})


def test_limits_that_are_newer_than_a_record_stand_at_their_defaults():
    record = BALANCED.to_record()
    record["limits"] = {"day_hours": 7.0, "limit of another time": 3.0}
    assert Policy.from_record("balanced", record, version=1).limits == Limits(day_hours=7.0)
