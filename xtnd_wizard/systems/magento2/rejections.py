"""A first signed question that was turned down, and the cause behind it."""

from collections.abc import Mapping

from xtnd_wizard.domain.findings import Finding, failed, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.systems.checks import CheckContext
from xtnd_wizard.systems.common_checks import all_passed, explain
from xtnd_wizard.systems.magento2.problems import SIGNATURE_REJECTED, VALUES_REJECTED
from xtnd_wizard.systems.magento2.questions import ORDERS, Question, ask_anonymously, ask_list
from xtnd_wizard.systems.magento2.refusals import MEANING, oauth_problem, refusal, says_not_allowed

_P = ProblemCode
_UNWORDED = (VALUES_REJECTED.code, _P.ANSWER_UNREADABLE)
"""What a refusal in Magento's form means as long as no words were recognised."""
_LENGTH = 32
"""Characters of a Consumer Key and an Access Token. Other lengths are refused before either is looked for
(lib/internal/Magento/Framework/Oauth/Oauth.php)."""


async def rejected(context: CheckContext, failure: RequestFailed) -> tuple[Finding, ...]:
    """The findings of a refusal that names no right. Asks again only where the answer leaves the cause open."""
    refused = refusal(failure)
    detail = f"{ORDERS.path}: {refused.detail}"
    if refused.code in (SIGNATURE_REJECTED.code, VALUES_REJECTED.code) and await _is_right_over_http(context):
        hidden = failed("orders", _P.HTTPS_HIDDEN, f"{detail}; signed for http it is accepted")
        return *all_passed(("recognise", "key"), detail), hidden
    if oauth_problem(failure):
        return at_the_key(refused.code, detail, **refused.facts)
    if refused.code in _UNWORDED:
        return await _without_words(context, failure, refused)
    return (unrecognised(ORDERS, refused),)


def unrecognised(question: Question, refused: RequestFailed) -> Finding:
    """A no that does not tell whether this is Magento. A 403 that names no right is none of Magento's."""
    return explain("recognise", question.path, refused, {_P.KEY_LACKS_PERMISSION: _P.BLOCKED_BY_WAF})


def at_the_key(code: str, detail: str, **facts: str) -> tuple[Finding, ...]:
    """The shop said no in Magento's own way, so it is one."""
    return passed("recognise", detail), failed("key", code, detail, **facts)


async def _is_right_over_http(context: CheckContext) -> bool:
    """Whether the same values pass once they sign the http form of the URL.

    So they do in a shop behind a proxy that ends the encryption and does not say so. The question goes over
    https like every other, and the secrets are in no signature.
    """
    if not context.credentials.url.origin.startswith("https://"):
        return False  # the refused signature was over that form already
    try:
        await ask_list(context, ORDERS, None, over_http=True)
    except RequestFailed as failure:
        return says_not_allowed(failure)
    return True


async def _without_words(context: CheckContext, failure: RequestFailed, refused: RequestFailed) -> tuple[Finding, ...]:
    """A refusal in Magento's form, in words that we don't know. What an anonymous caller gets shows who speaks."""
    detail = f"{ORDERS.path}: {refused.detail}"
    anonymous = await _anonymous_refusal(context)
    if anonymous and (anonymous.status, anonymous.payload) == (failure.status, failure.payload):
        return (failed("recognise", _P.NOT_AN_API, f"{detail}; the same without a signature"),)
    code, facts = _by_length(context, failure) or (refused.code, refused.facts)
    if anonymous and says_not_allowed(anonymous):
        return at_the_key(code, detail, **facts)
    return (failed("key", code, detail, **facts),)


async def _anonymous_refusal(context: CheckContext) -> RequestFailed | None:
    """How the shop refuses an anonymous caller, or None where it does not."""
    try:
        await ask_anonymously(context, ORDERS)
    except RequestFailed as failure:
        return failure
    return None


def _by_length(context: CheckContext, failure: RequestFailed) -> tuple[str, Mapping[str, str]] | None:
    """The value that was refused for its length alone; None where none was."""
    if failure.status == 400 and not context.credentials.secret("access_token").has_length(_LENGTH):
        return MEANING["token_rejected"]
    if failure.status == 401 and not context.credentials.secret("consumer_key").has_length(_LENGTH):
        return MEANING["consumer_key_rejected"]
    return None
