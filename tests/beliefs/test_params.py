"""Parameters survive storage to the bit, and levels and logits convert both ways."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.params import BeliefParams, Difficulty
from skillmatch.errors import Invalid


@given(st.floats(-5, 5), st.floats(0.001, 1.0))
def test_parameters_survive_storage_to_the_bit(mean: float, var: float):
    params = BeliefParams(version=3, base=mean, difficulties={"too hot": Difficulty(mean, var)}, fitted_on=999)
    assert BeliefParams.from_record(json.loads(json.dumps(params.to_record()))) == params


def test_a_damaged_record_is_refused():
    with pytest.raises(Invalid, match="cannot be read"):
        BeliefParams.from_record({"difficulties": {}, "flavour": 1})


@given(st.floats(0.0, 5.0))
def test_a_level_converts_to_logits_and_back(level: float):
    params = BeliefParams()
    assert params.level_of_logit(params.logit_of_level(level)) == pytest.approx(level, abs=1e-12)


def test_an_unknown_job_type_is_of_ordinary_but_uncertain_difficulty():
    params = BeliefParams(difficulties={"known": Difficulty(0.5, 0.01)})
    assert params.difficulty("known") == (0.5, 0.01)
    assert params.difficulty(None) == params.difficulty("new") == (0.0, params.type_var)


def test_the_prior_stays_where_the_update_is_accurate():
    params = BeliefParams()
    assert params.general_var + params.skill_var <= 1.5
