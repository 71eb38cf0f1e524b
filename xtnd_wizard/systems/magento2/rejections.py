"""A first signed question that was turned down, and the cause behind it."""

from collections.abc import Mapping

from xtnd_wizard.domain.findings import Finding, failed, passed
from xtnd_wizard.outbound import CallFailed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.systems.checks import Probe
from xtnd_wizard.systems.magento2.questions import ORDERS, ask, ask_as_nobody, read_list
from xtnd_wizard.systems.magento2.refusals import MEANING, Refusal, oauth_problem, refusal, says_not_allowed

_P = ProblemCode
_UNWORDED = (_P.VALUES_REJECTED, _P.ANSWER_UNREADABLE)
"""What a refusal in Magento's form means as long as no words were recognised."""
_LENGTH = 32
"""Characters of a Consumer Key and an Access Token. Other lengths are refused before either is looked for
(lib/internal/Magento/Framework/Oauth/Oauth.php)."""


async def rejected(probe: Probe, failure: CallFailed) -> tuple[Finding, ...]:
    """The findings of a refusal that names no right. Asks again only where the answer leaves the cause open."""
    meant = refusal(failure)
    detail = f"{ORDERS.path}: {meant.detail}"
    if meant.code in (_P.SIGNATURE_REJECTED, _P.VALUES_REJECTED) and await _is_right_over_http(probe):
        hidden = failed("orders", _P.HTTPS_HIDDEN, f"{detail}; signed for http it is accepted")
        return passed("recognise", detail), passed("key", detail), hidden
    if oauth_problem(failure):
        return at_the_key(meant.code, detail, **meant.facts)
    if meant.code in _UNWORDED:
        return await _without_words(probe, failure, meant)
    return (unrecognised(meant, detail),)


def unrecognised(meant: Refusal, detail: str) -> Finding:
    """A no that does not tell whether this is Magento. A 403 that names no right is none of Magento's."""
    code = _P.BLOCKED_BY_WAF if meant.code is _P.KEY_LACKS_PERMISSION else meant.code
    return failed("recognise", code, detail, **meant.facts)


def at_the_key(code: ProblemCode, detail: str, **facts: str) -> tuple[Finding, ...]:
    """The shop said no in Magento's own way, so it is one."""
    return passed("recognise", detail), failed("key", code, detail, **facts)


async def _is_right_over_http(probe: Probe) -> bool:
    """Whether the same values pass once they sign the http form of the URL.

    So they do in a shop behind a proxy that ends the encryption and does not say so. The question goes over
    https like every other, and the secrets are in no signature.
    """
    if not probe.credentials.url.origin.startswith("https://"):
        return False  # the refused signature was over that form already
    try:
        read_list(ORDERS, await ask(probe, ORDERS, None, over_http=True))
    except CallFailed as failure:
        return says_not_allowed(failure)
    return True


async def _without_words(probe: Probe, failure: CallFailed, meant: Refusal) -> tuple[Finding, ...]:
    """A refusal in Magento's form, in words that we don't know. What it tells a stranger shows who speaks."""
    detail = f"{ORDERS.path}: {meant.detail}"
    stranger = await _told_to_nobody(probe)
    if stranger and (stranger.status, stranger.told) == (failure.status, failure.told):
        return (failed("recognise", _P.NOT_AN_API, f"{detail}; the same without a signature"),)
    code, facts = _by_length(probe, failure) or (meant.code, meant.facts)
    if stranger and says_not_allowed(stranger):
        return at_the_key(code, detail, **facts)
    return (failed("key", code, detail, **facts),)


async def _told_to_nobody(probe: Probe) -> CallFailed | None:
    """How the shop turns a stranger down, or None where it does not."""
    try:
        await ask_as_nobody(probe, ORDERS)
    except CallFailed as failure:
        return failure
    return None


def _by_length(probe: Probe, failure: CallFailed) -> tuple[ProblemCode, Mapping[str, str]] | None:
    """The value that was refused for its length alone; None where none was."""
    if failure.status == 400 and not probe.credentials.secret("access_token").has_length(_LENGTH):
        return MEANING["token_rejected"]
    if failure.status == 401 and not probe.credentials.secret("consumer_key").has_length(_LENGTH):
        return MEANING["consumer_key_rejected"]
    return None
