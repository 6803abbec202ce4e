"""The search compiled by numba, which keeps the machine code beside the source or in the user's cache."""

from __future__ import annotations

import marshal
from functools import cache
from hashlib import sha256
from types import FunctionType
from typing import Any, NamedTuple

from skillmatch.matching.planning import routes as plan_routes
from skillmatch.matching.planning import search as plan_search

ROUTES = (
    "schedule",
    "opening",
    "best_spot",
    "look",
    "gather",
    "choose",
    "remember",
    "look_for_crew",
    "put",
    "enter",
    "insert",
    "worth",
    "take_out",
    "unreachable",
    "remove",
)
SEARCH = (
    "copy",
    "best_option",
    "fill_by_looking",
    "fill",
    "start_of",
    "serves",
    "give_keys",
    "clear_string",
    "clear",
    "draw",
    "search",
)
"""What is compiled, each after what it calls."""


class Compiled(NamedTuple):
    """The functions of `search` that are called from outside, as machine code."""

    fill: Any
    search: Any


@cache
def compiled() -> Compiled:
    """Return the search as machine code: some seconds the first time on a machine, then a part of one."""
    import numba

    njit: Any = numba.njit

    mark = _fingerprint()
    space: dict[str, Any] = {**vars(plan_routes), **vars(plan_search)}
    for name in (*ROUTES, *SEARCH):
        plain = space[name]
        function = FunctionType(plain.__code__, space, name, plain.__defaults__)
        function.__qualname__ = f"{name}-{mark}"
        # Only what is called from Python needs a door for it; without the others compiling takes half the time.
        doors = {} if name in Compiled._fields else {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        try:
            space[name] = njit(cache=True, error_model="numpy", **doors)(function)
        except RuntimeError:  # no folder to keep it in
            space[name] = njit(error_model="numpy", **doors)(function)
    return Compiled(space["fill"], space["search"])


def _fingerprint() -> str:
    """Return a name for what is compiled: everything is compiled anew when any function has changed."""
    made_from = sha256()
    for module, names in ((plan_routes, ROUTES), (plan_search, SEARCH)):
        for name in names:
            made_from.update(marshal.dumps(getattr(module, name).__code__))
        constants = {name: value for name, value in vars(module).items() if isinstance(value, int | float)}
        made_from.update(repr(sorted(constants.items())).encode())
    return made_from.hexdigest()[:12]
