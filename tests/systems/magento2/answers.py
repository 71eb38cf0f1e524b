"""What Magento answers, and what a merchant is told about it."""

from typing import Any

from respx.patterns import M

from tests.systems.mocked import Reply, route
from tests.systems.tables import Verdict, name_of, row
from xtnd_wizard.systems.magento2 import SYSTEM

EVERYTHING = set(SYSTEM.checks.codes)

SCENARIOS = {
    "works": Verdict(proven=EVERYTHING, calls=6),
    "in_a_folder": Verdict(proven=EVERYTHING, calls=6),
    "wrong_token": Verdict(
        {"key": "key_rejected"}, proven={"recognise"}, calls=1, field="access_token", unread={"key": "values_rejected"}
    ),
    "wrong_consumer_key": Verdict(
        {"key": "key_rejected"}, proven={"recognise"}, calls=1, field="consumer_key", unread={"key": "values_rejected"}
    ),
    "wrong_secret": Verdict(
        {"key": "signature_rejected"}, proven={"recognise"}, calls=3, field="secret", unread={"key": "values_rejected"}
    ),
    "no_orders": Verdict(
        {"orders": "permission_missing"}, proven=EVERYTHING - {"orders"}, calls=7, field="access_token"
    ),
    "no_access": Verdict(
        {"orders": "key_lacks_permission"}, proven={"recognise", "key", "control"}, calls=3, field="access_token"
    ),
    "lost_signature": Verdict({"key": "api_switched_off"}, proven={"recognise"}, calls=3),
    "old_shop": Verdict({"key": "refused_for_security"}, proven={"recognise"}, calls=1),
    "used_nonce": Verdict({"key": "our_app_refused"}, proven={"recognise"}, calls=1),
    "wrong_clock": Verdict(
        {"key": "our_app_refused"}, proven={"recognise"}, calls=1, unread={"key": "answer_unreadable"}
    ),
    "https_hidden": Verdict({"orders": "https_hidden"}, proven={"recognise", "key"}, calls=2),
    "any_value_passes": Verdict(
        {"control": "endpoint_does_not_check_keys"}, proven=EVERYTHING - {"control"}, calls=6, field="api_url"
    ),
    "admin_works": Verdict(proven=EVERYTHING, calls=7),
    "wrong_login": Verdict({"key": "sign_in_rejected"}, proven={"recognise"}, calls=1, field="secret"),
    "two_steps": Verdict({"key": "second_factor_required"}, proven={"recognise"}, calls=1),
    "two_steps_in_an_answer": Verdict({"key": "second_factor_required"}, proven={"recognise"}, calls=1),
    "two_steps_not_set_up": Verdict({"key": "second_factor_not_set_up"}, proven={"recognise"}, calls=1),
    "two_steps_by_somebody_else": Verdict({"key": "second_factor_not_set_up"}, proven={"recognise"}, calls=1),
    "wrong_folder": Verdict({"recognise": "wrong_path_or_product"}, proven=set(), calls=1, field="api_url"),
    "no_such_question": Verdict({"recognise": "product_missing"}, proven=set(), calls=2, field="api_url"),
    "other_address": Verdict({"recognise": "redirected"}, proven=set(), calls=1, field="api_url"),
    "without_encryption": Verdict({"recognise": "redirected"}, proven=set(), calls=1, field="api_url"),
    "another_site": Verdict({"recognise": "not_an_api"}, proven=set(), calls=2, field="api_url"),
    "maintenance": Verdict({"recognise": "upstream_down"}, proven=set(), calls=3),
}

TOKEN, SHIPMENTS = M(path="/rest/V1/integration/admin/token"), M(path="/rest/V1/shipments")
MADE_UP = M(path="/rest/V1/orders", params={"fields": "total_count"})
"""The control alone asks for the number of orders only."""
SECOND_FACTOR = {"message": "Please use the 2fa provider-specific endpoints to obtain a token."}
LOGIN = {"message": "You did not sign in correctly or your account is temporarily disabled."}


def needs(right: object) -> dict[str, Any]:
    """A refusal that names the right it wants."""
    return {"message": "no", "parameters": {"resources": right}}


SIGN_IN = (
    *((Reply(status, SECOND_FACTOR), {"key": "second_factor_required"}) for status in (200, 400, 401, 500)),
    (Reply(200, SECOND_FACTOR["message"]), {"key": "second_factor_required"}),
    (Reply(200, {"token": "0" * 32}), {"recognise": "not_an_api"}),
    (Reply(200, ["0" * 32]), {"recognise": "not_an_api"}),
    (Reply(200, 12345678901234567890), {"recognise": "not_an_api"}),
    (Reply(200, ""), {"recognise": "not_an_api"}),
    (Reply(200, "two words and a line\nbreak"), {"recognise": "not_an_api"}),
    (Reply(200, None), {"recognise": "not_an_api"}),
    (Reply(401, LOGIN), {"key": "sign_in_rejected"}),
    (Reply(401, {"error": "unauthorized"}), {"recognise": "not_an_api"}),
    (Reply(400, {"message": "ReCaptcha validation failed, please try again"}), {"key": "sign_in_needs_more"}),
    (
        Reply(400, {"message": "Failed to send the message. Please contact the administrator"}),
        {"key": "second_factor_not_set_up"},
    ),
    (
        Reply(400, {"message": "x", "parameters": {"active_providers": ["google"]}}),
        {"key": "second_factor_required"},
    ),
    (
        Reply(400, {"message": "x", "parameters": {"providers": ["a", "b"], "active_providers": ["a"]}}),
        {"key": "second_factor_not_set_up"},
    ),
    (Reply(403, {"message": "x"}), {"recognise": "blocked_by_waf"}),
    (Reply(403, {"error": "no"}), {"recognise": "blocked_by_waf"}),
    (Reply(429, {}), {"recognise": "rate_limited"}),
    (Reply(503, {}), {"recognise": "upstream_down"}),
    (Reply(500, {"message": "Internal Error. Report ID: webapi-6"}), {"recognise": "upstream_down"}),
)
"""Only a bare text is a token, and a second factor is known by its data or its words."""

AFTER_SIGN_IN = (
    (Reply(401, needs("Magento_Sales::sales")), "permission_missing"),
    (Reply(401, needs("<script>marker</script>")), "permission_missing"),
    (Reply(403, {"message": "no"}), "permission_missing"),
    (Reply(401, {"message": "The nonce is already being used"}), "our_app_refused"),
    (Reply(401, {"message": "Access token has been revoked"}), "key_rejected"),
    (Reply(404, {"message": "Request does not match any route."}), "answer_unreadable"),
    (Reply(404, {}), "answer_unreadable"),
    (Reply(200, "a text"), "answer_unreadable"),
    (Reply(200, {"message": "hello"}), "answer_unreadable"),
    (Reply(200, {"shipments": []}), "answer_unreadable"),
    (Reply(200, ["a"]), "answer_unreadable"),
    (Reply(400, {"message": "Something"}), "answer_unreadable"),
    (Reply(401, {"message": "Something"}), "answer_unreadable"),
    (Reply(401, {"message": "The signature is invalid."}), "answer_unreadable"),
    (Reply(429, {}), "rate_limited"),
)
"""Once we are in, a failure blames neither host nor values."""

CONTROL: tuple[tuple[Reply, dict[str, str]], ...] = (
    (Reply(401, {"message": "The signature is invalid."}), {}),
    (Reply(401, {"message": "A consumer having the specified key does not exist"}), {}),
    (Reply(401, needs("Magento_Sales::sales")), {}),
    (Reply(401, {"message": "anything"}), {}),
    (Reply(401, {"error": "unauthorized"}), {}),
    (Reply(401, "<h1>401</h1>"), {}),
    (Reply(401, {"message": "The nonce is already being used"}), {"control": "control_inconclusive"}),
    (Reply(401, {"message": "anything", "parameters": [12]}), {"control": "control_inconclusive"}),
    (Reply(400, {"message": "Something"}), {"control": "control_inconclusive"}),
    (Reply(403, {"error": "firewall"}), {"control": "control_inconclusive"}),
    (Reply(404, {}), {"control": "control_inconclusive"}),
    (Reply(500, {}), {"control": "control_inconclusive"}),
    (Reply(429, {}), {"control": "rate_limited"}),
    (Reply(200, {"total_count": 4}), {"control": "endpoint_does_not_check_keys"}),
)
"""Only a refusal that looked at the made-up values proves that values are checked."""

ROWS = (
    *(
        row(
            f"sign in {number} {name_of(reply)}",
            route(TOKEN, reply),
            problems,
            {"recognise"} if "key" in problems else set(),
            scenario="admin_works",
            calls=1,
        )
        for number, (reply, problems) in enumerate(SIGN_IN)
    ),
    *(
        row(
            f"shipments {number} {name_of(reply)}",
            route(SHIPMENTS, reply),
            {"shipments": problem},
            EVERYTHING - {"shipments"},
        )
        for number, (reply, problem) in enumerate(AFTER_SIGN_IN)
    ),
    *(
        row(
            f"control {scenario} {number} {name_of(reply)}",
            route(MADE_UP, reply),
            problems,
            EVERYTHING - problems.keys(),
            scenario=scenario,
        )
        for scenario in ("works", "admin_works")
        for number, (reply, problems) in enumerate(CONTROL)
    ),
)
