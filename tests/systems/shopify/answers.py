"""What Shopify answers, and what a merchant is told about it."""

from itertools import product
from typing import Any

from respx.patterns import M

from tests.systems.mocked import Reply, page, route
from tests.systems.tables import Verdict, name_of, row
from xtnd_wizard.systems.shopify import SYSTEM
from xtnd_wizard.systems.shopify.sandbox_office import ALL_SCOPES
from xtnd_wizard.systems.shopify.version import API_VERSION

EVERYTHING = set(SYSTEM.checks.codes)

SCENARIOS = {
    "works": Verdict(proven=EVERYTHING, calls=3),
    "existing_app": Verdict(proven=EVERYTHING - {"history"}, calls=2, not_applicable={"history"}),
    "wrong_secret": Verdict({"key": "secret_rejected"}, proven={"recognise"}, calls=1, field="secret"),
    "wrong_client_id": Verdict({"key": "key_rejected"}, proven={"recognise"}, calls=1, field="access_token"),
    "wrong_token": Verdict({"key": "sign_in_rejected"}, proven={"recognise"}, calls=1, field="secret"),
    "not_installed": Verdict({"key": "app_not_installed"}, proven={"recognise"}, calls=1, field="api_url"),
    "another_organisation": Verdict(
        {"key": "app_of_another_organisation"}, proven={"recognise"}, calls=1, field="access_token"
    ),
    "no_permissions": Verdict(
        {"access": "key_lacks_permission"}, proven={"recognise", "key"}, calls=1, field="access_token"
    ),
    "permission_missing": Verdict(
        {"stock": "permission_missing"}, proven=EVERYTHING - {"stock"}, calls=3, field="access_token"
    ),
    "protected_data": Verdict({"data": "licence_missing"}, proven=EVERYTHING - {"data"}, calls=3),
    "wrong_shop": Verdict({"recognise": "wrong_path_or_product"}, proven=set(), calls=1, field="api_url"),
    "unpaid": Verdict({"shop": "account_unpaid"}, proven={"recognise"}, calls=1),
    "locked": Verdict({"shop": "account_locked"}, proven={"recognise"}, calls=1),
    "closed": Verdict({"shop": "account_closed"}, proven={"recognise", "key"}, calls=2),
    "security": Verdict({"recognise": "refused_for_security"}, proven=set(), calls=1),
    "throttled": Verdict({"recognise": "rate_limited"}, proven=set(), calls=1),
    "limited": Verdict({"data": "rate_limited"}, proven=EVERYTHING - {"data"}, calls=2),
    "odd_answer": Verdict({"recognise": "answer_unreadable"}, proven=set(), calls=1),
    "slow": Verdict({"recognise": "slow"}, proven=set(), calls=1),
    "down": Verdict({"recognise": "upstream_down"}, proven=set(), calls=1),
}

EXCHANGE, GRAPHQL = M(path="/admin/oauth/access_token"), M(path=f"/admin/api/{API_VERSION}/graphql.json")
NO = {"errors": "marker"}
SHOP: dict[str, Any] = {
    "data": {
        "shop": {"name": "Ullstugan Garn", "myshopifyDomain": "ullstugan-garn.myshopify.com", "currencyCode": "SEK"},
        "currentAppInstallation": {"accessScopes": [{"handle": scope} for scope in ALL_SCOPES]},
    }
}


def error(*errors: object) -> Reply:
    """Errors inside a 200, although data came along."""
    return Reply(200, {**SHOP, "errors": errors})


def with_code(code: object) -> dict[str, object]:
    """An error with a code of its own."""
    return {"message": "marker", "extensions": {"code": code}}


FIRST = (
    (Reply(401, NO), "key", "sign_in_rejected"),
    (Reply(402, NO), "shop", "account_unpaid"),
    (Reply(403, NO), "access", "key_lacks_permission"),
    (Reply(404, NO), "recognise", "wrong_path_or_product"),
    (Reply(423, NO), "shop", "account_locked"),
    (Reply(429, NO), "recognise", "rate_limited"),
    (Reply(430, NO), "recognise", "refused_for_security"),
    (Reply(500, NO), "recognise", "upstream_down"),
    (error(with_code("THROTTLED")), "recognise", "rate_limited"),
    (error({"message": "Throttled"}), "recognise", "rate_limited"),
    (error(with_code("ACCESS_DENIED")), "access", "key_lacks_permission"),
    (error(with_code("SHOP_INACTIVE")), "shop", "account_closed"),
    (error(with_code("INTERNAL_SERVER_ERROR")), "recognise", "upstream_down"),
    (error(with_code(7)), "recognise", "answer_unreadable"),
    (error({"message": "marker", "extensions": None}), "recognise", "answer_unreadable"),
    (error("marker"), "recognise", "answer_unreadable"),
    (error(None), "recognise", "answer_unreadable"),
    (Reply(200, {}), "recognise", "not_an_api"),
    (Reply(200, []), "recognise", "not_an_api"),
    (Reply(200, {"data": None}), "recognise", "not_an_api"),
    (Reply(200, {"data": {"shop": None}}), "recognise", "not_an_api"),
    (Reply(200, {"data": {"shop": {"name": 7}}}), "recognise", "not_an_api"),
    (Reply(200, {"data": {"shop": {"name": "x"}}}), "access", "answer_unreadable"),
    (
        Reply(200, {"data": {"shop": {"name": "x"}, "currentAppInstallation": {"accessScopes": None}}}),
        "access",
        "answer_unreadable",
    ),
)
"""The first answer to a token that the merchant pasted."""

SECOND = (
    (Reply(401, NO), "answer_unreadable"),
    (Reply(402, NO), "account_unpaid"),
    (Reply(403, NO), "licence_missing"),
    (Reply(404, NO), "answer_unreadable"),
    (Reply(423, NO), "account_locked"),
    (Reply(429, NO), "rate_limited"),
    (Reply(430, NO), "refused_for_security"),
)
"""After the first answer neither host nor values are blamed."""

EXCHANGE_CODES = (
    ("app_not_installed", {"key": "app_not_installed"}),
    ("shop_not_permitted", {"key": "app_of_another_organisation"}),
    ("application_cannot_be_found", {"key": "key_rejected"}),
    ("invalid_client", {"key": "secret_rejected"}),
    ("invalid_request", {"key": "sign_in_rejected"}),
    ("marker_new", {"recognise": "answer_unreadable"}),
)
EXCHANGE_REFUSALS = (
    (Reply(401, b""), {"key": "sign_in_rejected"}),
    (Reply(400, b""), {"recognise": "answer_unreadable"}),
    (Reply(403, {}), {"recognise": "answer_unreadable"}),
    (Reply(429, {}, headers={"retry-after": "7"}), {"recognise": "rate_limited"}),
    (Reply(430, {}), {"recognise": "refused_for_security"}),
    (Reply(200, {"scope": ""}), {"recognise": "answer_unreadable"}),
    (Reply(200, {"access_token": "two words"}), {"recognise": "answer_unreadable"}),
    (Reply(200, {"access_token": "å"}), {"recognise": "answer_unreadable"}),
    (Reply(200, {"access_token": 7}), {"recognise": "answer_unreadable"}),
    (Reply(200, ["x"]), {"recognise": "answer_unreadable"}),
)
AFTER_EXCHANGE = (
    (Reply(401, NO), "access", "answer_unreadable"),
    (Reply(403, NO), "access", "key_lacks_permission"),
    (Reply(404, NO), "access", "answer_unreadable"),
    (Reply(429, NO), "access", "rate_limited"),
    (Reply(430, NO), "access", "refused_for_security"),
    (Reply(500, NO), "access", "upstream_down"),
    (Reply(402, NO), "shop", "account_unpaid"),
    (page("<h1>marker</h1>"), "access", "answer_unreadable"),
    (Reply(200, {"data": {"shop": None}}), "access", "answer_unreadable"),
)
"""Once a token was given for the values they are right, whatever comes next."""


def proven_at(check: str) -> set[str]:
    """What is proven where the first answer fails at a check."""
    return {"key": {"recognise"}, "shop": {"recognise"}, "access": {"recognise", "key"}}.get(check, set())


ROWS = (
    *(
        row(
            f"first {number} {name_of(reply)}",
            route(GRAPHQL, reply),
            {check: problem},
            proven_at(check),
            scenario="existing_app",
        )
        for number, (reply, check, problem) in enumerate(FIRST)
    ),
    *(
        row(
            f"second {name_of(reply)}",
            route(GRAPHQL, Reply(200, SHOP), reply),
            {"data": problem},
            EVERYTHING - {"data"},
            scenario="existing_app",
        )
        for reply, problem in SECOND
    ),
    *(
        row(
            f"exchange {code} {status} {'page' if on_a_page else 'data'}",
            route(
                EXCHANGE,
                page(f"<title>{status} - Oauth error {code}</title>Oauth error {code}: marker", status)
                if on_a_page
                else Reply(status, {"error": code, "more": "marker"}),
            ),
            problems,
            proven_at(next(iter(problems))),
        )
        for (code, problems), status, on_a_page in product(EXCHANGE_CODES, (400, 401), (True, False))
    ),
    *(
        row(f"exchange {number} {name_of(reply)}", route(EXCHANGE, reply), problems, proven_at(next(iter(problems))))
        for number, (reply, problems) in enumerate(EXCHANGE_REFUSALS)
    ),
    *(
        row(f"after exchange {name_of(reply)}", route(GRAPHQL, reply), {check: problem}, {"recognise", "key"})
        for reply, check, problem in AFTER_EXCHANGE
    ),
)
