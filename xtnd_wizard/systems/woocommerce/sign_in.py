"""Signing in with a consumer key and its secret, and what it means when that is refused.

From WooCommerce's source (class-wc-rest-authentication.php): a key that is not known leaves the caller
anonymous, and anonymous callers may not list orders. A known key with another secret is an authentication
error, and so is a key that may only write. A user without the right is known, and so gets a 403. Where the
shop does not know of its https, a pair in the clear is not even looked at, and only a signature lets anybody in.
"""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import Auth, BasicAuth, OAuth1, QueryAuth, RequestFailed, Response
from xtnd_wizard.systems.checks import CheckContext
from xtnd_wizard.systems.common_checks import HEXADECIMAL, made_up_value, object_in, renamed, unexpected_answer
from xtnd_wizard.systems.woocommerce.problems import KEY_CANNOT_READ
from xtnd_wizard.systems.woocommerce.recognising import NAMESPACE, ONE, ORDERS, Shop
from xtnd_wizard.systems.woocommerce.rest_root import RestRoot
from xtnd_wizard.systems.woocommerce.wordpress import OURS, classify, read, wordpress_code

_KNOWN_KEY = "woocommerce_rest_authentication_error"
_NOT_LOGGED_IN = "rest_not_logged_in"
"""WordPress's own code, and that of its handbook's snippet for sites that only signed-in users may ask
(developer.wordpress.org/rest-api/frequently-asked-questions): whoever gets it was judged, and is nobody."""
_OPTIONS = {"_method": "OPTIONS", "_fields": "namespace"}
"""WordPress takes another method from the query (WP_REST_Server::serve_request). Every key may ask for the
options of a route, also one that may only write, and so may an anonymous caller."""

_SIGNATURE_SECONDS = 5.0
"""The question by signature comes last, and must not take the time in which the verdict without it is told."""


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

    def signature(self) -> Auth:
        """The pair as a signature over the http form of the URL, for a shop that takes our https for http.

        In the query, as WooCommerce advises: there it also gets past a server that drops the header.
        """
        return OAuth1(self.key, self.secret, over_http=True, in_query=True)


@dataclass(frozen=True)
class SignedIn:
    """A pair that the shop knows, how it got there, and what the shop refuses it all the same."""

    detail: str
    by_query: bool = False
    refusal: RequestFailed | None = None
    """Why the orders can't be read, although key and secret are right."""
    https_hidden: bool = False
    """Whether only a signature got through, because the shop does not know of its https."""


def entered(context: CheckContext) -> Pair:
    """The pair that the merchant entered."""
    return Pair(context.credentials.secret("access_token"), context.credentials.secret("secret"))


def made_up() -> Pair:
    """A pair that no shop ever made, in the shape of a real one."""
    return Pair(made_up_value(HEXADECIMAL, 40).after("ck_"), made_up_value(HEXADECIMAL, 40).after("cs_"))


async def read_list(
    context: CheckContext, root: RestRoot, route: str, params: Mapping[str, str], auth: Auth
) -> Response:
    """A list that only a signed-in caller gets. Raises RequestFailed."""
    answer, payload = await read(context, root, route, params, auth)
    if not isinstance(payload, list):
        raise unexpected_answer(answer, "not a list")
    return answer


async def sign_in(context: CheckContext, shop: Shop) -> SignedIn:
    """Read one order with the pair in the header, and in the query where the header made no difference.

    Where neither did, the shop may not know of its https. Raises RequestFailed where the pair is not known to be right.
    """
    root, pair = shop.root, entered(context)
    for by_query in (False, True):
        asked = f"GET {root.named(ORDERS)}{' by query' if by_query else ''}"
        try:
            answer = await read_list(context, root, ORDERS, ONE, pair.auth(by_query=by_query))
            return SignedIn(f"{asked}: {answer.summary}", by_query)
        except RequestFailed as failure:
            refusal = failure
        if not _is_anonymous_refusal(refusal, shop):
            refused = await _refused_although_known(context, root, pair, refusal, by_query=by_query)
            return SignedIn(f"{asked}: {refused.detail}", by_query, refused)
    if wordpress_code(refusal) and not root.in_query:
        with suppress(TimeoutError):
            async with asyncio.timeout(_SIGNATURE_SECONDS):
                signed_in = await _by_signature(context, shop, pair)
                if signed_in:
                    return signed_in
    raise _explain_anonymous_refusal(refusal, root)


def _is_anonymous_refusal(failure: RequestFailed, shop: Shop) -> bool:
    """Whether the answer is one that somebody without any key gets."""
    code = wordpress_code(failure)
    if failure.status == 401:
        return code != _KNOWN_KEY
    return (failure.status, code) == shop.anonymous_refusal


def _explain_anonymous_refusal(refusal: RequestFailed, root: RestRoot) -> RequestFailed:
    """What it means that the pair made no difference. WooCommerce may not look for one outside its usual place."""
    code = wordpress_code(refusal)
    if code and root.in_query:
        return renamed(refusal, ProblemCode.API_SWITCHED_OFF)
    return renamed(refusal, ProblemCode.SIGN_IN_REJECTED) if code == _NOT_LOGGED_IN else classify(refusal)


async def _by_signature(context: CheckContext, shop: Shop, pair: Pair) -> SignedIn | None:
    """Whether the pair gets in by a signature over the http form of the URL; then the shop does not see https.

    Nothing of the secret travels, and the call goes over https like any other. A shop that knows of its https
    never gets this far with a right pair, and refuses the signature, which is of another URL than its own.
    """
    root, auth = shop.root, pair.signature()
    asked = f"GET {root.named(ORDERS)} by signature"
    try:
        answer = await read_list(context, root, ORDERS, ONE, auth)
        return SignedIn(f"{asked}: {answer.summary}", https_hidden=True)
    except RequestFailed as failure:
        refusal = failure
    if wordpress_code(refusal) == _KNOWN_KEY and await _ask_options(context, root, auth) is None:
        refusal = renamed(refusal, KEY_CANNOT_READ.code)
    elif _is_anonymous_refusal(refusal, shop) or not _is_users(refusal):
        return None
    return SignedIn(f"{asked}: {refusal.detail}", refusal=refusal, https_hidden=True)


def _is_users(failure: RequestFailed) -> bool:
    """Whether the answer is for a user whom the shop knows: warnings above his orders, or a right that he lacks."""
    return isinstance(failure.payload, list) or (failure.status == 403 and wordpress_code(failure).startswith(OURS))


async def _refused_although_known(
    context: CheckContext, root: RestRoot, pair: Pair, failure: RequestFailed, *, by_query: bool
) -> RequestFailed:
    """Why a right pair can't read orders. Raises RequestFailed where the pair is not known to be right."""
    if _is_users(failure):
        return failure
    if wordpress_code(failure) != _KNOWN_KEY:
        raise classify(failure)
    code = await _secret_or_right(context, root, pair, by_query=by_query)
    refusal = renamed(failure, code)
    if code is KEY_CANNOT_READ.code:
        return refusal
    raise refusal


async def _secret_or_right(context: CheckContext, root: RestRoot, pair: Pair, *, by_query: bool) -> str:
    """Whether the secret is wrong or the key may not read: both have the same status and code.

    A right pair may ask for the options of a route whatever else it may, as may an anonymous caller: where only this
    pair is refused, its secret is wrong. Where nobody may, a surely wrong secret may get another answer.
    """
    refusal = await _ask_options(context, root, pair.auth(by_query=by_query))
    if refusal is None:
        return KEY_CANNOT_READ.code
    if wordpress_code(refusal) == _KNOWN_KEY and await _ask_options(context, root) is None:
        return ProblemCode.SECRET_REJECTED
    surely_wrong = Pair(pair.key, made_up().secret)
    try:
        await read_list(context, root, ORDERS, ONE, surely_wrong.auth(by_query=by_query))
    except RequestFailed as other:
        if other.status == 401 and wordpress_code(other) not in ("", _KNOWN_KEY):
            return KEY_CANNOT_READ.code
    return ProblemCode.SIGN_IN_REJECTED


async def _ask_options(context: CheckContext, root: RestRoot, auth: Auth | None = None) -> RequestFailed | None:
    """Ask for the options of the orders; nothing where they are told, or else why they are not.

    A number that is never used twice keeps a cache from telling one caller what another was told.
    """
    params = {**_OPTIONS, "_": secrets.token_hex(8)}
    try:
        answer, payload = await read(context, root, ORDERS, params, auth)
    except RequestFailed as failure:
        return failure
    if object_in(payload).get("namespace") == NAMESPACE:
        return None
    return RequestFailed(ProblemCode.NOT_AN_API, f"{answer.summary}, not the options")
