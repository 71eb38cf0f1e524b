"""What a shop with Magento 1 answers, and what a merchant is told about it."""

import xmlrpc.client
from typing import Any

from respx.patterns import M

from tests.systems.mocked import Reply, Route, page, route
from tests.systems.tables import Row, Verdict, name_of, row
from xtnd_wizard.systems.magento1 import SYSTEM
from xtnd_wizard.systems.magento1.reading import QUESTIONS
from xtnd_wizard.systems.magento1.sandbox import SKOMAKERIET, WORKS

EVERYTHING = set(SYSTEM.checks.codes)

SCENARIOS = {
    "works": Verdict(proven=EVERYTHING, calls=4),
    "in_a_folder": Verdict(proven=EVERYTHING, calls=4),
    "wrong_key": Verdict({"sign_in": "sign_in_rejected"}, proven={"recognise"}, calls=1, field="secret"),
    "no_orders": Verdict(
        {"orders": "permission_missing", "shipments": "permission_missing"},
        proven=EVERYTHING - {"orders", "shipments"},
        calls=4,
        field="access_token",
    ),
    "no_stock": Verdict({"stock": "permission_missing"}, proven=EVERYTHING - {"stock"}, calls=4, field="access_token"),
    "small_role": Verdict(proven=EVERYTHING - {"version", "stores"}, calls=4, not_applicable={"version", "stores"}),
    "slow_shop": Verdict(proven=EVERYTHING, calls=4),
    "forgotten": Verdict({"session": "session_ends_at_once"}, proven={"recognise", "sign_in", "control"}, calls=4),
    "no_shipments": Verdict({"shipments": "api_switched_off"}, proven=EVERYTHING - {"shipments"}, calls=4),
    "noisy": Verdict({"orders": "answer_unreadable"}, proven=EVERYTHING - {"orders"}, calls=10),
    "breaks": Verdict({"products": "upstream_down"}, proven=EVERYTHING - {"products"}, calls=4),
    "lost_folder": Verdict({"recognise": "wrong_path_or_product"}, proven=set(), calls=2, field="api_url"),
    "web_page": Verdict({"recognise": "not_an_api"}, proven=set(), calls=1, field="api_url"),
    "another_program": Verdict({"recognise": "product_missing"}, proven=set(), calls=1, field="api_url"),
    "moved": Verdict({"recognise": "redirected"}, proven=set(), calls=1, field="api_url"),
    "closed_door": Verdict({"recognise": "blocked_by_waf"}, proven=set(), calls=1),
    "maintenance": Verdict({"recognise": "upstream_down"}, proven=set(), calls=1),
    "any_session": Verdict(
        {"control": "endpoint_does_not_check_keys"}, proven=EVERYTHING - {"control"}, calls=4, field="api_url"
    ),
    "odd_control": Verdict({"control": "control_inconclusive"}, proven=EVERYTHING - {"control"}, calls=4),
}

READS = {
    "version": "core_magento.info",
    "orders": "order.list",
    "products": "product.list",
    "stock": "product_stock.list",
    "shipments": "order_shipment.list",
    "stores": "store.list",
}
MULTI_CALL, SINGLE = M(content__contains=b"<methodName>multiCall<"), M(content__contains=b"<methodName>call<")
SESSION = M(content__contains=WORKS.session(SKOMAKERIET).encode())
NOTHING = EVERYTHING - EVERYTHING


def method_response(value: Any) -> Reply:
    """A value as the answer to a call."""
    return Reply(200, xmlrpc.client.dumps((value,), methodresponse=True, allow_none=True).encode(), "text/xml")


def fault(code: int) -> Reply:
    """A fault as the answer to a call."""
    return Reply(200, xmlrpc.client.dumps(xmlrpc.client.Fault(code, "marker")).encode(), "text/xml")


def element(check: str, code: object) -> Reply:
    """The answer to the one call for everything, with a fault for one check among its values."""
    values: dict[str, object] = {method: [] for method in READS.values()}
    values["core_magento.info"] = {"magento_edition": "Community", "magento_version": "1.9.4.5"}
    values[READS[check]] = {"isFault": True, "faultCode": code, "faultMessage": "marker"}
    return method_response([values[question.method] for question in QUESTIONS])


def alone(check: str, reply: Reply) -> tuple[Route, ...]:
    """A shop that knows no one call for everything, and its answer to one read in a call of its own."""
    return route(MULTI_CALL, fault(620)), route(SINGLE & SESSION & M(content__contains=READS[check].encode()), reply)


FAULTS = (
    *((check, 2, "permission_missing") for check in READS if check not in ("version", "stores")),
    *((check, 5, "session_ends_at_once") for check in READS if check != "version"),
    *(("orders", code, "api_switched_off") for code in (3, 4)),
    *(("stores", code, "upstream_down") for code in (0, 1, 101)),
    ("orders", -32601, "answer_unreadable"),
)
"""A fault of one read is that read's only."""

NO_SESSIONS: tuple[Any, ...] = (True, 1, None, [], {}, "", "  ", ["a"])
SIGN_IN = (
    *((Reply(status, b"{}", kind), "blocked_by_waf") for status, kind in ((401, "text/html"), (401, "text/plain"))),
    *((Reply(403, b"{}", kind), "blocked_by_waf") for kind in ("text/html", "text/xml", "application/json")),
    *((Reply(status, b"{}", "text/plain"), "blocked_by_waf") for status in (402, 423, 451)),
    *((fault(code), "upstream_down") for code in (0, 1)),
    *((fault(code), "product_missing") for code in (3, 620)),
    *((method_response(value), "not_an_api") for value in NO_SESSIONS),
)
"""A guard at the entrance, or a shop that is none of this kind: nothing of it is about the key."""

ODD = (
    method_response("text"),
    method_response(None),
    method_response(True),
    page("<h1>marker</h1>"),
    Reply(404, b"{}"),
    Reply(401, b"{}"),
    Reply(302, b"", headers={"location": "https://elsewhere.test/"}),
    Reply(200, b"<!DOCTYPE x [<!ENTITY a 'b'>]><methodResponse>&a;</methodResponse>", "text/xml"),
)
"""An odd answer after the sign-in blames neither host nor key."""

NO_NUMBERS: tuple[Any, ...] = ("two", None, True, {}, 2.5, "")
ROWS = (
    *(
        row(f"sign in {number} {name_of(reply)}", route(M(method="POST"), reply), {"recognise": problem}, NOTHING)
        for number, (reply, problem) in enumerate(SIGN_IN)
    ),
    *(
        row(f"{check} fault {code} alone", alone(check, fault(code)), {check: problem}, EVERYTHING - {check})
        for check, code, problem in FAULTS
    ),
    *(
        row(
            f"{check} fault {spelled!r} in the one call",
            route(MULTI_CALL, element(check, spelled)),
            {check: problem},
            EVERYTHING - {check},
        )
        for check, code, problem in FAULTS
        for spelled in (code, str(code))
    ),
    *(
        Row(f"{check} not allowed {number}", routes, Verdict({}, EVERYTHING - {check}, not_applicable={check}))
        for check in ("version", "stores")
        for number, routes in enumerate(
            (
                alone(check, fault(2)),
                (route(MULTI_CALL, element(check, 2)),),
                (route(MULTI_CALL, element(check, "2")),),
            )
        )
    ),
    *(
        row(
            f"orders fault without a number {code!r}",
            route(MULTI_CALL, element("orders", code)),
            {"orders": "answer_unreadable"},
            EVERYTHING - {"orders"},
        )
        for code in NO_NUMBERS
    ),
    *(
        row(
            f"orders odd {number} {name_of(reply)}",
            alone("orders", reply),
            {"orders": "answer_unreadable"},
            EVERYTHING - {"orders"},
        )
        for number, reply in enumerate(ODD)
    ),
    *(
        row(
            f"control fault {code}",
            route(SINGLE & ~SESSION, fault(code)),
            {"control": "control_inconclusive"},
            EVERYTHING - {"control"},
        )
        for code in (0, 1, 2, 3)
    ),
)
