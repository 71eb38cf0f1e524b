"""One question to the Admin API in GraphQL, and what a no looks like: as a status, or inside a 200."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from xtnd_wizard.outbound import Answer, CallFailed, JsonBody
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.systems.checks import Probe
from xtnd_wizard.systems.shopify.version import API_VERSION

_PATH = f"/admin/api/{API_VERSION}/graphql.json"
_LEAST_WAIT, _LONGEST_WAIT = 1, 3600
_STATUSES = {
    402: ProblemCode.ACCOUNT_UNPAID,
    423: ProblemCode.ACCOUNT_LOCKED,
    430: ProblemCode.REFUSED_FOR_SECURITY,
}
"""What Shopify means by these (shopify.dev/docs/api/usage/response-codes)."""
_CODES = {
    "THROTTLED": ProblemCode.RATE_LIMITED,
    "ACCESS_DENIED": ProblemCode.KEY_LACKS_PERMISSION,
    "SHOP_INACTIVE": ProblemCode.ACCOUNT_CLOSED,
    "INTERNAL_SERVER_ERROR": ProblemCode.UPSTREAM_DOWN,
}
"""What Shopify's errors inside a 200 mean, the first that occurs. All others are unknown to us."""


async def ask(probe: Probe, token: Secret, query: str) -> tuple[Mapping[str, Any], str]:
    """The data of an answer, and a word on it for support.

    Questions change nothing, so they may be asked twice. Raises CallFailed for every kind of no.
    """
    try:
        answer = await probe.post(
            _PATH, JsonBody({"query": query}), secret_headers={"x-shopify-access-token": token}, retry=True
        )
        told = answer.json()
    except CallFailed as failure:
        raise as_shopify_means(failure) from None
    detail = said(answer)
    refusal = _inside(told, detail, datetime.now(UTC))
    if refusal:
        raise refusal
    data = told.get("data") if isinstance(told, dict) else None
    if not isinstance(data, dict):
        raise CallFailed(ProblemCode.NOT_AN_API, f"{detail}, no data", key_sent=True)
    return data, detail


def said(answer: Answer) -> str:
    """An answer in a few words."""
    return answer.said


def as_shopify_means(failure: CallFailed) -> CallFailed:
    """A refusal by status, by Shopify's own list of statuses."""
    facts: dict[str, Any] = dict(failure.facts)
    code = _STATUSES.get(failure.status or 0, failure.code)
    if code is ProblemCode.RATE_LIMITED and failure.answer and "retry-after" not in failure.answer.headers:
        facts |= wait(failure.told, datetime.now(UTC))
    return CallFailed(code, failure.detail, key_sent=failure.key_sent, answer=failure.answer, **facts)


def wait(told: Any, now: datetime) -> dict[str, str]:
    """How long until the query fits into the bucket again, in seconds from 1 to 3600, and until when.

    `extensions.cost` has what the query costs, what is left, and how much comes back each second
    (shopify.dev/docs/api/usage/rate-limits). Where it is missing, nothing is told.
    """
    cost = _inner(told, "extensions", "cost")
    status = _inner(cost, "throttleStatus")
    wanted, left, each_second = (
        _number(cost.get("requestedQueryCost")),
        _number(status.get("currentlyAvailable")),
        _number(status.get("restoreRate")),
    )
    if wanted is None or left is None or not each_second or each_second < 0:
        return {}
    seconds = math.ceil(min(max((wanted - left) / each_second, _LEAST_WAIT), _LONGEST_WAIT))
    return {"seconds": str(seconds), "retry_at": datetime.fromtimestamp(now.timestamp() + seconds, UTC).isoformat()}


def _inside(told: Any, detail: str, now: datetime) -> CallFailed | None:
    """The problem that the errors inside an answer tell, or None where there are none."""
    errors = told.get("errors") if isinstance(told, dict) else None
    if not errors:
        return None
    codes = [_code(error) for error in (errors if isinstance(errors, list) else [errors])]
    if _is_over_the_limit(told):
        codes.append("THROTTLED")
    name = next((name for name in _CODES if name in codes), "")
    if not name:
        return CallFailed(ProblemCode.ANSWER_UNREADABLE, f"{detail}, errors we do not know", key_sent=True)
    facts: Mapping[str, dict[str, Any]] = {
        "THROTTLED": _default_wait(now) | wait(told, now),
        "INTERNAL_SERVER_ERROR": {"status": "200"},
    }
    return CallFailed(_CODES[name], f"{detail}, {name}", key_sent=True, **facts.get(name, {}))


def _default_wait(now: datetime) -> dict[str, str]:
    return {"seconds": "60", "retry_at": datetime.fromtimestamp(now.timestamp() + 60, UTC).isoformat()}


def _is_over_the_limit(told: Any) -> bool:
    """Whether the query was not carried out because it costs more than is left."""
    cost = _inner(told, "extensions", "cost")
    wanted = _number(cost.get("requestedQueryCost"))
    left = _number(_inner(cost, "throttleStatus").get("currentlyAvailable"))
    return wanted is not None and left is not None and wanted > left and cost.get("actualQueryCost") is None


def _code(error: Any) -> str:
    """An error's code, or else what its text means, for the two that also come without one.

    Any other text is an error that we do not know, which says nothing about the values.
    """
    code = _inner(error, "extensions").get("code")
    if isinstance(code, str):
        return code
    message = error.get("message") if isinstance(error, dict) else None
    text = message[:200].lower() if isinstance(message, str) else ""
    return "ACCESS_DENIED" if text.startswith("access denied") else "THROTTLED" if text == "throttled" else ""


def _inner(told: Any, *names: str) -> Mapping[str, Any]:
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told if isinstance(told, dict) else {}


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return min(max(float(value), -1e9), 1e9) if is_number and abs(value) < 1e300 else None
