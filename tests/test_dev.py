"""dev.py makes the environment once, completely, and says what to do when it cannot."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import tomllib
import zipfile
from pathlib import Path

import pytest

import dev

LOCKS = (dev.RUNTIME_LOCK, dev.DEV_LOCK, dev.BENCH_LOCK)
ROOT = dev.HERE.root


def pins(lock: str) -> dict[str, list[str]]:
    """Return the lines `name==version ; marker` of a lock with the hashes that follow them."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / lock).read_text().splitlines():
        if line.startswith(" "):
            found[next(reversed(found))].append(line.strip(" \\"))
        else:
            found[line.strip(" \\")] = []
    return found


def locked_names(lock: str) -> set[str]:
    return {pin.partition("==")[0] for pin in pins(lock)}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found.group()).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(lock: str) -> None:
    assert len(pins(lock)) > 20
    for pin, hashes in pins(lock).items():
        assert re.fullmatch(r"[a-z0-9-]+==[^\s;]+( ; .+)?", pin)
        assert hashes
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_what_the_project_needs_to_run_and_to_be_built(lock: str) -> None:
    needed = project()["project"]["dependencies"] + project()["dependency-groups"]["build"]
    assert {name_of(each) for each in needed} <= locked_names(lock)


def test_the_dev_lock_contains_the_runtime_lock() -> None:
    assert pins(dev.RUNTIME_LOCK).items() <= pins(dev.DEV_LOCK).items()
    tools = [each for each in project()["dependency-groups"]["dev"] if isinstance(each, str)]
    assert {name_of(each) for each in tools} <= locked_names(dev.DEV_LOCK)


def test_the_bench_lock_contains_the_dev_lock_and_the_libraries_to_compare_with() -> None:
    # A marker may be wider: pandas wants tzdata on more systems than we do.
    dev_lock, bench_lock = (
        {pin.partition(" ;")[0]: hashes for pin, hashes in pins(lock).items()}
        for lock in (dev.DEV_LOCK, dev.BENCH_LOCK)
    )
    assert dev_lock.items() <= bench_lock.items()
    libraries = {name_of(each) for each in project()["dependency-groups"]["bench"]}
    assert libraries <= locked_names(dev.BENCH_LOCK)
    assert not libraries & locked_names(dev.DEV_LOCK)


def run_script(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    script = [sys.executable, str(ROOT / "dev.py"), *arguments]
    return subprocess.run(script, capture_output=True, text=True, timeout=60, **options)


def test_help_lists_every_command() -> None:
    done = run_script("--help")
    assert done.returncode == 0
    for name, command in dev.COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(dev.first_line(command))}$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("name", dev.COMMANDS)
def test_every_command_explains_itself_without_installing(name: str, capsys) -> None:
    assert dev.main([name, "--help"]) == 0
    assert f"\nUsage: python3 dev.py {name}" in capsys.readouterr().out


def test_an_unknown_command_names_the_known_ones(capsys) -> None:
    assert dev.main(["tests"]) == 2
    assert (
        "no command 'tests'; choose one of: demo, test, bench, lint, lock, texts, screens." in capsys.readouterr().err
    )


def test_an_old_python_is_refused_before_anything_is_done(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert dev.main(["demo"]) == 1
    said = capsys.readouterr().err
    assert "skillmatch needs Python 3.11 or newer" in said
    assert said.endswith("is Python 3.9.\n")


def test_an_old_python_can_read_the_script() -> None:
    ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"), feature_version=(3, 7))


# A checkout in a temporary folder, and in place of uv a script that writes down what it is asked for.

FAKE_UV = """\
#!/bin/sh
case "$1" in
--version) exit 0 ;;
venv) mkdir -p "$5/bin" && ln -s "$4" "$5/bin/python" ;;
esac
case "$*" in
*"$FAKE_UV_FAILS_AT"*) [ -z "$FAKE_UV_FAILS_AT" ] || { echo "$FAKE_UV_SAYS"; exit 2; } ;;
esac
echo "$*" >> "$FAKE_UV_LOG"
"""


class Rehearsal:
    """The temporary checkout, and what the fake uv did for it."""

    def __init__(self, folder: Path) -> None:
        self.checkout = dev.Checkout(folder / "checkout")
        self.checkout.root.mkdir()
        for name in ("pyproject.toml", *LOCKS):
            shutil.copy(ROOT / name, self.checkout.root)
        self.log = folder / "log"

    def steps(self) -> list[str]:
        """Return the steps since the last call: `new`, the name of a lock, or `project`."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return [
            "new" if line.startswith("venv") else "project" if "--editable" in line else line.split()[-1]
            for line in lines
        ]

    def prepare(self, lock: str) -> list[str]:
        dev.prepare(self.checkout, lock)
        return self.steps()


@pytest.fixture
def rehearsal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rehearsal:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "uv").write_text(FAKE_UV)
    (programs / "uv").chmod(0o755)
    made = Rehearsal(tmp_path)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_UV_LOG", str(made.log))
    monkeypatch.setenv("FAKE_UV_FAILS_AT", "")
    return made


def test_the_second_run_installs_nothing(rehearsal: Rehearsal) -> None:
    assert rehearsal.prepare(dev.RUNTIME_LOCK) == ["new", dev.RUNTIME_LOCK, "project"]
    assert rehearsal.prepare(dev.RUNTIME_LOCK) == []


def test_an_environment_for_tests_also_serves_the_demo(rehearsal: Rehearsal) -> None:
    assert rehearsal.prepare(dev.DEV_LOCK) == ["new", dev.DEV_LOCK, "project"]
    assert rehearsal.prepare(dev.RUNTIME_LOCK) == []


def test_an_environment_for_benchmarks_also_serves_the_tests_and_the_demo(rehearsal: Rehearsal) -> None:
    assert rehearsal.prepare(dev.BENCH_LOCK) == ["new", dev.BENCH_LOCK, "project"]
    assert rehearsal.prepare(dev.DEV_LOCK) == []
    assert rehearsal.prepare(dev.RUNTIME_LOCK) == []


def test_an_environment_for_tests_is_added_to_for_benchmarks(rehearsal: Rehearsal) -> None:
    rehearsal.prepare(dev.DEV_LOCK)
    assert rehearsal.prepare(dev.BENCH_LOCK) == [dev.BENCH_LOCK, "project"]
    assert rehearsal.prepare(dev.DEV_LOCK) == []


@pytest.mark.parametrize(
    ("arguments", "lock"),
    [
        (["eclipse", "--json", "figures.json"], dev.DEV_LOCK),
        (["--data", "data", "beliefs"], dev.BENCH_LOCK),
        (["--data", "data"], dev.BENCH_LOCK),
        ([], dev.BENCH_LOCK),
    ],
)
def test_only_the_comparison_with_other_libraries_installs_them(arguments: list[str], lock: str) -> None:
    assert dev.bench_lock(dev.HERE, arguments) == lock


def test_an_environment_for_the_demo_is_added_to_for_tests(rehearsal: Rehearsal) -> None:
    rehearsal.prepare(dev.RUNTIME_LOCK)
    assert rehearsal.prepare(dev.DEV_LOCK) == [dev.DEV_LOCK, "project"]
    assert rehearsal.prepare(dev.RUNTIME_LOCK) == []


def test_a_changed_lock_is_installed(rehearsal: Rehearsal) -> None:
    rehearsal.prepare(dev.RUNTIME_LOCK)
    with (rehearsal.checkout.root / dev.RUNTIME_LOCK).open("a") as lock:
        lock.write("# changed\n")
    assert rehearsal.prepare(dev.RUNTIME_LOCK) == [dev.RUNTIME_LOCK, "project"]


def test_a_changed_project_file_installs_only_the_project(rehearsal: Rehearsal) -> None:
    rehearsal.prepare(dev.DEV_LOCK)
    with (rehearsal.checkout.root / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    assert rehearsal.prepare(dev.DEV_LOCK) == ["project"]


def test_an_environment_that_was_not_finished_is_made_anew(rehearsal: Rehearsal, monkeypatch, capsys) -> None:
    monkeypatch.setenv("FAKE_UV_FAILS_AT", "--editable")
    with pytest.raises(dev.SetupError):
        dev.prepare(rehearsal.checkout, dev.RUNTIME_LOCK)
    leftover = rehearsal.checkout.venv / "leftover"
    leftover.touch()
    rehearsal.steps()
    monkeypatch.setenv("FAKE_UV_FAILS_AT", "")
    assert rehearsal.prepare(dev.RUNTIME_LOCK) == ["new", dev.RUNTIME_LOCK, "project"]
    assert not leftover.exists()
    assert "unfinished" in capsys.readouterr().err


def test_an_environment_whose_python_is_gone_is_made_anew(rehearsal: Rehearsal) -> None:
    rehearsal.prepare(dev.RUNTIME_LOCK)
    rehearsal.checkout.python.unlink()
    assert rehearsal.prepare(dev.RUNTIME_LOCK) == ["new", dev.RUNTIME_LOCK, "project"]


@pytest.mark.parametrize("text", ["", "[]", '{"python": 1', '{"python": "elsewhere"}'])
def test_a_damaged_stamp_counts_as_none(rehearsal: Rehearsal, text: str) -> None:
    rehearsal.prepare(dev.RUNTIME_LOCK)
    rehearsal.checkout.stamp.write_text(text)
    assert rehearsal.prepare(dev.RUNTIME_LOCK) == ["new", dev.RUNTIME_LOCK, "project"]


def test_the_stamp_names_what_was_installed(rehearsal: Rehearsal) -> None:
    rehearsal.prepare(dev.RUNTIME_LOCK)
    assert set(json.loads(rehearsal.checkout.stamp.read_text())) == {
        "python",
        "pyproject.toml",
        dev.RUNTIME_LOCK,
    }


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("error: dns error: failed to lookup address", "no package index could be reached"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "Put right what is said above"),
    ],
)
def test_a_failed_install_shows_what_was_said_and_what_to_do(
    rehearsal: Rehearsal, monkeypatch, capsys, said: str, advice: str
) -> None:
    monkeypatch.setenv("FAKE_UV_FAILS_AT", "--require-hashes")
    monkeypatch.setenv("FAKE_UV_SAYS", said)
    with pytest.raises(dev.SetupError, match=advice):
        dev.prepare(rehearsal.checkout, dev.RUNTIME_LOCK)
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", ["pyproject.toml", dev.RUNTIME_LOCK, dev.DEV_LOCK])
def test_an_incomplete_checkout_is_told_which_file_is_missing(rehearsal: Rehearsal, name: str) -> None:
    (rehearsal.checkout.root / name).unlink()
    with pytest.raises(dev.SetupError, match=f"{re.escape(name)} is missing: .* version control"):
        dev.prepare(rehearsal.checkout, dev.DEV_LOCK)
    assert not rehearsal.checkout.venv.exists()


def test_a_python_that_cannot_make_environments_is_told_what_to_install(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(dev.SetupError, match="apt-get install python3-venv"):
        dev.create(dev.Checkout(tmp_path), None)


def test_a_version_managers_stub_is_not_taken_for_uv(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "uv").write_text("#!/bin/sh\necho 'uv: command not found'; exit 127\n")
    (tmp_path / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert dev.find_uv(dev.Checkout(tmp_path)) is None


def test_the_thread_limits_can_be_raised(monkeypatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    environment = dev.child_environment()
    assert (environment["OMP_NUM_THREADS"], environment["OPENBLAS_NUM_THREADS"]) == ("1", "4")


def test_ctrl_c_goes_to_the_program_that_was_started() -> None:
    program = """
        import signal, sys, time
        signal.signal(signal.SIGINT, lambda *_: sys.exit(7))
        print("ready", flush=True)
        time.sleep(30)
    """
    starter = "import sys, dev; from pathlib import Path; dev.hand_over(Path(sys.executable), '-c', sys.argv[1])"
    with subprocess.Popen(
        [sys.executable, "-c", starter, textwrap.dedent(program)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20)[1] == ""
    assert process.returncode == 7


def test_ctrl_c_while_installing_leaves_no_traceback(monkeypatch, capsys) -> None:
    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(dev.COMMANDS, "demo", interrupted)
    assert dev.main(["demo"]) == 130


def test_a_browser_on_the_path_comes_before_a_downloaded_one(tmp_path: Path, monkeypatch) -> None:
    downloaded = tmp_path / "downloads/chromium-1200/chrome-linux64/chrome"
    downloaded.parent.mkdir(parents=True)
    downloaded.touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "downloads"))
    assert dev.find_browser() == downloaded
    (tmp_path / "chromium").touch(mode=0o755)
    assert dev.find_browser() == tmp_path / "chromium"
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH")
    assert dev.find_browser() is None


# The project as it is installed


def test_both_packages_can_be_imported_from_anywhere(tmp_path: Path) -> None:
    code = "import skillmatch, skillmatch_web; print(skillmatch.__file__, skillmatch_web.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        str(ROOT / "skillmatch/__init__.py"),
        str(ROOT / "web/skillmatch_web/__init__.py"),
    ]


def test_a_wheel_has_both_packages_and_nothing_else(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("skillmatch-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"skillmatch/__init__.py", "skillmatch_web/__init__.py"} <= set(names)
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"skillmatch", "skillmatch_web"}
