"""Mirakl's checks. Operations and roles: Mirakl's published seller API description.

The answer's status decides. Bodies of errors are undocumented, so they are never read.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from babel.core import get_global

from xtnd_wizard.domain.findings import Account, Finding, failed, not_applicable, passed
from xtnd_wizard.outbound import Answer, CallFailed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.systems.checks import Checks, Opening, Probe, Result

_PC01 = "/api/platform/configuration"
_A01 = "/api/account"
_V01 = "/api/version"
_MARKS = frozenset(("platform_name", "tenant_name", "timezone", "modules", "features", "platform_configuration"))
"""Names in PC01's answer. Each is optional; an answer with none of them is not Mirakl's."""


_NOT_WITHIN_REACH = (ProblemCode.KEY_LACKS_PERMISSION, ProblemCode.WRONG_PATH_OR_PRODUCT)
_NOT_THE_HOST = (ProblemCode.NOT_AN_API, ProblemCode.WRONG_PATH_OR_PRODUCT, ProblemCode.REDIRECTED)
_STATES = ("OPEN", "CLOSE", "CLOSED", "SUSPENDED", "TERMINATED")


async def _ask(
    probe: Probe, path: str, key: Secret, params: Mapping[str, str] | None = None, *, retry: bool = True
) -> Answer:
    """One call with the key in the header as it is, without "Bearer"."""
    return await probe.get(path, params=params, secret_headers={"authorization": key}, retry=retry)


async def _ask_of_shop(
    probe: Probe, path: str, params: Mapping[str, str] | None = None, *, retry: bool = True
) -> Answer:
    """One call about the shop that was chosen, or the login's own where none was."""
    shop_id = probe.credentials.text("shop_id")
    chosen = {"shop_id": shop_id} if shop_id else {}
    return await _ask(probe, path, probe.credentials.secret("access_token"), {**chosen, **(params or {})}, retry=retry)


async def opening(probe: Probe) -> Opening:
    """PC01: needs the key and the Shop Administration role, and has no published call ceiling."""
    try:
        answer = await _ask(probe, _PC01, probe.credentials.secret("access_token"))
        told = answer.json()
    except CallFailed as failure:
        return Opening(await _refused(probe, failure))
    if not isinstance(told, dict) or not _MARKS & told.keys():
        return Opening((failed("recognise", ProblemCode.NOT_AN_API, _said("PC01", answer)),))
    detail = _said("PC01", answer)
    platform = _text(told.get("platform_name")) or _text(told.get("tenant_name"))
    return Opening(
        (passed("recognise", detail, platform=platform), passed("key", detail), passed("role", detail)),
        {"multi_shipment": _multi_shipment(told)},
    )


async def _refused(probe: Probe, failure: CallFailed) -> tuple[Finding, ...]:
    """What failed, after what the same answer proves.

    By Mirakl's own list of statuses, 403 says that the key is known and its user lacks the role. 401 comes
    from many a server that is not Mirakl's, so it proves nothing.
    """
    detail = f"PC01: {failure.detail}"
    if failure.code is ProblemCode.KEY_LACKS_PERMISSION:
        role = failed("role", failure.code, detail, **failure.facts)
        return passed("recognise", detail), passed("key", detail), role
    if failure.code is ProblemCode.WRONG_PATH_OR_PRODUCT:
        detail += f"; V01: {await _version(probe)}"
    check = "key" if failure.code is ProblemCode.KEY_REJECTED else "recognise"
    return (failed(check, failure.code, detail, **failure.facts),)


async def _version(probe: Probe) -> str:
    """V01, asked without the key: its status tells support whether any Mirakl answers at this host."""
    try:
        return f"HTTP {(await probe.get(_V01)).status}"
    except CallFailed as failure:
        return failure.detail


def _multi_shipment(told: Mapping[str, Any]) -> bool:
    features = told.get("features")
    shipment = features.get("shipment") if isinstance(features, dict) else None
    return isinstance(shipment, dict) and shipment.get("multi_shipment") is True


def _of_rest(probe: Probe, check: str, operation: str, failure: CallFailed) -> Result:
    """A failure after the opening: host and key are right by then, so neither can be the guilty one."""
    code, detail = failure.code, f"{operation}: {failure.detail}"
    if probe.credentials.text("shop_id") and code in _NOT_WITHIN_REACH:
        shop = probe.credentials.text("shop_id")
        return Result((failed(check, ProblemCode.SHOP_OUT_OF_REACH, detail, shop=shop),))
    if code in (ProblemCode.KEY_LACKS_PERMISSION, ProblemCode.KEY_REJECTED):
        code = ProblemCode.PERMISSION_MISSING
    elif code in _NOT_THE_HOST:
        code = ProblemCode.ANSWER_UNREADABLE
    return Result((failed(check, code, detail, **failure.facts),))


async def _may_read(probe: Probe, check: str, operation: str, path: str, limit: Mapping[str, str]) -> Result:
    try:
        answer = await _ask_of_shop(probe, path, limit)
        if not isinstance(answer.json(), dict):
            raise CallFailed(ProblemCode.NOT_AN_API, "not an object", key_sent=True)
    except CallFailed as failure:
        return _of_rest(probe, check, operation, failure)
    return Result((passed(check, _said(operation, answer)),))


async def orders(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """OR11."""
    return await _may_read(probe, "orders", "OR11", "/api/orders", {"max": "1"})


async def offers(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """OF21."""
    return await _may_read(probe, "offers", "OF21", "/api/offers", {"max": "1"})


async def shipments(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """ST11, which exists only where PC01 says that an order may ship in several parcels."""
    if not facts.get("multi_shipment"):
        return Result((not_applicable("shipments", "PC01: multi_shipment is off"),))
    return await _may_read(probe, "shipments", "ST11", "/api/shipments", {"limit": "1"})


async def account(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """A01: at most once a day per key, so its answer is kept."""

    async def ask() -> Account:
        return _account((await _ask_of_shop(probe, _A01, retry=False)).json())

    try:
        found = await probe.once_a_day("A01", ("access_token", "shop_id"), ask)
    except CallFailed as failure:
        return _of_rest(probe, "account", "A01", failure)
    return Result((passed("account", "A01"), _shop(found, probe.credentials.text("shop_id"))), found)


def _account(told: Any) -> Account:
    """Six values out of A01's answer. The rest, bank details among it, goes no further than here."""
    if not isinstance(told, dict) or not _text(told.get("shop_id")):
        raise CallFailed(ProblemCode.NOT_AN_API, "no shop_id in the answer", key_sent=True)
    contact = told.get("contact_informations")
    channels = told.get("channels")
    return Account(
        id=_text(told["shop_id"]),
        name=_text(told.get("shop_name")) or _text(told["shop_id"]),
        state=_text(told.get("shop_state")).upper(),
        currency=_text(told.get("currency_iso_code")),
        country=_country(told.get("shipping_country"))
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
    said = f"A01: {found.state if found.state in _STATES else 'another state'}"
    if found.state == "SUSPENDED":
        return failed("shop", ProblemCode.ACCOUNT_SUSPENDED, said, **facts)
    if found.state in ("CLOSE", "CLOSED", "TERMINATED"):
        return failed("shop", ProblemCode.ACCOUNT_CLOSED, said, **facts)
    return passed("shop", said, **facts)


async def control(probe: Probe, facts: Mapping[str, Any]) -> Result:
    """The negative control: a key that nobody ever made has to be refused."""
    try:
        answer = await _ask(probe, _PC01, Secret(str(uuid.uuid4())))
    except CallFailed as failure:
        detail = f"PC01, made-up key: {failure.detail}"
        if failure.code in (ProblemCode.KEY_REJECTED, ProblemCode.KEY_LACKS_PERMISSION):
            return Result((passed("control", detail),))
        waits = failure.code is ProblemCode.RATE_LIMITED
        code = failure.code if waits else ProblemCode.CONTROL_INCONCLUSIVE
        return Result((failed("control", code, detail, **failure.facts),))
    detail = _said("PC01, made-up key", answer)
    return Result((failed("control", ProblemCode.ENDPOINT_DOES_NOT_CHECK_KEYS, detail),))


def _said(operation: str, answer: Answer) -> str:
    return f"{operation}: {answer.said}"


def _text(value: object) -> str:
    """A short text or number as text; anything else, and anything long, is not what we asked for."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()[:120]


CHECKS = Checks(
    opening=opening,
    opening_codes=("recognise", "key", "role"),
    rest={
        "orders": orders,
        "offers": offers,
        "shipments": shipments,
        "account": account,
        "control": control,
    },
    shown=("recognise", "key", "role", "orders", "offers", "shipments", "account", "control", "shop"),
)
