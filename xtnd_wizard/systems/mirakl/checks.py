"""Mirakl's checks. Operations and roles: Mirakl's published seller API description.

The answer's status decides. Bodies of errors are undocumented, so they are never read.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from babel.core import get_global

from xtnd_wizard.domain.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.checks import Check, CheckContext, Checks, Result, SignIn, SignInResult
from xtnd_wizard.systems.common_checks import (
    all_passed,
    describe,
    explain,
    may_read,
    negative_control,
    object_in,
    short_text,
    unexpected_answer,
)
from xtnd_wizard.systems.mirakl.problems import ACCOUNT_SUSPENDED, OTHER_ACCOUNT, SHOP_OUT_OF_REACH

_PC01 = "/api/platform/configuration"
_A01 = "/api/account"
_V01 = "/api/version"
_MARKS = frozenset(("platform_name", "tenant_name", "timezone", "modules", "features", "platform_configuration"))
"""Names in PC01's answer. Each is optional; an answer with none of them is not Mirakl's."""
_NOT_WITHIN_REACH = (ProblemCode.KEY_LACKS_PERMISSION, ProblemCode.WRONG_PATH_OR_PRODUCT)
_REFUSES_KEYS = (ProblemCode.KEY_REJECTED, ProblemCode.KEY_LACKS_PERMISSION)
_STATES: Mapping[str, str | None] = {
    "OPEN": None,
    "SUSPENDED": ACCOUNT_SUSPENDED.code,
    **dict.fromkeys(("CLOSE", "CLOSED", "TERMINATED"), ProblemCode.ACCOUNT_CLOSED),
}
"""The states of a shop, and the problem behind each."""


@dataclass(frozen=True)
class Platform:
    """What the marketplace is set up for."""

    multi_shipment: bool
    """Whether an order may ship in several parcels."""


async def _ask(
    context: CheckContext,
    path: str,
    params: Mapping[str, str] | None = None,
    *,
    key: Secret | None = None,
    retry: bool = True,
) -> Response:
    """One call with the key in the header as it is, without "Bearer"."""
    header = {"authorization": key or context.credentials.secret("access_token")}
    return await context.get(path, params=params, secret_headers=header, retry=retry)


async def _ask_of_shop(
    context: CheckContext, path: str, params: Mapping[str, str] | None = None, *, retry: bool = True
) -> Response:
    """One call about the shop that was chosen, or the login's own where none was."""
    shop_id = context.credentials.text("shop_id")
    selected = {"shop_id": shop_id} if shop_id else {}
    return await _ask(context, path, {**selected, **(params or {})}, retry=retry)


async def sign_in(context: CheckContext) -> SignInResult[Platform]:
    """PC01: needs the key and the Shop Administration role, and has no published call ceiling."""
    try:
        answer = await _ask(context, _PC01)
        payload = answer.json()
    except RequestFailed as failure:
        return SignInResult(await _refused(context, failure))
    detail = describe("PC01", answer)
    if not isinstance(payload, dict) or not _MARKS & payload.keys():
        return SignInResult((failed("recognise", ProblemCode.NOT_AN_API, detail),))
    platform = short_text(payload.get("platform_name")) or short_text(payload.get("tenant_name"))
    shipment = object_in(payload, "features", "shipment")
    return SignInResult(
        (passed("recognise", detail, platform=platform), *all_passed(("key", "role"), detail)),
        Platform(shipment.get("multi_shipment") is True),
    )


async def _refused(context: CheckContext, failure: RequestFailed) -> tuple[Finding, ...]:
    """What failed, after what the same answer proves.

    By Mirakl's own list of statuses, 403 says that the key is known and its user lacks the role. 401 comes
    from many a server that is not Mirakl's, so it proves nothing.
    """
    detail = f"PC01: {failure.detail}"
    if failure.code is ProblemCode.KEY_LACKS_PERMISSION:
        role = failed("role", failure.code, detail, **failure.facts)
        return *all_passed(("recognise", "key"), detail), role
    if failure.code is ProblemCode.WRONG_PATH_OR_PRODUCT:
        detail += f"; V01: {await _version(context)}"
    check = "key" if failure.code is ProblemCode.KEY_REJECTED else "recognise"
    return (failed(check, failure.code, detail, **failure.facts),)


async def _version(context: CheckContext) -> str:
    """V01, asked without the key: its status tells support whether any Mirakl answers at this host."""
    try:
        return f"HTTP {(await context.get(_V01)).status}"
    except RequestFailed as failure:
        return failure.detail


def _explain(context: CheckContext, check: str, operation: str, failure: RequestFailed) -> Finding:
    """A failure after the sign-in. Where a shop was chosen, it may be one that the key does not reach."""
    shop = context.credentials.text("shop_id")
    if shop and failure.code in _NOT_WITHIN_REACH:
        return failed(check, SHOP_OUT_OF_REACH.code, f"{operation}: {failure.detail}", shop=shop)
    return explain(check, operation, failure)


def _reads(check: str, operation: str, path: str, limit: str, *, of_parcels: bool = False) -> Check[Platform]:
    """One row of a list. Shipments are listed only where an order may ship in several parcels."""

    async def ask(context: CheckContext) -> Response:
        answer = await _ask_of_shop(context, path, {limit: "1"})
        if not isinstance(answer.json(), dict):
            raise unexpected_answer(answer, "not an object")
        return answer

    async def run(context: CheckContext, platform: Platform) -> Finding:
        if of_parcels and not platform.multi_shipment:
            return not_applicable(check, "PC01: multi_shipment is off")
        return await may_read(check, operation, ask(context), partial(_explain, context))

    return Check(check, run)


async def account(context: CheckContext, platform: Platform) -> Finding | Result:
    """A01: at most once a day per key, so its answer is kept."""

    async def ask() -> Account:
        return _account(await _ask_of_shop(context, _A01, retry=False))

    try:
        found = await context.cached("A01", ("access_token", "shop_id"), ask)
    except RequestFailed as failure:
        return _explain(context, "account", "A01", failure)
    return Result((passed("account", "A01"), _shop(found, context.credentials.text("shop_id"))), found)


def _account(answer: Response) -> Account:
    """Six values out of A01's answer. The rest, bank details among it, goes no further than here."""
    payload: Any = answer.json()
    if not isinstance(payload, dict) or not short_text(payload.get("shop_id")):
        raise unexpected_answer(answer, "no shop_id")
    channels = payload.get("channels")
    return Account(
        id=short_text(payload["shop_id"]),
        name=short_text(payload.get("shop_name")) or short_text(payload["shop_id"]),
        state=short_text(payload.get("shop_state")).upper(),
        currency=short_text(payload.get("currency_iso_code")),
        country=_country(payload.get("shipping_country"))
        or _country(object_in(payload, "contact_informations").get("country")),
        channels=tuple(filter(None, map(short_text, channels))) if isinstance(channels, list) else (),
    )


def _country(code: object) -> str:
    """A country by its two letters, where Mirakl's three stand for one; else the text as it came."""
    text = short_text(code)
    names = get_global("territory_aliases").get(text.upper(), []) if len(text) == 3 else []
    return str(names[0]) if len(names) == 1 else text


def _shop(found: Account, asked_for: str) -> Finding:
    facts = {"shop": found.name, "shop_id": found.id, "as_of": found.as_of}
    if asked_for and found.id != asked_for:
        return failed("shop", OTHER_ACCOUNT.code, "A01: another shop_id", **facts)
    detail = f"A01: {found.state if found.state in _STATES else 'another state'}"
    problem = _STATES.get(found.state)
    return failed("shop", problem, detail, **facts) if problem else passed("shop", detail, **facts)


async def control(context: CheckContext, platform: Platform) -> Finding:
    """A made-up key has to be refused."""
    asked = _ask(context, _PC01, key=Secret(str(uuid.uuid4())))
    return await negative_control("PC01, made-up key", asked, lambda failure: failure.code in _REFUSES_KEYS)


CHECKS = Checks(
    SignIn(("recognise", "key", "role"), sign_in),
    (
        _reads("orders", "OR11", "/api/orders", "max"),
        _reads("offers", "OF21", "/api/offers", "max"),
        _reads("shipments", "ST11", "/api/shipments", "limit", of_parcels=True),
        Check("account", account, also=("shop",)),
        Check("control", control),
    ),
)
