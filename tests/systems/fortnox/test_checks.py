"""Every row of the error table, as the sandbox company plays it over real HTTP."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.systems.messages import checked_in_another_script
from tests.systems.mocked import checked
from tests.systems.verifying import Checked
from xtnd_wizard.domain.findings import Outcome
from xtnd_wizard.systems.contract import Scenario, System
from xtnd_wizard.systems.fortnox import SYSTEM
from xtnd_wizard.systems.fortnox.sandbox import WORKS

SCENARIOS = {scenario.code: scenario for scenario in SYSTEM.sandbox.scenarios}
FILLED_IN = [scenario for scenario in SYSTEM.sandbox.scenarios if "access_token" in scenario.values]
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
    assert set(SYSTEM.checks.shown) <= result.findings.keys()
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


@pytest.mark.parametrize(
    ("code", "problems", "calls"),
    [
        ("withdrawn", {"key": "consent_lost"}, 1),
        ("unknown_token", {"key": "consent_lost"}, 1),
        ("expired", {"key": "consent_lost"}, 1),
        ("no_api_licence", {"licence": "licence_missing"}, 1),
        ("no_licence", {"supplier_invoices": "licence_missing"}, 6),
        ("no_scope", {"vouchers": "permission_missing"}, 6),
        ("rate_limited", {"recognise": "rate_limited"}, 1),
        ("down", {"recognise": "upstream_down"}, 1),
    ],
)
def test_a_refusal_is_told_apart_and_never_repeated(code: str, problems: dict[str, str], calls: int) -> None:
    result = played(code)
    assert result.problems == problems
    assert len(result.requests) == calls


@pytest.mark.parametrize(
    ("code", "proven"),
    [
        *((code, {"recognise"}) for code in ("withdrawn", "unknown_token", "expired")),
        ("no_api_licence", {"recognise", "key"}),
        *((code, set[str]()) for code in ("rate_limited", "down")),
    ],
)
def test_a_refused_first_question_shows_what_it_proves_and_no_more(code: str, proven: set[str]) -> None:
    result = played(code)
    assert set(result.findings) == {"address", "secure"} | proven | result.problems.keys()
    assert {result.findings[check].outcome for check in proven} <= {Outcome.PASSED}


@pytest.mark.parametrize("answer", [(400, 2000663), (403, 2000663), (403, 0)])
def test_a_missing_scope_shows_that_the_approval_holds_and_nothing_of_the_licence(answer: tuple[int, int]) -> None:
    status, number = answer
    result = answering(companyinformation=error(status, information(number) if number else {}))
    assert result.problems == {"company": "permission_missing"}
    assert set(result.findings) == {"address", "secure", "recognise", "key", "company"}


@pytest.mark.parametrize("check", LISTS)
def test_a_missing_scope_is_told_by_its_code_although_the_status_is_400(check: str) -> None:
    """As Fortnox sends it: HTTP 400 with code 2000663."""
    result = answering(**{LISTS[check].removeprefix("/3/"): error(400, information(2000663))})
    assert result.problems == {check: "permission_missing"}


@pytest.mark.parametrize("status", [400, 401, 403])
def test_the_code_for_not_authenticated_is_a_lost_approval(status: int) -> None:
    result = answering(companyinformation=error(status, information(2003275)))
    assert result.problems == {"key": "consent_lost"}
    assert result.findings["key"].detail.endswith(", code 2003275")
    assert result.findings["recognise"].outcome is Outcome.PASSED
    assert answering(orders=error(status, information(2003275))).problems == {"orders": "permission_missing"}


LESS_TOLD: dict[str, dict[str, str]] = {}
"""The scenarios whose verdict is a weaker one where no message can be read: the numbers decide, so there are none."""


@pytest.mark.parametrize("scenario", FILLED_IN, ids=lambda scenario: scenario.code)
def test_no_verdict_hangs_on_a_message(scenario: Scenario) -> None:
    result, plain = checked_in_another_script(SYSTEM, scenario), played(scenario.code)
    assert result.problems == LESS_TOLD.get(scenario.code, plain.problems)
    assert result.findings.keys() == plain.findings.keys()
    assert result.account == plain.account


def test_every_scenario_with_values_has_its_row() -> None:
    assert {scenario.code for scenario in FILLED_IN} == SCENARIOS.keys() - {"approve"}


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


@pytest.mark.parametrize("scenario", FILLED_IN, ids=lambda scenario: scenario.code)
def test_no_token_is_in_what_is_said(scenario: Scenario) -> None:
    said = repr(checked(SYSTEM, scenario).events)
    assert scenario.values["access_token"] not in said
    assert scenario.values["refresh_token"] not in said


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize(
    ("number", "check", "problem"),
    [
        (2000310, "key", "consent_lost"),
        (2000311, "key", "consent_lost"),
        (2003275, "key", "consent_lost"),
        (2001103, "licence", "licence_missing"),
        (2001101, "licence", "licence_missing"),
        (2000663, "company", "permission_missing"),
    ],
)
def test_the_code_comes_before_the_status_however_it_is_spelled(
    status: int, small: bool, number: int, check: str, problem: str
) -> None:
    for code in (number, str(number)):
        result = answering(companyinformation=error(status, information(code, small=small)))
        assert result.problems == {check: problem}


@pytest.mark.parametrize("body", [None, {}, [], {"message": "unauthorized"}, information("x"), information(True)])
def test_a_401_is_a_lost_approval_whatever_comes_with_it(body: object) -> None:
    assert answering(companyinformation=error(401, body)).problems == {"key": "consent_lost"}
    assert answering(companyinformation=lambda: Response(status_code=401)).problems == {"key": "consent_lost"}


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (error(200, {}), "not_an_api"),
        (error(200, []), "not_an_api"),
        (error(200, {"CompanyInformation": "x"}), "not_an_api"),
        (lambda: HTMLResponse("<h1>Underhåll</h1>"), "not_an_api"),
        (lambda: HTMLResponse("<h1>Nej</h1>", 403), "not_an_api"),
        (error(400, information(2000999)), "not_an_api"),
    ],
)
def test_an_answer_that_is_not_fortnoxs_says_nothing_about_the_approval(
    answer: Callable[[], Response], problem: str
) -> None:
    assert answering(companyinformation=answer).problems == {"recognise": problem}


def test_a_company_without_a_number_can_not_be_told_apart() -> None:
    result = answering(companyinformation=error(200, {"companyinformation": {"companyname": "Bokbinderiet"}}))
    assert result.problems == {"company": "answer_unreadable"}
    assert result.account is None


@pytest.mark.parametrize("check", LISTS)
@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (error(403, information(2001101)), "licence_missing"),
        (error(403, information(2001103)), "licence_missing"),
        (error(400, information("2000663", small=True)), "permission_missing"),
        (error(200, information(2000663)), "permission_missing"),
        (error(401, {}), "permission_missing"),
        (error(401, information(2000311)), "permission_missing"),
        (error(403, {}), "permission_missing"),
        (error(404, information(2000423)), "answer_unreadable"),
        (error(400, information(2000999)), "answer_unreadable"),
        (error(200, []), "answer_unreadable"),
        (error(429, {}), "rate_limited"),
        (lambda: Response(status_code=500), "upstream_down"),
    ],
)
def test_after_the_opening_neither_host_nor_approval_is_blamed(
    check: str, answer: Callable[[], Response], problem: str
) -> None:
    result = answering(**{LISTS[check].removeprefix("/3/"): answer})
    assert result.problems == {check: problem}
    assert result.findings[check].facts["permission"]
    assert result.account is not None
