"""The only door to the internet, and the one table of what goes wrong on the way.

The door itself is `outbound.door`; its HTTP client is loaded when the first call is made.
"""

from xtnd_wizard.outbound.responses import Answer, CallFailed
from xtnd_wizard.outbound.requests import (
    Auth,
    BasicAuth,
    Body,
    Call,
    FormBody,
    JsonBody,
    OAuth1,
    QueryAuth,
    XmlCallBody,
)
from xtnd_wizard.outbound.xml_rpc import NotXml, XmlFault, fault_code

__all__ = [
    "Answer",
    "Auth",
    "BasicAuth",
    "Body",
    "Call",
    "CallFailed",
    "FormBody",
    "JsonBody",
    "NotXml",
    "OAuth1",
    "QueryAuth",
    "XmlCallBody",
    "XmlFault",
    "fault_code",
]
