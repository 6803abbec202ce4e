"""Editing skills and links: on top of what was seen, without circles, with a way back, and beliefs that follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from skillmatch.accounts import Account, Role
from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound
from skillmatch.model import Link, LinkKind, Skill
from skillmatch.workspace import ChangedMeanwhile, Relation
from tests.workspace.firm import Firm, firm


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Firm]:
    more = (Skill("cold", "Cold rooms"), Link("refrigeration", "cold", LinkKind.BROADER, 0.8))
    with firm(tmp_path, more) as opened:
        yield opened


@pytest.fixture
def rita(company: Firm) -> Account:
    return company.accounts.add("rita", role=Role.ADMINISTRATOR)


def links(company: Firm, id: str) -> dict[str, list[tuple[str, float]]]:
    found = company.skillbook.around(id)
    return {str(relation): [(one.skill.id, one.weight) for one in own] for relation, own in found.items() if own}


def test_a_skill_is_changed_and_taken_back(company: Firm, rita: Account):
    seen = company.skill_editing.look("cold")
    wanted = replace(
        seen.skill, name="  Walk-in   rooms ", alt_names=("Kühlzelle", "kühlzelle", ""), half_life_days=90.0
    )
    done = company.skill_editing.save(wanted, seen=seen.revision, by=rita)
    assert (done.skill.name, done.skill.alt_names) == ("Walk-in rooms", ("Kühlzelle",))
    assert company.skillbook.skill("cold") == done.skill
    assert company.link("Kühlzelle").links[0].skill == "cold"
    company.skill_editing.undo("cold", done.revision, by=rita)
    assert company.skillbook.skill("cold") == seen.skill
    with pytest.raises(Conflict, match="changed again since"):
        company.skill_editing.undo("cold", done.revision, by=rita)
    audit = [(row.what, row.by) for row in company.accounts.audit(subject="cold")]
    assert audit == [("skill change undone", rita.signature), ("skill changed", rita.signature)]


def test_who_comes_second_is_told_the_difference_and_nothing_is_lost(company: Firm, rita: Account):
    seen = company.skill_editing.look("cold")
    company.skill_editing.save(replace(seen.skill, name="First"), seen=seen.revision, by=rita)
    with pytest.raises(ChangedMeanwhile) as caught:
        company.skill_editing.save(replace(seen.skill, description="Second"), seen=seen.revision, by=rita)
    assert [(one.field, one.seen, one.now) for one in caught.value.changes] == [("name", "Cold rooms", "First")]
    assert company.skillbook.skill("cold").description == ""
    twice = company.skill_editing.save(replace(seen.skill, name="First"), seen=seen.revision, by=rita)
    assert twice.skill.name == "First"  # sent twice: the same is no conflict
    now = company.skill_editing.look("cold")
    company.skill_editing.save(replace(now.skill, description="Second"), seen=now.revision, by=rita)


def test_a_new_half_life_folds_everybody_anew_as_an_import_does(company: Firm, rita: Account):
    before = company.params().version
    seen = company.skill_editing.look("refrigeration")
    done = company.skill_editing.save(replace(seen.skill, half_life_days=30.0), seen=seen.revision, by=rita)
    assert done.everybody
    assert company.params().version == before + 1
    assert company.params().half_life("refrigeration") == 30.0
    assert company.rebuild(check=True).differing == 0
    named = company.skill_editing.look("refrigeration")
    assert not company.skill_editing.save(replace(named.skill, name="Ice"), seen=named.revision, by=rita).everybody


@pytest.mark.parametrize("relation", ["broader", "narrower", "needs", "needed by", "related"])
def test_a_link_is_added_changed_removed_and_each_is_taken_back(company: Firm, rita: Account, relation: str):
    editing, kind = company.skill_editing, Relation(relation)
    steps = [links(company, "controls")]
    revisions = []
    for weight in (0.5, 0.75, 0.0):
        revisions.append(editing.link("controls", kind, "cold", weight=weight, by=rita).revision)
        steps.append(links(company, "controls"))
    assert steps == [{}, {relation: [("cold", 0.5)]}, {relation: [("cold", 0.75)]}, {}]
    assert company.rebuild(check=True).differing == 0
    editing.undo("controls", revisions[-1], by=rita)
    assert links(company, "controls") == steps[2]
    with pytest.raises(Conflict, match="changed again since"):
        editing.undo("controls", revisions[0], by=rita)


def test_a_link_that_closes_a_circle_is_refused_and_the_circle_named(company: Firm, rita: Account):
    company.skill_editing.link("cold", Relation.BROADER, "controls", weight=1.0, by=rita)
    before = [links(company, id) for id in ("cold", "controls", "refrigeration")]
    with pytest.raises(Invalid, match="Controls → Refrigeration → Cold rooms → Controls"):
        company.skill_editing.link("controls", Relation.BROADER, "refrigeration", weight=1.0, by=rita)
    assert [links(company, id) for id in ("cold", "controls", "refrigeration")] == before
    company.skill_editing.link("refrigeration", Relation.BROADER, "cold", weight=0.0, by=rita)
    company.skill_editing.link("controls", Relation.BROADER, "refrigeration", weight=1.0, by=rita)


def test_a_removed_link_is_none_for_merges_exports_and_looking_back(company: Firm, rita: Account, tmp_path: Path):
    removed = company.skill_editing.link("refrigeration", Relation.BROADER, "cold", weight=0.0, by=rita)
    with company._store.read(as_of=removed.revision - 1) as past:
        assert [link.weight for link in past.nouns(Link)] == [0.8]
    company.skill_editing.link("cold", Relation.BROADER, "refrigeration", weight=1.0, by=rita)
    company.export_path(tmp_path / "all.jsonl")
    with firm(tmp_path, ()) as other:
        other.import_path(tmp_path / "all.jsonl")
        assert links(other, "cold") == links(company, "cold") == {"broader": [("refrigeration", 1.0)]}
    with pytest.raises(Conflict, match="nothing to remove"):
        company.skill_editing.link("refrigeration", Relation.BROADER, "cold", weight=0.0, by=rita)


def test_a_link_that_somebody_changed_since_it_was_seen_is_not_overwritten(company: Firm, rita: Account):
    seen = company.skill_editing.look("cold").revision
    company.skill_editing.link("cold", Relation.NARROWER, "refrigeration", weight=0.3, seen=seen, by=rita)
    with pytest.raises(Conflict, match="changed by somebody else meanwhile"):
        company.skill_editing.link("cold", Relation.NARROWER, "refrigeration", weight=0.9, seen=seen, by=rita)
    assert links(company, "cold") == {"narrower": [("refrigeration", 0.3)]}


def test_a_skill_is_added_once_and_stays(company: Firm, rita: Account):
    done = company.skill_editing.add(Skill("ice", "Ice machines"), by=rita)
    for again in (Skill("ice", "Other"), Skill("ice-2", "ICE machines")):
        with pytest.raises(Conflict):
            company.skill_editing.add(again, by=rita)
    with pytest.raises(Conflict, match="stays on record"):
        company.skill_editing.undo("ice", done.revision, by=rita)


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"description": "x" * 5001},
        {"alt_names": ("x" * 201,)},
        {"alt_names": tuple(f"n{number}" for number in range(61))},
        {"name": "a\0b"},
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(company: Firm, rita: Account, bad: dict[str, object]):
    seen = company.skill_editing.look("cold")
    with pytest.raises(Invalid):
        company.skill_editing.save(replace(seen.skill, **bad), seen=seen.revision, by=rita)  # type: ignore[arg-type]
    assert company.skill_editing.look("cold") == seen


def test_only_administrators_edit(company: Firm):
    mia = company.accounts.add("mia", role=Role.MANAGER)
    seen = company.skill_editing.look("cold")
    for act in (
        lambda: company.skill_editing.save(seen.skill, seen=seen.revision, by=mia),
        lambda: company.skill_editing.add(Skill("x", "X"), by=mia),
        lambda: company.skill_editing.link("cold", Relation.NEEDS, "controls", weight=1.0, by=mia),
        lambda: company.skill_editing.undo("cold", 1, by=mia),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotFound):
        company.skill_editing.look("nothing")


def test_that_two_skills_are_two_can_be_taken_back_but_not_that_they_were_one(company: Firm, rita: Account):
    company.distinct("cold", "controls", account=rita)
    company.propose_again("controls", "cold", account=rita)
    assert company.merges() == ()
    company.merge_skills("cold", "controls", account=rita)
    company.unmerge("cold", account=rita)
    with pytest.raises(NotFound):
        company.propose_again("cold", "controls", account=rita)
    assert [row.what for row in company.accounts.audit(limit=4)] == [
        "skills taken apart",
        "skills merged",
        "skills may be one again",
        "skills said to be two",
    ]
