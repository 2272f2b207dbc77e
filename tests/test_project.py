import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import gongkai
from gongkai.package.baseline import baseline_entries, read_baseline

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")] + sorted((ROOT / "docs").glob("*.md"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

TARGETS = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
DIRECT = [Requirement(line) for lines in (PROJECT["dependencies"], *EXTRAS.values()) for line in lines]
LOCKED = {
    canonicalize_name(name): (version, hashes)
    for name, version, hashes in re.findall(r"^([\w.-]+)==(\S+) \\\n((?:    --hash=.*\n)+)", LOCK, re.MULTILINE)
}


def help_of(*command: str) -> str:
    answer = subprocess.run(
        [sys.executable, "build.py", *command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return answer.stdout


def commands() -> set[str]:
    listed = re.search(r"\{([a-z,]+)\}", help_of())
    assert listed, "build.py --help lists no commands"
    return set(listed[1].split(","))


def jobs() -> list[Any]:
    return [
        pytest.param(name, job, id=f"{path.name}:{name}")
        for path in WORKFLOWS
        for name, job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].items()
    ]


# ---------------------------------------------------------------- the documentation names what exists


def test_the_readme_names_exactly_the_targets_that_the_makefile_has() -> None:
    assert set(re.findall(r"\bmake ([a-z]+)", README)) == TARGETS


def test_the_readme_names_exactly_the_commands_that_build_py_has() -> None:
    assert set(re.findall(r"build\.py ([a-z]+)", README)) == commands()


def test_the_readme_names_exactly_the_options_that_build_py_has() -> None:
    helped = {option for command in ((), *((name,) for name in commands())) for option in options(help_of(*command))}
    assert options(README) == helped - {"--help"}


def options(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))


def test_every_file_and_folder_that_the_readme_names_exists() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    layout = re.findall(r"^ {4}(  )?([\w./-]+/|build\.py)(?: |$)", README, re.MULTILINE)
    quoted = re.findall(r"`((?:gongkai|\.github)/[\w./-]+)`", README)
    nested = [f"gongkai/{name}" if deeper else name for deeper, name in layout]
    assert len(nested) > 5
    missing = [name for name in (*linked, *nested, *quoted) if name != "site/" and not (ROOT / name).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_in_the_documentation_leads_to_a_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?:|mailto:)([^)#]+)", text)
    named = re.findall(r"`((?:gongkai|tests|docs|bench|site_templates)/[\w./-]+\.\w+)", text)
    missing = [name for name in linked if not (page.parent / name).exists()]
    missing += [name for name in named if not (ROOT / name).exists()]
    assert missing == []


def test_every_test_and_file_that_the_threat_model_names_exists() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|gongkai)/[\w/.]+\.py)(?:::(\w+))?`", text)
    assert len(named) > 30
    for path, test in named:
        source = (ROOT / path).read_text(encoding="utf-8")
        assert not test or f"\ndef {test}(" in source, f"{path}::{test}"


def test_the_figure_that_the_readme_traces_is_in_a_package_that_is_shipped() -> None:
    traced = re.search(r"^ {4}(requests,.*)$", README, re.MULTILINE)
    assert traced
    packages = (ROOT / "datasets").glob("*/*/provenance.csv")
    assert any(traced[1] in path.read_text(encoding="utf-8").splitlines() for path in packages)


def test_the_index_that_is_shipped_says_what_the_packages_that_are_shipped_hold() -> None:
    assert read_baseline(ROOT / "datasets") == baseline_entries(ROOT / "datasets")


def test_one_version_is_told_everywhere() -> None:
    newest = re.search(r"^## \[(\d\S*)\]", CHANGELOG, re.MULTILINE)
    assert newest
    assert gongkai.__version__ == PROJECT["version"] == newest[1]


def test_make_help_says_of_each_target_how_long_it_takes() -> None:
    said = dict(re.findall(r"^([a-z]+):.*## (.*)$", MAKEFILE, re.MULTILINE))
    untimed = [name for name, text in said.items() if not re.search(r"\((\d+ (s|min)|until you end it)\)$", text)]
    assert untimed == []


def test_the_hooks_before_a_commit_are_what_make_check_does() -> None:
    recipes = {
        name: [line.strip().replace("$(RUN)", ".venv/bin/python") for line in lines.splitlines()]
        for name, lines in re.findall(r"^(lint|check):.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    }
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    assert [hook["entry"] for hook in hooks] == [*recipes["lint"], *recipes["check"]]


# ---------------------------------------------------------------- what is installed


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda requirement: requirement.name)
def test_the_lock_holds_a_version_that_the_project_allows(requirement: Requirement) -> None:
    version, _ = LOCKED[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version)


def test_everything_in_the_lock_is_pinned_with_a_hash_for_each_file() -> None:
    entries = re.findall(r"^[^\s#].*", LOCK, re.MULTILINE)
    assert len(entries) == len(LOCKED)


def test_the_lock_names_no_place_to_fetch_from() -> None:
    said = re.sub(r"^ *#.*\n|--hash=sha256:[0-9a-f]{64}", "", LOCK, flags=re.MULTILINE)
    assert re.findall(r"://|file:|--\S+|^-.*| @ ", said, re.MULTILINE) == []


def test_the_code_imports_what_the_project_depends_on_and_nothing_else() -> None:
    imported = foreign_modules([ROOT / "build.py", *(ROOT / "gongkai").rglob("*.py")])
    needed = [*PROJECT["dependencies"], *EXTRAS["scan"]]
    named = {"opencv-python-headless": "cv2", "pdfminer.six": "pdfminer", "pillow": "PIL"}
    names = {Requirement(line).name for line in needed}
    assert imported == {named.get(name, name.replace("-", "_")) for name in names}


def foreign_modules(sources: list[Path]) -> set[str]:
    modules: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source.read_bytes())):
            if isinstance(node, ast.Import):
                modules.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module)
    return {module.partition(".")[0] for module in modules} - set(sys.stdlib_module_names) - {"gongkai"}


# ---------------------------------------------------------------- what robots run


def test_ci_builds_the_site_and_runs_the_tests() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert list(dict.fromkeys(re.findall(r"\bmake (\w+)", script))) == ["site", "test"]


@pytest.mark.parametrize(("_name", "job"), jobs())
def test_no_job_runs_without_a_limit(_name: str, job: dict[str, Any]) -> None:
    assert 0 < job["timeout-minutes"] <= 60


@pytest.mark.parametrize(("name", "job"), jobs())
def test_only_the_job_that_deploys_may_write(name: str, job: dict[str, Any]) -> None:
    writes = {scope for scope, access in job["permissions"].items() if access == "write"}
    assert writes == ({"pages", "id-token"} if name == "deploy" else set())


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_to_a_commit_and_says_its_version(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
    assert used
    assert [line for line in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []
