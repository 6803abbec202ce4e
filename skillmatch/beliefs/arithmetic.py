"""Arithmetic that gives the same bits on every machine, in Python and compiled.

Beliefs must be reproducible to the bit, incrementally and in a full rebuild, today and on another computer. The
exponential functions of C libraries and of numpy differ between versions and processors in the last bit, so the filter
uses only + - * / and sqrt, which IEEE 754 fixes, and the functions here, built from them. `compiled.py` has numba
translate this file and `kernel.py`.
"""

from __future__ import annotations

from math import floor, frexp

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.6931471803691238
_LN2_LOW = 1.9082149292705877e-10
_COEFFICIENTS = tuple(
    1.0 / factorial
    for factorial in (
        6227020800.0,
        479001600.0,
        39916800.0,
        3628800.0,
        362880.0,
        40320.0,
        5040.0,
        720.0,
        120.0,
        24.0,
        6.0,
        2.0,
    )
)
_LIMIT = 700.0
_MOST_POWER = 1012
_POWERS = tuple(2.0**k for k in range(-_MOST_POWER, _MOST_POWER + 1))
"""The powers of two that can occur below `_LIMIT`: a product with one of them is exact, and a table is quick."""
_SQRT_HALF = 0.7071067811865476
_A21, _A19, _A17, _A15, _A13, _A11, _A9, _A7, _A5, _A3 = (
    *(1.0 / 21.0, 1.0 / 19.0, 1.0 / 17.0, 1.0 / 15.0, 1.0 / 13.0),
    *(1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0),
)
_C13, _C12, _C11, _C10, _C9, _C8, _C7, _C6, _C5, _C4, _C3, _C2 = _COEFFICIENTS


def exp(x: float) -> float:
    """Return e to the power of `x`, clamped to +-700, within 3e-16 of the true value, relatively.

    Range reduction x = k ln2 + r with a two-part ln2, then the Taylor polynomial of degree 13 by Horner's rule:
    the usual scheme, see Muller, Elementary Functions, 3rd ed., chapter 11.

    >>> exp(0.0), round(exp(1.0), 14)
    (1.0, 2.71828182845905)
    """
    if x > _LIMIT:
        x = _LIMIT
    elif x < -_LIMIT:
        x = -_LIMIT
    k = floor(x * _LOG2_E + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    p = _C13 * r + _C12
    p = p * r + _C11
    p = p * r + _C10
    p = p * r + _C9
    p = p * r + _C8
    p = p * r + _C7
    p = p * r + _C6
    p = p * r + _C5
    p = p * r + _C4
    p = p * r + _C3
    p = p * r + _C2
    p = p * r + 1.0
    return (p * r + 1.0) * _POWERS[k + _MOST_POWER]


def log1p(x: float) -> float:
    """Return the natural logarithm of 1 + x for x >= 0, within 4e-16 of the true value, relatively to 1 + it.

    1 + x = m 2^k with m around 1, and ln m = 2 artanh((m - 1) / (m + 1)) by its series: Muller, chapter 11.

    >>> log1p(0.0), round(log1p(1.0), 14)
    (0.0, 0.69314718055995)
    """
    whole = int(x)
    if whole == x and whole < len(_LOGS):
        return _LOGS[whole]
    return _log1p(x)


def _log1p(x: float) -> float:
    return log(1.0 + x)


def log(x: float) -> float:
    """Return the natural logarithm of `x` > 0: see `log1p`.

    >>> round(log(2.0), 14)
    0.69314718055995
    """
    m, k = frexp(x)
    if m < _SQRT_HALF:
        m = 2.0 * m
        k = k - 1
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = _A21 * z + _A19
    p = p * z + _A17
    p = p * z + _A15
    p = p * z + _A13
    p = p * z + _A11
    p = p * z + _A9
    p = p * z + _A7
    p = p * z + _A5
    p = p * z + _A3
    p = p * z + 1.0
    return (k * _LN2_LOW + 2.0 * s * p) + k * _LN2_HIGH


# Most counts are small whole numbers; the same function made these, so they are the same to the bit.

_LOGS = tuple(_log1p(float(n)) for n in range(4096))


def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x)).

    >>> logistic(0.0)
    0.5
    """
    return 1.0 / (1.0 + exp(-x))
