"""What WordPress and WooCommerce answer, and what a merchant is told about it."""

import base64

from respx.patterns import M

from tests.systems.mocked import Reply, page, route
from tests.systems.tables import Row, Verdict, name_of, row
from xtnd_wizard.systems.woocommerce import SYSTEM

EVERYTHING = set(SYSTEM.checks.codes)

SCENARIOS = {
    "works": Verdict(proven=EVERYTHING, calls=7),
    "wrong_key": Verdict({"key": "key_rejected"}, proven={"recognise"}, calls=5, field="access_token"),
    "wrong_secret": Verdict({"key": "secret_rejected"}, proven={"recognise"}, calls=4, field="secret"),
    "write_only": Verdict(
        {"orders": "key_cannot_read"}, proven={"recognise", "key", "header"}, calls=3, field="access_token"
    ),
    "no_right": Verdict(
        {"orders": "key_lacks_permission"}, proven={"recognise", "key", "header"}, calls=2, field="access_token"
    ),
    "no_shipping_right": Verdict(
        {"shipping": "permission_missing"}, proven=EVERYTHING - {"shipping"}, calls=7, field="access_token"
    ),
    "header_dropped": Verdict(proven=EVERYTHING - {"header"}, calls=8, not_applicable={"header"}),
    "hidden_door": Verdict(proven=EVERYTHING, calls=8),
    "https_hidden": Verdict({"header": "https_hidden"}, proven={"recognise", "key"}, calls=4),
    "plain_permalinks": Verdict({"key": "api_switched_off"}, proven={"recognise"}, calls=6),
    "without_shop": Verdict({"recognise": "product_missing"}, proven=set(), calls=1, field="api_url"),
    "another_site": Verdict({"recognise": "not_an_api"}, proven=set(), calls=3, field="api_url"),
    "wrong_folder": Verdict({"recognise": "wrong_path_or_product"}, proven=set(), calls=3, field="api_url"),
    "moved": Verdict({"recognise": "redirected"}, proven=set(), calls=1, field="api_url"),
    "plain_http": Verdict({"recognise": "tls_missing"}, proven=set(), calls=1, field="api_url", needs_its_name=True),
    "security_plugin": Verdict({"recognise": "refused_for_security"}, proven=set(), calls=5),
    "firewall": Verdict({"key": "blocked_by_waf"}, proven={"recognise"}, calls=2),
    "challenge": Verdict({"recognise": "blocked_by_waf"}, proven=set(), calls=2),
    "rate_limited": Verdict({"recognise": "rate_limited"}, proven=set(), calls=1),
    "maintenance": Verdict({"recognise": "upstream_down"}, proven=set(), calls=1),
    "any_key": Verdict(
        {"control": "endpoint_does_not_check_keys"}, proven=EVERYTHING - {"control"}, calls=7, field="api_url"
    ),
}

VALUES = SYSTEM.sandbox.scenarios[0].values
PAIR = base64.b64encode(f"{VALUES['access_token']}:{VALUES['secret']}".encode()).decode()
RIGHT = M(headers={"authorization": f"Basic {PAIR}"})
ORDERS, PRODUCTS = M(path="/wp-json/wc/v3/orders"), M(path="/wp-json/wc/v3/products")
ZONES, STATUS = M(path="/wp-json/wc/v3/shipping/zones"), M(path="/wp-json/wc/v3/system_status")


def error(code: str, status: int) -> Reply:
    """An error in WordPress's shape."""
    return Reply(status, {"code": code, "message": "marker", "data": {"status": status}})


SIGN_IN = (
    (page("<h1>Nej</h1>", 403), "blocked_by_waf"),
    (page("<h1>Nej</h1>", 406), "blocked_by_waf"),
    (page("<h1>Nej</h1>", 404), "answer_unreadable"),
    (error("itsec_rest_api_access_restricted", 403), "refused_for_security"),
)
"""What stops the sign-in says nothing about the key."""

AFTER_SIGN_IN = (
    (error("woocommerce_rest_cannot_view", 401), "permission_missing"),
    (error("woocommerce_rest_cannot_view", 403), "permission_missing"),
    (error("itsec_rest_api_access_restricted", 403), "permission_missing"),
    (Reply(429, b""), "rate_limited"),
    (Reply(500, b""), "upstream_down"),
    (page("", 403), "blocked_by_waf"),
    (page("", 404), "answer_unreadable"),
    (page("<h1>marker</h1>"), "answer_unreadable"),
    (Reply(200, {}), "answer_unreadable"),
)
"""After the sign-in neither host nor key is blamed."""

CONTROL: tuple[tuple[Reply, dict[str, str]], ...] = (
    (error("woocommerce_rest_cannot_view", 401), {}),
    (error("invalid_username", 401), {}),
    (error("woocommerce_rest_cannot_view", 403), {}),
    (page("", 403), {"control": "control_inconclusive"}),
    (Reply(500, b""), {"control": "control_inconclusive"}),
    (Reply(429, b""), {"control": "rate_limited"}),
    (Reply(200, []), {"control": "endpoint_does_not_check_keys"}),
)
"""Only a refusal of the made-up pair proves that keys are checked."""

CURRENCY = (
    error("woocommerce_rest_cannot_view", 403),
    Reply(500, b""),
    page("<h1>marker</h1>"),
    Reply(200, []),
    Reply(200, {"settings": None}),
    Reply(200, {"settings": {"currency": 5}}),
)
"""The currency is never missed."""

ROWS = (
    *(
        row(f"sign in {number} {name_of(reply)}", route(RIGHT, reply), {"key": problem}, {"recognise"})
        for number, (reply, problem) in enumerate(SIGN_IN)
    ),
    *(
        row(
            f"{checks[0]} {number} {name_of(reply)}",
            route(pattern, reply),
            dict.fromkeys(checks, problem),
            EVERYTHING - {*checks},
        )
        for pattern, checks in ((PRODUCTS, ("products", "stock")), (ZONES, ("shipping",)))
        for number, (reply, problem) in enumerate(AFTER_SIGN_IN)
    ),
    *(
        row(
            f"control {number} {name_of(reply)}",
            (route(ORDERS & ~RIGHT, reply),),
            problems,
            EVERYTHING - problems.keys(),
        )
        for number, (reply, problems) in enumerate(CONTROL)
    ),
    *(
        row(f"currency {number} {name_of(reply)}", route(STATUS, reply), {}, EVERYTHING)
        for number, reply in enumerate(CURRENCY)
    ),
    Row(
        "no zones",
        (route(ZONES, error("rest_no_route", 404)),),
        Verdict({}, EVERYTHING - {"shipping"}, not_applicable={"shipping"}),
    ),
)
