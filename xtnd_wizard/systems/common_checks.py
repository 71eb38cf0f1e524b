"""What the checks of several systems have in common, as small functions to build them from.

The rule behind most of it: never say that the key is wrong unless the channel said so. Before the sign-in a
failure may mean the host or the key; once a key was accepted it can be neither, so the same answer means
something else then. Each system says in a table what (`AFTER_SIGN_IN` and what it adds to that).
"""

import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from xtnd_wizard.domain.findings import Finding, failed, passed
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.checks import Check, CheckContext, Checks, Result, Retirement, SignIn, SignInResult, State

LONGEST_SHORT_TEXT = 120
HEXADECIMAL = "0123456789abcdef"

HOST_IS_RIGHT: Mapping[str, str] = dict.fromkeys(
    (ProblemCode.NOT_AN_API, ProblemCode.WRONG_PATH_OR_PRODUCT, ProblemCode.REDIRECTED), ProblemCode.ANSWER_UNREADABLE
)
"""What an answer means that would speak against the host, had the host not been recognised a moment ago."""
AFTER_SIGN_IN: Mapping[str, str] = {
    **HOST_IS_RIGHT,
    ProblemCode.KEY_REJECTED: ProblemCode.PERMISSION_MISSING,
    ProblemCode.KEY_LACKS_PERMISSION: ProblemCode.PERMISSION_MISSING,
}
"""The same for the key as well: refused now, it lacks a permission."""


def describe(operation: str, response: Response) -> str:
    """A call for support: its operation, status and time."""
    return f"{operation}: {response.summary}"


def short_text(value: object) -> str:
    """A short text or whole number of the channel's as text; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()[:LONGEST_SHORT_TEXT]


def object_in(payload: Any, *path: str) -> Mapping[str, Any]:
    """The JSON object at a path inside an answer; an empty one where there is none."""
    for name in path:
        payload = payload.get(name) if isinstance(payload, dict) else None
    return payload if isinstance(payload, dict) else {}


def all_passed(codes: Iterable[str], detail: str) -> tuple[Finding, ...]:
    """Several checks that one answer proves."""
    return tuple(passed(code, detail) for code in codes)


def explain(
    check: str, operation: str, failure: RequestFailed, meanings: Mapping[str, str] = AFTER_SIGN_IN, **facts: str
) -> Finding:
    """A failed call as a finding, by what its problem means at this point."""
    code = meanings.get(failure.code, failure.code)
    return failed(check, code, f"{operation}: {failure.detail}", **{**failure.facts, **facts})


def renamed(
    failure: RequestFailed, code: str, detail: str = "", facts: Mapping[str, Any] | None = None
) -> RequestFailed:
    """The same refusal under another problem, with its detail and facts unless others are given."""
    kept: Mapping[str, Any] = failure.facts if facts is None else facts
    return RequestFailed(code, detail or failure.detail, key_sent=failure.key_sent, answer=failure.answer, **kept)


def unexpected_answer(answer: Response, lacking: str) -> RequestFailed:
    """The failure to raise where a call that carried the key succeeded, but not with what was asked for.

    `lacking` says for support what is amiss, such as `not a list`, in our own words: nothing of the body goes there.
    """
    return RequestFailed(ProblemCode.NOT_AN_API, f"{answer.summary}, {lacking}", key_sent=True)


async def may_read(
    check: str,
    operation: str,
    asked: Awaitable[Response],
    explained: Callable[[str, str, RequestFailed], Finding] = explain,
) -> Finding:
    """Whether a thing may be read: any answer is a yes, a failed call is explained."""
    try:
        return passed(check, describe(operation, await asked))
    except RequestFailed as failure:
        return explained(check, operation, failure)


def made_up_value(alphabet: str, length: int) -> Secret:
    """A value that nobody was ever given, in the shape of a real one: the key for a negative control.

    A prefix goes in front with `Secret.after`: `made_up_value(HEXADECIMAL, 40).after("ck_")`.
    """
    return Secret("".join(secrets.choice(alphabet) for _ in range(length)))


async def negative_control(
    operation: str, asked: Awaitable[Response], is_refusal: Callable[[RequestFailed], bool]
) -> Finding:
    """Whether credentials that nobody ever made are refused. An endpoint that takes any proves nothing of one."""
    try:
        outcome: Response | RequestFailed = await asked
    except RequestFailed as failure:
        outcome = failure
    return judge_control(operation, outcome, is_refusal)


def judge_control(
    operation: str, outcome: Response | RequestFailed, is_refusal: Callable[[RequestFailed], bool]
) -> Finding:
    """What the outcome of a negative control says, as the check `control`."""
    if isinstance(outcome, Response):
        return failed("control", ProblemCode.ENDPOINT_DOES_NOT_CHECK_KEYS, describe(operation, outcome))
    if is_refusal(outcome):
        return passed("control", f"{operation}: {outcome.detail}")
    waits = outcome.code == ProblemCode.RATE_LIMITED
    code = outcome.code if waits else ProblemCode.CONTROL_INCONCLUSIVE
    return failed("control", code, f"{operation}: {outcome.detail}", **outcome.facts)


def with_retirement_notice(
    checks: Checks[State], retirement: Retirement, today: Callable[[], date] = lambda: datetime.now(UTC).date()
) -> Checks[State]:
    """The same checks; when the retirement is near, each finding's detail names its day."""

    def noticed(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        notice = f"; {retirement.what} retires on {retirement.on.isoformat()}" if retirement.is_near(today()) else ""
        return tuple(replace(finding, detail=finding.detail + notice) for finding in findings)

    async def sign_in(context: CheckContext) -> SignInResult[State]:
        result = await checks.sign_in.run(context)
        return replace(result, findings=noticed(result.findings))

    def later(check: Check[State]) -> Check[State]:
        async def run(context: CheckContext, state: State) -> Result:
            result = await check.result(context, state)
            return replace(result, findings=noticed(result.findings))

        return replace(check, run=run)

    signed_in = SignIn(checks.sign_in.codes, sign_in)
    return replace(checks, sign_in=signed_in, parallel=tuple(later(check) for check in checks.parallel))
