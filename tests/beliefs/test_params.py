"""Parameters come back from their record to the bit, those of older versions too."""

from __future__ import annotations

import json

import pytest

from skillmatch.beliefs.params import FEATURES, BeliefParams, Difficulty, part_label
from skillmatch.errors import Invalid
from tests.kit.build import RICH


def test_a_record_comes_back_to_the_bit():
    assert BeliefParams.from_record(json.loads(json.dumps(RICH.to_record()))) == RICH


def test_a_record_of_an_older_version_is_read_as_it_was_meant():
    record = {
        "version": 3,
        "general_var": 0.5,
        "skill_var": 0.9,
        "forgetting_days": 1460.0,
        "weights": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
        "rater_noise": {"self": 15.0, "manager": 4.9, "peer": 9.8},
        "difficulties": {"boiler": [0.2, 0.1]},
    }
    found = BeliefParams.from_record(record)
    named = dict(zip(FEATURES, found.weights, strict=True))
    assert (named["surprise"], named["relative"], named["home"], named["form"]) == (7.0, 0.0, 0.0, 8.0)
    assert found.difficulties == {"boiler": Difficulty(0.2, 0.1)}
    assert found.rater_noise["customer"] == BeliefParams().rater_noise["customer"]


def test_a_listed_weight_of_the_family_counted_a_share_and_is_not_taken_over():
    found = BeliefParams.from_record({"weights": [float(n) for n in range(1, len(FEATURES) + 1)]})
    named = dict(zip(FEATURES, found.weights, strict=True))
    assert (named["successes"], named["relative"], named["home"], named["form"]) == (1.0, 8.0, 0.0, 10.0)


@pytest.mark.parametrize(
    "record",
    [{"weights": [1.0]}, {"weights": {"form": 1.0}}, {"weights": "x"}, {"nonsense": 1}, {"difficulties": {"a": [1]}}],
)
def test_a_record_that_makes_no_sense_is_refused(record: dict[str, object]):
    with pytest.raises(Invalid, match="stored parameters cannot be read"):
        BeliefParams.from_record(record)


def test_parts_have_names_for_people():
    names = {"hvac": "Heating and cooling"}
    assert part_label("circle:hvac", names) == "skills practised together with Heating and cooling"
    assert part_label("general", names) == "general ability"
