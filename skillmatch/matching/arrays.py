"""Kinds of arrays that the modules of matching hand to each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
"""A yes or no for each worker, (workers,)."""
