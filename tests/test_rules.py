"""Rules about the code itself that no type and no import says."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from xtnd_wizard.systems import all_systems

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "xtnd_wizard"
TESTS = sorted(file for place in ("tests", "bench", "tools") for file in (ROOT / place).rglob("*.py"))
SOURCES = sorted([ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *PACKAGE.rglob("*.py")])


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def nodes_of(file: Path) -> list[ast.AST]:
    """What a file says, parsed once for all rules."""
    return list(ast.walk(ast.parse(file.read_text("utf-8"))))


def within(file: Path, *allowed: str) -> bool:
    return any(name(file) == place or name(file).startswith(f"{place}/") for place in allowed)


def imported(file: Path) -> Iterator[str]:
    """Everything a file imports, down to the single name."""
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importing(package: str, *allowed: str) -> set[str]:
    """The files outside the allowed places that import a package."""
    return {
        name(file)
        for file in SOURCES
        if not within(file, *allowed) and any(f"{found}.".startswith(f"{package}.") for found in imported(file))
    }


def test_there_is_something_to_read() -> None:
    assert {"app.py", "xtnd_wizard/vault/sealing.py", "xtnd_wizard/outbound/client.py"} <= {
        name(file) for file in SOURCES
    }


def test_secrets_are_revealed_by_the_outbound_client_and_the_vault_only() -> None:
    allowed = ("xtnd_wizard/outbound", "xtnd_wizard/vault")
    revealing = {name(file) for file in SOURCES if "reveal" in attributes(file) and not within(file, *allowed)}
    assert revealing == set(), "only outbound/ and vault/ call .reveal(); hand the Secret itself to a request"


def test_only_the_cleaning_of_fields_works_on_the_text_of_a_secret() -> None:
    working = {name(file) for file in SOURCES if attributes(file) & {"cleaned_by", "parted_by"}}
    assert working == {"xtnd_wizard/systems/contract.py", "xtnd_wizard/systems/pasted.py"}


def attributes(file: Path) -> set[str]:
    return {node.attr for node in nodes_of(file) if isinstance(node, ast.Attribute)}


def test_nobody_reaches_into_a_secret() -> None:
    peeking = {name(file) for file in SOURCES if "_text" in attributes(file)}
    assert peeking == {"xtnd_wizard/domain/secret.py"}


def test_only_the_screens_know_streamlit() -> None:
    assert importing("streamlit", "app.py", "pages", "xtnd_wizard/ui") == set()


def screens() -> list[Path]:
    return [file for file in SOURCES if within(file, "pages", "xtnd_wizard/ui")]


def test_screens_work_with_views_and_never_with_rows() -> None:
    reading = {
        name(file) for file in screens() if any(found.startswith("xtnd_wizard.storage") for found in imported(file))
    }
    assert reading == set()


def test_what_a_session_remembers_is_declared_in_one_file() -> None:
    naming = {name(file) for file in SOURCES if "session_state" in file.read_text("utf-8")}
    assert naming == {"xtnd_wizard/ui/session.py"}


def test_no_assert_decides_what_a_page_shows() -> None:
    asserting = {
        name(file)
        for file in screens()
        if name(file) != "xtnd_wizard/ui/runs.py"  # threads, and nothing on a screen
        and any(isinstance(node, ast.Assert) for node in nodes_of(file))
    }
    assert asserting == set()


def test_only_the_command_knows_typer() -> None:
    assert importing("typer", "xtnd_wizard/cli") == set()


@pytest.mark.parametrize("client", ["httpx", "httpcore", "requests", "urllib3", "urllib.request", "http.client"])
def test_only_the_outbound_client_speaks_http(client: str) -> None:
    found = importing(client, "xtnd_wizard/outbound")
    assert found == set(), f"only outbound/ imports {client}; a check asks through CheckContext.get and .post"


@pytest.mark.parametrize("module", ["socket", "ssl"])
def test_only_the_outbound_client_opens_connections(module: str) -> None:
    found = importing(module, "xtnd_wizard/outbound")
    assert found == set(), f"only outbound/ imports {module}; a check asks through CheckContext.get and .post"


STARTS_OR_BLOCKS = {
    "asyncio": {"run", "Runner", "new_event_loop"},
    "threading": {"Thread", "Timer"},
    "concurrent.futures": {"ThreadPoolExecutor", "ProcessPoolExecutor"},
    "time": {"sleep"},
}
BLOCKING_BY_NECESSITY = {
    "xtnd_wizard/outbound/lookups.py": "the system's resolver can't be interrupted, only left behind in its thread",
    "xtnd_wizard/storage/engine.py": "SQLite refuses a second switch to WAL at once, past its own busy timeout",
}


def starting_or_blocking(file: Path) -> bool:
    """Whether a file starts a thread or a loop of its own, or sleeps in the thread it is called in."""
    found = [node for node in nodes_of(file) if isinstance(node, ast.Attribute)]
    dotted = {f"{node.value.id}.{node.attr}" for node in found if isinstance(node.value, ast.Name)} | set(
        imported(file)
    )
    return any(f"{module}.{name}" in dotted for module, names in STARTS_OR_BLOCKS.items() for name in names)


def test_the_core_is_asynchronous_and_the_one_bridge_to_threads_is_above_it() -> None:
    above = ("app.py", "pages", "xtnd_wizard/cli", "xtnd_wizard/web", "xtnd_wizard/ui")
    found = {name(file) for file in SOURCES if not within(file, *above) and starting_or_blocking(file)}
    assert found == set(BLOCKING_BY_NECESSITY), "below the screens nothing starts a loop or a thread, or sleeps: await"
    assert {name(file) for file in SOURCES if starting_or_blocking(file)} - found == {"xtnd_wizard/ui/runs.py"}


def test_only_the_vault_touches_keys() -> None:
    found = importing("cryptography", "xtnd_wizard/vault")
    assert found == set(), "only vault/ imports cryptography; a signature is outbound's OAuth1, a hash is hashlib's"


@pytest.mark.parametrize("system", all_systems(), ids=lambda system: system.code)
def test_a_system_is_named_in_its_own_folder_only(system: object) -> None:
    from xtnd_wizard.systems.contract import System

    assert isinstance(system, System)
    home = name(system.folder)
    spelled = re.compile(rf"\b(?:{re.escape(system.code)}|{re.escape(system.name)})", re.IGNORECASE)
    others = [*SOURCES, *TESTS, *(PACKAGE / "i18n").rglob("*.po"), *(PACKAGE / "ui").glob("*.css")]
    own = (home, f"tests/systems/{system.folder.name}")
    naming = {name(file) for file in others if not within(file, *own) and spelled.search(file.read_text("utf-8"))}
    assert naming == set(), (
        f"only {' and '.join(own)} name {system.name}; move what is about it there, or say it generally"
    )


def test_a_system_is_its_folder() -> None:
    folders = {found.parent.name for found in (PACKAGE / "systems").glob("*/__init__.py")}
    assert {system.folder.name for system in all_systems()} == folders, "SYSTEM.folder is Path(__file__).parent"


@pytest.mark.faults
def test_every_contract_breaks_when_it_is_violated(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / PACKAGE.name, ignore=lambda folder, names: {n for n in names if is_data(n)})
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    violations = {
        "newcomer/__init__.py": "",
        "domain/secret.py": "import httpx",
        "wizard/steps.py": "import streamlit, typer, cryptography",
    }
    for file, line in violations.items():
        path = tmp_path / PACKAGE.name / file
        path.parent.mkdir(exist_ok=True)
        path.write_text((path.read_text("utf-8") if path.exists() else "") + f"\n{line}\n", "utf-8")
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    report = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    assert f"0 kept, {len(contracts)} broken" in report, report
    assert "- xtnd_wizard.newcomer\n" in report, report


def is_data(file: str) -> bool:
    return "." in file and not file.endswith(".py")


def test_a_commit_is_linted_by_what_make_test_lints() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert re.findall(r"entry: (.*)", hooks) == ["make lint"]
    assert re.findall(r"repo: (.*)", hooks) == ["local"], "a hook of another repository would need the network"
    (needed_by_test,) = re.findall(r"^test:(.*)$", makefile, re.MULTILINE)
    assert "lint" in needed_by_test.split()
    (recipe,) = re.findall(r"^lint:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    linters = {line.strip().removeprefix("$(BIN)/").split()[0] for line in recipe.splitlines()}
    assert linters == {"ruff", "mypy", "lint-imports"}
    elsewhere = makefile.replace(recipe, "")
    assert not any(f"/{linter}" in elsewhere for linter in linters), "a linter that only one of the two runs"


@pytest.mark.faults
def test_tests_have_the_same_names_in_every_process() -> None:
    """Workers that run tests side by side each collect them, and a set has another order in each process."""
    first, second = (collected(seed, "domain", "systems/test_cleaning.py", "test_settings.py") for seed in ("1", "2"))
    assert first
    assert first == second, "parametrize over a list or a sorted set"


def collected(seed: str, *places: str) -> list[str]:
    """The ids of the unit tests at these places, in their order."""
    command = [sys.executable, "-m", "pytest", "-m", "unit", "--collect-only", "-n0", "-p", "no:randomly"]
    output = subprocess.run(
        [*command, *(f"tests/{place}" for place in places)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [line for line in output.splitlines() if "::" in line]


def test_modules_of_tests_stay_readable() -> None:
    long = [name(file) for file in TESTS if len(file.read_text("utf-8").splitlines()) >= 600]
    assert not long, f"modules with 600 lines or more; split them by subject: {long}"


def test_modules_stay_small() -> None:
    long = [name(file) for file in SOURCES if len(file.read_text("utf-8").splitlines()) >= 300]
    assert not long, f"modules with 300 lines or more; split them by subject: {long}"


def test_functions_stay_small() -> None:
    long = [
        f"{name(file)}: {found.name}"
        for file in SOURCES
        if "migrations/versions" not in name(file)
        for found in nodes_of(file)
        if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef) and (found.end_lineno or 0) - found.lineno >= 40
    ]
    assert not long, f"functions of 40 lines or more; split them: {long}"
