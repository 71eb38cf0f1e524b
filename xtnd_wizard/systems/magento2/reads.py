"""Whether the values may read a thing, once it is known that they are right."""

from xtnd_wizard.domain.findings import failed, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.systems.checks import CheckContext, Result
from xtnd_wizard.systems.magento2.questions import Question, ask, auth_method_of, read_list
from xtnd_wizard.systems.magento2.refusals import oauth_problem, permission, refusal, says_not_allowed
from xtnd_wizard.systems.magento2.rights import missing_right

_NOT_THE_HOST = (
    ProblemCode.NOT_AN_API,
    ProblemCode.WRONG_PATH_OR_PRODUCT,
    ProblemCode.PRODUCT_MISSING,
    ProblemCode.REDIRECTED,
    ProblemCode.SIGNATURE_REJECTED,
    ProblemCode.VALUES_REJECTED,
)
"""What can't be the cause any more, because host and values were right a moment ago."""


async def may_read(context: CheckContext, check: str, question: Question, token: Secret | None) -> Result:
    """Ask for one row of a list."""
    try:
        detail = read_list(question, await ask(context, question, token))
    except RequestFailed as failure:
        return unread(context, check, question, failure)
    return Result((passed(check, detail),))


def unread(context: CheckContext, check: str, question: Question, failure: RequestFailed) -> Result:
    """A failure after the opening: host and values are right by then, unless the shop names one of them."""
    refused = refusal(failure)
    detail = f"{question.path}: {refused.detail}"
    if not oauth_problem(failure) and (says_not_allowed(failure) or refused.code is ProblemCode.KEY_LACKS_PERMISSION):
        named = permission(failure.payload)
        facts = missing_right(check, named, auth_method_of(context))
        detail = f"{detail}; {named}" if named else detail
        return Result((failed(check, ProblemCode.PERMISSION_MISSING, detail, **facts),))
    code = ProblemCode.ANSWER_UNREADABLE if refused.code in _NOT_THE_HOST else refused.code
    return Result((failed(check, code, detail, **refused.facts),))
