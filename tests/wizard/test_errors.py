"""One family of errors: whatever a use case raises belongs to it, and every member to one group."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from xtnd_wizard.domain import errors
from xtnd_wizard.domain.errors import WizardError

WIZARD = Path(__file__).parents[2] / "xtnd_wizard" / "wizard"
MODULES = sorted(WIZARD.glob("*.py"))
FAMILY = {
    name: found for name, found in vars(errors).items() if isinstance(found, type) and issubclass(found, WizardError)
}
GROUPS = {name for name, found in FAMILY.items() if found.__bases__ == (WizardError,)}
WITHIN = {"check_runner.py": {"RequestFailed"}, "entering.py": {"TypeError"}}
"""What a check is told, which makes a finding of it; and a mistake in our own code."""


def raised(module: Path) -> Iterator[tuple[int, str]]:
    """The line and the class of everything that a module raises; what is raised again was caught, and has no class."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Raise) and node.exc is not None:
            name = ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
            if name.rpartition(".")[2][:1].isupper() and name != "asyncio.CancelledError":
                yield node.lineno, name


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_what_the_wizard_raises_is_of_the_family(module: Path) -> None:
    allowed = FAMILY.keys() | WITHIN.get(module.name, set())
    assert [(line, name) for line, name in raised(module) if name not in allowed] == []


def test_something_is_raised_at_all() -> None:
    assert {name for module in MODULES for _, name in raised(module)} >= {"DraftNotFound", "NotVerified", "TryLater"}


@pytest.mark.parametrize("name", sorted(FAMILY.keys() - {"WizardError"}))
def test_every_member_belongs_to_exactly_one_group(name: str) -> None:
    assert len({group for group in GROUPS if issubclass(FAMILY[name], FAMILY[group])}) == 1


@pytest.mark.parametrize("name", sorted(FAMILY))
def test_the_tree_in_the_docstring_names_every_member(name: str) -> None:
    lines = (errors.__doc__ or "").splitlines()
    drawn = [line.strip(" │├└─").split()[0] for line in lines if line.startswith("    ") and line.strip(" │")]
    assert drawn.count(name) == 1


def opens_sealed_values(module: Path) -> bool:
    calls = (node for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Attribute))
    return any(node.attr in ("open", "open_to_show") and "vault" in ast.unparse(node.value) for node in calls)


def test_only_one_module_opens_what_is_sealed() -> None:
    assert {module.name for module in MODULES if opens_sealed_values(module)} == {"credentials.py"}
