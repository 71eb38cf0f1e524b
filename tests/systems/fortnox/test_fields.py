"""The company's number: out of a token, and fit for a header."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtnd_wizard.systems.fortnox.fields import clean_tenant, tenant_in
from xtnd_wizard.systems.fortnox.sandbox import WORKS, access_token


def token(claims: object) -> str:
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.signature"


def test_a_token_says_whose_it_is() -> None:
    assert tenant_in(access_token(WORKS.number)) == str(WORKS.number)
    assert tenant_in(token({"tenantId": "1180042"})) == "1180042"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        [],
        None,
        {"tenantId": None},
        {"tenantId": True},
        {"tenantId": 0},
        {"tenantId": -4},
        {"tenantId": 4.5},
        {"tenantId": {"a": 1}},
        {"tenantId": "12\r\nx-evil: 1"},
        {"tenantId": "١٢"},
        {"tenantId": 10**30},
    ],
)
def test_what_is_no_number_is_not_taken_for_one(claims: object) -> None:
    assert tenant_in(token(claims)) == ""


@pytest.mark.parametrize("text", ["", "a", "a.b.c", "....", "e30.%%%.x", f"e30.{'9' * 6000}.x"])
def test_what_is_no_token_has_no_company(text: str) -> None:
    assert tenant_in(text) == ""


def test_a_number_too_long_to_be_written_out_is_none() -> None:
    claims = base64.urlsafe_b64encode(b'{"tenantId": ' + b"9" * 5000 + b"}").decode()
    assert tenant_in(f"e30.{claims}.x") == ""


@given(st.text())
def test_any_text_gives_a_number_or_nothing(text: str) -> None:
    for found in (clean_tenant(text).value, tenant_in(text), tenant_in(token({"tenantId": text}))):
        assert found == "" or (found.isascii() and found.isdigit() and len(found) <= 18)
        assert clean_tenant(found).value == found


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_any_claim_gives_a_number_or_nothing(claim: object) -> None:
    found = tenant_in(token({"tenantId": claim}))
    assert found == "" or (found.isascii() and found.isdigit())
