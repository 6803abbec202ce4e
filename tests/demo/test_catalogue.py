"""The catalogue of the sample company hangs together, and its customers speak as customers do."""

from __future__ import annotations

import pytest

from skillmatch.demo.catalogue import Nature, read_catalogue
from skillmatch.skills.graph import SkillGraph

CATALOGUE = read_catalogue()
NATURES = pytest.mark.parametrize("nature", CATALOGUE.natures, ids=lambda nature: nature.id)


def sectors_of(nature: Nature) -> set[str]:
    """Return the sorts of customer that own a machine which this can befall."""
    return {sector.name for sector in CATALOGUE.sectors if set(nature.on) & set(sector.machines)}


def test_there_are_120_skills_in_nine_families_and_they_form_a_graph() -> None:
    graph = SkillGraph(CATALOGUE.skills, CATALOGUE.links)
    assert len(graph) == 120
    assert len(set(CATALOGUE.family.values())) == 9


def test_no_two_natures_of_call_share_an_id_or_a_name() -> None:
    assert len({nature.id for nature in CATALOGUE.natures}) == len(CATALOGUE.natures)
    assert len({nature.name for nature in CATALOGUE.natures}) == len(CATALOGUE.natures)


@NATURES
def test_a_nature_needs_only_skills_and_certifications_that_exist(nature: Nature) -> None:
    needed = {need.skill for need in nature.skills} | {need.skill for cause in nature.causes for need in cause.needs}
    assert needed <= set(CATALOGUE.place)
    assert set(nature.certifications) <= {exam.type for exam in CATALOGUE.exams}


@NATURES
def test_a_nature_befalls_machines_that_somebody_owns(nature: Nature) -> None:
    assert set(nature.on) <= {type for sector in CATALOGUE.sectors for type in sector.machines}


@NATURES
def test_every_customer_whom_it_can_befall_has_words_for_it(nature: Nature) -> None:
    spoken = [set(phrase.sectors) for phrase in nature.calls]
    assert set().union(*spoken) <= sectors_of(nature)
    for sector in sectors_of(nature):
        assert any(not sectors or sector in sectors for sectors in spoken), f"{sector} has no words for {nature.id}"


@NATURES
def test_a_customer_never_names_a_skill_that_is_needed(nature: Nature) -> None:
    skills = {skill.id: skill for skill in CATALOGUE.skills}
    needed = {need.skill for need in nature.skills} | {need.skill for cause in nature.causes for need in cause.needs}
    names = [name for id in needed for name in (skills[id].name, *skills[id].alt_names)]
    said = " ".join([*(phrase.text for phrase in nature.calls), *(cause.hint for cause in nature.causes)])
    said += " ".join(CATALOGUE.words.tails)
    assert [name for name in names if name.casefold() in said.casefold()] == []
