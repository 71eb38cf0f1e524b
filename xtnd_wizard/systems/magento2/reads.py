"""What an answer means once it is known that host and values are right, and whether anybody's would be."""

from functools import partial

from xtnd_wizard.domain.findings import Finding, failed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.checks import CheckContext
from xtnd_wizard.systems.common_checks import HOST_IS_RIGHT, explain, judge_control, may_read
from xtnd_wizard.systems.magento2.problems import SIGNATURE_REJECTED, VALUES_REJECTED
from xtnd_wizard.systems.magento2.questions import NUMBER_OF_ORDERS, Question, ask, ask_list, auth_method_of
from xtnd_wizard.systems.magento2.refusals import oauth_problem, permission, refusal, says_not_allowed
from xtnd_wizard.systems.magento2.rights import missing_right

_LATER = {
    **HOST_IS_RIGHT,
    **dict.fromkeys(
        (ProblemCode.PRODUCT_MISSING, SIGNATURE_REJECTED.code, VALUES_REJECTED.code), ProblemCode.ANSWER_UNREADABLE
    ),
}
"""What can't be the cause any more. A shop that names one of the values is believed all the same."""


async def may_read_list(context: CheckContext, check: str, question: Question, token: Secret | None) -> Finding:
    """Ask for one row of a list."""
    return await may_read(check, question.path, ask_list(context, question, token), partial(unread, context))


def unread(context: CheckContext, check: str, operation: str, failure: RequestFailed) -> Finding:
    """A failure after the sign-in: a right that is missing, or nothing that host or values are to blame for."""
    refused = refusal(failure)
    if not oauth_problem(failure) and (says_not_allowed(failure) or refused.code is ProblemCode.KEY_LACKS_PERMISSION):
        named = permission(failure.payload)
        facts = missing_right(check, named, auth_method_of(context))
        detail = f"{operation}: {refused.detail}" + (f"; {named}" if named else "")
        return failed(check, ProblemCode.PERMISSION_MISSING, detail, **facts)
    return explain(check, operation, refused, _LATER)


async def try_made_up(context: CheckContext, token: Secret | None) -> Response | RequestFailed:
    """What comes of a made-up token or signature. Never of a made-up sign-in."""
    try:
        return await ask(context, NUMBER_OF_ORDERS, token, made_up=True)
    except RequestFailed as failure:
        return failure


def control_of(outcome: Response | RequestFailed) -> Finding:
    """The negative control. A 401 is a refusal, whatever its words, but for the one that came before the values."""

    def is_refusal(failure: RequestFailed) -> bool:
        used = oauth_problem(failure) == "nonce_used"  # looked at before the values
        return (failure.status == 401 and not used) or says_not_allowed(failure)

    return judge_control(f"{NUMBER_OF_ORDERS.path}, made up", outcome, is_refusal)
