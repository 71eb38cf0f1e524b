"""Mirakl's checks. Operations and roles: Mirakl's published seller API description.

The answer's status decides. Bodies of errors are undocumented, so they are never read.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from babel.core import get_global

from xtnd_wizard.domain.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.checks import CheckContext, Checks, Result, SignInResult

_PC01 = "/api/platform/configuration"
_A01 = "/api/account"
_V01 = "/api/version"
_MARKS = frozenset(("platform_name", "tenant_name", "timezone", "modules", "features", "platform_configuration"))
"""Names in PC01's answer. Each is optional; an answer with none of them is not Mirakl's."""


_NOT_WITHIN_REACH = (ProblemCode.KEY_LACKS_PERMISSION, ProblemCode.WRONG_PATH_OR_PRODUCT)
_NOT_THE_HOST = (ProblemCode.NOT_AN_API, ProblemCode.WRONG_PATH_OR_PRODUCT, ProblemCode.REDIRECTED)
_STATES = ("OPEN", "CLOSE", "CLOSED", "SUSPENDED", "TERMINATED")


async def _ask(
    context: CheckContext, path: str, key: Secret, params: Mapping[str, str] | None = None, *, retry: bool = True
) -> Response:
    """One call with the key in the header as it is, without "Bearer"."""
    return await context.get(path, params=params, secret_headers={"authorization": key}, retry=retry)


async def _ask_of_shop(
    context: CheckContext, path: str, params: Mapping[str, str] | None = None, *, retry: bool = True
) -> Response:
    """One call about the shop that was chosen, or the login's own where none was."""
    shop_id = context.credentials.text("shop_id")
    chosen = {"shop_id": shop_id} if shop_id else {}
    return await _ask(
        context, path, context.credentials.secret("access_token"), {**chosen, **(params or {})}, retry=retry
    )


async def sign_in(context: CheckContext) -> SignInResult:
    """PC01: needs the key and the Shop Administration role, and has no published call ceiling."""
    try:
        answer = await _ask(context, _PC01, context.credentials.secret("access_token"))
        payload = answer.json()
    except RequestFailed as failure:
        return SignInResult(await _refused(context, failure))
    if not isinstance(payload, dict) or not _MARKS & payload.keys():
        return SignInResult((failed("recognise", ProblemCode.NOT_AN_API, _summary("PC01", answer)),))
    detail = _summary("PC01", answer)
    platform = _text(payload.get("platform_name")) or _text(payload.get("tenant_name"))
    return SignInResult(
        (passed("recognise", detail, platform=platform), passed("key", detail), passed("role", detail)),
        {"multi_shipment": _multi_shipment(payload)},
    )


async def _refused(context: CheckContext, failure: RequestFailed) -> tuple[Finding, ...]:
    """What failed, after what the same answer proves.

    By Mirakl's own list of statuses, 403 says that the key is known and its user lacks the role. 401 comes
    from many a server that is not Mirakl's, so it proves nothing.
    """
    detail = f"PC01: {failure.detail}"
    if failure.code is ProblemCode.KEY_LACKS_PERMISSION:
        role = failed("role", failure.code, detail, **failure.facts)
        return passed("recognise", detail), passed("key", detail), role
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


def _multi_shipment(payload: Mapping[str, Any]) -> bool:
    features = payload.get("features")
    shipment = features.get("shipment") if isinstance(features, dict) else None
    return isinstance(shipment, dict) and shipment.get("multi_shipment") is True


def _of_rest(context: CheckContext, check: str, operation: str, failure: RequestFailed) -> Result:
    """A failure after the opening: host and key are right by then, so neither can be the guilty one."""
    code, detail = failure.code, f"{operation}: {failure.detail}"
    if context.credentials.text("shop_id") and code in _NOT_WITHIN_REACH:
        shop = context.credentials.text("shop_id")
        return Result((failed(check, ProblemCode.SHOP_OUT_OF_REACH, detail, shop=shop),))
    if code in (ProblemCode.KEY_LACKS_PERMISSION, ProblemCode.KEY_REJECTED):
        code = ProblemCode.PERMISSION_MISSING
    elif code in _NOT_THE_HOST:
        code = ProblemCode.ANSWER_UNREADABLE
    return Result((failed(check, code, detail, **failure.facts),))


async def _may_read(context: CheckContext, check: str, operation: str, path: str, limit: Mapping[str, str]) -> Result:
    try:
        answer = await _ask_of_shop(context, path, limit)
        if not isinstance(answer.json(), dict):
            raise RequestFailed(ProblemCode.NOT_AN_API, "not an object", key_sent=True)
    except RequestFailed as failure:
        return _of_rest(context, check, operation, failure)
    return Result((passed(check, _summary(operation, answer)),))


async def orders(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """OR11."""
    return await _may_read(context, "orders", "OR11", "/api/orders", {"max": "1"})


async def offers(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """OF21."""
    return await _may_read(context, "offers", "OF21", "/api/offers", {"max": "1"})


async def shipments(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """ST11, which exists only where PC01 says that an order may ship in several parcels."""
    if not facts.get("multi_shipment"):
        return Result((not_applicable("shipments", "PC01: multi_shipment is off"),))
    return await _may_read(context, "shipments", "ST11", "/api/shipments", {"limit": "1"})


async def account(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """A01: at most once a day per key, so its answer is kept."""

    async def ask() -> Account:
        return _account((await _ask_of_shop(context, _A01, retry=False)).json())

    try:
        found = await context.cached("A01", ("access_token", "shop_id"), ask)
    except RequestFailed as failure:
        return _of_rest(context, "account", "A01", failure)
    return Result((passed("account", "A01"), _shop(found, context.credentials.text("shop_id"))), found)


def _account(payload: Any) -> Account:
    """Six values out of A01's answer. The rest, bank details among it, goes no further than here."""
    if not isinstance(payload, dict) or not _text(payload.get("shop_id")):
        raise RequestFailed(ProblemCode.NOT_AN_API, "no shop_id in the answer", key_sent=True)
    contact = payload.get("contact_informations")
    channels = payload.get("channels")
    return Account(
        id=_text(payload["shop_id"]),
        name=_text(payload.get("shop_name")) or _text(payload["shop_id"]),
        state=_text(payload.get("shop_state")).upper(),
        currency=_text(payload.get("currency_iso_code")),
        country=_country(payload.get("shipping_country"))
        or _country(contact.get("country") if isinstance(contact, dict) else ""),
        channels=tuple(filter(None, map(_text, channels))) if isinstance(channels, list) else (),
    )


def _country(code: object) -> str:
    """A country by its two letters, where Mirakl's three stand for one; else the text as it came."""
    text = _text(code)
    names = get_global("territory_aliases").get(text.upper(), []) if len(text) == 3 else []
    return str(names[0]) if len(names) == 1 else text


def _shop(found: Account, asked_for: str) -> Finding:
    facts = {"shop": found.name, "shop_id": found.id, "as_of": found.as_of}
    if asked_for and found.id != asked_for:
        return failed("shop", ProblemCode.OTHER_ACCOUNT, "A01: another shop_id", **facts)
    summary = f"A01: {found.state if found.state in _STATES else 'another state'}"
    if found.state == "SUSPENDED":
        return failed("shop", ProblemCode.ACCOUNT_SUSPENDED, summary, **facts)
    if found.state in ("CLOSE", "CLOSED", "TERMINATED"):
        return failed("shop", ProblemCode.ACCOUNT_CLOSED, summary, **facts)
    return passed("shop", summary, **facts)


async def control(context: CheckContext, facts: Mapping[str, Any]) -> Result:
    """The negative control: a key that nobody ever made has to be refused."""
    try:
        answer = await _ask(context, _PC01, Secret(str(uuid.uuid4())))
    except RequestFailed as failure:
        detail = f"PC01, made-up key: {failure.detail}"
        if failure.code in (ProblemCode.KEY_REJECTED, ProblemCode.KEY_LACKS_PERMISSION):
            return Result((passed("control", detail),))
        waits = failure.code is ProblemCode.RATE_LIMITED
        code = failure.code if waits else ProblemCode.CONTROL_INCONCLUSIVE
        return Result((failed("control", code, detail, **failure.facts),))
    detail = _summary("PC01, made-up key", answer)
    return Result((failed("control", ProblemCode.ENDPOINT_DOES_NOT_CHECK_KEYS, detail),))


def _summary(operation: str, answer: Response) -> str:
    return f"{operation}: {answer.summary}"


def _text(value: object) -> str:
    """A short text or number as text; anything else, and anything long, is not what we asked for."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()[:120]


CHECKS = Checks(
    sign_in=sign_in,
    sign_in_codes=("recognise", "key", "role"),
    parallel={
        "orders": orders,
        "offers": offers,
        "shipments": shipments,
        "account": account,
        "control": control,
    },
    shown=("recognise", "key", "role", "orders", "offers", "shipments", "account", "control", "shop"),
)
