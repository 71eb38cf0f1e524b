"""XML-RPC with the standard library's codec, over our own outbound client, and with XML's traps closed."""

import re
import xmlrpc.client
from collections.abc import Sequence
from typing import Any, NoReturn
from xml.parsers import expat

DEEPEST = 32
_UNREADABLE = (expat.ExpatError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
_SINGLE_BYTE = frozenset(
    (
        *("us-ascii", "latin1", "koi8-r", "koi8-u", "tis-620"),
        *(f"iso-8859-{part}" for part in range(1, 17) if part != 12),
        *(f"{family}125{page}" for family in ("windows-", "cp") for page in range(9)),
    )
)
"""One byte is one character, and ASCII stays what it is. Python knows many more codings; some are small programs."""
_ENCODINGS = _SINGLE_BYTE | {"utf-8", "utf-16"}
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?\bencoding\s*=")
_FAULT_CODE = re.compile(r"-?[0-9]{1,9}")


class XmlFault(Exception):
    """The server understood the call and says no. Faults are told apart by their number, never their text."""

    def __init__(self, code: int) -> None:
        super().__init__(f"fault {code}")
        self.code = code


class NotXmlRpc(Exception):
    """The answer is no XML-RPC, or holds what no honest answer holds."""


def written(method: str, arguments: Sequence[Any]) -> bytes:
    """A call as it is sent."""
    return xmlrpc.client.dumps(tuple(arguments), method, encoding="utf-8", allow_none=True).encode()


def read(body: bytes, charset: str = "") -> Any:
    """The one value of an answer. `charset` is what the HTTP header says; it counts where the XML itself says nothing.

    Raises XmlFault where the server says no, and NotXmlRpc for anything that is not an answer: a document
    type (with it come entities that grow or read files), an odd coding, endless nesting, another kind
    of document, several values, no XML.
    """
    try:
        (value,) = _parsed(body, charset.lower()).close()
    except xmlrpc.client.Fault as fault:
        raise XmlFault(fault_code(fault.faultCode)) from None
    except (*_UNREADABLE, xmlrpc.client.Error) as error:
        raise NotXmlRpc(type(error).__name__) from None
    return value


def _parsed(body: bytes, charset: str) -> xmlrpc.client.Unmarshaller:
    target = xmlrpc.client.Unmarshaller(use_builtin_types=True)
    target.xml("", None)  # the texts that expat hands over are decoded already
    open_tags: list[str] = []
    nested = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal nested
        nested += name in ("struct", "array")
        if nested > DEEPEST:
            raise NotXmlRpc("nested too deep")
        if not open_tags and name != "methodResponse":
            raise NotXmlRpc("another kind of document")
        open_tags.append(name)
        target.start(name, attributes)

    def end(name: str) -> None:
        nonlocal nested
        open_tags.pop()
        nested -= name in ("struct", "array")
        target.end(name)

    reader = expat.ParserCreate(charset if charset in _SINGLE_BYTE and _is_silent(body) else None)
    reader.XmlDeclHandler = _insist_on_plain_coding
    reader.StartDoctypeDeclHandler = _refuse
    reader.StartElementHandler = start
    reader.EndElementHandler = end
    reader.CharacterDataHandler = target.data
    reader.Parse(body, True)
    return target


def _is_silent(body: bytes) -> bool:
    """Whether a document tells nothing of its coding: by a declaration, a byte order mark or wide characters."""
    return body.lstrip()[:1] == b"<" and b"\0" not in body[:4] and not _DECLARED.match(body)


def _insist_on_plain_coding(version: str, encoding: str | None, standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise NotXmlRpc("an odd coding")


def _refuse(*declaration: object) -> NoReturn:
    raise NotXmlRpc("a document type")


def fault_code(code: Any) -> int:
    """A fault's number. Some servers write it as text; converting anything else may cost any time.

    Raises NotXmlRpc for anything else.
    """
    if isinstance(code, bool) or not isinstance(code, int | str) or not _FAULT_CODE.fullmatch(str(code).strip()):
        raise NotXmlRpc("a fault without a number")
    return int(code)
