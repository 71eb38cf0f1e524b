"""A sandbox company: answers like Fortnox's consent page, token endpoint and API.

An access token says by itself whose it is, as Fortnox's do. What was used once is remembered while the
process runs.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.settings import OAuthClient
from xtnd_wizard.systems.back_office import KEY, NEW_KEY, Account, Change
from xtnd_wizard.systems.contract import VISITOR, Sandbox
from xtnd_wizard.systems.fortnox.fields import tenant_in
from xtnd_wizard.systems.fortnox.sandbox_office import ADMINISTRATOR, RENEWAL, back_office, missing_licences
from xtnd_wizard.systems.fortnox.sandbox_page import Choice, front_page, language_of, page_of
from xtnd_wizard.systems.sandbox_kit import Used
from xtnd_wizard.systems.stories import SMOOTH, Scenario, Story

SANDBOX_HOST = "bokbinderiet.test"
_CLIENT_ID, _CLIENT_SECRET = "Praktik40Xtnd", "Praktik-40"  # the sandbox's own, and no secret to anybody
SANDBOX_CLIENT = OAuthClient(_CLIENT_ID, Secret(_CLIENT_SECRET))
_BASIC = "Basic " + base64.b64encode(f"{_CLIENT_ID}:{_CLIENT_SECRET}".encode()).decode()


@dataclass(frozen=True)
class Company:
    """A sandbox company, and how Fortnox treats its tokens."""

    number: int
    name: str
    answers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Status and code of the refusal, by resource; `*` for all of them."""
    limited: bool = False
    falls: bool = False
    odd_spelling: bool = False
    """Errors with small letters and a code in quotes, which is seen as well."""
    mark: str = ""
    """What the one approval has that is good by now; anybody's where nothing is said."""


WORKS = Company(1180042, "Bokbinderiet i Gränna AB")
WITHDRAWN = Company(1180043, "Pärmfabriken AB", {"*": (401, 2000311)})
EXPIRED = Company(1180044, "Guldsnittet AB", {"*": (401, 0)})
NO_API_LICENCE = Company(1180045, "Häftklammern AB", {"*": (403, 2001103)})
NO_LICENCE = Company(1180046, "Falsbenet AB", {"supplierinvoices": (403, 2001101)}, odd_spelling=True)
NO_SCOPE = Company(1180047, "Marmorpapper AB", {"vouchers": (400, 2000663)})
LIMITED = Company(1180048, "Bladguldet AB", limited=True)
FALLS = Company(1180049, "Limpennan AB", falls=True)
COMPANIES = {
    company.number: company
    for company in (WORKS, WITHDRAWN, EXPIRED, NO_API_LICENCE, NO_LICENCE, NO_SCOPE, LIMITED, FALLS)
}
_TOO_LATE, _FROM_NOBODY, _DOWN = 1180090, 1180091, 1180092
"""Codes that no tokens are given for: too old, for an unknown registration, and while the host is down."""

_MESSAGES = {
    2000310: "Ogiltig inloggning",
    2000311: "Kan inte logga in, access-token eller client-secret saknas",
    2000663: "Saknar behörighet för scope",
    2001101: "Det finns ingen aktiv licens för önskat scope",
    2001103: "Api-licens saknas",
}
_LISTS = {
    "orders": "Orders",
    "invoices": "Invoices",
    "articles": "Articles",
    "supplierinvoices": "SupplierInvoices",
    "vouchers": "Vouchers",
}


def access_token(number: int, mark: str = "practice") -> str:
    """A token in the shape of Fortnox's, with the company's number in it and no signature worth the name."""
    parts = ({"typ": "JWT", "alg": "none"}, {"tenantId": number, "scope": ["practice"]})
    payload = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join((*payload, mark))


def single_use(number: int) -> str:
    """A code or a refresh token, in the shape of Fortnox's, that says whose it is."""
    return f"{number:08x}{str(uuid4())[8:]}"


def _values(company: Company, token: str = "") -> dict[str, str]:
    return {
        "api_url": SANDBOX_HOST,
        "access_token": token or access_token(company.number),
        "refresh_token": f"{company.number:08x}-4a1e-4f0b-9c52-7d3e8a61b0f4",
        "tenant": str(company.number),
    }


SCENARIOS = (
    Scenario("works", _values(WORKS)),
    Scenario("approve", {"api_url": SANDBOX_HOST}),
    Scenario("withdrawn", _values(WITHDRAWN)),
    Scenario("unknown_token", _values(WORKS, "practice-token-of-nobody")),
    Scenario("expired", _values(EXPIRED)),
    Scenario("no_api_licence", _values(NO_API_LICENCE)),
    Scenario("no_licence", _values(NO_LICENCE)),
    Scenario("no_scope", _values(NO_SCOPE)),
    Scenario("rate_limited", _values(LIMITED)),
    Scenario("down", _values(FALLS)),
)
STORIES = (SMOOTH, Story("wrong_key", "withdrawn"), Story("role", "no_api_licence"))


OFFICE = back_office(SANDBOX_HOST, WORKS.name, access_token, single_use)


def sandbox_app() -> Starlette:
    """The ASGI app of the sandbox host."""
    used = Used()

    async def token(request: Request) -> Response:
        return await _token(request, used)

    return Starlette(
        routes=[
            Route("/oauth-v1/auth", _consent_page),
            Route("/oauth-v1/token", token, methods=["POST"]),
            Route("/3/{resource}", _resource),
            Route("/{path:path}", _front),
        ]
    )


async def _consent_page(request: Request) -> Response:
    """The page on which a company approves. Its links lead back to this wizard and nowhere else."""
    account = OFFICE.accounts.get(request.scope.get(VISITOR, ""), SANDBOX_HOST)
    code = single_use(int(account.values["tenant"])) + account.values["nonce"] if account else single_use(WORKS.number)
    may_approve = account is None or account.has(ADMINISTRATOR)
    choices = (
        Choice("approve", code) if may_approve else Choice("approve", error="access_denied"),
        Choice("decline", error="access_denied"),
        Choice("locked", silent=True),
        Choice("late", single_use(_TOO_LATE)),
        Choice("no_licence", single_use(NO_LICENCE.number)),
        Choice("no_api_licence", single_use(NO_API_LICENCE.number)),
        Choice("another_browser", single_use(WORKS.number), other_state=True),
        Choice("unknown_app", single_use(_FROM_NOBODY)),
        Choice("down", single_use(_DOWN)),
    )
    page, status = page_of(request.query_params, _language(request), _CLIENT_ID, choices)
    return HTMLResponse(page, status, headers={"cache-control": "no-store"})


def _language(request: Request) -> str:
    return language_of(request.headers.get("accept-language", ""))


async def _token(request: Request, used: Used) -> Response:
    if request.headers.get("authorization") != _BASIC:
        return JSONResponse({"error": "invalid_client", "error_description": "Client is invalid"}, 401)
    form = {name: values[0] for name, values in parse_qs((await request.body()).decode("latin-1")).items()}
    grant = form.get("grant_type")
    if grant == "authorization_code":
        return _for_code(form.get("code", ""), used)
    if grant == "refresh_token":
        return _for_refresh_token(form.get("refresh_token", ""), used)
    if grant == "client_credentials":
        number = request.headers.get("tenantid", "")
        account = _account(int(number)) if number.isdigit() else None
        if account and account.has(KEY):
            return _given_to(account)
        known = number.isdigit() and int(number) in COMPANIES and int(number) != WITHDRAWN.number
        return _given(int(number), refresh=False) if known else _no_grant("Tenant has not approved the client")
    return JSONResponse({"error": "unsupported_grant_type"}, 400)


def _for_code(code: str, used: Used) -> Response:
    number = _number_in(code)
    known = _account(number)
    if known and code.endswith(known.values["nonce"]) and used.first_time(code):
        return _given_to(OFFICE.change(known.visitor, known.host, NEW_KEY))
    if number == _FROM_NOBODY:
        return JSONResponse({"error": "invalid_client", "error_description": "Client is invalid"}, 401)
    if number == _DOWN:
        return Response(status_code=503)
    if number not in COMPANIES or not used.first_time(code):
        return _no_grant("Auth code or ClientID supplied is invalid")
    return _given(number)


def _for_refresh_token(token: str, used: Used) -> Response:
    number = _number_in(token)
    known = _account(number)
    if known and known.has(KEY) and known.values["refresh_token"] == token:
        return _given_to(OFFICE.change(known.visitor, known.host, Change(makes=RENEWAL)))
    if number not in COMPANIES or number == WITHDRAWN.number or not used.first_time(token):
        return _no_grant("Invalid refresh token")
    return _given(number)


def _number_in(value: str) -> int:
    try:
        return int(value.partition("-")[0], 16)
    except ValueError:
        return 0


def _no_grant(description: str) -> Response:
    return JSONResponse({"error": "invalid_grant", "error_description": description}, 400)


def _given(number: int, *, refresh: bool = True) -> Response:
    return _tokens(access_token(number), single_use(number) if refresh else "")


def _given_to(account: Account) -> Response:
    """The tokens of an approval that a visitor gave for the company of their own."""
    return _tokens(account.values["access_token"], account.values["refresh_token"])


def _tokens(access: str, refresh: str) -> Response:
    tokens = {"access_token": access, "expires_in": 3600, "token_type": "bearer", "scope": "practice"}
    return JSONResponse({**tokens, **({"refresh_token": refresh} if refresh else {})})


def _account(number: int) -> Account | None:
    return OFFICE.find(SANDBOX_HOST, "tenant", str(number))


def _company(number: int) -> Company | None:
    """The company with this number: one of everybody's, or a visitor's own."""
    account = _account(number)
    if account is None:
        return COMPANIES.get(number)
    if not account.has(KEY):
        return Company(number, WORKS.name, {"*": (401, 2000311)})
    lacking = {place: (403, 2001103 if place == "*" else 2001101) for place in missing_licences(account)}
    return Company(number, WORKS.name, lacking, mark=account.values["mark"])


async def _resource(request: Request) -> Response:
    bearer = request.headers.get("authorization", "")
    if not bearer.startswith("Bearer "):
        return _error(401, 2000311)
    company = _company(int(tenant_in(bearer.removeprefix("Bearer ")) or 0))
    if company is None or (company.mark and not bearer.endswith(f".{company.mark}")):
        return _error(401, 2000310)
    if company.limited:
        return JSONResponse({"message": "Too many requests"}, 429)
    if company.falls:
        return Response(status_code=500)
    resource = request.path_params["resource"]
    status, code = company.answers.get(resource) or company.answers.get("*") or (0, 0)
    if status:
        return _error(status, code, odd=company.odd_spelling)
    if resource == "companyinformation":
        return JSONResponse({"CompanyInformation": _information(company)})
    if resource in _LISTS:
        return JSONResponse({"MetaInformation": {"@TotalResources": 0}, _LISTS[resource]: []})
    return _error(404, 2000423)


def _information(company: Company) -> dict[str, Any]:
    return {
        "Address": "Brahegatan 1",
        "City": "GRÄNNA",
        "CompanyName": company.name,
        "CountryCode": "SE",
        "DatabaseNumber": company.number,
        "OrganizationNumber": "556000-0000",
    }


def _error(status: int, code: int, *, odd: bool = False) -> Response:
    if not code:
        return JSONResponse({"message": "unauthorized"}, status)
    message = _MESSAGES.get(code, "Kan inte hitta det du söker")
    if odd:
        return JSONResponse({"ErrorInformation": {"error": "1", "message": message, "code": str(code)}}, status)
    return JSONResponse({"ErrorInformation": {"Error": 1, "Message": message, "Code": code}}, status)


async def _front(request: Request) -> Response:
    return HTMLResponse(front_page(WORKS.name, _language(request)), 200 if request.url.path == "/" else 404)


SANDBOX = Sandbox(
    frozenset((SANDBOX_HOST,)), sandbox_app, SCENARIOS, pages=("oauth-v1/auth",), stories=STORIES, office=OFFICE
)
