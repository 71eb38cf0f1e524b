"""What a trusted proxy says of the client: its address, and whether it came by https."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from xtnd_wizard.limits.networks import Address, parse_address
from xtnd_wizard.settings import Network


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str | None:
    """The address of the client itself, or None where it can't be known.

    `forwarded_for` is the whole X-Forwarded-For header. Each proxy appends the address that connected to
    it, so the first one from the right that is no trusted proxy is the client; what stands left of it is the
    client's own claim.
    A private peer that no trusted proxy vouches for may be a proxy or a container's gateway with everybody
    behind it, so it is nobody's address.
    """
    address = _parsed(peer)
    if address is None:
        return None
    claimed = _first_untrusted(forwarded_for.split(",")[::-1], trusted) if forwarded_for else None
    if _is_trusted(address, trusted):
        return str(claimed) if claimed else None
    return str(address) if address.is_global or address == claimed else None


def _first_untrusted(hops: Iterable[str], trusted: Sequence[Network]) -> Address | None:
    for hop in hops:
        address = _parsed(hop)
        if address is None or not _is_trusted(address, trusted):
            return address
    return None


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def _parsed(text: str) -> Address | None:
    """An address as proxies write it: bare, with a port, or in brackets with one."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return parse_address(text)


class ForwardedMiddleware:
    """Writes the client's address and scheme into the scope, where everything that comes after finds them.

    The server has already replaced a peer on the loopback by the hop that this proxy named. Where that hop is a
    trusted proxy too, the one before it counts.
    """

    def __init__(self, app: ASGIApp, trusted_proxies: Sequence[Network], public_url: str = "") -> None:
        self._app = app
        self._trusted = trusted_proxies
        self._https_host = urlsplit(public_url).netloc if public_url.startswith("https:") else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            scope = self._with_client(scope)
        await self._app(scope, receive, send)

    def _with_client(self, scope: Scope) -> Scope:
        headers = Headers(scope=scope)
        peer, port = scope.get("client") or ("", 0)
        address = client_address(peer, ",".join(headers.getlist("x-forwarded-for")), self._trusted)
        resolved = {**scope, "client": (address, port) if address else None}
        if self._is_https(headers, peer):
            resolved["scheme"] = "wss" if scope["type"] == "websocket" else "https"
        return resolved

    def _is_https(self, headers: Headers, peer: str) -> bool:
        """Whether the client's side is https, although ours is not: a proxy or the operator says so."""
        if self._https_host and headers.get("host") == self._https_host:
            return True
        address = _parsed(peer)
        claimed = headers.get("x-forwarded-proto", "").partition(",")[0].strip()
        return claimed == "https" and address is not None and _is_trusted(address, self._trusted)
