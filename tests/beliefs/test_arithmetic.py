"""The exponential is accurate everywhere and made only of operations that IEEE 754 fixes."""

import ast
import inspect
from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs import arithmetic


@given(st.floats(-699.0, 699.0))
def test_exp_agrees_with_exact_decimal_arithmetic(x: float):
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(x).exp()
        assert abs(Decimal(arithmetic.exp(x)) / exact - 1) < Decimal("4e-16")


@given(st.floats(0.0, 1e12))
def test_log1p_agrees_with_exact_decimal_arithmetic(x: float):
    with localcontext() as context:
        context.prec = 60
        exact = (1 + Decimal(x)).ln()
        assert abs(Decimal(arithmetic.log1p(x)) - exact) < Decimal("4e-16") * (1 + exact)


@given(st.floats(1e-300, 1e300))
def test_log_agrees_with_exact_decimal_arithmetic(x: float):
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(x).ln()
        assert abs(Decimal(arithmetic.log(x)) - exact) < Decimal("4e-16") * (1 + abs(exact))


@given(st.integers(0, 5000))
def test_a_logarithm_from_the_table_is_the_one_that_is_computed(n: int):
    assert arithmetic.log1p(float(n)) == arithmetic._log1p(float(n)) == arithmetic.log(1.0 + n)


@given(st.floats(allow_nan=False, allow_infinity=True))
def test_exp_and_logistic_stay_in_range_for_any_number(x: float):
    assert 0.0 < arithmetic.exp(x) < 1.1e304
    assert 0.0 <= arithmetic.logistic(x) <= 1.0


def test_nothing_but_exact_operations_is_imported():
    tree = ast.parse(inspect.getsource(arithmetic))
    imported = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names
    }
    assert imported == {"annotations", "floor", "frexp"}
