"""One question to the Admin API in GraphQL, and what a no looks like: as a status, or inside a 200."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import JsonBody, RequestFailed
from xtnd_wizard.systems.checks import CheckContext
from xtnd_wizard.systems.common_checks import object_in, renamed, unexpected_answer
from xtnd_wizard.systems.shopify.problems import ACCOUNT_UNPAID
from xtnd_wizard.systems.shopify.version import API_VERSION

_PATH = f"/admin/api/{API_VERSION}/graphql.json"
_LEAST_WAIT, _LONGEST_WAIT = 1, 3600
_STATUSES = {
    402: ACCOUNT_UNPAID.code,
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


async def ask(context: CheckContext, token: Secret, query: str) -> tuple[Mapping[str, Any], str]:
    """The data of an answer, and a word on it for support.

    Questions change nothing, so they may be asked twice. Raises RequestFailed for every kind of no.
    """
    try:
        answer = await context.post(
            _PATH, JsonBody({"query": query}), secret_headers={"x-shopify-access-token": token}, retry=True
        )
        payload = answer.json()
    except RequestFailed as failure:
        raise as_shopify_means(failure) from None
    detail = answer.summary
    refusal = _inside(payload, detail, datetime.now(UTC))
    if refusal:
        raise refusal
    data = object_in(payload).get("data")
    if not isinstance(data, dict):
        raise unexpected_answer(answer, "no data")
    return data, detail


def as_shopify_means(failure: RequestFailed) -> RequestFailed:
    """A refusal by status, by Shopify's own list of statuses."""
    code, facts = _STATUSES.get(failure.status or 0, failure.code), dict(failure.facts)
    if code is ProblemCode.RATE_LIMITED and failure.answer and "retry-after" not in failure.answer.headers:
        facts |= wait(failure.payload, datetime.now(UTC))
    return renamed(failure, code, facts=facts)


def wait(payload: Any, now: datetime) -> dict[str, str]:
    """How long until the query fits into the bucket again, in seconds from 1 to 3600, and until when.

    `extensions.cost` has what the query costs, what is left, and how much comes back each second
    (shopify.dev/docs/api/usage/rate-limits). Where it is missing, nothing is told.
    """
    cost = object_in(payload, "extensions", "cost")
    status = object_in(cost, "throttleStatus")
    wanted, left, each_second = (
        _number(cost.get("requestedQueryCost")),
        _number(status.get("currentlyAvailable")),
        _number(status.get("restoreRate")),
    )
    if wanted is None or left is None or not each_second or each_second < 0:
        return {}
    seconds = math.ceil(min(max((wanted - left) / each_second, _LEAST_WAIT), _LONGEST_WAIT))
    return _waiting(seconds, now)


def _inside(payload: Any, detail: str, now: datetime) -> RequestFailed | None:
    """The problem that the errors inside an answer tell, or None where there are none."""
    errors = object_in(payload).get("errors")
    if not errors:
        return None
    codes = [_code(error) for error in (errors if isinstance(errors, list) else [errors])]
    if _is_over_the_limit(payload):
        codes.append("THROTTLED")
    name = next((name for name in _CODES if name in codes), "")
    if not name:
        return RequestFailed(ProblemCode.ANSWER_UNREADABLE, f"{detail}, errors we do not know", key_sent=True)
    facts: Mapping[str, dict[str, Any]] = {
        "THROTTLED": wait(payload, now) or _waiting(60, now),
        "INTERNAL_SERVER_ERROR": {"status": "200"},
    }
    return RequestFailed(_CODES[name], f"{detail}, {name}", key_sent=True, **facts.get(name, {}))


def _waiting(seconds: int, now: datetime) -> dict[str, str]:
    return {"seconds": str(seconds), "retry_at": datetime.fromtimestamp(now.timestamp() + seconds, UTC).isoformat()}


def _is_over_the_limit(payload: Any) -> bool:
    """Whether the query was not carried out because it costs more than is left."""
    cost = object_in(payload, "extensions", "cost")
    wanted = _number(cost.get("requestedQueryCost"))
    left = _number(object_in(cost, "throttleStatus").get("currentlyAvailable"))
    return wanted is not None and left is not None and wanted > left and cost.get("actualQueryCost") is None


def _code(error: Any) -> str:
    """An error's code, or else what its text means, for the two that also come without one.

    Any other text is an error that we do not know, which says nothing about the values.
    """
    code = object_in(error, "extensions").get("code")
    if isinstance(code, str):
        return code
    message = object_in(error).get("message")
    text = message[:200].lower() if isinstance(message, str) else ""
    return "ACCESS_DENIED" if text.startswith("access denied") else "THROTTLED" if text == "throttled" else ""


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return min(max(float(value), -1e9), 1e9) if is_number and abs(value) < 1e300 else None
