"""Magento's questions, and the ways to ask one: signed by an integration, with an admin's token, anonymously.

Operations: Adobe's web API reference (developer.adobe.com/commerce/webapi/rest).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import JsonBody, OAuth1, Response
from xtnd_wizard.systems.checks import CheckContext
from xtnd_wizard.systems.common_checks import HEXADECIMAL, made_up_value, unexpected_answer
from xtnd_wizard.systems.contract import AUTH_METHOD

_API = "/rest/V1/"
_ONE = {"searchCriteria[pageSize]": "1", "searchCriteria[currentPage]": "1"}


@dataclass(frozen=True)
class Question:
    """One thing to read from a shop."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)


def _one(path: str, only: str, params: Mapping[str, str] = _ONE) -> Question:
    """One row of a list, and no more of it than tells that it may be read."""
    return Question(path, {**params, "fields": f"items[{only}],total_count"})


STORES = Question("store/storeConfigs", {"fields": "id,code,base_currency_code,base_url"})
ORDERS = _one("orders", "increment_id")
"""Never open to guests, whatever the shop allows them (developer.adobe.com, "Restricting access to anonymous web
APIs"), so a yes proves that the shop knows who asks."""
PRODUCTS = _one("products", "sku")
STOCK = _one("stockItems/lowStock", "item_id", {"scopeId": "0", "qty": "1", "currentPage": "1", "pageSize": "1"})
SHIPMENTS = _one("shipments", "increment_id")
NUMBER_OF_ORDERS = Question("orders", {**_ONE, "fields": "total_count"})
MODULES = Question("modules")
"""Open to everybody with any right at all: each role that has one gets `Magento_Backend::admin` with it
(app/code/Magento/Authorization/Model/ResourceModel/Rules.php)."""
TOKEN = Question("integration/admin/token")


def auth_method_of(context: CheckContext) -> str:
    """The authentication method that is checked."""
    return "admin" if context.credentials.text(AUTH_METHOD) == "admin" else "integration"


async def ask(
    context: CheckContext,
    question: Question,
    token: Secret | None,
    *,
    made_up: bool = False,
    over_http: bool = False,
    retry: bool = True,
) -> Response:
    """One question, with the token of a sign-in, or else signed by the integration. Raises RequestFailed.

    What is `made_up` is the token, or the secrets behind the signature: it has to be refused.
    `over_http` signs the http form of the URL; the call itself stays what it is.
    """
    path, params = _API + question.path, question.params
    if token:
        shown = made_up_value(HEXADECIMAL, 32) if made_up else token
        sent = {"authorization": shown.after("Bearer ")}
        return await context.get(path, params=params, secret_headers=sent, retry=retry)
    mine = context.credentials
    secrets = (
        (made_up_value(HEXADECIMAL, 32),) * 2 if made_up else (mine.secret("consumer_secret"), mine.secret("secret"))
    )
    key, access = mine.secret("consumer_key"), mine.secret("access_token")
    auth = OAuth1(key, secrets[0], access, secrets[1], over_http=over_http)
    return await context.get(path, params=params, auth=auth, retry=retry)


async def ask_list(
    context: CheckContext, question: Question, token: Secret | None, *, over_http: bool = False
) -> Response:
    """The same for a list. Raises RequestFailed, also where the answer is none."""
    answer = await ask(context, question, token, over_http=over_http)
    payload: Any = answer.json()
    is_list = isinstance(payload, dict) and not {"items", "total_count"}.isdisjoint(payload)
    if not is_list and payload != []:  # where nothing is left of an empty answer, PHP says []
        raise unexpected_answer(answer, "not a list")
    return answer


async def ask_anonymously(context: CheckContext, question: Question) -> Response:
    """The same question without any credentials. Raises RequestFailed."""
    return await context.get(_API + question.path, params=question.params)


async def sign_in(context: CheckContext) -> Response:
    """A token for a user name and a password. Asked once: failed tries lock the user or send e-mails.

    Raises RequestFailed.
    """
    mine = context.credentials
    body = JsonBody({"username": mine.secret("access_token"), "password": mine.secret("secret")})
    return await context.post(_API + TOKEN.path, body, retry=False)
