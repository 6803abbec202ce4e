"""Machine code by numba, kept beside the source where that can be written."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Return `function` as machine code.

    Numba looks only at a function's own file to tell whether its machine code is out of date, not at what the
    function calls: the name under which it is kept therefore changes with any file of this folder that has something
    to compile.
    """
    function.__qualname__ = f"{function.__qualname__}-{_fingerprint()}"
    compile_: Callable[..., Any] = numba.njit
    try:
        machine = compile_(cache=True, error_model="numpy")(function)
    except RuntimeError:  # no folder to keep it in
        machine = compile_(error_model="numpy")(function)
    return cast(Function, machine)


@cache
def _fingerprint() -> str:
    made_from = sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        source = file.read_bytes()
        if b"@compiled" in source:
            made_from.update(source)
    return made_from.hexdigest()[:12]
