"""What leaves through the outbound client: bodies, sign-ins and signatures, as a server sees them."""

import asyncio
import json
import logging
from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.types import Receive, Scope, Send

from tests.systems.over_http import served
from tests.systems.verifying import ReceivedRequest
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import (
    BasicAuth,
    FormBody,
    JsonBody,
    OAuth1,
    QueryAuth,
    Request,
    RequestFailed,
    Response,
    XmlRpcBody,
)
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.outbound.requests import headers_of, url_of

MARKER = "marker-81f3-of-a-secret"


def pairs(
    consumer_key: str, consumer_secret: str, token: str, token_secret: str
) -> tuple[Secret, Secret, Secret, Secret]:
    """A consumer's pair and a token's pair, as OAuth1 takes them."""
    return Secret(consumer_key), Secret(consumer_secret), Secret(token), Secret(token_secret)


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that has nothing to say."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": b"{}"})


def sent(call: Request, folder: str = "") -> tuple[ReceivedRequest, Response]:
    """A call as the server heard it, and what came back."""
    requests: list[ReceivedRequest] = []
    with served(echo, "shop.test", requests) as origin:

        async def ask() -> Response:
            async with OutboundClient(trusted_origins=(origin,)).open_session(
                ApiUrl(origin, folder), 5
            ) as host_session:
                return await host_session.send(call)

        answer = asyncio.run(ask())
    (only,) = requests
    return only, answer


def test_a_call_without_a_body_is_a_get_below_the_folder_of_the_api_url() -> None:
    requests, answer = sent(Request("/rest/V1/orders", {"a[b]": "1"}), folder="/shop")
    assert (requests.method, requests.path) == ("GET", "/shop/rest/V1/orders")
    assert parse_qs(requests.query) == {"a[b]": ["1"]}
    assert answer.url.endswith("/shop/rest/V1/orders")


def test_a_json_body_carries_its_secrets_in_clear() -> None:
    requests, _ = sent(Request("/token", body=JsonBody({"username": "anna", "nested": [{"password": Secret(MARKER)}]})))
    assert requests.method == "POST"
    assert requests.headers["content-type"] == "application/json"
    assert json.loads(requests.body) == {"username": "anna", "nested": [{"password": MARKER}]}


def test_a_form_body_is_encoded_as_forms_are() -> None:
    requests, _ = sent(Request("/token", body=FormBody({"grant": "a b&c", "client_secret": Secret("å=&")})))
    assert requests.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(requests.body.decode()) == {"grant": ["a b&c"], "client_secret": ["å=&"]}


def test_an_xml_call_asks_for_xml() -> None:
    requests, _ = sent(Request("/api/xmlrpc/", body=XmlRpcBody("login", (Secret("anna"), Secret("<&>")))))
    assert requests.headers["content-type"].startswith("text/xml")
    assert "xml" in requests.headers["accept"]
    assert b"<methodName>login</methodName>" in requests.body
    assert b"&lt;&amp;&gt;" in requests.body


def test_name_and_password_go_into_the_header() -> None:
    requests, _ = sent(Request("/orders", auth=BasicAuth(Secret("ck_å"), Secret("cs:b"))))
    assert requests.headers["authorization"] == f"Basic {b64encode('ck_å:cs:b'.encode()).decode()}"


def test_a_name_alone_goes_with_an_empty_password() -> None:
    requests, _ = sent(Request("/orders", auth=BasicAuth(Secret("key"))))
    assert requests.headers["authorization"] == f"Basic {b64encode(b'key:').decode()}"


def test_secrets_in_the_query_reach_the_server_and_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    from xtnd_wizard import logs

    logs.configure()
    caplog.set_level(logging.INFO)
    requests, answer = sent(Request("/orders", {"per_page": "1"}, auth=QueryAuth({"consumer_secret": Secret(MARKER)})))
    assert parse_qs(requests.query) == {"per_page": ["1"], "consumer_secret": [MARKER]}
    assert "authorization" not in requests.headers
    assert MARKER not in repr(answer) + caplog.text


def test_a_call_does_not_print_its_secrets() -> None:
    call = Request("/x", body=JsonBody({"a": Secret(MARKER)}), secret_headers={"k": Secret(MARKER)})
    signed = Request("/x", auth=OAuth1(*pairs(MARKER, MARKER, MARKER, MARKER)))
    assert MARKER not in repr(call) + repr(signed)


SECRETS = ("dpf43f3p2l4k3l03" * 2, "kd94hf93k423kf44" * 2, "nnch734d00sl2jdk" * 2, "pfkkdhi9sl3r4s00" * 2)


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        ("https://shop.example.com/rest/V1/store/storeConfigs", "XihWm4FXgVlsRsMn9TdF10jLp5h9LQb35kazIwn%2FNso%3D"),
        (
            "https://shop.example.com/rest/V1/orders?searchCriteria%5BpageSize%5D=1&searchCriteria%5BcurrentPage%5D=1",
            "UqEXip3CLqxmlm%2BEWdFvaLExNQHbf32z3BxmQeSpXIY%3D",
        ),
    ],
)
def test_a_signature_is_the_published_one(url: str, signature: str) -> None:
    auth = OAuth1(*pairs(*SECRETS), nonce="abcdef0123456789", timestamp="1700000000")
    header = headers_of(Request(urlsplit(url).path, auth=auth), url)["authorization"]
    assert header.startswith("OAuth ")
    assert 'oauth_signature_method="HMAC-SHA256"' in header
    assert f'oauth_signature="{signature}"' in header
    assert not any(secret in header for secret in (SECRETS[1], SECRETS[3]))


def test_what_is_signed_is_what_is_sent() -> None:
    auth = OAuth1(*pairs(*SECRETS), nonce="n", timestamp="1700000000")
    requests, answer = sent(Request("/rest/V1/orders", {"searchCriteria[pageSize]": "1"}, auth=auth))
    assert "[" not in requests.query
    expected = headers_of(Request("/rest/V1/orders", auth=auth), f"{answer.url}?{requests.query}")["authorization"]
    assert requests.headers["authorization"] == expected


def test_a_signature_over_the_http_form_goes_over_https_all_the_same() -> None:
    auth = OAuth1(*pairs(*SECRETS), over_http=True, nonce="abcdef0123456789", timestamp="1700000000")
    plain = OAuth1(*pairs(*SECRETS), nonce="abcdef0123456789", timestamp="1700000000")
    path = "/rest/V1/store/storeConfigs"
    header = headers_of(Request(path, auth=auth), f"https://shop.example.com{path}")["authorization"]
    assert header == headers_of(Request(path, auth=plain), f"http://shop.example.com{path}")["authorization"]
    assert header != headers_of(Request(path, auth=plain), f"https://shop.example.com{path}")["authorization"]
    assert url_of(Request(path, auth=auth), f"https://shop.example.com{path}") == f"https://shop.example.com{path}"


def test_a_signature_by_a_consumers_pair_alone_can_go_into_the_query() -> None:
    auth = OAuth1(Secret("ck_1"), Secret("cs_marker"), over_http=True, in_query=True)
    requests, answer = sent(Request("/orders", {"per_page": "1"}, auth=auth))
    query = parse_qs(requests.query)
    assert query["per_page"] == ["1"]
    assert query["oauth_consumer_key"] == ["ck_1"]
    assert {"oauth_signature", "oauth_nonce", "oauth_timestamp"} <= query.keys()
    assert "oauth_token" not in query
    assert "authorization" not in requests.headers
    assert "cs_marker" not in requests.query + repr(answer)


def test_a_refusal_brings_what_was_said_along() -> None:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 400, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": b'{"error": "app_not_installed"}'})

    with served(refuse, "shop.test", []) as origin:

        async def ask() -> None:
            async with OutboundClient(trusted_origins=(origin,)).open_session(ApiUrl(origin), 5) as host_session:
                await host_session.send(Request("/token", body=FormBody({})))

        with pytest.raises(RequestFailed) as refused:
            asyncio.run(ask())
    assert refused.value.status == 400
    assert refused.value.payload == {"error": "app_not_installed"}
    assert "app_not_installed" not in str(refused.value) + repr(refused.value.answer)
