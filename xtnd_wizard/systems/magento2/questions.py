"""Magento's questions, and the ways to ask one: signed by an integration, with an admin's token, as nobody.

Operations: Adobe's web API reference (developer.adobe.com/commerce/webapi/rest).
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xtnd_wizard.outbound import Answer, CallFailed, JsonBody, OAuth1
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.systems.checks import Probe
from xtnd_wizard.systems.contract import WAY

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


def way_of(probe: Probe) -> str:
    """The way of connecting that is checked."""
    return "admin" if probe.credentials.text(WAY) == "admin" else "integration"


async def ask(
    probe: Probe,
    question: Question,
    token: Secret | None,
    *,
    made_up: bool = False,
    over_http: bool = False,
    retry: bool = True,
) -> Answer:
    """One question, with the token of a sign-in, or else signed by the integration. Raises CallFailed.

    What is `made_up` is the token, or the secrets behind the signature: it has to be refused.
    `over_http` signs the http form of the URL; the call itself stays what it is.
    """
    path, params = _API + question.path, question.params
    if token:
        shown = Secret(uuid.uuid4().hex) if made_up else token
        sent = {"authorization": shown.after("Bearer ")}
        return await probe.get(path, params=params, secret_headers=sent, retry=retry)
    mine = probe.credentials
    secrets = (Secret(uuid.uuid4().hex),) * 2 if made_up else (mine.secret("consumer_secret"), mine.secret("secret"))
    key, access = mine.secret("consumer_key"), mine.secret("access_token")
    auth = OAuth1(key, secrets[0], access, secrets[1], over_http=over_http)
    return await probe.get(path, params=params, auth=auth, retry=retry)


async def ask_as_nobody(probe: Probe, question: Question) -> Answer:
    """The same question by a stranger. Raises CallFailed."""
    return await probe.get(_API + question.path, params=question.params)


async def sign_in(probe: Probe) -> Answer:
    """A token for a user name and a password. Asked once: failed tries lock the user or send e-mails.

    Raises CallFailed.
    """
    mine = probe.credentials
    body = JsonBody({"username": mine.secret("access_token"), "password": mine.secret("secret")})
    return await probe.post(_API + TOKEN.path, body, retry=False)


def read_list(question: Question, answer: Answer) -> str:
    """What an answer with a list comes to, for support. Raises CallFailed where it is none."""
    told: Any = answer.json()
    is_list = isinstance(told, dict) and not {"items", "total_count"}.isdisjoint(told)
    if not is_list and told != []:  # where nothing is left of an empty answer, PHP says []
        raise CallFailed(ProblemCode.NOT_AN_API, f"HTTP {answer.status}, not a list", key_sent=True)
    return said(question, answer)


def said(question: Question, answer: Answer) -> str:
    """Question, status and time, for support."""
    return f"{question.path}: {answer.said}"
