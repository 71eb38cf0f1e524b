"""What the contract promises to whoever adds a system: a small example that works, and few imports."""

import ast
import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.pages.test_every_system import MADE_UP
from xtnd_wizard.domain import findings
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.systems import all_systems, checks, cleaning, common_checks, contract
from xtnd_wizard.systems.checks import Check, Checks, SignIn, SignInResult
from xtnd_wizard.systems.contract import Sandbox, System

MOST_IMPORTS = 8


def imported(source: str) -> set[str]:
    """The modules of this project that a source imports from."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom))
    return {node.module for node in nodes if node.module and node.module.startswith("xtnd_wizard.")}


def test_the_example_in_the_contract_is_a_system() -> None:
    text = inspect.getdoc(contract) or ""
    block = textwrap.dedent("\n".join(line for line in text.splitlines() if not line or line.startswith("    ")))
    modules = (findings, checks, cleaning, common_checks, contract)
    kit = {name: part for module in modules for name, part in vars(module).items()}
    names: dict[str, Any] = {**kit, "RequestFailed": RequestFailed, "Path": Path, "__file__": __file__}
    names |= {"clean_key": cleaning.keep_text, "SANDBOX": Sandbox(frozenset(), object, ())}
    exec(compile(block, "the example", "exec"), names)
    example = names["SYSTEM"]
    assert isinstance(example, System)
    assert example.checks.codes == ("key", "account")


def test_a_new_system_needs_few_imports() -> None:
    assert 1 < len(imported(MADE_UP)) <= MOST_IMPORTS


@pytest.mark.parametrize("system", all_systems(), ids=lambda system: system.code)
def test_no_module_of_a_system_needs_many_imports(system: System) -> None:
    own = f"xtnd_wizard.systems.{system.folder.name}"
    for file in system.folder.glob("*.py"):
        others = {module for module in imported(file.read_text("utf-8")) if not module.startswith(own)}
        assert len(others) <= MOST_IMPORTS, file.name


@pytest.mark.parametrize("system", all_systems(), ids=lambda system: system.code)
def test_a_mark_is_drawn_in_shades_of_one_colour_and_loads_nothing(system: System) -> None:
    assert 'viewBox="0 0 48 48"' in system.mark
    assert not re.search(r"#[0-9a-f]{3}|rgb|style|<text|<image|href|url\(|<script", system.mark, re.IGNORECASE)
    others = {found.mark for found in all_systems() if found is not system}
    assert system.mark not in others


def test_a_merchant_reads_checks_in_their_order_and_last_what_they_answer_besides() -> None:
    async def sign_in(context: checks.CheckContext) -> SignInResult[None]:
        return SignInResult(())

    async def answers(context: checks.CheckContext, state: None) -> checks.Result:
        return checks.Result(())

    ordered = Checks(SignIn(("host", "key"), sign_in), (Check("one", answers, also=("three",)), Check("two", answers)))
    assert ordered.codes == ("host", "key", "one", "two", "three")
