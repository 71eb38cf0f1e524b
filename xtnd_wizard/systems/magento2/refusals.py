"""How Magento says no, and the problem behind it.

Its statuses overlap: a missing right, a wrong token and a used nonce all come as 401, so the data that
comes along decides. A shop's language pack translates every message, and leaves alone the statuses, the
form, and the parameters: those decide. An English message only adds which value it was; where none is
recognised, the answer means the whole group. None of it is ever shown.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.systems.common_checks import renamed
from xtnd_wizard.systems.magento2.problems import (
    SECOND_FACTOR_NOT_SET_UP,
    SECOND_FACTOR_REQUIRED,
    SIGNATURE_REJECTED,
    VALUES_REJECTED,
)

_P = ProblemCode
_RESOURCE = re.compile(r"[A-Za-z0-9]{1,40}_[A-Za-z0-9]{1,40}::[A-Za-z0-9_]{1,60}")
_DEEPEST = 4
_GATEWAYS = frozenset(
    ("unauthorized", "unauthorised", "forbidden", "access denied", "not found", "missing authentication token")
)
"""What gateways in front of a shop say in the same form; Magento says more."""

_OAUTH_PROBLEMS: tuple[tuple[str, str], ...] = (
    ("signature_method_rejected", r"signature[ _]method\b.*not supported|signature_method_rejected"),
    ("signature_invalid", r"signature_invalid|signature is invalid|invalid signature"),
    ("nonce_used", r"nonce_used|\bthe nonce\b"),
    ("timestamp_refused", r"timestamp_refused|oauth_timestamp|timestamp value"),
    ("consumer_key_rejected", r"consumer_key_rejected|consumer key |consumer having"),
    ("token_rejected", r"token_(?:rejected|revoked?|expired|used)|(?:access|specified) token|\btoken (?:is|length)\b"),
)
"""The codes of Magento's OAuth errors, and how its messages word them.

developer.adobe.com/commerce/webapi/get-started/authentication/oauth-errors; the messages are those of
lib/internal/Magento/Framework/Oauth/Oauth.php and app/code/Magento/Integration/Model/Oauth.
"""
_SECOND_FACTOR: tuple[tuple[str, str], ...] = (
    (SECOND_FACTOR_REQUIRED.code, r"2fa provider-specific endpoints"),
    (
        SECOND_FACTOR_NOT_SET_UP.code,
        r"required to configure .*two-factor|access to configure 2fa|failed to send the message",
    ),
)
"""How the sign-in words a second factor, for versions that send no parameters with it.

The last one comes where the shop can't send its e-mail about it (magento/security-package,
TwoFactorAuth/Model/AdminAccessTokenService.php).
"""
MEANING: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "signature_method_rejected": (_P.REFUSED_FOR_SECURITY, {}),
    "signature_invalid": (SIGNATURE_REJECTED.code, {}),
    "nonce_used": (_P.OUR_APP_REFUSED, {}),
    "timestamp_refused": (_P.OUR_APP_REFUSED, {}),
    "consumer_key_rejected": (_P.KEY_REJECTED, {"value": "Consumer Key", "field": "consumer_key"}),
    "token_rejected": (_P.KEY_REJECTED, {"value": "Access Token"}),
}


def oauth_problem(failure: RequestFailed) -> str:
    """Which of the documented OAuth errors this is; empty where it is none, or not told which."""
    if failure.status not in (400, 401, 403):
        return ""
    summary = _summary(failure.payload)
    if _resources(failure.payload) is not None or "authorized to access" in summary:
        return ""
    by_wording = (code for code, wording in _OAUTH_PROBLEMS if re.search(wording, summary))
    return _by_parameter(failure) or next(by_wording, "")


def _by_parameter(failure: RequestFailed) -> str:
    """The two OAuth errors that name what they are about: our signature's method, or the number of a consumer."""
    parameters = _parameters(failure.payload)
    (about,) = parameters if isinstance(parameters, list) and len(parameters) == 1 else (None,)
    if failure.status == 400 and about == "HMAC-SHA256":
        return "signature_method_rejected"
    is_number = isinstance(about, int | str) and str(about).isdecimal()
    return "nonce_used" if failure.status == 401 and is_number else ""


def second_factor(payload: Any) -> str | None:
    """Whether an answer to a sign-in, of whatever status and form, is the one of two-step sign-in."""
    for data in (_parameters(payload), payload):
        if isinstance(data, dict) and "active_providers" in data:
            is_set_up = bool(data["active_providers"]) and "providers" not in data
            return SECOND_FACTOR_REQUIRED.code if is_set_up else SECOND_FACTOR_NOT_SET_UP.code
    summary = _summary(payload)
    return next((code for code, wording in _SECOND_FACTOR if re.search(wording, summary)), None)


def says_not_allowed(failure: RequestFailed) -> bool:
    """Whether the shop says that the caller, known or not, may not have this (HTTP 401, or 403).

    Only Magento names the right that it takes, so this also tells that it is Magento.
    """
    named = _resources(failure.payload) is not None or "authorized to access" in _summary(failure.payload)
    return failure.status in (401, 403) and named


def permission(payload: Any) -> str:
    """The right that is missing, by Magento's own name; empty where none is named, or no plain one.

    The text comes from the shop, so only what has the shape of such a name goes any further.
    """
    named = re.split(r"[,\s]+", (_resources(payload) or "")[:500])
    return next((name for name in named if _RESOURCE.fullmatch(name)), "")


def refusal(failure: RequestFailed) -> RequestFailed:
    """A refused call by the problem behind it, as far as status and data tell."""
    problem = oauth_problem(failure)
    if problem:
        code, facts = MEANING[problem]
        return renamed(failure, code, f"{failure.detail}; {problem}", {**failure.facts, **facts})
    if failure.status == 404 and is_magento(failure.payload):
        return renamed(failure, _P.PRODUCT_MISSING, f"{failure.detail}; no such route", {})
    target = _clear_text_target(failure)
    if target:
        return renamed(failure, _P.REDIRECTED, f"{failure.detail}; to http", {"target": target})
    if failure.status == 401 and failure.code is _P.KEY_REJECTED:
        return renamed(failure, VALUES_REJECTED.code if is_magento(failure.payload) else _P.NOT_AN_API, facts={})
    if failure.status == 403 and failure.code is _P.KEY_LACKS_PERMISSION and not is_magento(failure.payload):
        return renamed(failure, _P.BLOCKED_BY_WAF, facts={})
    if failure.status == 400 and is_magento(failure.payload):
        return renamed(failure, _P.ANSWER_UNREADABLE, facts={})
    return failure


def is_magento(payload: Any) -> bool:
    """Whether a refusal has the form of Magento's."""
    message = payload.get("message") if isinstance(payload, dict) else None
    return isinstance(payload, dict) and (
        "oauth_problem" in payload or (isinstance(message, str) and message.lower().strip(" .!") not in _GATEWAYS)
    )


def _resources(payload: Any) -> str | None:
    """What `parameters.resources` names, or None where a refusal has no such thing."""
    parameters = _parameters(payload)
    resources = parameters.get("resources") if isinstance(parameters, dict) else None
    if isinstance(resources, list):
        return ", ".join(part for part in resources if isinstance(part, str))
    return resources if isinstance(resources, str) else None


def _parameters(payload: Any) -> Any:
    """What a message is about, which stays as it is when the message is translated."""
    return payload.get("parameters") if isinstance(payload, dict) else None


def _clear_text_target(failure: RequestFailed) -> str:
    """Where a redirect leads that only drops the encryption; empty for every other answer."""
    if failure.code is not _P.WRONG_PATH_OR_PRODUCT or failure.answer is None:
        return ""
    asked, target = urlsplit(failure.answer.url), urlsplit(failure.answer.headers.get("location", ""))
    drops = target.scheme == "http" and target.path == asked.path
    return f"http://{asked.hostname}" if drops else ""


def _summary(payload: Any) -> str:
    return "\n".join(_messages(payload, _DEEPEST)).lower()


def _messages(payload: Any, depth: int) -> Iterator[str]:
    """The messages in an answer: a bare text, or those of an object; a developer's trace is none."""
    if isinstance(payload, str):
        yield payload[:500]
    elif isinstance(payload, list) and depth:
        for part in payload[:20]:
            yield from _messages(part, depth - 1)
    elif isinstance(payload, dict) and depth:
        for name in ("message", "oauth_problem", "messages", "error", "errors"):
            yield from _messages(payload.get(name), depth - 1)
