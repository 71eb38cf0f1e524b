"""Calls and answers in XML-RPC: what is written can be read, and nothing hostile gets further than NotXmlRpc."""

import asyncio
import string
import time
import xmlrpc.client
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.outbound.servers import LoopbackServer, http, repeats, says
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import NotXmlRpc, Request, RequestFailed, Response, XmlFault, XmlRpcBody
from xtnd_wizard.outbound.client import MAX_BODY_BYTES, OutboundClient
from xtnd_wizard.outbound.requests import content_of
from xtnd_wizard.outbound.xml_rpc import _SINGLE_BYTE, DEEPEST, read, written

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff") | st.just("\n"))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**31), 2**31 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | st.binary()
    | st.datetimes(datetime.fromisoformat("1000-01-01")).map(lambda moment: moment.replace(microsecond=0))
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20)
TAGS = (
    *("methodResponse", "params", "param", "fault", "value", "array", "data", "struct", "member", "name", "nil"),
    *("i4", "int", "i8", "biginteger", "boolean", "double", "bigdecimal", "string", "base64", "dateTime.iso8601"),
    *("methodCall", "methodName", "ex:nil", "other"),
)


def answer(value: Any) -> bytes:
    return xmlrpc.client.dumps((value,), methodresponse=True, allow_none=True).encode()


def fault(code: str) -> bytes:
    members = f"<member><name>faultCode</name><value>{code}</value></member>"
    fault_string = "<member><name>faultString</name><value><string>marker-text</string></value></member>"
    fault = f"<value><struct>{members}{fault_string}</struct></value>"
    return f"<methodResponse><fault>{fault}</fault></methodResponse>".encode()


def around(inside: str, before: str = "") -> bytes:
    """An answer with this as its one value, and something before it."""
    return (
        f"{before}<methodResponse><params><param><value>{inside}</value></param></params></methodResponse>"
    ).encode()


def refused(body: bytes) -> str:
    """Why this is no answer."""
    with pytest.raises(NotXmlRpc) as raised:
        read(body)
    return str(raised.value)


@settings(deadline=None)
@given(VALUES)
def test_whatever_the_codec_can_write_is_read_back(value: Any) -> None:
    assert read(answer(value)) == value


@settings(deadline=None)
@given(st.lists(VALUES, max_size=4))
def test_a_call_is_written_as_the_codec_reads_it(arguments: list[Any]) -> None:
    read_back, method = xmlrpc.client.loads(written("call", arguments), use_builtin_types=True)
    assert (list(read_back), method) == (arguments, "call")


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_a_value_a_fault_or_no_xml(body: bytes) -> None:
    with suppress(XmlFault, NotXmlRpc):
        read(body)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Well-formed XML of the right words in any order, with any text between them."""

    def element(depth: int) -> str:
        tag = draw(st.sampled_from(TAGS))
        inside = "".join(element(depth - 1) for _ in range(draw(st.integers(0, 3)))) if depth else ""
        return f"<{tag}>{inside or draw(st.text(string.digits + 'a-+.eE:T<&', max_size=6))}</{tag}>"

    return f"<methodResponse>{element(4)}</methodResponse>"


@settings(deadline=None)
@given(documents())
def test_the_right_words_in_any_order_are_a_value_a_fault_or_no_xml(document: str) -> None:
    with suppress(XmlFault, NotXmlRpc):
        read(document.encode())


@settings(deadline=None)
@given(VALUES, st.integers(0))
def test_a_truncated_answer_is_no_xml(value: Any, place: int) -> None:
    body = answer(value).rstrip()
    assert refused(body[: place % len(body)])


@pytest.mark.parametrize(
    ("code", "number"),
    [("<int>2</int>", 2), ("<i4>-32601</i4>", -32601), ("<string>5</string>", 5), (" 620 ", 620), ("<int>0</int>", 0)],
)
def test_a_fault_is_told_by_its_number_and_never_by_its_text(code: str, number: int) -> None:
    with pytest.raises(XmlFault) as raised:
        read(fault(code))
    assert raised.value.code == number
    assert "marker-text" not in repr(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


@pytest.mark.parametrize(
    "code",
    [
        "<boolean>1</boolean>",
        "<double>2.0</double>",
        "<double>1e308</double>",
        "<bigdecimal>1e999999999</bigdecimal>",
        f"<int>{'9' * 4000}</int>",
        "<string>two</string>",
        "<string>٢</string>",
        "<nil/>",
        "<array><data/></array>",
        "",
    ],
)
def test_a_fault_without_a_plain_number_is_no_answer(code: str) -> None:
    assert refused(fault(code)) == "a fault without a number"


@pytest.mark.parametrize(
    "inside",
    [
        "<struct/>",
        "<struct><member><name>faultCode</name><value><int>1</int></value></member></struct>",
        "<array><data/></array>",
        "<int>2</int>",
        "",
    ],
)
def test_a_fault_that_is_none_is_no_answer(inside: str) -> None:
    assert refused(f"<methodResponse><fault><value>{inside}</value></fault></methodResponse>".encode())


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
DOCTYPES = {
    "empty": "<!DOCTYPE methodResponse>",
    "laughs": f'<!DOCTYPE methodResponse [<!ENTITY a0 "ha">{LAUGHS}]>',
    "file": '<!DOCTYPE methodResponse [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>',
    "address": '<!DOCTYPE methodResponse [<!ENTITY a11 SYSTEM "http://127.0.0.1:1/">]>',
    "parameter": '<!DOCTYPE methodResponse [<!ENTITY % p SYSTEM "http://127.0.0.1:1/">%p;]>',
    "outside": '<!DOCTYPE methodResponse SYSTEM "http://127.0.0.1:1/x.dtd">',
    "public": '<!DOCTYPE methodResponse PUBLIC "-//X//Y//EN" "http://127.0.0.1:1/x.dtd">',
    "attributes": '<!DOCTYPE methodResponse [<!ATTLIST value a CDATA "b">]>',
    "unfinished": '<!DOCTYPE methodResponse [<!ENTITY a11 "x"',
}


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_document_type_is_refused_in_every_coding(doctype: str, coding: str) -> None:
    declared = '<?xml version="1.0" encoding="iso-8859-1"?>' if coding == "latin-1" else ""
    text = around("<string>&a11;</string>", declared + DOCTYPES[doctype]).decode()
    assert refused(text.encode(coding)) == "a document type"


def test_an_entity_that_nobody_declared_is_no_xml() -> None:
    assert refused(around("<string>&xxe;</string>"))


def test_entities_of_xml_itself_are_plain_text() -> None:
    assert read(around("<string>&lt;&amp;&gt;&quot;&apos;&#229;&#x1F600;</string>")) == "<&>\"'å😀"


@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "iso-8859-15"])
def test_an_answer_is_read_in_the_coding_that_it_declares(coding: str) -> None:
    body = around("<string>Läderfärgen</string>", f'<?xml version="1.0" encoding="{coding}"?>').decode()
    assert read(body.encode(coding)) == "Läderfärgen"
    assert read(body.replace(coding, coding.upper()).encode(coding)) == "Läderfärgen"


CYRILLIC = around("<string>Лавка</string>").decode()


@pytest.mark.parametrize("coding", ["windows-1251", "cp1251", "koi8-r", "koi8-u", "iso-8859-5"])
def test_single_byte_codings_of_other_scripts_are_read(coding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{coding}"?>{CYRILLIC}'.encode(coding)
    assert read(declared) == "Лавка"
    assert read(declared, "iso-8859-1") == "Лавка"
    assert read(CYRILLIC.encode(coding), coding) == "Лавка"
    assert read(b'<?xml version="1.0"?>' + CYRILLIC.encode(coding), coding.upper()) == "Лавка"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", ["", '<?xml version="1.0" encoding="{}"?>'])
def test_what_a_document_says_of_its_coding_counts_more_than_the_header(coding: str, declared: str) -> None:
    name = coding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    body = (declared.format(name) + CYRILLIC).encode(coding)
    says_so = declared or coding != "utf-8"
    assert read(body, "windows-1251" if says_so else "utf-8") == "Лавка"


@pytest.mark.parametrize("charset", ["", "utf-8", "utf-7", "rot13", "idna", "big5", "cp037", "hex", "utf-16", "x" * 40])
def test_a_coding_in_the_header_that_is_none_of_ours_is_passed_over(charset: str) -> None:
    assert read(CYRILLIC.encode(), charset) == "Лавка"


@pytest.mark.parametrize("coding", sorted(_SINGLE_BYTE))
def test_in_every_single_byte_coding_ascii_is_ascii_and_a_byte_a_character(coding: str) -> None:
    plain = "".join(map(chr, range(32, 127)))
    assert plain.encode(coding) == plain.encode()
    assert len(bytes(range(256)).decode(coding, "replace")) == 256
    with pytest.raises(NotXmlRpc, match="a document type"):
        read(around("<string>&a11;</string>", DOCTYPES["laughs"]), coding)


@pytest.mark.parametrize(
    ("kind", "charset"),
    [
        ("text/xml; charset=windows-1251", "windows-1251"),
        ('text/xml;Charset="KOI8-R"; q=1', "KOI8-R"),
        ("text/xml; charset = 'utf-8'", "utf-8"),
        ("text/xml", ""),
        ("text/xml; charset=", ""),
        ("text/xml; boundary=charset", ""),
    ],
)
def test_the_header_names_a_coding_or_none(kind: str, charset: str) -> None:
    assert Response("https://shop.test/", 200, {"content-type": kind}, b"", 7).charset == charset


def test_the_coding_of_the_header_counts_over_a_real_socket() -> None:
    assert asked(http(200, CYRILLIC.encode("cp1251"), "text/xml; charset=windows-1251")) == "Лавка"


@pytest.mark.parametrize(
    "coding", ["utf-7", "rot13", "unicode_escape", "idna", "punycode", "undefined", "big5", "hex", "x" * 300]
)
def test_an_odd_coding_is_refused(coding: str) -> None:
    assert refused(around("<string>a</string>", f'<?xml version="1.0" encoding="{coding}"?>'))


def nested(depth: int) -> bytes:
    return around("<array><data><value>" * depth + "<int>1</int>" + "</value></data></array>" * depth)


def test_deep_nesting_is_refused_and_breadth_is_not() -> None:
    assert read(nested(DEEPEST))
    assert refused(nested(DEEPEST + 1)) == "nested too deep"
    assert refused(around("<value>" * 20_000))
    stores = [{"code": str(number), "more": [1, 2]} for number in range(100)]
    assert read(answer(stores)) == stores


@pytest.mark.parametrize(
    "inside",
    [
        f"<int>{'9' * 100_000}</int>",
        "<int>1e5</int>",
        "<int></int>",
        "<boolean>2</boolean>",
        "<double>one</double>",
        "<bigdecimal>x</bigdecimal>",
        "<dateTime.iso8601>yesterday</dateTime.iso8601>",
        "<dateTime.iso8601>20260230T25:61:61</dateTime.iso8601>",
        "<base64>å</base64>",
        "<base64>A</base64>",
        "<struct><member><name>a</name></member></struct>",
        "<struct><member><value><array><data/></array></value><value>1</value></member></struct>",
        "<marker>1</marker>",
        "<int>1</int></value><value><int>2</int>",
        "<string>\x00</string>",
    ],
)
def test_a_value_that_is_none_is_no_answer(inside: str) -> None:
    assert refused(around(inside))


def test_what_an_answer_holds_is_in_no_reason() -> None:
    for inside in ("<int>marker</int>", "<marker>1</marker>", "<boolean>marker</boolean>", "<double>marker</double>"):
        assert "marker" not in refused(around(inside))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"OK",
        b"{}",
        b"<html><body>Not Found</body></html>",
        b"<html><params><param><value><int>1</int></value></param></params></html>",
        written("login", ("a", "b")),
        written("login", ("a",)),
        b"<methodResponse/>",
        b"<methodResponse><params/></methodResponse>",
        b"<methodResponse><value><int>1</int></value></methodResponse>",
        b"<br /><b>Warning</b>: x<br />" + answer(1),
        answer(1) + b"<br />",
        answer(1) + answer(2),
        xmlrpc.client.dumps(({"a": 1}, 2)).encode(),
        b"\xff\xfe\x00",
        b"<methodResponse>" * 9,
    ],
)
def test_anything_else_is_no_answer(body: bytes) -> None:
    assert refused(body)


def seconds_for(body: bytes) -> float:
    """Processor seconds, the best of three, so that a busy machine does not count."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        with suppress(XmlFault, NotXmlRpc):
            read(body)
        taken.append(time.process_time() - began)
    return min(taken)


COSTLY = {
    "references": lambda n: around(f"<string>{'&#10;' * n}</string>"),
    "lines": lambda n: around("<string>" + "a\n" * n + "</string>"),
    "siblings": lambda n: around("<array><data>" + "<value>1</value>" * n + "</data></array>"),
    "members": lambda n: around("<struct>" + "<member><name>a</name><value>1</value></member>" * n + "</struct>"),
    "empties": lambda n: around("<value/>" * n),
    "lists": lambda n: around("<array><data>" + "<value><array/></value>" * n + "</data></array>"),
    "attributes": lambda n: around("<string " + " ".join(f"a{i}=''" for i in range(n)) + ">x</string>"),
    "comments": lambda n: around("<!-- -->" * n),
    "tag": lambda n: around(f"<{'a' * n}>"),
    "open": lambda n: around("<a>" * n),
    "digits": lambda n: around(f"<int>{'1' * n}</int>"),
    "laughs": lambda n: around("<string>&a11;</string>", DOCTYPES["laughs"] + " " * n),
}


@pytest.mark.parametrize("kind", COSTLY)
def test_the_longest_answer_that_the_door_lets_in_costs_no_more_than_its_length(kind: str) -> None:
    count = MAX_BODY_BYTES // (len(COSTLY[kind](1001)) - len(COSTLY[kind](1000)))
    whole, part = seconds_for(COSTLY[kind](count)), seconds_for(COSTLY[kind](count // 8))
    assert whole < 1
    assert whole < 8 * 5 * max(part, 0.001)


def test_a_secret_is_written_in_clear_and_only_where_it_is_an_argument_itself() -> None:
    body = XmlRpcBody("login", (Secret("anna"), Secret("<å&>")))
    arguments, _ = xmlrpc.client.loads(content_of(body) or b"")
    assert arguments == ("anna", "<å&>")
    assert "anna" not in repr(body)
    with pytest.raises(TypeError) as raised:
        content_of(XmlRpcBody("call", ([Secret("marker")],)))
    assert "marker" not in str(raised.value)


def asked(raw: bytes) -> Any:
    """What an answer over a real socket comes to, read as XML."""
    behaviour = says(raw) if raw else repeats(b"x" * 65536, first=http(200, b"", "text/xml", content_length=""))

    async def ask(origin: str) -> Any:
        async with OutboundClient(trusted_origins=(origin,)).open_session(ApiUrl(origin), 5) as host_session:
            return (await host_session.send(Request("/api/xmlrpc/", body=XmlRpcBody("call", ())))).xml()

    with LoopbackServer(behaviour) as server:
        return asyncio.run(ask(f"http://127.0.0.1:{server.port}"))


def test_an_answer_as_long_as_the_cap_is_read_and_a_longer_one_is_not() -> None:
    frame = len(answer(""))
    assert len(asked(http(200, answer("a" * (MAX_BODY_BYTES - frame)), "text/xml"))) == MAX_BODY_BYTES - frame
    with pytest.raises(RequestFailed) as raised:
        asked(http(200, answer("a" * (MAX_BODY_BYTES - frame + 1)), "text/xml"))
    assert raised.value.code is ProblemCode.NOT_AN_API
    assert str(MAX_BODY_BYTES) in raised.value.detail


def test_an_answer_without_end_is_left_at_the_cap() -> None:
    with pytest.raises(RequestFailed) as raised:
        asked(b"")
    assert raised.value.code is ProblemCode.NOT_AN_API


def test_an_answer_is_a_value_a_fault_or_a_failed_call() -> None:
    def raised(body: bytes) -> Any:
        return Response("https://shop.test/api/xmlrpc/", 200, {}, body, 7).xml()

    assert raised(answer({"a": [1]})) == {"a": [1]}
    with pytest.raises(XmlFault) as refusal:
        raised(fault("<int>2</int>"))
    assert refusal.value.code == 2
    with pytest.raises(RequestFailed) as failure:
        raised(b"<html>marker</html>")
    assert failure.value.code is ProblemCode.NOT_AN_API
    assert failure.value.key_sent
    assert "marker" not in str(failure.value)
