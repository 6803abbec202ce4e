"""The documents are true: commands, options, kinds, rules and links they name exist, and none is left out."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import click
import pytest

import skillmatch
from benchmarks.model.variants import OF_COMPANIES, VARIANTS
from skillmatch.beliefs.evidence import KINDS
from skillmatch.beliefs.observation import Result
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.refit import AT_LEVEL
from skillmatch.cli import main
from skillmatch.matching.objectives import OBJECTIVES
from skillmatch.matching.policy import OPTIONAL_RULES, POLICIES, WEIGHTED
from skillmatch.matching.rules import RULES
from skillmatch.settings import Settings

ROOT = Path(__file__).parents[1]
DOCS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md"), *ROOT.glob("sample_data/*.md")]
)
MODULES = sorted(m.name for m in pkgutil.walk_packages(skillmatch.__path__, "skillmatch.") if "__main__" not in m.name
                 and ".migrations" not in m.name)  # fmt: skip


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands() -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in main.commands.items():
        if isinstance(command, click.Group):
            found |= {f"{name} {sub}": inner for sub, inner in command.commands.items()}
        else:
            found[name] = command
    return found


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_documented_with_all_of_its_options(name: str):
    rows = [line for line in text("docs/commands.md").splitlines() if re.match(rf"\| `{name}[ `]", line)]
    assert len(rows) == 1, f"docs/commands.md has no row for {name!r}"
    general = {"--worker", "--time", "--id", "--source", "--json"} if name.startswith("record ") else set()
    real = {
        option
        for p in commands()[name].params
        if isinstance(p, click.Option)
        for option in p.opts
        if option != "--help"
    }
    assert set(re.findall(r"`(--[a-z-]+)`", rows[0].split("|")[-2])) == real - general


def test_every_setting_of_the_environment_is_documented():
    page = text("docs/commands.md")
    assert [name for name in Settings.model_fields if f"`SKILLMATCH_{name.upper()}`" not in page] == []


def test_options_in_the_text_of_the_commands_page_exist():
    prose = "\n".join(line for line in text("docs/commands.md").splitlines() if not line.startswith("|"))
    every = [param for command in [*commands().values(), main] for param in command.params]
    real = {option for param in every for option in (*param.opts, *param.secondary_opts)}
    assert set(re.findall(r"(?<![\w-])--[a-z-]+", prose)) <= {*real, "--help"}


def test_every_result_and_kind_is_documented():
    page = text("docs/commands.md")
    assert [result for result in Result if f"`{result}`" not in page] == []
    assert [kind for kind in KINDS if f"record {kind.replace('_', '-')}`" not in page] == []


def test_the_weights_of_the_policies_are_those_of_the_model_page():
    page = text("docs/model.md")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    start = next(number for number, row in enumerate(rows) if row[:2] == ["objective", "balanced"])
    names, table = rows[start][1:], rows[start + 2 : start + 2 + len(WEIGHTED)]
    assert names == list(POLICIES)
    assert [row[0] for row in table] == list(WEIGHTED)
    for column, policy in enumerate(POLICIES.values(), start=1):
        said = {row[0]: float(row[column]) for row in table if row[column]}
        assert said == {key: weight for key, weight in policy.weights.items() if weight}, policy.name


def test_every_rule_and_objective_is_documented():
    page = text("docs/matching.md")
    for rule in RULES:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{rule.key}` "))
        assert row.endswith("| yes |") == (rule.key in OPTIONAL_RULES)
    assert [o.key for o in OBJECTIVES if f"| `{o.key}` " not in page] == []
    assert [name for name in POLICIES if f"| `{name}` " not in page] == []


def test_the_numbers_of_the_filter_are_those_of_the_model_page():
    params, page = BeliefParams(), text("docs/model.md")
    for quoted in (
        f"general ~ N(0, {params.general_var:g})",
        f"shared ~ N(0, {params.family_var:g})",
        f"own ~ N(0, {params.skill_var:g})",
        f"{params.logit_per_level:g} * (l(k) - {params.average_level:g})",
        f"2^(-days / {params.half_life_days:g})",
        f"cutpoints start at {params.cuts[0]:g}, 0, {params.cuts[1]:g}",
        f"log-odds {AT_LEVEL:g}",
        f"a customer or a site {params.customer_var:g}",
        f"half-lives of {params.recent_days:g} and {params.lasting_days:g} days",
        f"| +{params.rater_bias['self']} (.32 SD above supervisors) | {params.rater_noise['self']} |",
    ):
        assert quoted in page, quoted


def test_the_table_of_the_parts_of_the_model_has_the_rows_that_its_benchmark_prints():
    section = text("docs/model.md").split("## 2.")[1].split("## 3.")[0]
    assert "python3 dev.py bench model" in section
    names = re.findall(r"^\| (\w[^|]*) \|", section, re.MULTILINE)
    assert set(names) == {variant.name for variant in (*VARIANTS, *OF_COMPANIES)}
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_named_in_documents_exist(path: Path):
    for target in re.findall(
        r"`((?:tests|docs|skillmatch|benchmarks|sample_data|web)/[\w/.-]+\.\w+)`", path.read_text()
    ):
        assert (ROOT / target).exists(), f"{path.name} names {target}"


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name: str):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
