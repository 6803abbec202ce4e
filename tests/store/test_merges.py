"""What a transaction reads when skills were merged: now, as of a past revision, and as recorded."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from skillmatch.beliefs.evidence import SelfReport
from skillmatch.errors import Invalid
from skillmatch.model import Correction, Job, JobType, Link, LinkKind, Merge, Noun, Requirement, Skill
from skillmatch.store.store import Store

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ODD = 'co%_"ol\\é'


def save(store: Store, *nouns: Noun) -> int:
    with store.write() as transaction:
        revision = transaction.next_revision()
        for noun in nouns:
            transaction.save_nouns(type(noun), [noun], revision=revision)
    return revision


def says(store: Store, worker: str, skill: str, id: str) -> SelfReport:
    fact = SelfReport(id=id, worker=worker, time=NOW, skill=skill, level=3.0)
    with store.write() as transaction:
        transaction.append([fact], revision=transaction.next_revision())
    return fact


def test_the_past_is_read_with_the_merges_that_held_then(filled: Store) -> None:
    says(filled, "anna", "hydraulics", "s1")
    save(filled, Job("j", "Job", requirements=(Requirement("hydraulics"),)))
    before = save(filled, Link("hydraulics", "controls", LinkKind.NEEDS))
    during = save(filled, Merge("hydraulics", "refrigeration", NOW))
    after = save(filled, Merge("hydraulics", "refrigeration", NOW, undone=True))
    for revision, meant in ((before, "hydraulics"), (during, "refrigeration"), (after, "hydraulics")):
        with filled.read(as_of=revision) as past:
            assert [fact.skills() for fact in past.evidence_of("anna")] == [(meant,)]
            assert dict(past.evidence())["anna"] == past.evidence_of("anna")
            assert [need.skill for need in past.noun(Job, "j").requirements] == [meant]  # type: ignore[union-attr]
            assert [link.source for link in past.nouns(Link)] == [meant]
            assert ("hydraulics" in {skill.id for skill in past.nouns(Skill)}) == (meant == "hydraulics")


def test_what_was_recorded_stays_as_it_was(filled: Store) -> None:
    fact = says(filled, "anna", "hydraulics", "s1")
    job = Job("j", "Job", requirements=(Requirement("hydraulics"), Requirement("refrigeration")))
    save(filled, job, Merge("hydraulics", "refrigeration", NOW))
    with filled.read() as transaction:
        assert list(transaction.log()) == [fact]
        assert transaction.find_evidence(*fact.key) == fact
        assert dict(transaction.evidence(as_recorded=True)) == {"anna": [fact]}
        assert transaction.recorded(Job, ["j"]) == [job]
        assert {skill.id for skill in transaction.recorded(Skill)} == transaction.ids(Skill)
        assert [fact.id for fact in transaction.facts_naming({"hydraulics"})] == ["s1"]
        assert transaction.facts_naming({"refrigeration"}) == []


def test_ids_with_signs_of_patterns_are_found_and_others_not(filled: Store) -> None:
    save(filled, Skill(ODD, "Odd"), Skill('coXX"ol\\é', "Other"))
    says(filled, "anna", ODD, "s1")
    says(filled, "ben", 'coXX"ol\\é', "s2")
    says(filled, "carla", "Controls".lower(), "s3")
    need = Job("j", "Job", requirements=(Requirement(ODD),)), Job("k", ODD, requirements=(Requirement("controls"),))
    save(filled, *need)
    with filled.read() as transaction:
        assert [fact.id for fact in transaction.facts_naming({ODD})] == ["s1"]
        assert transaction.nouns_naming(Job, {ODD}) == [need[0]]
        assert transaction.facts_naming({"CONTROLS"}) == []
        assert transaction.facts_naming(()) == []


def test_what_changed_is_pulled_also_where_it_changed_under_an_old_id(filled: Store) -> None:
    link = Link("hydraulics", "controls", LinkKind.NEEDS, 0.4)
    merged = save(filled, Merge("hydraulics", "refrigeration", NOW), link)
    save(filled, Skill("hydraulics", "Oil under pressure"), Link("refrigeration", "controls", LinkKind.NEEDS, 0.9))
    with filled.read() as transaction:
        (skill,) = transaction.nouns(Skill, since=merged)
        assert (skill.id, skill.alt_names) == ("refrigeration", ("Oil under pressure",))
        assert transaction.nouns(Link, since=merged) == [Link("refrigeration", "controls", LinkKind.NEEDS, 0.9)]
        assert transaction.nouns(Skill, since=transaction.revision()) == []
        assert transaction.nouns(Skill, ["hydraulics", "refrigeration"]) == [skill]
        assert transaction.nouns(Skill, ["controls"], since=merged) == []


def test_workers_whose_evidence_means_something_else_now_have_changed(filled: Store) -> None:
    says(filled, "anna", "hydraulics", "s1")
    says(filled, "ben", "controls", "s2")
    before = save(filled, JobType("t", "T"))
    save(filled, Merge("hydraulics", "refrigeration", NOW))
    with filled.read() as transaction:
        assert transaction.changed_workers(since=before) == {"anna"}
        assert transaction.changed_workers(since=transaction.revision()) == set()


def test_words_for_a_merged_skill_are_words_for_the_other_which_itself_has_the_last_word(filled: Store) -> None:
    save(
        filled,
        Correction("cold", "hydraulics", accepted=True),
        Correction("cold", "refrigeration", accepted=False),
        Correction("warm", "hydraulics", accepted=True),
        Merge("hydraulics", "refrigeration", NOW),
    )
    with filled.read() as transaction:
        assert transaction.nouns(Correction) == [
            Correction("cold", "refrigeration", accepted=False),
            Correction("warm", "refrigeration", accepted=True),
        ]


def test_skills_that_one_piece_of_work_needs_are_told_once(filled: Store) -> None:
    both = (Requirement("hydraulics"), Requirement("controls"))
    save(filled, *(Job(f"j{number}", "Job", requirements=both) for number in range(3)))
    save(filled, JobType("t", "T", (Requirement("hydraulics"), Requirement("refrigeration"))))
    with filled.read() as transaction:
        assert transaction.skills_together() == {
            frozenset(("hydraulics", "controls")),
            frozenset(("hydraulics", "refrigeration")),
        }
    save(filled, Merge("hydraulics", "refrigeration", NOW))
    with filled.read() as transaction:
        assert transaction.skills_together() == {frozenset(("refrigeration", "controls"))}


def test_a_writer_that_waited_reads_the_merges_that_the_other_one_left(filled: Store) -> None:
    says(filled, "anna", "hydraulics", "s1")
    with filled.write() as transaction:
        assert [fact.skills() for fact in transaction.evidence_of("anna")] == [("hydraulics",)]
        revision = transaction.next_revision()
        transaction.save_nouns(Merge, [Merge("hydraulics", "refrigeration", NOW)], revision=revision)
        assert [fact.skills() for fact in transaction.evidence_of("anna")] == [("refrigeration",)]


def test_one_skill_may_be_two_with_many_others(filled: Store) -> None:
    pairs = [Merge("hydraulics", other, NOW, undone=True) for other in ("controls", "refrigeration")]
    save(filled, *pairs)
    with filled.read() as transaction:
        assert transaction.recorded(Merge) == pairs
        assert not transaction.meanings


def test_merges_in_a_circle_are_told_and_not_followed_for_ever(filled: Store) -> None:
    save(filled, Merge("hydraulics", "controls", NOW), Merge("controls", "hydraulics", NOW))
    with filled.read() as transaction, pytest.raises(Invalid, match=r"merges run in a circle: .* -> .* -> "):
        transaction.nouns(Skill)
