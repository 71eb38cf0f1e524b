"""The negative control: made-up values have to be refused. Never a made-up sign-in."""

from xtnd_wizard.domain.findings import Finding, failed, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.checks import CheckContext
from xtnd_wizard.systems.magento2.questions import NUMBER_OF_ORDERS, ask
from xtnd_wizard.systems.magento2.refusals import oauth_problem, says_not_allowed


async def try_made_up(context: CheckContext, token: Secret | None) -> Response | RequestFailed:
    """What comes of a made-up token or signature."""
    try:
        return await ask(context, NUMBER_OF_ORDERS, token, made_up=True)
    except RequestFailed as failure:
        return failure


def control_of(outcome: Response | RequestFailed) -> Finding:
    """A 401 is a refusal, whatever its words. Only a used number says nothing: it is looked at before the values."""
    detail = f"{NUMBER_OF_ORDERS.path}, made up: "
    if isinstance(outcome, Response):
        return failed("control", ProblemCode.ENDPOINT_DOES_NOT_CHECK_KEYS, detail + outcome.summary)
    detail += outcome.detail
    refused = outcome.status == 401 and oauth_problem(outcome) != "nonce_used"
    if refused or says_not_allowed(outcome):
        return passed("control", detail)
    waits = outcome.code is ProblemCode.RATE_LIMITED
    code = outcome.code if waits else ProblemCode.CONTROL_INCONCLUSIVE
    return failed("control", code, detail, **outcome.facts)
