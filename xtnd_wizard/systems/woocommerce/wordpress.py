"""How WordPress answers: data, an error in its own shape, or either of them below warnings that PHP printed.

WordPress says what went wrong with a code and a status. Its messages are in the site's language, and
plugins change them, so nothing here reads or compares one.
"""

import html
import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import SplitResult, urlsplit

from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import Auth, RequestFailed, Response
from xtnd_wizard.systems.checks import CheckContext
from xtnd_wizard.systems.common_checks import object_in, renamed
from xtnd_wizard.systems.woocommerce.problems import WARNINGS_IN_ANSWER
from xtnd_wizard.systems.woocommerce.rest_root import RestRoot

OURS = "woocommerce_rest_"
"""What the codes begin with that WooCommerce gives itself."""
NO_ROUTE = "rest_no_route"
_MOST_BRACKETS = 50
_DECODER = json.JSONDecoder()


class WarningsPrinted(RequestFailed):
    """The answer is there, and cannot be read as it is: text stands in front of it."""

    def __init__(self, answer: Response, data: Any) -> None:
        super().__init__(
            WARNINGS_IN_ANSWER.code, f"{answer.summary}, text before the JSON", key_sent=True, answer=answer
        )
        self.data = data

    @property
    def payload(self) -> Any:
        """What stands below the warnings."""
        return self.data

    @property
    def status(self) -> int | None:
        """What WordPress meant to send. Once PHP has printed something, its status can't be changed from 200."""
        meant_status = _status_within(self.data)
        return meant_status if meant_status is not None else super().status


async def read(
    context: CheckContext, root: RestRoot, route: str, params: Mapping[str, str], auth: Auth | None = None
) -> tuple[Response, Any]:
    """The answer at a route, and the data in it. Raises RequestFailed."""
    path, query = root.address(route, params)
    try:
        answer = await context.get(path, params=query, auth=auth)
        return answer, _data(answer)
    except RequestFailed as failure:
        printed = _below_warnings(failure)
        if printed is None:
            raise
    raise printed


def _data(answer: Response) -> Any:
    try:
        return answer.json()
    except RequestFailed as failure:
        failure.answer = answer
        raise


def _below_warnings(failure: RequestFailed) -> WarningsPrinted | None:
    answer = failure.answer
    if answer is None or not (200 <= answer.status < 300 or answer.status in (400, 401, 403, 404)):
        return None
    data = data_after_text(answer.body)
    return WarningsPrinted(answer, data) if data is not None else None


def data_after_text(body: bytes) -> dict[str, Any] | list[Any] | None:
    """The JSON that a body ends with, where other text stands before it; or None."""
    text = body.decode("utf-8", "replace")
    for bracket in islice(re.finditer(r"[\[{]", text), _MOST_BRACKETS):
        try:
            data, end = _DECODER.raw_decode(text, bracket.start())
        except (ValueError, RecursionError):
            continue
        if not text[end:].strip():
            return data if text[: bracket.start()].strip() else None
    return None


def wordpress_code(failure: RequestFailed) -> str:
    """The code of an error in WordPress's own shape, or nothing (developer.wordpress.org, WP_Error in REST)."""
    payload = object_in(failure.payload)
    code, in_shape = payload.get("code"), isinstance(payload.get("message"), str)
    return code if isinstance(code, str) and in_shape and _status_within(payload) == failure.status else ""


def _status_within(payload: Any) -> int | None:
    status = object_in(payload, "data").get("status")
    return status if isinstance(status, int) else None


def classify(failure: RequestFailed) -> RequestFailed:
    """What a refusal means at a WordPress site, where its status alone says something else."""
    code = _code_at_wordpress(failure)
    return failure if code is failure.code else renamed(failure, code)


def _code_at_wordpress(failure: RequestFailed) -> str:
    if _leads_to_plain_http(failure):
        return ProblemCode.TLS_MISSING
    code = wordpress_code(failure)
    if failure.status in (401, 403) and code and not code.startswith(OURS):
        return ProblemCode.REFUSED_FOR_SECURITY
    if failure.status == 401 and not code:
        return ProblemCode.REFUSED_FOR_SECURITY
    if failure.status in (403, 406) and not code:
        return ProblemCode.BLOCKED_BY_WAF
    return failure.code


def _leads_to_plain_http(failure: RequestFailed) -> bool:
    """Whether https only sends back to http on the same host: then the shop has no https of its own."""
    answer = failure.answer
    if answer is None or not 300 <= answer.status < 400:
        return False
    target = split_address(answer.headers.get("location"))
    return bool(target and target.scheme == "http" and target.hostname == urlsplit(answer.url).hostname)


def short(value: object) -> str:
    """A short text as people wrote it: WordPress keeps a site's name with its entities."""
    return " ".join(html.unescape(value).split())[:120] if isinstance(value, str) else ""


def split_address(address: object) -> SplitResult | None:
    """The parts of an address with a host, or None."""
    try:
        parts = urlsplit(address) if isinstance(address, str) else None
        return parts if parts and parts.hostname else None
    except ValueError:
        return None


def place(address: object) -> str:
    """Host and folder of an address, as a merchant would say it."""
    parts = split_address(address)
    return f"{parts.hostname}{parts.path.rstrip('/')}"[:253] if parts else ""
