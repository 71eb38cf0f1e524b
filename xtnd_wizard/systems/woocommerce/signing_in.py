"""Signing in with a consumer key and its secret, and what it means when that is refused.

From WooCommerce's source (class-wc-rest-authentication.php): a key that is not known makes a stranger of
the caller, and strangers may not list orders. A known key with another secret is an authentication error,
and so is a key that may only write. A user without the right is known, and so gets a 403.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from xtnd_wizard.outbound import Answer, Auth, BasicAuth, CallFailed, QueryAuth
from xtnd_wizard.problems import ProblemCode
from xtnd_wizard.secret import Secret
from xtnd_wizard.systems.checking import Probe
from xtnd_wizard.systems.woocommerce.recognising import ONE, ORDERS, meant, said, wordpress_code

_KNOWN_KEY = "woocommerce_rest_authentication_error"


@dataclass(frozen=True)
class Pair:
    """A consumer key and its secret."""

    key: Secret
    secret: Secret

    def auth(self, *, by_query: bool) -> Auth:
        """The pair in the header, or in the query as WooCommerce advises for servers that drop the header."""
        if by_query:
            return QueryAuth({"consumer_key": self.key, "consumer_secret": self.secret})
        return BasicAuth(self.key, self.secret)


@dataclass(frozen=True)
class SignedIn:
    """How the shop let us in."""

    by_query: bool
    detail: str


def entered(probe: Probe) -> Pair:
    """The pair that the merchant entered."""
    return Pair(probe.credentials.secret("access_token"), probe.credentials.secret("secret"))


def made_up() -> Pair:
    """A pair that no shop ever made, in the shape of a real one."""
    return Pair(Secret(f"ck_{secrets.token_hex(20)}"), Secret(f"cs_{secrets.token_hex(20)}"))


async def read_list(probe: Probe, path: str, params: Mapping[str, str], pair: Pair, *, by_query: bool) -> Answer:
    """A list that only a signed-in caller gets. Raises CallFailed."""
    answer = await probe.get(path, params=params, auth=pair.auth(by_query=by_query))
    if not isinstance(answer.json(), list):
        raise CallFailed(ProblemCode.NOT_AN_API, f"{said(answer)}, not a list", key_sent=True)
    return answer


async def sign_in(probe: Probe) -> SignedIn:
    """Read one order, with the pair in the header, and in the query where the header made no difference.

    Raises CallFailed with what was wrong.
    """
    pair = entered(probe)
    try:
        answer = await read_list(probe, ORDERS, ONE, pair, by_query=False)
        return SignedIn(False, f"GET orders: {said(answer)}")
    except CallFailed as failure:
        if not _is_strangers(failure):
            raise await _explained(probe, failure, by_query=False) from None
    try:
        answer = await read_list(probe, ORDERS, ONE, pair, by_query=True)
        return SignedIn(True, f"GET orders by query: {said(answer)}")
    except CallFailed as failure:
        raise await _explained(probe, failure, by_query=True) from None


def _is_strangers(failure: CallFailed) -> bool:
    """Whether the answer is one that somebody without any key gets."""
    return failure.status == 401 and wordpress_code(failure) != _KNOWN_KEY


async def _explained(probe: Probe, failure: CallFailed, *, by_query: bool) -> CallFailed:
    if failure.status == 401 and wordpress_code(failure) == _KNOWN_KEY:
        code = await _secret_or_right(probe, failure, by_query=by_query)
        return CallFailed(code, failure.detail, key_sent=True, answer=failure.answer)
    return meant(failure)


async def _secret_or_right(probe: Probe, failure: CallFailed, *, by_query: bool) -> ProblemCode:
    """Whether the secret is wrong or the key may not read: both have the same code.

    A made-up secret is surely wrong. The two answers are compared and not read, so it does not matter
    which language the shop speaks.
    """
    surely_wrong = Pair(entered(probe).key, made_up().secret)
    try:
        await read_list(probe, ORDERS, ONE, surely_wrong, by_query=by_query)
    except CallFailed as other:
        if wordpress_code(other) == _KNOWN_KEY:
            alike = failure.told["message"] == other.told["message"]
            return ProblemCode.SECRET_REJECTED if alike else ProblemCode.KEY_CANNOT_READ
    return ProblemCode.SIGN_IN_REJECTED
