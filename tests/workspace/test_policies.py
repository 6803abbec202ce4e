"""Policies of a company: every version is kept, and those that are shipped can be restored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from skillmatch.errors import Invalid, NotFound
from skillmatch.matching.policy import POLICIES
from skillmatch.workspace import policies as module
from skillmatch.workspace.policies import AS_SHIPPED
from tests.workspace.firm import Firm, firm, job


@pytest.fixture
def office(tmp_path: Path) -> Firm:
    return firm(tmp_path, [job()])


def test_a_new_company_has_the_policies_that_are_shipped(office: Firm):
    assert office.policies() == dict(POLICIES)
    assert office.policy("balanced") == POLICIES["balanced"]
    assert office.policy_versions("balanced") == ()


def test_each_change_is_a_version_with_a_note(office: Firm):
    first = office.change_policy("balanced", {"travel": "20"}, note="fuel")
    second = office.change_policy("balanced", {"travel": "25"})
    assert (first.version, second.version) == (1, 2)
    assert office.policy("balanced") == second
    assert [(policy.weight("travel"), note) for policy, note in office.policy_versions("balanced")] == [
        (20.0, "fuel"),
        (25.0, "changed"),
    ]


def test_a_change_that_changes_nothing_is_no_version(office: Firm):
    assert office.change_policy("balanced", {"success": "46"}) == POLICIES["balanced"]
    changed = office.change_policy("balanced", {"success": "47"})
    assert office.change_policy("balanced", {"success": "47,0"}) == changed
    assert len(office.policy_versions("balanced")) == 1


def test_a_changed_policy_ranks_otherwise_at_once(office: Firm):
    before = office.rank("j1").candidates[0].score
    office.change_policy("balanced", {"success": "500"})
    found = office.rank("j1")
    assert found.policy_version == 1
    assert found.candidates[0].score > before


def test_a_policy_of_ones_own_starts_from_another(office: Firm):
    made = office.change_policy("night", {"travel_rule": "off"}, like="balanced")
    assert (made.name, made.label, made.version, made.without) == ("night", "night", 1, ("travel",))
    assert made.weights == POLICIES["balanced"].weights
    assert list(office.policies()) == [*POLICIES, "night"]
    assert office.rank("j1", policy="night").policy == "night"


@pytest.mark.parametrize("taken", ["familiar", "night"])
def test_a_new_policy_needs_a_name_of_its_own(office: Firm, taken: str):
    office.change_policy("night", {}, like="balanced")
    with pytest.raises(Invalid, match=f"there is a policy '{taken}' already"):
        office.change_policy(taken, {}, like="balanced")


@pytest.mark.parametrize(
    "changes", [{"success": "-1"}, {"luck": "1"}, dict.fromkeys(POLICIES["balanced"].weights, "0")]
)
def test_a_change_that_cannot_be_leaves_the_policy_as_it_is(office: Firm, changes: dict[str, str]):
    """Among them a policy whose weights are all zero, or negative."""
    with pytest.raises(Invalid):
        office.change_policy("balanced", changes)
    assert office.policy("balanced") == POLICIES["balanced"]
    assert office.policy_versions("balanced") == ()


def test_an_unknown_policy_is_not_found(office: Firm):
    for ask in (
        lambda: office.policy("balance"),
        lambda: office.policy_versions("balance"),
        lambda: office.change_policy("balance", {"success": "1"}),
        lambda: office.change_policy("mine", {}, like="balance"),
        lambda: office.restore_policy("balance"),
        lambda: office.rank("j1", policy="balance"),
    ):
        with pytest.raises(NotFound, match="did you mean 'balanced'"):
            ask()


def test_what_was_shipped_can_be_restored_and_what_was_not_cannot(office: Firm):
    office.change_policy("balanced", {"travel": "20"})
    restored = office.restore_policy("balanced")
    assert restored == replace(POLICIES["balanced"], version=2)
    assert [note for _policy, note in office.policy_versions("balanced")] == ["changed", AS_SHIPPED]
    office.change_policy("night", {}, like="balanced")
    with pytest.raises(NotFound, match="there is no policy 'night'"):
        office.restore_policy("night")


def test_a_policy_that_was_used_is_kept_as_it_was_shipped(office: Firm):
    number = office.propose("j1").number
    assert office.decision(number).policy_version == 1
    assert [note for _policy, note in office.policy_versions("balanced")] == [AS_SHIPPED]
    assert office.propose("j1", limit=3).policy_version == 1


def test_a_release_with_another_policy_is_followed_where_the_company_changed_nothing(office: Firm, monkeypatch):
    number = office.propose("j1").number
    office.change_policy("familiar", {"preferred": "20"})
    later = {name: replace(policy, weights={**policy.weights, "success": 55.0}) for name, policy in POLICIES.items()}
    monkeypatch.setattr(module, "POLICIES", later)
    assert office.policy("balanced").weight("success") == 55.0
    assert office.policy("familiar").weight("success") == 0.0, "the company's own change stands"
    assert office.replay(number).same, "what was decided is ranked by the policy of then"
    assert office.propose("j1").policy_version == 2
