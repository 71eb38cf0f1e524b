"""Messages are replaced, and nothing else is."""

import json
import xmlrpc.client

import pytest

from tests.systems.messages import NONSENSE, translation


def test_texts_for_people_in_json_are_replaced_and_codes_and_data_stay() -> None:
    payload = {
        "errors": [{"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}}],
        "error": "invalid_client",
        "error_description": "Client is invalid",
        "ErrorInformation": {"Message": "Saknar behörighet", "Code": 2000663},
        "data": {"name": "Ullstugan Garn"},
    }
    assert json.loads(translation(json.dumps(payload).encode(), "application/json")) == {
        "errors": [{"message": NONSENSE, "extensions": {"code": "ACCESS_DENIED"}}],
        "error": "invalid_client",
        "error_description": NONSENSE,
        "ErrorInformation": {"Message": NONSENSE, "Code": 2000663},
        "data": {"name": "Ullstugan Garn"},
    }


def test_a_text_that_stands_for_all_errors_is_replaced() -> None:
    assert json.loads(translation(b'{"errors": "[API] Invalid API key"}', "application/json")) == {"errors": NONSENSE}


def test_the_text_of_a_fault_is_replaced_and_its_number_stays() -> None:
    fault = xmlrpc.client.dumps(xmlrpc.client.Fault(5, "Session expired.")).encode()
    with pytest.raises(xmlrpc.client.Fault) as payload:
        xmlrpc.client.loads(translation(fault, "text/xml; charset=UTF-8"))
    assert (payload.value.faultCode, payload.value.faultString) == (5, NONSENSE)


def test_the_text_of_a_fault_among_values_is_replaced_and_a_warning_before_them() -> None:
    element = {"isFault": True, "faultCode": "2", "faultMessage": "Access denied."}
    body = xmlrpc.client.dumps(([element, [{"name": "Skomakeriet"}]],), methodresponse=True)
    warned = translation(f"<b>Warning</b>: Invalid argument<br />{body}".encode(), "text/xml").decode()
    warning, _, answer = warned.partition("<?xml")
    assert warning == f"<b>{NONSENSE}</b>{NONSENSE} {NONSENSE} {NONSENSE}<br />"
    (payload,), _ = xmlrpc.client.loads(f"<?xml{answer}")
    assert payload == [{**element, "faultMessage": NONSENSE}, [{"name": "Skomakeriet"}]]


def test_the_words_of_a_page_are_replaced_and_tags_and_codes_stay() -> None:
    page = b"<title>400 - Oauth error app_not_installed</title><p>Refused</p>"
    payload = f"<title>{NONSENSE} {NONSENSE} {NONSENSE} {NONSENSE} app_not_installed</title><p>{NONSENSE}</p>"
    assert translation(page, "text/html; charset=utf-8").decode() == payload
    assert translation(b"Service Unavailable", "text/plain").decode() == f"{NONSENSE} {NONSENSE}"
