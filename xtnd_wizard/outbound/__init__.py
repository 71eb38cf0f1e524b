"""The only outbound client to the internet, and the one table of what goes wrong on the way.

The outbound client itself is `outbound.door`; its HTTP client is loaded when the first call is made.
"""

from xtnd_wizard.outbound.requests import (
    Auth,
    BasicAuth,
    Body,
    FormBody,
    JsonBody,
    OAuth1,
    QueryAuth,
    Request,
    XmlRpcBody,
)
from xtnd_wizard.outbound.responses import RequestFailed, Response
from xtnd_wizard.outbound.xml_rpc import NotXmlRpc, XmlFault, fault_code

__all__ = [
    "Auth",
    "BasicAuth",
    "Body",
    "FormBody",
    "JsonBody",
    "NotXmlRpc",
    "OAuth1",
    "QueryAuth",
    "Request",
    "RequestFailed",
    "Response",
    "XmlFault",
    "XmlRpcBody",
    "fault_code",
]
