"""Sandboxes whose every message is nonsense in another script, as in a shop with a language of its own.

Statuses, headers, codes, tags and the shop's own data stay as they are.
"""

import json
import re
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.systems.mocked import checked
from tests.systems.verifying import Checked
from xtnd_wizard.systems.contract import System
from xtnd_wizard.systems.stories import Scenario

NONSENSE = "ᚠᚢᚦ"
_MESSAGES = ("message", "errors", "error_description")
"""The names under which the channels send texts for people in JSON; XML-RPC has two of its own."""
_XML_MESSAGE = re.compile(r"(<name>fault(?:String|Message)</name>\s*<value><string>)[^<]*")
_BEFORE_XML = re.compile(r"^.*?(?=<\?xml|<methodResponse)", re.DOTALL)
_BETWEEN_TAGS = re.compile(r"(?<=>)[^<]+|^[^<]+")


def in_another_script(app: ASGIApp) -> ASGIApp:
    """An ASGI app whose answers are translated into nonsense."""

    async def translated(scope: Scope, receive: Receive, send: Send) -> None:
        parts: list[Message] = []

        async def keep(message: Message) -> None:
            parts.append(message)

        await app(scope, receive, keep)
        start, *rest = parts
        headers = dict(start["headers"])
        body = translation(b"".join(part.get("body", b"") for part in rest), headers.get(b"content-type", b"").decode())
        headers[b"content-length"] = str(len(body)).encode()
        await send({**start, "headers": list(headers.items())})
        await send({"type": "http.response.body", "body": body})

    return translated


def checked_in_another_script(system: System, scenario: Scenario) -> Checked:
    """Verify a scenario's values against a sandbox that speaks nonsense."""
    return checked(system, scenario, in_another_script(system.sandbox.app()))


def translation(body: bytes, kind: str) -> bytes:
    """A body with every message in it replaced."""
    if "json" in kind:
        return json.dumps(_of_json(json.loads(body))).encode()
    text = body.decode("utf-8", "surrogateescape")
    if "xml" in kind:
        text = _XML_MESSAGE.sub(rf"\g<1>{NONSENSE}", _BEFORE_XML.sub(lambda found: _of_page(found.group()), text))
    else:
        text = _of_page(text)
    return text.encode("utf-8", "surrogateescape")


def _of_page(text: str) -> str:
    """Codes, which are words with an underscore, stay."""

    def words(found: re.Match[str]) -> str:
        return " ".join(word if "_" in word else NONSENSE for word in found.group().split())

    return _BETWEEN_TAGS.sub(words, text)


def _of_json(payload: Any) -> Any:
    if isinstance(payload, dict):
        return {name: NONSENSE if _is_message(name, value) else _of_json(value) for name, value in payload.items()}
    return [_of_json(part) for part in payload] if isinstance(payload, list) else payload


def _is_message(name: str, value: Any) -> bool:
    return isinstance(value, str) and name.lower() in _MESSAGES
