"""What the checks of several systems share: what a failure means, and when, and what a made-up key proves."""

import asyncio
import re
from typing import Any

import pytest

from xtnd_wizard.domain.findings import Finding, Outcome
from xtnd_wizard.domain.problems import ProblemCode as P
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.common_checks import (
    AFTER_SIGN_IN,
    all_passed,
    explain,
    made_up_value,
    may_read,
    negative_control,
    renamed,
    short_text,
    unexpected_answer,
)

ANSWER = Response("https://a.se/rows", 200, {}, b"[]", 12)


async def outcome(found: Response | RequestFailed) -> Response:
    if isinstance(found, RequestFailed):
        raise found
    return found


def test_a_list_that_answers_may_be_read() -> None:
    found = asyncio.run(may_read("orders", "GET rows", outcome(ANSWER)))
    assert found == Finding("orders", Outcome.PASSED, detail="GET rows: HTTP 200 in 12 ms")


@pytest.mark.parametrize(
    ("code", "means"),
    [
        (P.KEY_REJECTED, P.PERMISSION_MISSING),
        (P.KEY_LACKS_PERMISSION, P.PERMISSION_MISSING),
        (P.NOT_AN_API, P.ANSWER_UNREADABLE),
        (P.WRONG_PATH_OR_PRODUCT, P.ANSWER_UNREADABLE),
        (P.REDIRECTED, P.ANSWER_UNREADABLE),
        *((code, code) for code in P if code not in AFTER_SIGN_IN),
    ],
)
def test_after_the_sign_in_neither_key_nor_host_is_blamed(code: P, means: P) -> None:
    failure = RequestFailed(code, "HTTP 4", seconds="9")
    found = asyncio.run(may_read("orders", "GET rows", outcome(failure)))
    assert found == Finding("orders", Outcome.FAILED, means, {"seconds": "9"}, "GET rows: HTTP 4")


def test_an_explanation_adds_to_the_facts_of_the_failure() -> None:
    found = explain("orders", "GET rows", RequestFailed(P.SLOW, "late", seconds="9"), {}, permission="Orders")
    assert found.facts == {"seconds": "9", "permission": "Orders"}


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (ANSWER, P.ENDPOINT_DOES_NOT_CHECK_KEYS),
        (RequestFailed(P.KEY_REJECTED, "HTTP 401"), None),
        (RequestFailed(P.RATE_LIMITED, "HTTP 429"), P.RATE_LIMITED),
        (RequestFailed(P.UPSTREAM_DOWN, "HTTP 503"), P.CONTROL_INCONCLUSIVE),
    ],
    ids=["answered", "refused", "limited", "down"],
)
def test_only_a_refusal_of_made_up_credentials_proves_that_they_are_looked_at(
    answer: Response | RequestFailed, problem: P | None
) -> None:
    found = asyncio.run(negative_control("GET rows", outcome(answer), lambda failure: failure.code is P.KEY_REJECTED))
    assert (found.check, found.problem_code) == ("control", problem)
    assert found.detail.startswith("GET rows: HTTP ")


@pytest.mark.parametrize(
    ("value", "text"),
    [(" Träslottet ", "Träslottet"), (7, "7"), (True, ""), (None, ""), (1.5, ""), ([], ""), ("x" * 200, "x" * 120)],
)
def test_only_short_texts_and_whole_numbers_are_taken_from_a_channel(value: Any, text: str) -> None:
    assert short_text(value) == text


def test_one_answer_may_prove_several_checks() -> None:
    assert [found.check for found in all_passed(("recognise", "key"), "x")] == ["recognise", "key"]


def test_a_refusal_under_another_problem_stays_the_same_refusal() -> None:
    failure = RequestFailed(P.KEY_REJECTED, "HTTP 401", key_sent=True, answer=ANSWER, status="401")
    other = renamed(failure, P.SECRET_REJECTED)
    assert (other.code, other.detail, other.key_sent) == (P.SECRET_REJECTED, "HTTP 401", True)
    assert (other.answer, other.facts) == (ANSWER, {"status": "401"})
    assert renamed(failure, P.SLOW, "late", {}).facts == {}


def test_an_answer_that_is_not_what_was_asked_speaks_against_the_host_until_the_host_was_recognised() -> None:
    failure = unexpected_answer(ANSWER, "not a list")
    assert (failure.code, failure.key_sent) == (P.NOT_AN_API, True)
    assert explain("orders", "GET rows", failure).problem_code is P.ANSWER_UNREADABLE
    assert failure.detail == "HTTP 200 in 12 ms, not a list"


def test_a_made_up_value_has_the_shape_of_a_real_one_and_never_comes_twice() -> None:
    one, other = (made_up_value("ab1", 40) for _ in range(2))
    assert re.fullmatch("[ab1]{40}", one.reveal())
    assert one != other
