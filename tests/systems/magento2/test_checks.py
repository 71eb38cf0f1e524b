"""Magento's checks against the sandbox shops and against answers of our own, over real HTTP."""

import asyncio
import json
import re
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote

import pytest
from starlette import requests as starlette

from tests.systems.magento2.shop import ADMIN, NONSENSE, SCENARIOS, WORKS, answering, verified, with_answers
from tests.systems.mocked import by_app, checked, mocked
from tests.systems.verifying import ReceivedRequest, credentials_of
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.findings import Account, Outcome
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import OAuth1, Request, RequestFailed
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.outbound.requests import headers_of
from xtnd_wizard.systems.magento2 import SYSTEM
from xtnd_wizard.systems.stories import Scenario

STORES, TOKEN = "/rest/V1/store/storeConfigs", "/rest/V1/integration/admin/token"
SECRET_NAMES = ("access_token", "secret", "consumer_key", "consumer_secret")


@pytest.mark.parametrize("code", [code for code, found in SCENARIOS.items() if found.values["way"] == "admin"])
def test_a_sign_in_is_tried_once_whatever_comes_of_it(code: str) -> None:
    asked = Counter(request.path for request in checked(SYSTEM, SCENARIOS[code]).requests)
    assert asked[TOKEN] == 1


@pytest.mark.parametrize(("scenario", "account"), [(WORKS, "fiskgjusen.test"), (ADMIN, "fiskgjusen.test")])
def test_all_is_checked_and_the_shop_is_named(scenario: Scenario, account: str) -> None:
    result = checked(SYSTEM, scenario)
    assert result.account == Account(account, account, currency="SEK")
    assert set(SYSTEM.checks.codes) <= result.findings.keys()
    assert {result.findings[check].outcome for check in SYSTEM.checks.codes} == {Outcome.PASSED}


def test_a_shop_in_a_folder_is_asked_there() -> None:
    result = checked(SYSTEM, SCENARIOS["in_a_folder"])
    assert all(request.path.startswith("/shop/rest/V1/") for request in result.requests)
    assert result.account
    assert result.account.id == "fiskgjusen.test/shop"


def test_a_token_of_32_characters_is_as_good_as_a_long_one() -> None:
    assert checked(SYSTEM, ADMIN, access_token="xtnd-old").problems == {}


def test_a_guilty_consumer_key_is_named_as_the_field_to_mend() -> None:
    problem = SYSTEM.problem_of(checked(SYSTEM, SCENARIOS["wrong_consumer_key"]).findings["key"])
    assert problem
    assert problem.field == "consumer_key"


@pytest.mark.parametrize("name", ["secret", "consumer_secret"])
def test_either_secret_spoils_the_signature(name: str) -> None:
    assert checked(SYSTEM, WORKS, **{name: "0" * 32}).problems == {"key": "signature_rejected"}


@pytest.mark.parametrize("scenario", [WORKS, ADMIN], ids=lambda scenario: scenario.code)
def test_lists_are_asked_for_one_row_and_few_of_its_fields(scenario: Scenario) -> None:
    asked = {
        request.path: parse_qs(request.query) for request in checked(SYSTEM, scenario).requests if request.path != TOKEN
    }
    assert all(query["fields"] for query in asked.values())
    sizes = {path: query.get("searchCriteria[pageSize]", query.get("pageSize")) for path, query in asked.items()}
    assert {path for path, size in sizes.items() if size != ["1"]} == {STORES}


def test_brackets_are_encoded_and_the_shop_accepts_the_signature_over_them() -> None:
    result = checked(SYSTEM, WORKS)
    orders = [request for request in result.requests if request.path.endswith("/orders")]
    assert result.findings["orders"].outcome is Outcome.PASSED
    assert all("searchCriteria%5BpageSize%5D=1" in request.query and "[" not in request.query for request in orders)


def test_no_nonce_is_used_twice() -> None:
    signed = [request.headers["authorization"] for request in checked(SYSTEM, WORKS).requests]
    nonces = [found.group(1) for header in signed if (found := re.search(r'oauth_nonce="([^"]+)"', header))]
    assert len(nonces) == len(set(nonces)) == len(signed)


def test_the_made_up_values_are_a_signature_or_a_token_and_never_a_sign_in() -> None:
    signed, signed_in = checked(SYSTEM, WORKS), checked(SYSTEM, ADMIN)
    keys = [re.findall(r'oauth_consumer_key="(\w+)"', request.headers["authorization"]) for request in signed.requests]
    assert keys == [[WORKS.values["consumer_key"]]] * len(signed.requests)
    assert keys
    bearers = Counter(request.headers["authorization"] for request in signed_in.requests if request.path != TOKEN)
    assert sorted(bearers.values()) == [1, 5]
    body = json.loads(next(request.body for request in signed_in.requests if request.path == TOKEN))
    assert body == {"username": ADMIN.values["access_token"], "password": ADMIN.values["secret"]}


def test_a_changed_query_spoils_the_signature() -> None:
    requests: list[ReceivedRequest] = []
    with mocked(by_app(SYSTEM.sandbox.app()), "fiskgjusen.test", requests) as origin:
        mine = credentials_of(SYSTEM, WORKS, origin)
        consumer = mine.secret("consumer_key"), mine.secret("consumer_secret")
        auth = OAuth1(*consumer, mine.secret("access_token"), mine.secret("secret"))

        async def ask(signed: str) -> int:
            header = headers_of(Request("/", auth=auth), f"{origin}/rest/V1/orders?{signed}")["authorization"]
            async with OutboundClient().open_session(ApiUrl(origin), 5) as host_session:
                sent = Request(
                    "/rest/V1/orders",
                    dict(parse_qsl("searchCriteria%5BpageSize%5D=1")),
                    secret_headers={"authorization": Secret(header)},
                )
                try:
                    return (await host_session.send(sent)).status
                except RequestFailed as failure:
                    return failure.status or 0

        assert asyncio.run(ask("searchCriteria%5BpageSize%5D=1")) == 200
        assert asyncio.run(ask("searchCriteria%5BpageSize%5D=2")) == 401


SECRETS = ("dpf43f3p2l4k3l03" * 2, "kd94hf93k423kf44" * 2, "nnch734d00sl2jdk" * 2, "pfkkdhi9sl3r4s00" * 2)


@pytest.mark.parametrize(
    ("secrets", "nonce", "stamp", "url", "signature"),
    [
        (
            ("client_key", "", "", ""),
            "abc",
            "1234567890",
            "http://example.com",
            "JzgJWBxX664OiMW3WE4MEjtYwOjI%2FpaUWHqtdHe68Es%3D",
        ),
        (
            SECRETS,
            "abcdef0123456789",
            "1700000000",
            "https://shop.example.com/rest/V1/store/storeConfigs",
            "XihWm4FXgVlsRsMn9TdF10jLp5h9LQb35kazIwn%2FNso%3D",
        ),
        (
            SECRETS,
            "abcdef0123456789",
            "1700000000",
            "https://shop.example.com/rest/V1/orders?searchCriteria%5BpageSize%5D=1&searchCriteria%5BcurrentPage%5D=1",
            "UqEXip3CLqxmlm%2BEWdFvaLExNQHbf32z3BxmQeSpXIY%3D",
        ),
    ],
)
def test_a_signature_is_the_known_one(
    secrets: tuple[str, str, str, str], nonce: str, stamp: str, url: str, signature: str
) -> None:
    consumer_key, consumer_secret, token, token_secret = map(Secret, secrets)
    auth = OAuth1(consumer_key, consumer_secret, token, token_secret, nonce=nonce, timestamp=stamp)
    assert f'oauth_signature="{signature}"' in headers_of(Request("/", auth=auth), url)["authorization"]


def test_the_published_vectors_of_the_signing_library_hold() -> None:
    from oauthlib import oauth1
    from oauthlib.oauth1.rfc5849 import signature

    base = (  # RFC 5849, 3.4.1.1
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D"
        "%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3D"
        "HMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )
    client = oauth1.Client(
        "key",
        client_secret="ECrDNoq1VYzzzzzzzzzyAK7TwZNtPnkqatqZZZZ",
        resource_owner_secret="just-a-string    asdasd",
    )
    signed = signature.sign_hmac_sha256_with_client(base, client)
    assert signed == "wdfdHUKXHbOnOGZP8WFAWMSAmWzN3EVBWWgXGlC/Eo4="


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((401, {"message": "no", "parameters": {"resources": "Magento_Sales::sales"}}), "permission_missing"),
        ((401, {"message": "no", "parameters": {"resources": "<script>"}}), "permission_missing"),
        ((403, {"message": "no"}), "permission_missing"),
        ((401, {"message": "The nonce is already being used"}), "our_app_refused"),
        ((401, {"message": "Access token has been revoked"}), "key_rejected"),
        ((404, {"message": "Request does not match any route."}), "answer_unreadable"),
        ((404, {}), "answer_unreadable"),
        ((200, "a text"), "answer_unreadable"),
        ((400, {"message": "Something"}), "answer_unreadable"),
        ((401, {"message": "Something"}), "answer_unreadable"),
        ((401, {"message": "The signature is invalid."}), "answer_unreadable"),
        ((429, {}), "rate_limited"),
    ],
)
def test_once_we_are_in_a_failure_blames_neither_host_nor_values(answer: Any, problem: str) -> None:
    result = answering(WORKS, shipments=answer)
    assert result.problems == {"shipments": problem}
    facts = result.findings["shipments"].facts
    if problem == "permission_missing":
        assert facts["permission"] in ("Sales", "Sales > Shipments")
        assert "script" not in repr(result.events)


def test_a_shop_that_counts_its_stock_in_another_way_is_no_failure() -> None:
    result = answering(WORKS, lowStock=(404, {"message": "Request does not match any route."}))
    assert result.problems == {}
    assert result.findings["stock"].outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("stores", [[], {}, None, "text", [{}], [7], [{"base_url": "javascript:alert(1)"}]])
def test_stores_that_are_none_identify_no_shop(stores: Any) -> None:
    result = answering(WORKS, storeConfigs=(200, stores))
    assert result.problems == {"store": "answer_unreadable"}
    assert result.account is None


@pytest.mark.parametrize(
    ("stores", "name"),
    [
        ([{"code": "default", "base_url": "https://Shop.example.se/butik/index.php/"}], "shop.example.se/butik"),
        ([{"code": "default", "base_url": "<b>bold</b>"}], "default"),
        ([{"code": "a", "base_url": "https://a.se/"}, {"code": "b", "base_url": "https://b.se/"}], "a.se"),
    ],
)
def test_a_shop_is_named_by_its_address_or_else_by_its_code(stores: Any, name: str) -> None:
    account = answering(WORKS, storeConfigs=(200, stores)).account
    assert account
    assert (account.id, account.name, account.currency) == (name, name, "")


def made_up(answer: Any) -> Any:
    """An answer for the control alone, which asks for the number of orders only."""
    return lambda request: answer if request.query_params["fields"] == "total_count" else None


def test_an_integration_without_rights_is_not_judged_where_the_made_up_question_stumbles() -> None:
    result = answering(SCENARIOS["no_access"], orders=made_up((429, {})))
    assert result.problems == {"control": "rate_limited"}
    assert result.proven == {"recognise"}


@pytest.mark.parametrize("scenario", [SCENARIOS["no_orders"], SCENARIOS["no_access"]], ids=lambda found: found.code)
def test_where_the_list_of_modules_is_kept_from_us_the_made_up_question_proves_the_values(scenario: Scenario) -> None:
    result = answering(scenario, modules=(404, {}))
    assert result.problems["orders"] == "permission_missing"
    assert {"recognise", "key", "control"} <= result.proven


def test_an_admin_who_may_not_read_orders_is_no_lost_header() -> None:
    lacking = {"message": "no", "parameters": {"resources": "Magento_Sales::actions_view"}}
    result = answering(ADMIN, orders=lambda request: (401, lacking))
    assert result.problems == {"orders": "permission_missing"}
    assert result.findings["orders"].facts["permission"] == "Sales"


def test_values_that_sign_a_plain_question_are_right_whatever_becomes_of_a_query() -> None:
    def rewritten(request: starlette.Request) -> tuple[int, object] | None:
        return (401, {"message": "The signature is invalid."}) if "[" in unquote(request.url.query) else None

    result = answering(WORKS, **dict.fromkeys(("orders", "products", "shipments"), rewritten))
    assert result.problems == dict.fromkeys(("orders", "products", "shipments"), "answer_unreadable")
    assert {"recognise", "key"} <= result.proven


def listed(answer: Any) -> Any:
    """An answer to the list of orders, whoever asks for it, and not to the control."""
    return lambda request: answer if "items" in request.query_params["fields"] else None


@pytest.mark.parametrize(
    ("answer", "alone", "together"),
    [
        ((500, {"message": "Internal Error. Report ID: webapi-6"}), "upstream_down", {"recognise": "upstream_down"}),
        ((404, {"message": "x"}), "answer_unreadable", {"recognise": "product_missing"}),
        ((400, {"message": "x"}), "answer_unreadable", {"recognise": "not_an_api"}),
        ((401, {"message": "x"}), "answer_unreadable", {"recognise": "not_an_api"}),
        ((401, {"message": "Unauthorized"}), "answer_unreadable", {"recognise": "not_an_api"}),
        ((200, {"message": "hello"}), "answer_unreadable", {"recognise": "not_an_api"}),
        ((200, {"orders": []}), "answer_unreadable", {"recognise": "not_an_api"}),
        ((200, ["a"]), "answer_unreadable", {"recognise": "not_an_api"}),
    ],
)
def test_a_shop_that_can_not_list_its_orders_is_magento_all_the_same(
    answer: Any, alone: str, together: dict[str, str]
) -> None:
    result = answering(WORKS, orders=listed(answer))
    assert result.problems == {"orders": alone}
    assert result.proven == set(SYSTEM.checks.codes) - {"orders"}
    result = answering(WORKS, orders=answer, modules=(503, {}))
    assert (result.problems, result.proven) == (together, set())


@pytest.mark.parametrize(
    ("answer", "problem"), [((403, {"message": "x"}), "blocked_by_waf"), ((429, {}), "rate_limited")]
)
def test_who_keeps_us_out_at_once_is_not_asked_again(answer: Any, problem: str) -> None:
    result = answering(WORKS, orders=answer)
    assert result.problems == {"recognise": problem}
    assert len(result.requests) == 1


def test_where_it_is_not_known_who_refuses_us_nothing_counts_as_proven() -> None:
    refused = (401, {"message": NONSENSE})
    shop = with_answers(
        SYSTEM.sandbox.app(), orders=lambda request: refused if "authorization" in request.headers else (200, {})
    )
    result = verified(shop, WORKS, secret="0" * 32)
    assert result.problems == {"key": "values_rejected"}
    assert result.proven == set()


def test_an_admin_without_the_right_to_see_stores_is_told_which_one_and_where() -> None:
    lacking = {"message": "no", "parameters": {"resources": "Magento_Backend::store"}}
    finding = answering(ADMIN, storeConfigs=(401, lacking)).findings["store"]
    assert finding.facts["permission"] == "Stores"
    assert "User Roles" in finding.facts["where"]


@pytest.mark.parametrize("asked", ["orders", "products", "lowStock", "shipments"])
def test_every_right_that_we_ask_for_is_named_by_the_box_to_tick(asked: str) -> None:
    result = answering(WORKS, **{asked: (403, {"message": "no", "parameters": {"resources": "self"}})})
    (finding,) = (found for found in result.findings.values() if found.problem_code)
    assert finding.facts["permission"].split(" > ")[0] in ("Sales", "Catalog", "Stores")
    assert "::" not in finding.facts["permission"]


def test_a_right_that_we_do_not_know_keeps_its_own_name() -> None:
    lacking = {"message": "no", "parameters": {"resources": "Vendor_Parcels::list"}}
    finding = answering(WORKS, shipments=(401, lacking)).findings["shipments"]
    assert finding.facts["permission"] == "Sales > Shipments (Vendor_Parcels::list)"


def test_a_stranger_who_refuses_the_made_up_values_is_no_proof() -> None:
    calls = iter([(200, {"items": [], "total_count": 0})])
    result = answering(WORKS, orders=lambda request: next(calls, (403, {"message": "token bucket empty"})))
    assert "control" in result.problems or "orders" in result.problems
