"""Shops as they were met on merchants' servers: what they say over the wire, and what is to be made of it."""

import asyncio
import xmlrpc.client
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.systems.messages import in_another_script
from tests.systems.mocked import checked
from tests.systems.verifying import Checked
from xtnd_wizard.domain.findings import Outcome
from xtnd_wizard.systems.magento1 import SYSTEM
from xtnd_wizard.systems.magento1.sandbox import SECONDS_A_CALL
from xtnd_wizard.wizard.check_runner import checks_of

pytestmark = pytest.mark.faults
"""Shops that take their time are waited for."""
SCENARIOS = {scenario.code: scenario for scenario in SYSTEM.sandbox.scenarios}
ALL = set(checks_of(SYSTEM))
READS = {"version", "orders", "products", "stock", "shipments", "stores"}
SESSION = "0d2f5a9b7c1e4836"
SECONDS_OF_A_CHECK = 20
"""What a verification may take by default; a shop with 3 seconds a call is checked at that ratio."""


@dataclass
class Shop:
    """A shop on a server of its own that holds a lock on each session, as PHP does."""

    seconds: float = 0.0
    """What each call takes."""
    version: Mapping[str, str] = field(
        default_factory=lambda: {"magento_edition": "Community", "magento_version": "1.9.4.5"}
    )
    charset: str = "UTF-8"
    name: str = "Skomakeriet"
    ends_sessions: bool = False
    knows_multi_call: bool = True
    calls: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        arguments, method = xmlrpc.client.loads(await Request(scope, receive).body())
        self.calls[str(method)] += 1
        session = str(arguments[0]) if method != "login" else "none yet"
        async with self._locks[session]:
            await asyncio.sleep(self.seconds)
        await self._answer(str(method), session, arguments[1:])(scope, receive, send)

    def _answer(self, method: str, session: str, asked: Any) -> Response:
        if method == "login":
            return self._summary(SESSION)
        if method == "endSession":
            return self._summary(True)
        if session != SESSION or self.ends_sessions:
            return self._faulty(5)
        if method == "multiCall":
            return (
                self._summary([self._value(*call) for call in asked[0]]) if self.knows_multi_call else self._faulty(620)
            )
        return self._summary(self._value(*asked))

    def _value(self, method: str, arguments: list[Any]) -> Any:
        if method == "core_magento.info":
            return dict(self.version)
        stores = [{"store_id": "1", "code": "main", "name": self.name, "is_active": "1"}]
        return stores if method == "store.list" else []

    def _summary(self, value: Any) -> Response:
        return self._sent(xmlrpc.client.dumps((value,), methodresponse=True, encoding=self.charset))

    def _faulty(self, code: int) -> Response:
        fault = xmlrpc.client.Fault(code, "Session expired. Try to relogin.")
        return self._sent(xmlrpc.client.dumps(fault, encoding=self.charset))

    def _sent(self, text: str) -> Response:
        return Response(text.encode(self.charset), headers={"content-type": f"text/xml; charset={self.charset}"})


def met(shop: ASGIApp, seconds: float = 10) -> Checked:
    """What is said of a right user at this shop."""
    return checked(SYSTEM, SCENARIOS["works"], shop, (), seconds)


@pytest.mark.parametrize(("each", "deadline"), [(0.3, 4), (0.6, 0.6 / 3 * SECONDS_OF_A_CHECK)])
def test_a_right_user_at_a_slow_shop_that_locks_sessions_is_green_within_the_deadline(
    each: float, deadline: float
) -> None:
    """The second at the ratio of 3 seconds a call to the deadline that is usual."""
    shop = Shop(each)
    result = met(shop, deadline)
    assert result.problems == {}
    assert set(result.findings) == ALL
    assert shop.calls == {"login": 1, "multiCall": 1, "call": 1, "endSession": 1}


def test_a_slow_shop_that_refuses_the_one_call_is_called_slow_and_nothing_worse() -> None:
    result = met(Shop(0.5, knows_multi_call=False), 3.5)
    assert set(result.problems.values()) == {"slow"}
    assert result.problems.keys() <= READS
    assert result.findings["sign_in"].outcome is Outcome.PASSED
    assert result.findings["session"].outcome is Outcome.PASSED


def test_the_slow_shop_of_the_demo_is_too_slow_for_single_calls_where_demos_are_tested() -> None:
    scenario = SCENARIOS["slow_shop"]
    assert checked(SYSTEM, scenario).problems == {}
    assert (1 + len(READS)) * SECONDS_A_CALL > 1


def test_openmage_is_shown_with_its_own_version() -> None:
    version = {"magento_edition": "Community", "magento_version": "1.9.4.5", "openmage_version": "20.0.20"}
    result = met(Shop(version=version))
    assert result.problems == {}
    assert result.findings["version"].facts == {"platform": "OpenMage 20.0.20"}


@pytest.mark.parametrize("charset", ["windows-1251", "Windows-1251", "koi8-r", "iso-8859-5"])
def test_a_shop_that_answers_in_another_coding_is_read_in_it(charset: str) -> None:
    result = met(Shop(charset=charset, name="Лавка сапожника"))
    assert result.problems == {}
    assert result.account is not None
    assert result.account.name == "Лавка сапожника"


@pytest.mark.parametrize("knows_multi_call", [True, False])
def test_a_shop_that_ends_its_sessions_at_once_has_one_problem_and_not_six(knows_multi_call: bool) -> None:
    result = met(Shop(ends_sessions=True, knows_multi_call=knows_multi_call))
    assert result.problems == {"session": "session_ends_at_once"}
    assert set(result.findings) == ALL - READS
    assert result.findings["sign_in"].outcome is Outcome.PASSED


@pytest.mark.parametrize("knows_multi_call", [True, False])
def test_at_none_of_these_shops_a_verdict_hangs_on_a_message(knows_multi_call: bool) -> None:
    result = met(in_another_script(Shop(ends_sessions=True, knows_multi_call=knows_multi_call)))
    assert result.problems == {"session": "session_ends_at_once"}
    assert met(in_another_script(Shop(knows_multi_call=knows_multi_call))).problems == {}


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_cure_for_sessions_that_end_at_once_names_the_setting(language: str) -> None:
    cure = SYSTEM.guide(language)["problems"]["session_ends_at_once"]["do"]
    assert "System > Configuration > Services > Magento Core API" in cure
    assert "Client Session Timeout" in cure
