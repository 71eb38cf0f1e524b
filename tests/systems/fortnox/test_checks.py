"""Every row of the error table, as the sandbox company plays it over real HTTP."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.systems.mocked import checked
from tests.systems.verifying import Checked
from xtnd_wizard.domain.findings import Outcome
from xtnd_wizard.systems.contract import System
from xtnd_wizard.systems.fortnox import SYSTEM
from xtnd_wizard.systems.fortnox.sandbox import WORKS

SCENARIOS = {scenario.code: scenario for scenario in SYSTEM.sandbox.scenarios}
COMPANY = "/3/companyinformation"
LISTS = {
    "orders": "/3/orders",
    "invoices": "/3/invoices",
    "articles": "/3/articles",
    "supplier_invoices": "/3/supplierinvoices",
    "vouchers": "/3/vouchers",
}


def played(code: str, **changed: str) -> Checked:
    return checked(SYSTEM, SCENARIOS[code], **changed)


def answering(**answers: Callable[[], Response]) -> Checked:
    """The checks against a company whose answers are given by resource; the others are as they should be."""

    async def resource(request: Request) -> Response:
        name = request.path_params["resource"]
        if name in answers:
            return answers[name]()
        result = {"CompanyName": WORKS.name, "DatabaseNumber": WORKS.number}
        return JSONResponse({"CompanyInformation": result} if name == "companyinformation" else {"MetaInformation": {}})

    app = Starlette(routes=[Route("/3/{resource}", resource)])
    system: System = replace(SYSTEM, sandbox=replace(SYSTEM.sandbox, app=lambda: app))
    return checked(system, SCENARIOS["works"])


def error(status: int, content: Any) -> Callable[[], Response]:
    return lambda: JSONResponse(content, status)


def information(code: object, *, small: bool = False) -> dict[str, Any]:
    parts = {"Error": 1, "Message": "Något", "Code": code}
    return {"ErrorInformation": {name.lower() if small else name: part for name, part in parts.items()}}


def test_an_approved_company_passes_every_check_and_is_named() -> None:
    result = played("works")
    assert result.problems == {}
    assert set(SYSTEM.checks.codes) <= result.findings.keys()
    assert result.account is not None
    assert (result.account.id, result.account.name) == (str(WORKS.number), WORKS.name)


def test_the_first_call_is_alone_and_every_call_only_reads() -> None:
    requests = played("works").requests
    assert requests[0].path == COMPANY
    assert sorted(call.path for call in requests[1:]) == sorted(LISTS.values())
    assert {call.method for call in requests} == {"GET"}
    assert {call.query for call in requests[1:]} == {"limit=1"}
    token = SCENARIOS["works"].values["access_token"]
    assert {call.headers["authorization"] for call in requests} == {f"Bearer {token}"}


@pytest.mark.parametrize("answer", [(400, 2000663), (403, 2000663), (403, 0)])
def test_a_missing_scope_shows_that_the_approval_holds_and_nothing_of_the_licence(answer: tuple[int, int]) -> None:
    status, number = answer
    result = answering(companyinformation=error(status, information(number) if number else {}))
    assert result.problems == {"company": "permission_missing"}
    assert set(result.findings) == {"address", "secure", "recognise", "key", "company"}


@pytest.mark.parametrize("status", [400, 401, 403])
def test_the_code_for_not_authenticated_is_a_lost_approval(status: int) -> None:
    result = answering(companyinformation=error(status, information(2003275)))
    assert result.problems == {"key": "consent_lost"}
    assert result.findings["key"].detail.endswith(", code 2003275")
    assert result.findings["recognise"].outcome is Outcome.PASSED
    assert answering(orders=error(status, information(2003275))).problems == {"orders": "permission_missing"}


@pytest.mark.parametrize(
    ("code", "number"), [("withdrawn", 2000311), ("unknown_token", 2000310), ("no_scope", 2000663)]
)
def test_fortnoxs_own_code_is_kept_for_support(code: str, number: int) -> None:
    (found,) = (found for found in played(code).findings.values() if found.problem_code)
    assert found.detail.endswith(f", code {number}")


@pytest.mark.parametrize(
    ("code", "word", "scope"),
    [
        ("no_api_licence", "Integration", "api"),
        ("no_licence", "Leverantörsfaktura", "supplierinvoice"),
        ("no_scope", "Bokföring", "bookkeeping"),
    ],
)
def test_a_missing_part_has_the_word_that_fortnox_shows_and_support_its_own(code: str, word: str, scope: str) -> None:
    (found,) = (found for found in played(code).findings.values() if found.problem_code)
    assert found.facts["permission"] == word
    assert f"(scope {scope})" in found.detail


def test_a_company_without_a_number_can_not_be_told_apart() -> None:
    result = answering(companyinformation=error(200, {"companyinformation": {"companyname": "Bokbinderiet"}}))
    assert result.problems == {"company": "answer_unreadable"}
    assert result.account is None


@pytest.mark.parametrize("check", LISTS)
def test_a_list_that_is_refused_names_the_permission_it_needs(check: str) -> None:
    result = answering(**{LISTS[check].removeprefix("/3/"): error(403, {})})
    assert result.problems == {check: "permission_missing"}
    assert result.findings[check].facts["permission"]
    assert result.account is not None
