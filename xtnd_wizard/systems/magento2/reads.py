"""Whether the values may read a thing, once it is known that they are right."""

from xtnd_wizard.domain.findings import failed, passed
from xtnd_wizard.outbound import CallFailed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.systems.checks import Probe, Result
from xtnd_wizard.systems.magento2.questions import Question, ask, read_list, way_of
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


async def may_read(probe: Probe, check: str, question: Question, token: Secret | None) -> Result:
    """Ask for one row of a list."""
    try:
        detail = read_list(question, await ask(probe, question, token))
    except CallFailed as failure:
        return unread(probe, check, question, failure)
    return Result((passed(check, detail),))


def unread(probe: Probe, check: str, question: Question, failure: CallFailed) -> Result:
    """A failure after the opening: host and values are right by then, unless the shop names one of them."""
    meant = refusal(failure)
    detail = f"{question.path}: {meant.detail}"
    if not oauth_problem(failure) and (says_not_allowed(failure) or meant.code is ProblemCode.KEY_LACKS_PERMISSION):
        named = permission(failure.told)
        facts = missing_right(check, named, way_of(probe))
        detail = f"{detail}; {named}" if named else detail
        return Result((failed(check, ProblemCode.PERMISSION_MISSING, detail, **facts),))
    code = ProblemCode.ANSWER_UNREADABLE if meant.code in _NOT_THE_HOST else meant.code
    return Result((failed(check, code, detail, **meant.facts),))
