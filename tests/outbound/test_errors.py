"""Every way a call is known to go wrong, played by a real server against the real outbound client."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from gzip import compress

import pytest

from tests.outbound.scene import KEY, Authority, Meeting, Play, Scene
from tests.outbound.servers import (
    Behaviour,
    HandshakeServer,
    drips,
    hangs,
    http,
    repeats,
    resets,
    resets_once_greeted,
    says,
    says_and_leaves,
)
from xtnd_wizard.domain.problems import PROBLEMS
from xtnd_wizard.domain.problems import ProblemCode as P
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.outbound.errors import of_lookup, of_status
from xtnd_wizard.systems import all_systems

TAXONOMY: dict[str, str | None] = {
    "dns_nxdomain": P.HOST_NOT_FOUND,
    "dns_temp_fail": P.DNS_TROUBLE,
    "dns_timeout": P.DNS_TROUBLE,
    "blocked_literal": P.NOT_PUBLIC,
    "blocked_resolved": P.HOST_NOT_FOUND,
    "refused": P.UNREACHABLE,
    "connect_timeout": P.UNREACHABLE,
    "net_unreachable": P.UNREACHABLE,
    "tls_expired": P.TLS_EXPIRED,
    "tls_unknown_ca": P.TLS_UNTRUSTED,
    "tls_wrong_host": P.TLS_WRONG_HOST,
    "tls_not_yet_valid": P.TLS_EXPIRED,
    "tls_old_protocol": P.TLS_OLD,
    "tls_not_tls": P.TLS_MISSING,
    "read_timeout": P.SLOW,
    "slow_headers": P.SLOW,
    "slow_body": P.SLOW,
    "endless_1xx": P.NOT_AN_API,
    "endless_head": P.NOT_AN_API,
    "tiny_pieces": P.NOT_AN_API,
    "huge_body": P.NOT_AN_API,
    "gzip_bomb": P.NOT_AN_API,
    "huge_headers": P.NOT_AN_API,
    "rst": P.DROPPED,
    "empty_reply": P.DROPPED,
    "truncated": P.DROPPED,
    "bad_http": P.NOT_AN_API,
    "redirect_same_host": P.WRONG_PATH_OR_PRODUCT,
    "redirect_other_host": P.REDIRECTED,
    "redirect_loop": P.REDIRECTED,
    "bad_location": P.REDIRECTED,
    "html_login": P.NOT_AN_API,
    "waf_challenge": P.BLOCKED_BY_WAF,
    "maintenance": P.UPSTREAM_DOWN,
    "s401": P.KEY_REJECTED,
    "s403": P.KEY_LACKS_PERMISSION,
    "s404": P.WRONG_PATH_OR_PRODUCT,
    "s402_423": P.ACCOUNT_LOCKED,
    "s429": P.RATE_LIMITED,
    "s5xx": P.UPSTREAM_DOWN,
    "s2xx_no_body": P.NOT_AN_API,
    "s200_bad_json": P.NOT_AN_API,
    "s200_deep_json": P.NOT_AN_API,
    "s200_bigint": P.NOT_AN_API,
    "s200_nan": P.NOT_AN_API,
    "s200_dupkeys": P.NOT_AN_API,
    "s200_latin1": P.NOT_AN_API,
    "s200_utf16": None,
    "s200_anyone": P.ENDPOINT_DOES_NOT_CHECK_KEYS,
    "s200_other_shop": "other_account",
    "s999": P.NOT_AN_API,
    "h2_only": P.NOT_AN_API,
    "db_down": P.VERIFIED_NOT_SAVED,
    "db_locked": P.VERIFIED_NOT_SAVED,
    "vault_key_missing": P.SERVICE_UNAVAILABLE,
}
"""Every fault's id, and the problem it has to end as; None where it is no problem at all."""

RETRYABLE = frozenset(
    [
        *("dns_temp_fail", "dns_timeout", "refused", "connect_timeout", "net_unreachable"),
        *("read_timeout", "slow_headers", "slow_body", "rst", "empty_reply", "truncated"),
        *("maintenance", "s429", "s5xx", "db_down", "db_locked"),
    ]
)
TOLD_BY_A_CHECK = frozenset(("s200_anyone", "s200_other_shop"))
NOT_OF_THE_WIRE = frozenset(("db_down", "db_locked", "vault_key_missing"))

PATIENCE = 10.0
"""For faults that show at once: never reached, and never a reason to fail on a busy machine."""
IMPATIENCE = 0.4
"""For faults that only a deadline ends."""


@dataclass(frozen=True)
class Fault:
    """One variant of a fault, and what has to be said of it beyond its problem."""

    id: str
    variant: str
    play: Play
    key_sent: bool
    at_once: bool


FAULTS: list[Fault] = []


def fault(known_as: str, play: Play, variant: str = "", *, key_sent: bool = True, at_once: bool = False) -> None:
    FAULTS.append(Fault(known_as, variant, play, key_sent, at_once))


def served(
    behaviour: Behaviour,
    certificate: Callable[[Authority], object] = Authority.context,
    *,
    seconds: float = PATIENCE,
    listens: bool = True,
) -> Play:
    """The call goes to a server that speaks TLS and then behaves like this."""
    return lambda scene: scene.ask(
        scene.serve(behaviour, certificate(scene.authority), listens=listens),  # type: ignore[arg-type]
        seconds,
    )


def without_tls(behaviour: Behaviour, *, seconds: float = PATIENCE) -> Play:
    """The call goes to a server that does not begin with a handshake."""
    return lambda scene: scene.ask(scene.serve(behaviour, None, listens=False), seconds)


def looked_up(look_up: Callable[[str], Sequence[str]], host: str = "shop.example.org") -> Play:
    """The name has to be looked up first, and this is how that goes."""
    return lambda scene: scene.ask(f"https://{host}", PATIENCE, OutboundClient(look_up=look_up, lookup_seconds=0.1))


def raises(error: OSError) -> Callable[[str], Sequence[str]]:
    def look_up(host: str) -> Sequence[str]:
        raise error

    return look_up


def lookup_that_hangs(scene: Scene) -> Meeting:
    answered = threading.Event()
    scene.until_the_end.callback(answered.set)

    def look_up(host: str) -> Sequence[str]:
        answered.wait(60)
        return []

    return looked_up(look_up)(scene)


def port_that_is_closed(scene: Scene) -> Meeting:
    taken = scene.until_the_end.enter_context(socket.socket())
    taken.bind(("127.0.0.1", 0))
    return scene.ask(f"https://127.0.0.1:{taken.getsockname()[1]}", PATIENCE)


def queue_that_is_full(scene: Scene) -> Meeting:
    """Further SYNs are dropped once a listener that accepts nobody has its queue full."""
    listener = scene.until_the_end.enter_context(socket.socket())
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    for _ in range(3):
        waiting = scene.until_the_end.enter_context(socket.socket())
        waiting.setblocking(False)
        waiting.connect_ex(listener.getsockname())
    return scene.ask(f"https://127.0.0.1:{listener.getsockname()[1]}", IMPATIENCE)


def address_without_a_route(scene: Scene) -> Meeting:
    return scene.ask("https://255.255.255.255", IMPATIENCE)


def handshake_of_yesterday(scene: Scene) -> Meeting:
    server = scene.until_the_end.enter_context(HandshakeServer(scene.authority.outdated()))
    return scene.ask(f"https://localhost:{server.port}", PATIENCE)


JSON = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
LOGIN = b"<!doctype html><title>Sign in</title>"
TLS_ALERT_NO_PROTOCOL = b"\x15\x03\x03\x00\x02\x02\x78"
HTTP2_SETTINGS = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"

no_name = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
fault("dns_nxdomain", looked_up(raises(no_name)), key_sent=False)
no_data = socket.gaierror(socket.EAI_NODATA, "No address associated with hostname")
fault("dns_nxdomain", looked_up(raises(no_data)), "no address", key_sent=False)
again = socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
fault("dns_temp_fail", looked_up(raises(again)), key_sent=False)
fault("dns_temp_fail", looked_up(raises(OSError(24, "Too many open files"))), "our own trouble", key_sent=False)
fault("dns_timeout", lookup_that_hangs, key_sent=False)
for literal in ("127.0.0.1", "8.8.8.8", "localhost", "printer.local", "intranet"):
    fault("blocked_literal", looked_up(lambda host: ["93.184.216.34"], literal), literal, key_sent=False)
for private in (["10.0.0.7"], ["93.184.216.34", "::1"], []):
    fault("blocked_resolved", looked_up(lambda host, found=private: found), ", ".join(private), key_sent=False)  # type: ignore[misc]

fault("refused", port_that_is_closed, key_sent=False)
fault("connect_timeout", queue_that_is_full, key_sent=False)
fault("net_unreachable", address_without_a_route, key_sent=False)

fault("tls_expired", served(says(http()), Authority.expired), key_sent=False)
fault("tls_not_yet_valid", served(says(http()), Authority.not_yet_valid), key_sent=False)
fault("tls_wrong_host", served(says(http()), Authority.wrong_host), key_sent=False)
fault("tls_unknown_ca", served(says(http()), Authority.unknown), "unknown issuer", key_sent=False)
fault("tls_unknown_ca", served(says(http()), Authority.without_intermediate), "no intermediate", key_sent=False)
fault("tls_old_protocol", handshake_of_yesterday, key_sent=False)
fault("tls_not_tls", without_tls(says_and_leaves(http(400))), "plain HTTP", key_sent=False)
fault("tls_not_tls", without_tls(says_and_leaves(b"SSH-2.0-OpenSSH_9.6\r\n")), "SSH", key_sent=False)
fault("tls_not_tls", without_tls(says_and_leaves(b"")), "closes", key_sent=False)
fault("tls_not_tls", without_tls(resets_once_greeted), "resets", key_sent=False)
fault("tls_not_tls", without_tls(hangs, seconds=IMPATIENCE), "silent", key_sent=False)
fault("h2_only", served(says_and_leaves(HTTP2_SETTINGS), Authority.http2_only, listens=False), "h2 frames")
fault("h2_only", without_tls(says_and_leaves(TLS_ALERT_NO_PROTOCOL)), "alert", key_sent=False)

fault("read_timeout", served(hangs, seconds=IMPATIENCE))
fault("slow_headers", served(drips(b"x-slow: yes\r\n" * 500, first=JSON.encode()), seconds=IMPATIENCE))
fault(
    "slow_body",
    served(drips(b" " * 5000, first=f"{JSON}content-length: 5000\r\n\r\n".encode()), seconds=IMPATIENCE),
)

CHUNKED = f"{JSON}transfer-encoding: chunked\r\n\r\n".encode()
EARLY_HINTS = b"HTTP/1.1 103 Early Hints\r\n\r\n"
fault("endless_1xx", served(repeats(EARLY_HINTS)), "one by one")
fault("endless_1xx", served(repeats(EARLY_HINTS * 500)), "many at once")
fault("endless_head", served(repeats(b"x", first=JSON.encode())), "byte by byte")
fault("tiny_pieces", served(repeats(b"1\r\n \r\n", first=CHUNKED)), "one by one")
fault("tiny_pieces", served(repeats(b"1\r\n \r\n" * 500, first=CHUNKED)), "many at once")
fault("tiny_pieces", served(repeats(b"0", first=CHUNKED)), "a size byte by byte")
fault("tiny_pieces", served(repeats(b"1;" + b"x" * 9000 + b"\r\n \r\n", first=CHUNKED)), "in thick wrapping")
fault("tiny_pieces", served(repeats(b" ", first=f"{JSON}content-length: 99999\r\n\r\n".encode())), "no chunks")
fault("huge_body", served(repeats(b"1000\r\n" + b" " * 4096 + b"\r\n", first=CHUNKED)), "endless chunks")
fault("huge_body", served(says(http(body=b" " * (256 * 1024 + 1)))), "one byte too many")
fault("gzip_bomb", served(says(http(body=compress(b" " * 10_000_000), content_encoding="gzip"))), "gzip")
fault("gzip_bomb", served(says(http(body=b"\x0b\x02\x80", content_encoding="br"))), "brotli")
fault("gzip_bomb", served(says(http(body=compress(b"{}"), content_encoding="identity, gzip"))), "listed")
fault("huge_headers", served(repeats(b"x-more: and more\r\n" * 100, first=JSON.encode())))

fault("rst", served(resets), at_once=True)
fault("empty_reply", served(says_and_leaves(b"")), at_once=True)
short = f"{JSON}content-length: 100\r\n\r\n12345".encode()
fault("truncated", served(says_and_leaves(short)), "body", at_once=True)
fault("truncated", served(says_and_leaves(CHUNKED + b"64\r\n12345")), "chunk", at_once=True)
fault("truncated", served(says_and_leaves(JSON.encode())), "headers", at_once=True)
fault("bad_http", served(says_and_leaves(b"HELLO THERE\r\n\r\n")), "status line")
fault("bad_http", served(says_and_leaves(f"{JSON}x-nul: \0\r\n\r\n".encode())), "NUL in a header")
fault("bad_http", served(says(f"{JSON}content-length: 1\r\ncontent-length: 2\r\n\r\n{{}}".encode())), "two lengths")

for status in (301, 302, 307, 308):
    fault("redirect_same_host", served(says(http(status, location="/api/thing/"))), str(status))
fault("redirect_other_host", served(says(http(302, location="https://login.example.org/in"))), "login")
fault("redirect_other_host", served(says(http(301, location="//www.example.org/"))), "scheme left out")
fault("redirect_loop", served(says(http(302, location="/api/thing"))), "itself")
fault("redirect_loop", served(says(http(304))), "nowhere")
for target in ("http://[::1", "https://a:b:c/", "https://a:99999/", "https://exa mple/", "https://" + "a" * 5000 + "/"):
    fault("bad_location", served(says(http(302, location=target))), target[:20])

for status in (200, 401, 403):
    fault("html_login", served(says(http(status, LOGIN, "text/html; charset=utf-8"))), str(status))
for status in (403, 429, 503):
    fault("waf_challenge", served(says(http(status, LOGIN, "text/html", cf_mitigated="challenge"))), f"cf {status}")
    fault(
        "waf_challenge", served(says(http(status, LOGIN, "text/html", x_vercel_mitigated="challenge"))), f"v {status}"
    )

fault("waf_challenge", served(says(http(403, b"Request blocked.", "text/plain"))), "no word of a challenge")
fault("maintenance", served(says(http(503, retry_after="120"))))
fault("s401", served(says(http(401))))
fault("s401", served(says(http(401, b"", ""))), "no body")
fault("s403", served(says(http(403))))
fault("s404", served(says(http(404))), "JSON")
fault("s404", served(says(http(404, LOGIN, "text/html"))), "HTML")
for status in (402, 423, 451):
    fault("s402_423", served(says(http(status))), str(status))
for wait in ("30", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", "1000000000", ""):
    fault("s429", served(says(http(429, retry_after=wait))), wait or "no word")
for status in (500, 502, 503, 504, *range(520, 528)):
    fault("s5xx", served(says(http(status))), str(status), at_once=status in (502, 503, 504))
fault("s999", served(says(http(999))), "999")
fault("s999", served(says(http(418))), "418")
fault("s2xx_no_body", served(says(http(204, b"", "", content_length=""))), "204")
fault("s2xx_no_body", served(says(http(200, b""))), "200")

fault("s200_bad_json", served(says(http(body=b'{"a":'))))
fault("s200_deep_json", served(says(http(body=b"[" * 200_000))))
fault("s200_bigint", served(says(http(body=b"9" * 5000))))
fault("s200_nan", served(says(http(body=b'{"a": NaN}'))), "NaN")
fault("s200_nan", served(says(http(body=b'{"a": -Infinity}'))), "infinity")
fault("s200_dupkeys", served(says(http(body=b'{"a": 1, "a": 2}'))))
fault("s200_latin1", served(says(http(body='{"a": "Träslottet"}'.encode("latin-1")))))
fault("s200_utf16", served(says(http(body='{"a": "Träslottet"}'.encode("utf-16")))))


def test_every_fault_that_is_known_is_played() -> None:
    played = {fault.id for fault in FAULTS}
    assert played | TOLD_BY_A_CHECK | NOT_OF_THE_WIRE == set(TAXONOMY)
    assert not played & (TOLD_BY_A_CHECK | NOT_OF_THE_WIRE)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.id}-{fault.variant}".rstrip("-"))
def test_a_fault_ends_as_its_problem(fault: Fault, scene: Scene) -> None:
    meeting = fault.play(scene)
    failure = meeting.failure
    assert (failure.code if failure else None) is TAXONOMY[fault.id], failure and failure.detail
    assert scene.key_was_seen is (fault.key_sent and bool(scene.servers) and scene.servers[0].listens)
    if failure:
        assert failure.key_sent is fault.key_sent
        assert failure.retry_at_once is fault.at_once
        assert KEY not in f"{failure!r} {failure} {failure.detail} {failure.facts}"


@pytest.mark.parametrize("known_as", sorted(known_as for known_as, code in TAXONOMY.items() if code))
def test_the_list_of_problems_says_whether_another_try_may_help(known_as: str) -> None:
    code = TAXONOMY[known_as]
    assert code
    own = {problem.code: problem for system in all_systems() for problem in system.problems}
    assert {**PROBLEMS, **own}[code].retryable is (known_as in RETRYABLE)


def test_a_private_address_gets_the_words_of_a_missing_name_and_no_connection(
    scene: Scene,
) -> None:
    scene.serve(hangs, None, listens=False)
    missing = looked_up(raises(no_name))(scene).failure
    private = looked_up(lambda host: ["127.0.0.1"])(scene).failure
    assert missing
    assert private
    assert (private.code, private.detail, private.facts) == (missing.code, missing.detail, missing.facts)
    assert str(private) == str(missing)
    assert scene.servers[0].connections == 0


def test_a_host_that_wants_a_client_certificate_is_a_problem_and_not_a_crash(scene: Scene) -> None:
    meeting = served(says(http()), Authority.asking_for_a_client_certificate)(scene)
    assert meeting.failure
    assert meeting.failure.code is P.DROPPED


@pytest.mark.parametrize("errno", [socket.EAI_FAIL, socket.EAI_MEMORY, socket.EAI_SYSTEM, 99999])
def test_a_resolver_in_trouble_says_nothing_about_the_name(errno: int) -> None:
    assert of_lookup(socket.gaierror(errno, ""), "shop.example.org").code is P.DNS_TROUBLE


NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def refused(status: int, **headers: str) -> RequestFailed:
    answer = Response(
        "https://shop.example.org/api", status, {n.replace("_", "-"): v for n, v in headers.items()}, b"", 7
    )
    failure = of_status(answer, NOW)
    assert failure
    return failure


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("30", "30"),
        ("0", "1"),
        ("3601", "3600"),
        ("1000000000", "3600"),
        ("9" * 4000, "3600"),
        ("Sun, 01 Mar 2026 12:00:45 GMT", "45"),
        ("Sun, 01 Mar 2026 12:00:45 -0000", "45"),
        ("Sun, 01 Mar 2026 13:00:45 +0100", "45"),
        ("Sun, 01 Mar 2020 12:00:00 GMT", "1"),
        ("Sun, 01 Mar 9999 12:00:00 GMT", "3600"),
        ("Fri, 31 Dec 9999 23:59:59 -2300", "3600"),
        ("soon", "60"),
        ("-5", "60"),
        ("١٢", "60"),
        ("", "60"),
    ],
)
def test_the_wait_that_a_channel_asks_for_is_read_and_kept_within_an_hour(retry_after: str, seconds: str) -> None:
    facts = refused(429, retry_after=retry_after).facts
    assert facts["seconds"] == seconds
    assert (datetime.fromisoformat(facts["retry_at"]) - NOW).total_seconds() == int(seconds)


@pytest.fixture
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import time

    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


def test_a_date_without_a_zone_is_read_as_utc_wherever_we_run(far_from_utc: None) -> None:
    assert refused(429, retry_after="Sun, 01 Mar 2026 12:00:45 -0000").facts["seconds"] == "45"


def test_a_redirect_tells_where_it_points_and_nothing_else_of_it() -> None:
    failure = refused(302, location="https://user:pass@Login.Example.org:8443/in?token=abc#x")
    assert failure.facts == {"target": "login.example.org"}


@pytest.mark.parametrize("location", ["mailto:a@example.org", "javascript:alert(1)", "http://[::1"])
def test_a_redirect_to_no_host_names_the_host_that_sent_it(location: str) -> None:
    assert refused(302, location=location).facts == {"target": "shop.example.org"}
