"""The kernel compiled by numba: whole histories in a fraction of the time, to the same bits.

Numba keeps the machine code beside the source, or in the user's cache where that cannot be written (`NUMBA_CACHE_DIR`
names another folder); where nothing can be written it is made anew in each process.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from types import FunctionType
from typing import Any

from skillmatch.beliefs import arithmetic, kernel
from skillmatch.beliefs.columns import Events, Found, State, World

ARITHMETIC = ("exp", "log", "_log1p", "log1p", "logistic")
KERNEL = (
    "forget",
    "relative_exposure",
    "surprise_of",
    "update",
    "ability",
    "_enter_occasion",
    "_learn_trial",
    "run",
)
"""What is compiled, each after what it calls."""

Run = Callable[[Events, State, World, Found, int, int], None]


@cache
def compiled_run() -> Run:
    """Return `kernel.run` as machine code; the first call in a process takes a second, the first ever some more."""
    import numba
    import numpy as np

    mark = _fingerprint()
    space: dict[str, Any] = {**vars(arithmetic), "_LOGS": np.array(arithmetic._LOGS)}
    space["_POWERS"] = np.array(arithmetic._POWERS)
    _compile(numba, ARITHMETIC, space, mark)
    exact = {name: space[name] for name in ARITHMETIC}
    space = {**vars(kernel), **exact}
    _compile(numba, KERNEL, space, mark)
    run: Run = space["run"]
    return run


def _compile(numba: Any, names: tuple[str, ...], space: dict[str, Any], mark: str) -> None:
    """Replace the named functions of `space` by compiled ones, which call each other."""
    for name in names:
        plain = space[name]
        copy = FunctionType(plain.__code__, space, name, plain.__defaults__)
        copy.__qualname__ = f"{plain.__qualname__}-{mark}"
        try:
            space[name] = numba.njit(cache=True, error_model="numpy")(copy)
        except RuntimeError:  # no folder to keep it in
            space[name] = numba.njit(error_model="numpy")(copy)


def _fingerprint() -> str:
    """Return a name for what is compiled: a function is compiled anew when any of the others has changed."""
    made_from = sha256()
    for module, names in ((arithmetic, ARITHMETIC), (kernel, KERNEL)):
        for name in names:
            made_from.update(marshal.dumps(getattr(module, name).__code__))
        constants = {name: value for name, value in vars(module).items() if isinstance(value, int | float)}
        made_from.update(repr(sorted(constants.items())).encode())
    return made_from.hexdigest()[:12]
