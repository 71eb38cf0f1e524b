"""The one table from what went wrong on the wire, or what status came back, to a problem."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

import httpx

from xtnd_wizard.domain.problems import ProblemCode as P
from xtnd_wizard.outbound.responses import RequestFailed, Response

_CERTIFICATE = {9: P.TLS_EXPIRED, 10: P.TLS_EXPIRED, 62: P.TLS_WRONG_HOST, 64: P.TLS_WRONG_HOST}
"""OpenSSL's X509_V_ERR codes; every other one means that nobody we trust vouches for the certificate."""
_OLD_TLS = ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "VERSION_TOO_LOW", "HANDSHAKE_FAILURE", "KEY_TOO_SMALL")
_NO_SUCH_NAME = (socket.EAI_NONAME, socket.EAI_NODATA, socket.EAI_ADDRFAMILY)
"""Every other failure is our resolver's, and says nothing about the name."""
_LEAST_WAIT, _LONGEST_WAIT = 1, 3600


class Phase(StrEnum):
    """How far one call had come."""

    CONNECT = "connect"
    TLS = "tls"
    ANSWER = "answer"


def of_transport(error: Exception, phase: Phase, seconds: float) -> RequestFailed:
    """The problem behind an exception from the HTTP client, and whether the key had left by then."""
    code = _code(error, phase)
    detail = f"{phase.value}: {type(error).__name__} after {seconds:.1f} s"
    if code is P.REDIRECTED and isinstance(error, httpx.RequestError):
        return RequestFailed(code, detail, key_sent=True, target=error.request.url.host)
    return RequestFailed(
        code,
        detail,
        key_sent=phase is Phase.ANSWER,
        retry_at_once=code is P.DROPPED,
        seconds=str(max(1, round(seconds))),
    )


def _code(error: Exception, phase: Phase) -> P:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _CERTIFICATE.get(cause.verify_code, P.TLS_UNTRUSTED)
        if isinstance(cause, ssl.SSLError) and phase is Phase.TLS:
            return _of_handshake(cause)
    if phase is Phase.TLS:
        return P.TLS_MISSING
    if phase is Phase.CONNECT:
        return P.UNREACHABLE
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return P.SLOW
    if isinstance(error, httpx.RemoteProtocolError):
        return _of_protocol(str(error))
    return P.DROPPED


def _of_protocol(message: str) -> P:
    """The client words these itself: nothing of them comes from the host."""
    if "disconnected" in message or "closed connection" in message:
        return P.DROPPED
    return P.REDIRECTED if "location header" in message else P.NOT_AN_API


def _of_handshake(error: ssl.SSLError) -> P:
    reason = (error.reason or str(error)).upper().replace(" ", "_")  # Python can't name newer alerts
    if "APPLICATION_PROTOCOL" in reason:
        return P.NOT_AN_API
    return P.TLS_OLD if any(word in reason for word in _OLD_TLS) else P.TLS_MISSING


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def of_lookup(error: OSError, host: str) -> RequestFailed:
    """The problem behind a failed name look-up."""
    missing = isinstance(error, socket.gaierror) and error.errno in _NO_SUCH_NAME
    code = P.HOST_NOT_FOUND if missing else P.DNS_TROUBLE
    return RequestFailed(code, f"look-up: {error.errno}", host=host)


def of_status(answer: Response, now: datetime) -> RequestFailed | None:
    """The problem that a status alone tells, or None where the answer is a plain 2xx."""
    refusal = _refusal(answer, now)
    if refusal:
        refusal.answer = answer
    return refusal


def _refusal(answer: Response, now: datetime) -> RequestFailed | None:
    status, detail = answer.status, answer.summary
    if "challenge" in (answer.headers.get("cf-mitigated"), answer.headers.get("x-vercel-mitigated")):
        return RequestFailed(P.BLOCKED_BY_WAF, detail, key_sent=True)
    if 200 <= status < 300 and not answer.is_web_page:
        return None
    if status == 429:
        return RequestFailed(P.RATE_LIMITED, detail, key_sent=True, **_wait(answer, now))
    if 500 <= status < 600:
        at_once = status in (502, 503, 504) and "retry-after" not in answer.headers
        wait = _wait(answer, now) if "retry-after" in answer.headers else {}
        return RequestFailed(P.UPSTREAM_DOWN, detail, key_sent=True, retry_at_once=at_once, status=str(status), **wait)
    if 300 <= status < 400:
        return _of_redirect(answer, detail)
    return RequestFailed(_of_refusal(answer), detail, key_sent=True, status=str(status))


def _of_redirect(answer: Response, detail: str) -> RequestFailed:
    """A redirect is never followed, so it is told apart only by where it points.

    Another path of the same host means that the API is elsewhere on it; another host, an endless
    loop or an unreadable target mean that this is not the place to ask.
    """
    asked = httpx.URL(answer.url)
    try:
        target = asked.join(answer.headers.get("location", ""))
    except httpx.InvalidURL:
        target = asked
    if target.host == asked.host and target.copy_with(query=None) != asked:
        return RequestFailed(P.WRONG_PATH_OR_PRODUCT, detail, key_sent=True)
    return RequestFailed(P.REDIRECTED, detail, key_sent=True, target=target.host[:253] or asked.host)


def _of_refusal(answer: Response) -> P:
    if answer.status in (404, 405, 406, 410, 415):
        return P.WRONG_PATH_OR_PRODUCT
    if answer.is_web_page:
        return P.NOT_AN_API
    if answer.status == 403 and answer.body and not answer.is_json:
        return P.BLOCKED_BY_WAF
    return {
        401: P.KEY_REJECTED,
        403: P.KEY_LACKS_PERMISSION,
        402: P.ACCOUNT_LOCKED,
        423: P.ACCOUNT_LOCKED,
        451: P.ACCOUNT_LOCKED,
    }.get(answer.status, P.NOT_AN_API)


def _wait(answer: Response, now: datetime) -> dict[str, Any]:
    """How long the channel asks us to wait, in seconds from 1 to 3600, and until when."""
    text = answer.headers.get("retry-after", "").strip()
    seconds = 60.0
    if text.isascii() and text.isdigit():
        seconds = float(text[:12])
    elif text:
        try:
            until = parsedate_to_datetime(text)
            seconds = (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
        except (ValueError, OverflowError):
            pass
    clamped = min(max(round(seconds), _LEAST_WAIT), _LONGEST_WAIT)
    return {"seconds": str(clamped), "retry_at": datetime.fromtimestamp(now.timestamp() + clamped, UTC).isoformat()}
