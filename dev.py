#!/usr/bin/env python3
"""Run, test and measure skillmatch from a checkout, with nothing installed but Python 3.11.

Usage: python3 dev.py COMMAND [ARGUMENTS]

{commands}

The first run makes the folder .venv and installs exactly what the lock file lists, checked by hash;
later runs start at once. `python3 dev.py COMMAND --help` says more about one command.
"""

# Standard library only, and no syntax newer than Python 3.7: whoever starts this with an old Python
# should read what is needed, not a SyntaxError.
from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST_PYTHON = (3, 11)
RUNTIME_LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"
BENCH_LOCK = "requirements-bench.lock"
CONTAINS = {RUNTIME_LOCK: (), DEV_LOCK: (RUNTIME_LOCK,), BENCH_LOCK: (RUNTIME_LOCK, DEV_LOCK)}
"""Which other locks each lock contains."""
NEEDS_BENCH_LOCK = {"beliefs", "linking", "replay"}
"""The benchmarks that need libraries which nothing else does."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_ADVICE = "install Chromium, for example with `apt-get install chromium`, and run the tests again"
LINTERS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",))


class SetupError(Exception):
    """A reason to stop that the person at the terminal can act on; shown without a traceback."""


@dataclass(frozen=True)
class Checkout:
    """A copy of the source tree and the virtual environment inside it."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.tool("python")

    @property
    def stamp(self) -> Path:
        return self.venv / "installed.json"

    def tool(self, name: str) -> Path:
        """Return where the environment keeps the program `name`."""
        return self.venv / ("Scripts/" + name + ".exe" if os.name == "nt" else "bin/" + name)


HERE = Checkout(Path(__file__).resolve().parent)


# What is installed, and whether that is enough


def fingerprint(checkout: Checkout, lock: str) -> dict[str, str]:
    """Return what the stamp must say for an environment made from `lock`.

    The dev lock contains the runtime lock, so its fingerprint contains the other: what was made for
    `test` serves `demo` as well. The bench lock contains both.
    """
    files = ["pyproject.toml", *CONTAINS[lock], lock]
    for name in files:
        if not (checkout.root / name).is_file():
            raise SetupError(
                f"{name} is missing: this checkout is not complete. Get the file back from version control"
                + (" or make it with `python3 dev.py lock`." if name.endswith(".lock") else ".")
            )
    digests = {name: hashlib.sha256((checkout.root / name).read_bytes()).hexdigest() for name in files}
    # The resolved interpreter changes when the Python that the environment was made with goes away.
    return {"python": str(checkout.python.resolve()), **digests}


def read_stamp(checkout: Checkout) -> dict[str, str]:
    """Return what was installed last, empty when nothing was or when an install did not finish."""
    try:
        stamp = json.loads(checkout.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and checkout.python.exists() else {}


def is_ready(checkout: Checkout, lock: str) -> bool:
    """Return whether the environment already holds everything that `lock` lists."""
    return fingerprint(checkout, lock).items() <= read_stamp(checkout).items()


# Installing


def prepare(checkout: Checkout, lock: str) -> None:
    """Make the environment hold what `lock` lists, and the project itself; return at once if it does."""
    if is_ready(checkout, lock):
        return
    with one_at_a_time(checkout):
        if is_ready(checkout, lock):  # somebody else made it while we waited
            return
        installed = read_stamp(checkout)
        uv = find_uv(checkout)
        has_installer = uv is not None or checkout.tool("pip").exists()
        if installed.get("python") != str(checkout.python.resolve()) or not has_installer:
            uv = find_uv(checkout, inside=False)
            create(checkout, uv)
            installed = {}
        # Without a stamp the environment counts as half made, whatever kills us from here on.
        checkout.stamp.unlink(missing_ok=True)
        if installed.get(lock) != fingerprint(checkout, lock)[lock]:
            say(f"Installing the packages listed in {lock}; the first time this takes a minute or two ...")
            install(checkout, uv, "--require-hashes", "-r", lock)
        # Its build tools are in the lock, so that nothing arrives without a hash.
        install(checkout, uv, "--no-deps", "--no-build-isolation", "--editable", ".")
        checkout.stamp.write_text(json.dumps(fingerprint(checkout, lock), indent=1), encoding="utf-8")


@contextlib.contextmanager
def one_at_a_time(checkout: Checkout) -> Iterator[None]:
    """Keep two runs of this script from making the same environment at the same time."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    folder = os.open(checkout.root, os.O_RDONLY)
    # An installer inherits the lock: if we are killed, the next run waits until it has stopped writing.
    os.set_inheritable(folder, True)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run is making the environment in .venv; waiting for it ...")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def find_uv(checkout: Checkout, *, inside: bool = True) -> str | None:
    """Return a uv that runs: the one on the PATH, or the one `inside` an environment that has no pip."""
    candidates = [shutil.which("uv")]
    if inside and checkout.tool("uv").exists() and not checkout.tool("pip").exists():
        candidates.append(str(checkout.tool("uv")))
    for candidate in candidates:
        # Version managers put shims on the PATH that fail when asked for a program they do not have.
        if candidate and subprocess.run([candidate, "--version"], capture_output=True).returncode == 0:
            return candidate
    return None


def create(checkout: Checkout, uv: str | None) -> None:
    """Make an empty environment in place of whatever is there."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    if uv is None and not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        raise SetupError("This Python cannot make virtual environments: run `apt-get install python3-venv`.")
    if checkout.venv.exists():
        say("The environment in .venv is unfinished or its Python is gone; making it anew.")
        shutil.rmtree(checkout.venv)
    if uv is not None:
        run_quietly(checkout, [uv, "venv", "--quiet", "--python", base, str(checkout.venv)])
    else:
        run_quietly(checkout, [base, "-m", "venv", str(checkout.venv)])


def install(checkout: Checkout, uv: str | None, *what: str) -> None:
    """Install `what` into the environment with uv, or with its own pip."""
    python = str(checkout.python)
    if uv is not None:
        run_quietly(checkout, [uv, "pip", "install", "--quiet", "--python", python, *what])
    else:
        run_quietly(checkout, [python, "-m", "pip", "install", "--quiet", *what])


def run_quietly(checkout: Checkout, command: Sequence[str]) -> None:
    """Run a step of the setup; its output is shown only when it fails, with what to do about it."""
    done = subprocess.run(
        command,
        cwd=checkout.root,
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        close_fds=False,  # for the lock, see one_at_a_time
        text=True,
        errors="replace",
    )
    if done.returncode == 0:
        return
    say("\n".join(done.stdout.splitlines()[-20:]))
    unreachable = ("resolve", "dns error", "connect", "connection", "timed out", "unreachable", "retries")
    if any(sign in done.stdout.lower() for sign in unreachable):
        advice = (
            "It looks as if no package index could be reached. Check the network, or point pip or uv at a"
            " mirror by their own settings, and run the same command again."
        )
    else:
        advice = "Put right what is said above and run the same command again."
    raise SetupError(f"`{' '.join(command)}` failed. {advice}")


def child_environment() -> dict[str, str]:
    """Return the environment variables for everything that is started from here."""
    environment = dict(os.environ)
    # On a small machine two busy threads that wait for each other cost more than they bring.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        environment.setdefault(name, "1")
    environment["UV_COMPILE_BYTECODE"] = "1"  # pip does so by itself; without, the first start takes seconds
    environment.setdefault("UV_SYSTEM_CERTS", "1")  # as pip does: firms have authorities of their own
    environment.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_ROOT_USER_ACTION="ignore", PIP_NO_INPUT="1")
    return environment


# The browser for the page tests


def find_browser() -> Path | None:
    """Return a Chromium: one on the PATH, else the newest one that Playwright has downloaded."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return Path(found)
    caches = [Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"]
    if os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        caches.insert(0, Path(os.environ["PLAYWRIGHT_BROWSERS_PATH"]))
    programs = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    downloads = [path for cache in caches for program in programs for path in sorted(cache.glob(program))]
    return downloads[-1] if downloads else None


def ensure_browser(checkout: Checkout) -> None:
    """Try once per environment to get a Chromium; without one the tests that need it are skipped."""
    if find_browser():
        return
    tried = checkout.venv / "no-browser"
    if not tried.exists():
        say("Getting Chromium for the tests of the pages ...")
        if install_browser(checkout):
            return
        tried.touch()
    say(f"No Chromium: the tests of the pages are skipped. To have them, {BROWSER_ADVICE}.")


def install_browser(checkout: Checkout) -> bool:
    """Return whether Debian's packages or else Playwright's download gave us a Chromium."""
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        wait = ("-o", "DPkg::Lock::Timeout=120")
        if (
            attempt(["apt-get", "update"], seconds=300)
            and attempt(["apt-get", *wait, "install", "-y", "chromium"], seconds=900)
            and find_browser()
        ):
            return True
    attempt([str(checkout.python), "-m", "playwright", "install", "chromium"], seconds=180)
    return find_browser() is not None


def attempt(command: Sequence[str], *, seconds: float) -> bool:
    """Return whether `command` succeeds within `seconds`."""
    try:
        done = subprocess.run(
            command,
            env={**child_environment(), "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


# Commands. Each docstring is the help text of its command; the first line stands in the overview.


def demo(arguments: Sequence[str]) -> int:
    """Start the demo: a sample company in the browser.

    Usage: python3 dev.py demo [--port N] [--once]

    --port N  listen on this port of 127.0.0.1
    --once    print a ranking with its reasons and stop

    The company is kept in sample_data/company; `--fresh` builds it anew. Ctrl-C stops the pages.
    """
    prepare(HERE, RUNTIME_LOCK)
    folder = HERE.root / "sample_data" / "company"
    return hand_over(HERE.tool("skillmatch"), "demo", "--folder", str(folder), *arguments)


def test(arguments: Sequence[str]) -> int:
    """Run the tests.

    Usage: python3 dev.py test [PYTEST ARGUMENTS]

    For example `python3 dev.py test -x -k ranking`. Without arguments everything is tested, on up to four
    cores. Tests start their own PostgreSQL; tests of the pages need Chromium, which is installed when this
    runs as root on Debian. What cannot be had is skipped and named at the end, or is a failure when the
    environment variable CI is `true`.
    """
    prepare(HERE, DEV_LOCK)
    ensure_browser(HERE)
    return hand_over(HERE.python, "-m", "pytest", *(arguments or ON_ALL_CORES))


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmarks and compare with the targets.

    Usage: python3 dev.py bench [NAME] [--json FILE] [--data DIR] [--out DIR]

    NAME         one benchmark; without it all of them run
    --json FILE  also write the figures to this file
    --data DIR   where the public data sets are; benchmarks/README.md says how to get them
    --out DIR    where benchmarks that write something put it, such as the solutions of roadef

    `beliefs`, `linking` and `replay` need more libraries: they, and a run without NAME, install them first.
    """
    prepare(HERE, bench_lock(HERE, arguments))
    return hand_over(HERE.python, "-m", "benchmarks", *arguments)


def bench_lock(checkout: Checkout, arguments: Sequence[str]) -> str:
    """Return the lock with what the benchmarks named in `arguments` need; all of them when none is named."""
    known = {file.parent.name for file in (checkout.root / "benchmarks").glob("*/bench.py")}
    named = known.intersection(arguments)
    return DEV_LOCK if named and not named & NEEDS_BENCH_LOCK else BENCH_LOCK


def lint(arguments: Sequence[str]) -> int:
    """Check style, formatting and types.

    Usage: python3 dev.py lint
    """
    if arguments:
        raise SetupError("`lint` takes no arguments.")
    prepare(HERE, DEV_LOCK)
    codes = [
        subprocess.run([str(HERE.python), "-m", *linter], cwd=HERE.root, env=child_environment()).returncode
        for linter in LINTERS
    ]
    return int(any(codes))


def lock(arguments: Sequence[str]) -> int:
    """Make the lock files again after a change of the dependencies.

    Usage: python3 dev.py lock [--upgrade] [--upgrade-package NAME]

    Versions already locked are kept unless they are to be upgraded.
    """
    if not HERE.tool("uv").exists() and (HERE.root / DEV_LOCK).is_file():
        prepare(HERE, DEV_LOCK)
    uv = str(HERE.tool("uv")) if HERE.tool("uv").exists() else find_uv(HERE)
    if uv is None:
        raise SetupError("Without a lock there is no uv in .venv: install uv first, then run this again.")
    shape = "--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate"
    compile_ = [uv, "pip", "compile", "--quiet", *shape.split(), "pyproject.toml", *arguments]
    run_quietly(HERE, [*compile_, "--group", "build", "--output-file", RUNTIME_LOCK])
    run_quietly(HERE, [*compile_, "--group", "dev", "--constraints", RUNTIME_LOCK, "--output-file", DEV_LOCK])
    groups = ["--group", "dev", "--group", "bench"]
    run_quietly(HERE, [*compile_, *groups, "--constraints", DEV_LOCK, "--output-file", BENCH_LOCK])
    return 0


ON_ALL_CORES = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile")
"""A file's tests stay together, since they share what is costly to make."""


def texts(arguments: Sequence[str]) -> int:
    """Take new texts of the pages into every language, and list what is not translated.

    Usage: python3 dev.py texts
    """
    if arguments:
        raise SetupError("`texts` takes no arguments.")
    prepare(HERE, DEV_LOCK)
    return hand_over(HERE.python, "-m", "skillmatch_web.texts")


def screens(arguments: Sequence[str]) -> int:
    """Photograph every page into docs/screens.

    Usage: python3 dev.py screens [PAGE ...]

    PAGE  the endpoint of a page, such as job.show; without it all pages, and the list of them

    Each page of a small sample company as the person sees it for whom it is, on a wide screen and a phone, light and
    dark. Takes a few minutes and needs Chromium.
    """
    prepare(HERE, DEV_LOCK)
    ensure_browser(HERE)
    return hand_over(HERE.python, "-m", "tests.screens", *arguments)


COMMANDS = {command.__name__: command for command in (demo, test, bench, lint, lock, texts, screens)}


def hand_over(program: Path, *arguments: str) -> int:
    """Let `program` take this process's place, so that signals and the exit code are its own."""
    command = [str(program), *arguments]
    os.chdir(HERE.root)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(command[0], command, child_environment())
    return subprocess.run(command, env=child_environment()).returncode


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def first_line(command: object) -> str:
    return (command.__doc__ or "").strip().splitlines()[0]


def main(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name and return its exit code."""
    if sys.version_info < OLDEST_PYTHON:
        needed, found = (".".join(map(str, version[:2])) for version in (OLDEST_PYTHON, sys.version_info))
        say(f"skillmatch needs Python {needed} or newer; {sys.executable} is Python {found}.")
        return 1
    name, rest = (arguments[0], list(arguments[1:])) if arguments else ("--help", [])
    if name in ("-h", "--help", "help"):
        overview = "\n".join(f"  {each:<6} {first_line(command)}" for each, command in COMMANDS.items())
        print((__doc__ or "").replace("{commands}", overview).strip())
        return 0
    if name not in COMMANDS:
        say(f"There is no command {name!r}; choose one of: {', '.join(COMMANDS)}.")
        return 2
    if rest in (["-h"], ["--help"]):
        lines = (COMMANDS[name].__doc__ or "").strip().splitlines()
        print("\n".join(line[4:] if line.startswith("    ") else line for line in lines).strip())
        return 0
    try:
        return COMMANDS[name](rest)
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
