"""What came back through the outbound client, and the one way in which a call fails."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import xml_rpc

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


class RequestFailed(Exception):
    """A call gave no usable answer. Carries a problem's code and facts, never a value that was sent."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        key_sent: bool = False,
        retry_at_once: bool = False,
        answer: "Response | None" = None,
        **facts: str,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.key_sent = key_sent
        self.retry_at_once = retry_at_once
        self.answer = answer
        self.facts = facts

    @property
    def status(self) -> int | None:
        """The HTTP status of the refusal, or None where there was no answer."""
        return self.answer.status if self.answer else None

    @property
    def payload(self) -> Any:
        """The data that came with the refusal, or None. To be compared with known codes, never shown."""
        try:
            return self.answer.json() if self.answer else None
        except RequestFailed:
            return None


@dataclass(frozen=True)
class Response:
    """An HTTP answer, body included up to the outbound client's cap. Judged and dropped, never stored or logged."""

    url: str
    """What was asked, without the query."""
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    milliseconds: int

    @property
    def summary(self) -> str:
        """Status and time in a few words, for support. Never the body."""
        return f"HTTP {self.status} in {self.milliseconds} ms"

    @property
    def is_web_page(self) -> bool:
        """Whether this is a page for people where an API answers with data."""
        return "html" in self.headers.get("content-type", "").lower()

    @property
    def is_json(self) -> bool:
        """Whether the answer says of itself that it is data."""
        return "json" in self.headers.get("content-type", "").lower()

    @property
    def charset(self) -> str:
        """The coding of the body by the header, empty where it names none."""
        found = _CHARSET.search(self.headers.get("content-type", ""))
        return found.group(1) if found else ""

    def json(self) -> Any:
        """The body as JSON, by the letter of the standard.

        Raises RequestFailed(NOT_AN_API) for everything else: NaN, repeated names, endless nesting, no body.
        """
        try:
            return json.loads(self.body, parse_constant=_refuse, object_pairs_hook=_without_repeats)
        except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
            raise RequestFailed(
                ProblemCode.NOT_AN_API, f"HTTP {self.status}, body is not JSON ({type(error).__name__})", key_sent=True
            ) from None

    def xml(self) -> Any:
        """The one value of an XML-RPC answer.

        Raises XmlFault where the channel says no, and RequestFailed(NOT_AN_API) where it is no such answer.
        """
        try:
            return xml_rpc.read(self.body, self.charset)
        except xml_rpc.NotXmlRpc as error:
            raise RequestFailed(
                ProblemCode.NOT_AN_API, f"HTTP {self.status}, body is not XML-RPC ({error})", key_sent=True
            ) from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError("not a JSON number")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice in one object")
    return found
