"""Sandbox shops: answers like Magento 1's XML-RPC API, for demos and tests.

Faults and permissions as in OpenMage/magento-lts, `app/code/core/Mage/*/etc/api.xml`. Each host is one shop,
and each user of it one way a demo can go.
"""

import hashlib
import uuid
import xmlrpc.client
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.parsers.expat import ExpatError

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from xtnd_wizard.systems.back_office import Account
from xtnd_wizard.systems.contract import Sandbox
from xtnd_wizard.systems.magento1.sandbox_office import ACTIVE, GIVEN, ROLE, USER, back_office, may
from xtnd_wizard.systems.magento1.sandbox_queues import SessionQueues
from xtnd_wizard.systems.sandbox_kit import page
from xtnd_wizard.systems.stories import SMOOTH, Scenario, Story

SKOMAKERIET, GARNBODEN, LJUSSTOPERIET = "skomakeriet.test", "garnboden.test", "ljusstoperiet.test"
HATTMAKARNA, KORGFLATARNA, SNICKERIET = "hattmakarna.test", "korgflatarna.test", "snickeriet.test"
TVALKOKERIET, PLATSLAGERIET, GLASBLASERIET = "tvalkokeriet.test", "platslageriet.test", "glasblaseriet.test"
_NAMES = {SKOMAKERIET: "Skomakeriet", GARNBODEN: "Garnboden"}
FOLDER = "/butik"
_OPENMAGE = GARNBODEN
"""The shop that runs Magento's successor."""
SECONDS_A_CALL = 0.2
"""What each call costs in the slow shop: far too much for one that is checked in a second, call by call."""

_METHODS = {
    "core_magento.info": "core/magento/info",
    "magento.info": "core/magento/info",
    "store.list": "core/store/list",
    "order.list": "sales/order/info",
    "product.list": "catalog/product/info",
    "product_stock.list": "cataloginventory/info",
    "order_shipment.list": "sales/order/shipment/info",
}
READING = frozenset(_METHODS.values())
_FAULTS = {
    1: "Internal Error. Please see log for details.",
    2: "Access denied.",
    3: "Invalid api path.",
    5: "Session expired. Try to relogin.",
    6: 'Required parameter is missing, for more details see "exception.log".',
    620: "Unknown Method",
    651: "Failed to parse request",
}


@dataclass(frozen=True)
class User:
    """One API user, what its role may read, and what is odd about the shop when it comes."""

    name: str
    key: str
    allowed: frozenset[str] = READING
    active: bool = True
    role: bool = True
    forgotten: bool = False
    """The shop has lost the session by the next call."""
    absent: str = ""
    """A method that this shop does not have."""
    noisy: str = ""
    """A method before whose answer PHP writes a warning."""
    breaks: str = ""
    """A method that ends in an internal error."""
    slow: bool = False
    """Each call takes its time, and the calls of one session are answered one after another."""
    own_session: str = ""
    """For a user of the back office: made with the key, and gone with it."""

    def session(self, host: str) -> str:
        """The number of this user's session in a shop: always the same, so that nothing has to be kept."""
        return self.own_session or hashlib.sha256(f"{host} {self.name}".encode()).hexdigest()[:32]

    def has(self, session: object, host: str) -> bool:
        """Whether a session is this user's. A slow one has many, or else each visitor would wait for the others."""
        own = self.session(host)
        return session == own or (self.slow and str(session).startswith(f"{own}-"))


WORKS = User("xtnd", "Lagom-till-fika-1908")
NO_ROLE = User("xtnd-utan-roll", "Lagom-till-fika-1909", role=False)
SWITCHED_OFF = User("xtnd-vilande", "Lagom-till-fika-1910", active=False)
NO_ORDERS = User("xtnd-utan-order", "Lagom-till-fika-1911", READING - {"sales/order/info", "sales/order/shipment/info"})
NO_STOCK = User("xtnd-utan-lager", "Lagom-till-fika-1912", READING - {"cataloginventory/info"})
SMALL_ROLE = User("xtnd-liten-roll", "Lagom-till-fika-1913", READING - {"core/magento/info", "core/store/list"})
FORGOTTEN = User("xtnd-bortglomd", "Lagom-till-fika-1914", forgotten=True)
NO_SHIPMENTS = User("xtnd-utan-leverans", "Lagom-till-fika-1915", absent="order_shipment.list")
NOISY = User("xtnd-varning", "Lagom-till-fika-1916", noisy="order.list")
BREAKS = User("xtnd-stopp", "Lagom-till-fika-1917", breaks="product.list")
SLOW = User("xtnd-langsam", "Lagom-till-fika-1918", slow=True)
USERS = (WORKS, NO_ROLE, SWITCHED_OFF, NO_ORDERS, NO_STOCK, SMALL_ROLE, FORGOTTEN, NO_SHIPMENTS, NOISY, BREAKS, SLOW)


def user_of(account: Account) -> User:
    """The user that a visitor made in the back office."""
    allowed = frozenset(permission for permission in READING if may(account, permission))
    name, key, session = (account.values[value] for value in ("access_token", "secret", "session"))
    return User(name, key, allowed, account.has(ACTIVE), account.has(ROLE, GIVEN), own_session=session)


def _values(address: str, user: User = WORKS, key: str = "") -> dict[str, str]:
    return {"access_token": user.name, "secret": key or user.key, "api_url": address}


SCENARIOS = (
    Scenario("works", _values(SKOMAKERIET)),
    Scenario("in_a_folder", _values(GARNBODEN + FOLDER)),
    Scenario("wrong_key", _values(SKOMAKERIET, key="Lagom-till-lunch-1908")),
    Scenario("no_orders", _values(SKOMAKERIET, NO_ORDERS)),
    Scenario("no_stock", _values(SKOMAKERIET, NO_STOCK)),
    Scenario("small_role", _values(SKOMAKERIET, SMALL_ROLE)),
    Scenario("slow_shop", _values(SKOMAKERIET, SLOW)),
    Scenario("forgotten", _values(SKOMAKERIET, FORGOTTEN)),
    Scenario("no_shipments", _values(SKOMAKERIET, NO_SHIPMENTS)),
    Scenario("noisy", _values(SKOMAKERIET, NOISY)),
    Scenario("breaks", _values(SKOMAKERIET, BREAKS)),
    Scenario("lost_folder", _values(GARNBODEN)),
    Scenario("web_page", _values(LJUSSTOPERIET)),
    Scenario("another_program", _values(HATTMAKARNA)),
    Scenario("moved", _values(KORGFLATARNA)),
    Scenario("closed_door", _values(SNICKERIET)),
    Scenario("maintenance", _values(TVALKOKERIET)),
    Scenario("any_session", _values(PLATSLAGERIET)),
    Scenario("odd_control", _values(GLASBLASERIET)),
)
STORIES = (SMOOTH, Story("wrong_key", "wrong_key"), Story("role", "no_orders"))


OFFICE = back_office({SKOMAKERIET: "Skomakeriet", GARNBODEN: "Garnboden"})


def sandbox_app() -> Starlette:
    """The ASGI app that answers for every sandbox shop, told apart by the Host header."""
    queues = SessionQueues()

    async def api(request: Request) -> Response:
        host, path = request.url.hostname or "", request.url.path
        if host in _ODD:
            return _ODD[host](path)
        folder = FOLDER if host == GARNBODEN else ""
        if path not in (f"{folder}/api/xmlrpc/", f"{folder}/index.php/api/xmlrpc/"):
            return page("404 Not Found", "Whoops, our bad...", 404)
        return await _Shop(host, queues).answer(await request.body())

    fronts = [Route(path, _front) for path in ("/", f"{FOLDER}/")]
    return Starlette(routes=[*fronts, Route("/{path:path}", api, methods=["GET", "POST"])])


async def _front(request: Request) -> Response:
    """What a shop says to people."""
    return page(_NAMES.get(request.url.hostname or "", "Butiken"), "Välkommen in!")


_ODD: dict[str, Callable[[str], Response]] = {
    LJUSSTOPERIET: lambda path: page("Ljusstöperiet", "Ljus"),
    HATTMAKARNA: lambda path: _faulty(-32601, "server error. requested method login does not exist."),
    KORGFLATARNA: lambda path: RedirectResponse(f"https://www.{KORGFLATARNA}{path}", 301),
    SNICKERIET: lambda path: page("403 Forbidden", status=403),
    TVALKOKERIET: lambda path: page("503 Service Unavailable", status=503),
}


@dataclass(frozen=True)
class _Shop:
    """One sandbox shop's server for XML-RPC."""

    host: str
    queues: SessionQueues

    async def answer(self, body: bytes) -> Response:
        try:
            arguments, method = xmlrpc.client.loads(body, use_builtin_types=True)
        except (ExpatError, ValueError, TypeError, LookupError, xmlrpc.client.Error):
            return _faulty(651)
        if method == "login":
            return await self._login(*map(str, (*arguments, "", "")[:2]))
        if method in ("call", "multiCall", "endSession"):
            return await self._in_session(method, *(*arguments, "", "")[:2])
        return _faulty(620)

    async def _in_session(self, method: str, session: object, asked: object) -> Response:
        users = self._users("session", str(session))
        user = next((user for user in users if user.has(session, self.host) and not user.forgotten), None)
        if user and user.slow:
            await self.queues.wait(str(session), SECONDS_A_CALL)
        if method == "endSession":
            return _wrapped(True)
        if user is None and self.host == PLATSLAGERIET:
            user = WORKS
        if user is None:
            return _faulty(1 if self.host == GLASBLASERIET else 5)
        return self._together(user, asked) if method == "multiCall" else self._alone(user, asked)

    def _users(self, name: str, value: str) -> tuple[User, ...]:
        """Everybody's users, and the one that a visitor made in the back office and that has this value."""
        account = OFFICE.find(self.host, name, value)
        return (*USERS, *((user_of(account),) if account and account.has(USER) else ()))

    def _alone(self, user: User, method: object) -> Response:
        payload = self._told(user, method)
        answer = _faulty(payload) if isinstance(payload, int) else _wrapped(payload)
        return _with_a_warning(answer) if method == user.noisy else answer

    def _together(self, user: User, calls: object) -> Response:
        listed = calls if isinstance(calls, list) else []
        methods = [call[0] if isinstance(call, list) and call else None for call in listed]
        payload = [self._told(user, method) for method in methods]
        answer = _wrapped([_as_element(value) if isinstance(value, int) else value for value in payload])
        return _with_a_warning(answer) if user.noisy in methods else answer

    def _told(self, user: User, method: object) -> Any:
        """What a read gives: its value, or the number of its fault."""
        if not isinstance(method, str) or method not in _METHODS or method == user.absent:
            return 3
        if _METHODS[method] not in user.allowed:
            return 2
        return 1 if method == user.breaks else self._data(method)

    async def _login(self, name: str, key: str) -> Response:
        if not name or not key:
            return _faulty(6)
        user = next((user for user in self._users("access_token", name) if (user.name, user.key) == (name, key)), None)
        if user is None or not user.active or not user.role:
            return _faulty(2)
        session = user.session(self.host)
        if user.slow:
            session += f"-{uuid.uuid4().hex[:8]}"
            await self.queues.wait(session, SECONDS_A_CALL)
        return _wrapped(session)

    def _data(self, method: str) -> Any:
        if method in ("core_magento.info", "magento.info"):
            successor = {"openmage_version": "20.0.20"} if self.host == _OPENMAGE else {}
            return {"magento_edition": "Community", "magento_version": "1.9.4.5", **successor}
        if method == "store.list":
            name = _NAMES.get(self.host, "Default Store View")
            common = {"website_id": "1", "group_id": "1", "sort_order": "0"}
            return [
                {"store_id": "1", "code": "sv", "name": name, "is_active": "1", **common},
                {"store_id": "2", "code": "en", "name": f"{name} in English", "is_active": "1", **common},
            ]
        return []


def _wrapped(value: Any) -> Response:
    body = xmlrpc.client.dumps((value,), methodresponse=True, encoding="utf-8")
    return PlainTextResponse(body, media_type="text/xml; charset=UTF-8")


def _faulty(code: int, text: str = "") -> Response:
    fault = xmlrpc.client.Fault(code, text or _FAULTS[code])
    return PlainTextResponse(xmlrpc.client.dumps(fault, encoding="utf-8"), media_type="text/xml; charset=UTF-8")


def _as_element(code: int) -> dict[str, Any]:
    """A fault as it stands among the values in the answer to `multiCall`: its number is a text there."""
    return {"isFault": True, "faultCode": str(code), "faultMessage": _FAULTS[code]}


def _with_a_warning(response: Response) -> Response:
    warning = b"<br />\n<b>Warning</b>:  Invalid argument supplied for foreach() in Collection.php on line 91<br />\n"
    return Response(warning + bytes(response.body), media_type="text/xml; charset=UTF-8")


_HOSTS = frozenset((SKOMAKERIET, GARNBODEN, *_ODD, PLATSLAGERIET, GLASBLASERIET))
SANDBOX = Sandbox(_HOSTS, sandbox_app, SCENARIOS, stories=STORIES, office=OFFICE)
