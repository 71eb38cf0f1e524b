"""How Magento says no, and the problem behind it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.outbound.servers import http
from xtnd_wizard.domain.problems import ProblemCode as P
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.magento2 import SYSTEM, refusals
from xtnd_wizard.systems.magento2.problems import (
    SECOND_FACTOR_NOT_SET_UP,
    SECOND_FACTOR_REQUIRED,
    VALUES_REJECTED,
)

EVERYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["message", "parameters", "resources", "errors", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def failure(status: int, payload: Any, code: P = P.KEY_REJECTED) -> RequestFailed:
    raw = http(status, payload).split(b"\r\n\r\n", 1)[1]
    answer = Response("https://shop.example.se/rest/V1/orders", status, {"content-type": "application/json"}, raw, 7)
    return RequestFailed(code, f"HTTP {status}", key_sent=True, answer=answer)


@pytest.mark.parametrize(
    ("status", "payload", "problem"),
    [
        (401, {"message": "The signature is invalid. Verify and try again."}, "signature_invalid"),
        (401, {"message": "Invalid signature"}, "signature_invalid"),
        (401, {"oauth_problem": "signature_invalid"}, "signature_invalid"),
        (401, {"message": "oauth_problem=signature_invalid&debug"}, "signature_invalid"),
        (400, {"message": "Signature method HMAC-SHA256 is not supported"}, "signature_method_rejected"),
        (400, {"message": "Signature method %1 is not supported", "parameters": ["x"]}, "signature_method_rejected"),
        (401, {"message": "The nonce is already being used by the consumer with ID %1."}, "nonce_used"),
        (401, {"message": "The nonce/timestamp combination has already been used."}, "nonce_used"),
        (401, {"message": "An error occurred validating the nonce"}, "nonce_used"),
        (400, {"message": "Incorrect timestamp value in the oauth_timestamp parameter"}, "timestamp_refused"),
        (401, {"message": "A consumer having the specified key does not exist"}, "consumer_key_rejected"),
        (401, {"message": "Consumer key is not the correct length"}, "consumer_key_rejected"),
        (401, {"message": "Consumer key has expired"}, "consumer_key_rejected"),
        (401, {"message": "Specified token does not exist"}, "token_rejected"),
        (401, {"message": "Access token has been revoked"}, "token_rejected"),
        (401, {"message": "Token is not associated with the specified consumer"}, "token_rejected"),
        (400, {"message": "The token length is invalid. Check the length and try again."}, "token_rejected"),
        (400, {"message": "x", "parameters": ["HMAC-SHA256"]}, "signature_method_rejected"),
        (401, {"message": "x", "parameters": ["HMAC-SHA256"]}, ""),
        (401, {"message": "x", "parameters": ["7"]}, "nonce_used"),
        (401, {"message": "x", "parameters": [7]}, "nonce_used"),
        (401, {"message": "x", "parameters": [7, 8]}, ""),
        (400, {"message": "x", "parameters": ["7"]}, ""),
        (401, {"message": "x", "parameters": []}, ""),
        (401, {"message": "x", "parameters": {"fieldName": "7"}}, ""),
        (401, {"messages": {"error": [{"code": 401, "message": "oauth_problem=nonce_used"}]}}, "nonce_used"),
        (401, {"message": "Something else", "trace": "#0 Oauth->validateNonce($token)"}, ""),
        (401, {"message": "The consumer isn't authorized to access %resources.", "parameters": {"resources": "x"}}, ""),
        (500, {"message": "The signature is invalid."}, ""),
        (401, [], ""),
        (401, None, ""),
    ],
)
def test_an_oauth_error_is_known_by_its_code_its_parameter_or_its_message(
    status: int, payload: Any, problem: str
) -> None:
    assert refusals.oauth_problem(failure(status, payload)) == problem


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"message": "Please use the 2fa provider-specific endpoints to obtain a token."}, SECOND_FACTOR_REQUIRED.code),
        ("Please use the 2fa provider-specific endpoints to obtain a token.", SECOND_FACTOR_REQUIRED.code),
        ([{"message": "Please use the 2FA provider-specific endpoints"}], SECOND_FACTOR_REQUIRED.code),
        (
            {"message": "You are required to configure personal Two-Factor Authorization in order to login."},
            SECOND_FACTOR_NOT_SET_UP.code,
        ),
        (
            {"message": "Please ask an administrator with sufficient access to configure 2FA first"},
            SECOND_FACTOR_NOT_SET_UP.code,
        ),
        ({"message": "Failed to send the message. Please contact the administrator"}, SECOND_FACTOR_NOT_SET_UP.code),
        ({"message": "x", "parameters": {"active_providers": ["google"]}}, SECOND_FACTOR_REQUIRED.code),
        ({"message": "x", "parameters": {"active_providers": []}}, SECOND_FACTOR_NOT_SET_UP.code),
        (
            {"message": "x", "parameters": {"providers": ["a"], "active_providers": ["a"]}},
            SECOND_FACTOR_NOT_SET_UP.code,
        ),
        ({"user_id": 9, "message": "x", "active_providers": ["google"]}, SECOND_FACTOR_REQUIRED.code),
        ({"user_id": 9, "message": "x", "active_providers": []}, SECOND_FACTOR_NOT_SET_UP.code),
        ({"message": "x", "parameters": ["active_providers"]}, None),
        ({"message": "The account sign-in was incorrect or your account is disabled temporarily."}, None),
        ("a-token", None),
        (None, None),
    ],
)
def test_two_step_sign_in_is_known_by_its_data_or_its_message(payload: Any, code: P | None) -> None:
    assert refusals.second_factor(payload) is code


@pytest.mark.parametrize(
    ("resources", "named"),
    [
        ("Magento_Sales::actions_view", "Magento_Sales::actions_view"),
        (["Magento_Sales::actions_view", "Magento_Sales::ship"], "Magento_Sales::actions_view"),
        ("Magento_Sales::ship, Magento_Sales::shipment", "Magento_Sales::ship"),
        ("self", ""),
        ("anonymous", ""),
        ("<b>Magento</b>", ""),
        ("M" * 4000 + "_x::y", ""),
        (7, ""),
        (None, ""),
    ],
)
def test_a_missing_right_is_named_only_in_the_shape_of_one(resources: Any, named: str) -> None:
    assert refusals.permission({"message": "no", "parameters": {"resources": resources}}) == named


@settings(deadline=None)
@given(EVERYTHING)
def test_no_answer_breaks_the_reading(payload: Any) -> None:
    for status, code in ((400, P.NOT_AN_API), (401, P.KEY_REJECTED), (403, P.KEY_LACKS_PERMISSION)):
        refused = failure(status, payload, code)
        assert refusals.refusal(refused).code in {*P, *(problem.code for problem in SYSTEM.problems)}
        refusals.says_not_allowed(refused)
        assert len(refusals.permission(payload)) < 150


def test_a_deep_answer_is_read_no_further_than_it_needs_to_be() -> None:
    payload: Any = "signature_invalid"
    for _ in range(300):
        payload = {"message": payload}
    assert refusals.oauth_problem(failure(401, payload)) == ""


@pytest.mark.parametrize(
    ("status", "payload", "code", "refused"),
    [
        (401, {"message": "No."}, P.KEY_REJECTED, VALUES_REJECTED.code),
        (401, {"error": "unauthorized"}, P.KEY_REJECTED, P.NOT_AN_API),
        (403, {"error": "forbidden"}, P.KEY_LACKS_PERMISSION, P.BLOCKED_BY_WAF),
        (403, {"message": "Forbidden"}, P.KEY_LACKS_PERMISSION, P.BLOCKED_BY_WAF),
        (403, {"message": "Missing Authentication Token"}, P.KEY_LACKS_PERMISSION, P.BLOCKED_BY_WAF),
        (401, {"message": "Unauthorized"}, P.KEY_REJECTED, P.NOT_AN_API),
        (403, {"message": "Not yours"}, P.KEY_LACKS_PERMISSION, P.KEY_LACKS_PERMISSION),
        (404, {"message": "Request does not match any route."}, P.WRONG_PATH_OR_PRODUCT, P.PRODUCT_MISSING),
        (404, {"error": "not found"}, P.WRONG_PATH_OR_PRODUCT, P.WRONG_PATH_OR_PRODUCT),
        (400, {"message": "Something"}, P.NOT_AN_API, P.ANSWER_UNREADABLE),
        (400, {"error": "something"}, P.NOT_AN_API, P.NOT_AN_API),
    ],
)
def test_a_no_that_is_not_magentos_says_nothing_about_the_values(
    status: int, payload: Any, code: P, refused: P
) -> None:
    assert refusals.refusal(failure(status, payload, code)).code is refused
