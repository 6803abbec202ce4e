"""Chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def pick(rng: np.random.Generator, choices: Sequence[T]) -> T:
    """Return one of the choices, each as likely as any other."""
    return choices[int(rng.integers(len(choices)))]
