"""The checks of a shop over XML-RPC, at the sandbox shops and against shops that answer oddly."""

import asyncio
import xmlrpc.client
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from tests.systems.magento1.answers import READS
from tests.systems.magento1.answers import SCENARIOS as VERDICTS
from tests.systems.mocked import checked
from tests.systems.verifying import Checked, ReceivedRequest, host_of
from xtnd_wizard.domain.findings import Account, Outcome
from xtnd_wizard.outbound.client import MAX_BODY_BYTES
from xtnd_wizard.systems.magento1 import SYSTEM
from xtnd_wizard.systems.magento1.reading import QUESTIONS
from xtnd_wizard.systems.magento1.sandbox import (
    GARNBODEN,
    NO_ROLE,
    SKOMAKERIET,
    SWITCHED_OFF,
    WORKS,
    sandbox_app,
)
from xtnd_wizard.wizard.check_runner import checks_of

ALL = set(checks_of(SYSTEM))
BEFORE = {"address", "secure"}
SCENARIOS = {scenario.code: scenario for scenario in SYSTEM.sandbox.scenarios}
RIGHT = SCENARIOS["works"]
CONTROL = "the made-up session"
ALONE = frozenset((*READS, "session"))
"""The checks that hear of a read."""
ENDS_IT = {"recognise", "sign_in"}


def calls(requests: list[ReceivedRequest]) -> list[tuple[str, tuple[Any, ...]]]:
    """What was asked: the method, and its arguments."""
    read = [xmlrpc.client.loads(call.body, use_builtin_types=True) for call in requests]
    return [(str(method), tuple(arguments)) for arguments, method in read]


def counted(requests: list[ReceivedRequest]) -> Counter[str]:
    """How often each method was called; for a read in a call of its own, the method inside the call."""
    return Counter(str(arguments[1]) if method == "call" else method for method, arguments in calls(requests))


def method_response(value: Any) -> Response:
    return Response(xmlrpc.client.dumps((value,), methodresponse=True, allow_none=True), media_type="text/xml")


def fault(code: int) -> Response:
    return Response(xmlrpc.client.dumps(xmlrpc.client.Fault(code, "marker-text")), media_type="text/xml")


def element(code: object) -> dict[str, object]:
    """A fault among the values in the answer to `multiCall`."""
    return {"isFault": True, "faultCode": code, "faultMessage": "marker-text"}


def together(**changed: Any) -> Response:
    """A full answer to `multiCall`, some of its elements, by their check, replaced."""
    good: dict[str, Any] = {check: [] for check in READS}
    good["version"] = {"magento_edition": "Community", "magento_version": "1.9.4.5"}
    by_method = {READS[check]: value for check, value in {**good, **changed}.items()}
    return method_response([by_method[question.method] for question in QUESTIONS])


def odd(answer: Callable[[str], Response | None], *, one_by_one: bool = True, seconds: float = 5) -> Checked:
    """Verify against the first sandbox shop, some of whose answers, by the method asked, are replaced.

    Unless it is told otherwise the shop knows no `multiCall`, so that each read is asked in a call of its own.
    """
    shop = sandbox_app()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        arguments, method = xmlrpc.client.loads(await Request(scope, receive).body())
        asked = str(method)
        if method == "call":
            asked = str(arguments[1]) if arguments[0] == WORKS.session(SKOMAKERIET) else CONTROL
        refused = fault(620) if one_by_one and asked == "multiCall" else None
        await (answer(asked) or refused or shop)(scope, receive, send)

    return checked(SYSTEM, RIGHT, app, (), seconds)


@cache
def practised(code: str) -> Checked:
    """A scenario's verification; tests only look at it."""
    return checked(SYSTEM, SCENARIOS[code])


@pytest.mark.parametrize("code", SCENARIOS)
def test_the_values_of_a_scenario_need_no_word_and_reach_no_event(code: str) -> None:
    values = SCENARIOS[code].values
    for name, text in values.items():
        assert SYSTEM.clean(name, text).remarks.refusal is None
    result = practised(code)
    assert values["access_token"] not in repr(result.events)
    assert values["secret"] not in repr(result.events)
    assert WORKS.session(SKOMAKERIET) not in repr(result.events)


def test_no_two_failing_scenarios_look_alike() -> None:
    order = list(checks_of(SYSTEM))
    primary_failure = [
        min(problems, key=lambda check: order.index(check[0]))
        for code in SCENARIOS
        if (problems := list(practised(code).problems.items()))
    ]
    assert len(primary_failure) == len(set(primary_failure))


def test_the_shop_is_named_after_its_first_open_store_view() -> None:
    result = practised("works")
    assert result.account is not None
    assert result.account.name == "Skomakeriet"
    assert result.account.id.endswith(", sv")
    assert result.findings["version"].facts == {"platform": "Community 1.9.4.5"}
    assert {finding.outcome for finding in result.findings.values()} == {Outcome.PASSED}


def test_a_verification_signs_in_reads_everything_in_one_call_asks_for_a_refusal_and_signs_out() -> None:
    requests = practised("works").requests
    assert counted(requests) == {"login": 1, "multiCall": 1, "core_magento.info": 1, "endSession": 1}
    methods = [method for method, _ in calls(requests)]
    assert (methods[0], methods[-1]) == ("login", "endSession")
    assert {(call.method, call.path) for call in requests} == {("POST", "/api/xmlrpc/")}
    assert calls(requests)[0][1] == (WORKS.name, WORKS.key)
    assert calls(requests)[-1][1] == (WORKS.session(SKOMAKERIET),)


def test_every_read_is_filtered_to_nothing_and_uses_the_session() -> None:
    filtered = {
        "order.list": [{"order_id": {"eq": "0"}}],
        "product.list": [{"product_id": {"eq": "0"}}],
        "product_stock.list": [["0"]],
        "order_shipment.list": [{"shipment_id": {"eq": "0"}}],
    }
    ((session, asked),) = [result for method, result in calls(practised("works").requests) if method == "multiCall"]
    assert dict(asked) == {**filtered, "core_magento.info": [], "store.list": []}
    alone = [result for method, result in calls(odd(lambda method: None).requests) if method == "call"]
    assert {result[1]: result[2] for result in alone} == dict(asked)
    assert session == WORKS.session(SKOMAKERIET)
    assert {result[0] for result in alone if result[1] != "core_magento.info"} == {session}


def test_where_the_one_call_is_refused_each_thing_is_read_once_by_itself() -> None:
    result = odd(lambda method: None)
    assert result.problems == {}
    assert set(result.findings) == ALL
    once = {"login": 1, "multiCall": 1, **dict.fromkeys(READS.values(), 1), "endSession": 1}
    assert counted(result.requests) == {**once, "core_magento.info": 2}


@pytest.mark.parametrize(
    "refusal",
    [
        *(lambda code=code: fault(code) for code in (0, 1, 2, 3, 620, -32601)),
        *(lambda status=status: Response("", status) for status in (401, 403, 404, 405, 500, 501)),
        lambda: HTMLResponse("<h1>Forbidden</h1>", 403),
        lambda: HTMLResponse("<h1>Welcome</h1>"),
        lambda: Response("", 302, {"location": "https://elsewhere.test/"}),
        lambda: method_response("text"),
        lambda: method_response(None),
        lambda: method_response({}),
        lambda: method_response([]),
        lambda: method_response([[]] * 5),
        lambda: method_response([[]] * 7),
        lambda: Response(b"<b>Warning</b>" + bytes(together().body), media_type="text/xml"),
    ],
)
def test_whatever_is_no_answer_to_the_one_call_leads_to_single_ones(refusal: Callable[[], Response]) -> None:
    result = odd(lambda method: refusal() if method == "multiCall" else None)
    assert result.problems == {}
    assert set(result.findings) == ALL
    assert counted(result.requests)["order.list"] == 1


def test_a_stumble_of_the_one_call_is_tried_again_before_anything_else() -> None:
    left = [Response("", 503)]
    result = odd(lambda method: left.pop() if method == "multiCall" and left else None, one_by_one=False)
    assert result.problems == {}
    assert counted(result.requests)["multiCall"] == 2
    assert counted(result.requests)["order.list"] == 0


def test_a_shop_that_asks_us_to_wait_is_asked_nothing_more() -> None:
    result = odd(lambda method: Response("{}", 429, {"retry-after": "7"}) if method == "multiCall" else None)
    assert result.problems == dict.fromkeys(READS, "rate_limited")
    assert {result.findings[check].facts["seconds"] for check in READS} == {"7"}
    assert set(result.findings) == ALL - {"session"}
    assert counted(result.requests) == {"login": 1, "multiCall": 1, "core_magento.info": 1, "endSession": 1}


def test_where_the_one_call_never_ends_every_read_is_slow_and_nothing_is_called_wrong() -> None:
    class Hangs(Response):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await asyncio.Event().wait()

    result = odd(lambda method: Hangs() if method == "multiCall" else None, seconds=0.5)
    assert result.problems == dict.fromkeys(ALONE, "slow")
    assert {result.findings[check].outcome for check in ("recognise", "sign_in", "control")} == {Outcome.PASSED}


def test_the_control_makes_up_a_session_and_never_a_sign_in() -> None:
    made_up = set()
    for _ in range(2):
        requests = checked(SYSTEM, RIGHT).requests
        sessions = {arguments[0] for method, arguments in calls(requests) if method == "call"}
        made_up |= sessions - {WORKS.session(SKOMAKERIET)}
        assert [arguments for method, arguments in calls(requests) if method == "login"] == [(WORKS.name, WORKS.key)]
    assert len(made_up) == 2


@pytest.mark.parametrize(
    ("user", "key"),
    [
        (WORKS.name, "Lagom-till-lunch-1908"),
        ("nobody", WORKS.key),
        (NO_ROLE.name, NO_ROLE.key),
        (SWITCHED_OFF.name, SWITCHED_OFF.key),
        (WORKS.key, WORKS.name),
    ],
)
def test_a_refused_sign_in_costs_one_call_and_does_not_say_which_part_is_wrong(user: str, key: str) -> None:
    result = checked(SYSTEM, RIGHT, access_token=user, secret=key)
    assert result.problems == {"sign_in": "sign_in_rejected"}
    assert result.findings["sign_in"].detail == "login: fault 2"
    assert result.findings["recognise"].outcome is Outcome.PASSED
    assert counted(result.requests) == {"login": 1}


def test_a_sign_in_that_arrives_incomplete_is_a_refused_sign_in_with_another_number() -> None:
    result = checked(SYSTEM, RIGHT, access_token="")
    assert result.problems == {"sign_in": "sign_in_rejected"}
    assert result.findings["sign_in"].detail == "login: fault 6"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_sign_in_is_not_tried_again_after_a_stumble(status: int) -> None:
    result = odd(lambda method: Response("", status) if method == "login" else None)
    assert result.problems == {"recognise": "upstream_down"}
    assert counted(result.requests) == {"login": 1}


def test_a_read_is_tried_again_after_a_stumble() -> None:
    left = [Response("", 503)]
    result = odd(lambda method: left.pop() if method == "order.list" and left else None)
    assert result.problems == {}
    assert counted(result.requests)["order.list"] == 2


@pytest.mark.parametrize("value", [True, 1, None, [], {}, "", "  ", ["a"]])
def test_a_sign_in_without_a_session_is_no_shop_of_this_kind(value: Any) -> None:
    result = odd(lambda method: method_response(value))
    assert result.problems == {"recognise": "not_an_api"}
    assert counted(result.requests) == {"login": 1}


@pytest.mark.parametrize("code", [0, 1, -32601])
def test_a_fault_that_may_come_before_the_session_is_looked_at_proves_no_session(code: int) -> None:
    result = odd(lambda method: fault(code) if method == READS["version"] else None)
    assert set(result.problems) == {"version"}
    assert set(result.findings) == ALL - {"session"}


def test_every_read_has_a_verdict_of_its_own_in_the_one_answer() -> None:
    mixed = {"orders": element("2"), "products": element("3"), "stock": element("1"), "shipments": "text"}
    result = odd(lambda method: together(**mixed) if method == "multiCall" else None)
    assert result.problems == {
        "orders": "permission_missing",
        "products": "api_switched_off",
        "stock": "upstream_down",
        "shipments": "answer_unreadable",
    }
    assert result.findings["orders"].detail == "order.list in multiCall: fault 2; sales/order/info"
    assert result.findings["version"].facts == {"platform": "Community 1.9.4.5"}
    assert set(result.findings) == ALL


def test_the_missing_permission_is_named() -> None:
    findings = practised("no_orders").findings
    assert findings["orders"].facts == {"permission": "Sales > Order"}
    assert findings["orders"].detail.endswith("sales/order/info")
    assert findings["shipments"].facts == {"permission": "Sales > Order > Order shipments"}
    assert practised("no_stock").findings["stock"].facts == {"permission": "Catalog Inventory"}


def test_a_role_that_may_not_read_version_and_name_is_good_enough() -> None:
    result = practised("small_role")
    applicable = {check for check, found in result.findings.items() if found.outcome is Outcome.NOT_APPLICABLE}
    assert applicable == {"version", "stores"}
    assert result.account is not None
    assert result.account.id == result.account.name
    assert result.account.name == host_of(SCENARIOS["small_role"])


def test_an_oversized_answer_after_the_sign_in_blames_neither_host_nor_key() -> None:
    result = odd(lambda method: method_response("a" * MAX_BODY_BYTES) if method == "order.list" else None)
    assert result.problems == {"orders": "answer_unreadable"}
    assert set(result.findings) == ALL


@pytest.mark.parametrize("code", [2, 5, -32601])
def test_a_fault_of_one_read_ends_the_session_all_the_same(code: int) -> None:
    result = odd(lambda method: fault(code) if method == READS["orders"] else None)
    assert result.problems.keys() == {"orders"}
    assert counted(result.requests)["endSession"] == 1


def test_an_oversized_answer_is_refused_at_the_sign_in_too() -> None:
    assert odd(lambda method: method_response("a" * MAX_BODY_BYTES)).problems == {"recognise": "not_an_api"}


@pytest.mark.parametrize(
    ("rows", "code", "name"),
    [
        ([{"code": "default", "name": "Default Store View", "is_active": "1", "store_id": "1"}], ", default", ""),
        ([{"code": "b", "name": "B", "store_id": "7"}, {"code": "a", "name": "A", "store_id": 3}], ", a", "A"),
        ([{"code": "a", "name": "A", "is_active": 0}, {"code": "b", "name": "B", "is_active": 1}], ", b", "B"),
        ([{"code": "a", "name": "A", "is_active": False}], ", a", "A"),
        ({"1": {"code": "a", "name": "A"}}, ", a", "A"),
        ([{"code": "a", "name": "x" * 9000}], ", a", "x" * 120),
        ([{"code": "a", "name": None}], ", a", ""),
        ([], "", ""),
        (["odd", None, {"name": "no code"}, {"code": {}}], "", ""),
    ],
)
def test_a_list_of_stores_in_any_shape_gives_an_account(rows: Any, code: str, name: str) -> None:
    result = odd(lambda method: method_response(rows) if method == "store.list" else None)
    assert result.problems == {}
    assert result.account is not None
    host = result.account.id.removesuffix(code)
    assert result.account == Account(f"{host}{code}", name or host)
    assert host == SKOMAKERIET


def test_the_folder_of_a_shop_is_part_of_every_call_and_of_its_name() -> None:
    result = practised("in_a_folder")
    assert {call.path for call in result.requests} == {"/butik/api/xmlrpc/"}
    assert result.account is not None
    assert "/butik, " in result.account.id


def test_a_shop_without_rewriting_is_found_at_its_index_and_asked_there_from_then_on() -> None:
    shop = sandbox_app()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found = scope["path"].startswith("/index.php/")
        await (shop if found else HTMLResponse("Not Found", 404))(scope, receive, send)

    result = checked(SYSTEM, RIGHT, app)
    requests = result.requests
    assert result.problems == {}
    assert requests[0].path == "/api/xmlrpc/"
    assert {call.path for call in requests[1:]} == {"/index.php/api/xmlrpc/"}
    assert counted(requests)["login"] == 2


def test_where_no_shop_is_found_both_places_were_asked_once() -> None:
    requests = practised("lost_folder").requests
    assert [call.path for call in requests] == ["/api/xmlrpc/", "/index.php/api/xmlrpc/"]


@pytest.mark.parametrize("code", [code for code, verdict in VERDICTS.items() if not ENDS_IT & verdict.problems.keys()])
def test_every_session_that_began_is_ended(code: str) -> None:
    requests = practised(code).requests
    assert [method for method, _ in calls(requests)].count("endSession") == 1


@pytest.mark.parametrize("code", [code for code, verdict in VERDICTS.items() if ENDS_IT & verdict.problems.keys()])
def test_no_session_is_ended_that_never_began(code: str) -> None:
    assert "endSession" not in counted(practised(code).requests)


@pytest.mark.parametrize("code", [1, 2, 5])
def test_a_sign_out_that_fails_changes_nothing(code: int) -> None:
    assert odd(lambda method: fault(code) if method == "endSession" else None).problems == {}


def test_a_redirect_names_where_it_leads() -> None:
    assert practised("moved").findings["recognise"].facts["target"] == "www.korgflatarna.test"


async def asked_in_process(method: str, url: str, content: bytes = b"") -> httpx.Response:
    transport = httpx.ASGITransport(app=sandbox_app())
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        return await client.request(method, url, content=content)


@pytest.mark.parametrize("address", [*sorted(SYSTEM.sandbox.hosts), f"{GARNBODEN}/butik"])
def test_the_front_page_of_every_sandbox_shop_is_there(address: str) -> None:
    answer = asyncio.run(asked_in_process("GET", f"https://{address}/"))
    assert answer.status_code == 200
    assert "Välkommen" in answer.text


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<x", b"<methodCall/>", b"\x00"),
        *(xmlrpc.client.dumps((), method).encode() for method in ("login", "call", "system.listMethods")),
        xmlrpc.client.dumps(([], {}), "call").encode(),
        xmlrpc.client.dumps((), "multiCall").encode(),
    ],
)
def test_what_is_no_good_call_is_a_fault_at_the_sandbox_shop(body: bytes) -> None:
    answer = asyncio.run(asked_in_process("POST", f"https://{SKOMAKERIET}/api/xmlrpc/", body))
    assert answer.status_code == 200
    with pytest.raises(xmlrpc.client.Fault):
        xmlrpc.client.loads(answer.content)
