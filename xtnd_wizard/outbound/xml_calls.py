"""XML-RPC with the standard library's codec, over our own door, and with XML's traps closed."""

import xmlrpc.client
from collections.abc import Sequence
from typing import Any, NoReturn
from xml.parsers import expat

DEEPEST = 32
_UNREADABLE = (expat.ExpatError, ValueError, TypeError, LookupError, AttributeError, OverflowError)


class XmlFault(Exception):
    """The server understood the call and says no. Faults are told apart by their number, never their text."""

    def __init__(self, code: int) -> None:
        super().__init__(f"fault {code}")
        self.code = code


class NotXml(Exception):
    """The answer is no XML-RPC, or holds what no honest answer holds."""


def written(method: str, arguments: Sequence[Any]) -> bytes:
    """A call as it is sent."""
    return xmlrpc.client.dumps(tuple(arguments), method, encoding="utf-8", allow_none=True).encode()


def read(body: bytes) -> Any:
    """The one value of an answer.

    Raises XmlFault where the server says no, and NotXml for anything that is not an answer: a document
    type (with it come entities that grow or read files), endless nesting, several values, no XML.
    """
    depth = 0

    def deeper(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += name in ("struct", "array")
        if depth > DEEPEST:
            raise NotXml("nested too deep")
        target.start(name, attributes)

    target = xmlrpc.client.Unmarshaller(use_builtin_types=True)
    target.xml("utf-8", None)
    reader = expat.ParserCreate()
    reader.StartElementHandler = deeper
    reader.EndElementHandler = target.end
    reader.CharacterDataHandler = target.data
    reader.StartDoctypeDeclHandler = _refuse
    try:
        reader.Parse(body, True)
        (value,) = target.close()
    except xmlrpc.client.Fault as fault:
        raise XmlFault(int(fault.faultCode)) from None
    except (*_UNREADABLE, xmlrpc.client.Error) as error:
        raise NotXml(type(error).__name__) from None
    return value


def _refuse(*declaration: object) -> NoReturn:
    raise NotXml("a document type")
