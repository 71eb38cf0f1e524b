"""What a person typed -> the API URL we are willing to call.

Only the host is taken from the text, and for some channels the folder below it, and the URL is built
anew from them: no parser that runs later can read the text in another way than this one did.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, takewhile

import idna

from xtnd_wizard.domain import scripts
from xtnd_wizard.domain.key_shapes import holds_a_key, holds_a_uuid, host_holds_a_key, is_jwt, looks_like_a_key
from xtnd_wizard.domain.placeholders import stands_for_a_host


class HostRefusal(StrEnum):
    """Why a typed host is not called. The words are in the catalogue under `note.<code>`."""

    EMPTY = "host_empty"
    NOT_A_NAME = "host_not_a_name"
    NOT_A_WEB_ADDRESS = "host_not_a_web_address"
    EMAIL = "host_email"
    USER_INFO = "host_user_info"
    OTHER_PORT = "host_other_port"
    IP_ADDRESS = "host_ip_address"
    SINGLE_LABEL = "host_single_label"
    SPECIAL_USE = "host_special_use"
    SEVERAL = "host_several"
    LOOKS_LIKE_A_KEY = "host_looks_like_a_key"
    PLACEHOLDER = "host_placeholder"


SubPath = Callable[[Sequence[str]], Sequence[str]]
"""Which of the segments below a pasted host belong to the API URL."""

SECRET_INSIDE = (HostRefusal.LOOKS_LIKE_A_KEY, HostRefusal.USER_INFO)
"""Refusals of texts that hold a secret: such a text is not kept, not even to be mended."""


class HostNote(StrEnum):
    """What was done to a typed host, said back to the person who typed it."""

    TIDIED = "host_tidied"
    EXPANDED = "host_expanded"


class HostRefused(Exception):
    """The text names no host that we are willing to call."""

    def __init__(self, refusal: HostRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True)
class ApiUrl:
    """Where a channel's API is: an origin, and for some channels a folder below it."""

    origin: str
    path: str = ""

    @property
    def host(self) -> str:
        """The host as a merchant would say it, with a port only where it is unusual."""
        return self.origin.split("://", 1)[1]

    @property
    def shown(self) -> str:
        """The address as a merchant would say it."""
        return self.host + self.path

    def __str__(self) -> str:
        return self.origin + self.path


@dataclass(frozen=True)
class Reading:
    """What was read out of a typed text."""

    url: ApiUrl
    note: HostNote | None = None


SPECIAL_USE = frozenset(
    [
        "alt",
        "arpa",
        "corp",
        "example",
        "home",
        "internal",
        "intranet",
        "invalid",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "mail",
        "onion",
        "private",
        "test",
        "workgroup",
    ]
)
"""Top-level names that never lead to a public server (RFC 6761, RFC 8375, and common local habits)."""

_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\w@.-])(?:[\w-]+\.)+[^\W\d_][\w-]*(?::\d+)?(?:/\S*)?", re.UNICODE)
_EMAIL = re.compile(r"^[^\s@/:]+@[^\s@/:]+$")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PLAIN_SEGMENT = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*")
_LABEL = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")
_DOT = re.compile("[.\u3002\uff0e\uff61]")
"""A dot, and what an international name may have for one (UTS #46)."""
_QUOTES = "\"'`´‘’‚“”„«»‹›<>()[]{}"
_TRAILING = ".,;:!"


def only_the_host(segments: Sequence[str]) -> Sequence[str]:
    """What most channels keep of a pasted address below its host: nothing."""
    return ()


def read_host(
    text: str,
    *,
    trusted_origins: Collection[str] = (),
    sandbox_hosts: Collection[str] = (),
    tenant_domain: str = "",
    sub_path: SubPath = only_the_host,
) -> Reading:
    """Read the host out of whatever was pasted.

    `trusted_origins` may be called as they stand; `sandbox_hosts` are the sandbox's names under
    `.test`; a lone label is completed with `tenant_domain` where there is one; `sub_path` says which
    of the segments below the host belong to the API URL.

    Raises HostRefused, with the reason, for everything that is not the name of a public https server.
    """
    bare = _without_invisible(text)
    trusted = _trusted(bare, trusted_origins)
    if trusted:
        return Reading(ApiUrl(trusted, _path_below(bare, sub_path)))
    if holds_a_uuid(bare):
        raise HostRefused(HostRefusal.LOOKS_LIKE_A_KEY)
    address = _one_address(bare)
    authority = _authority(address)
    _require_no_key(address, authority)
    if stands_for_a_host(authority, tenant_domain):
        raise HostRefused(HostRefusal.PLACEHOLDER)
    name = _ascii_name(_without_port(authority))
    _require_no_key(name, name)
    expanded = _expanded(name, tenant_domain)
    host = expanded or name
    if host not in sandbox_hosts:
        _require_public_name(host)
    url = ApiUrl(f"https://{host}", _path_below(address, sub_path))
    return Reading(url, HostNote.EXPANDED if expanded else HostNote.TIDIED if url.shown != text else None)


def may_hold_a_secret(text: str) -> bool:
    """Whether something in a text looks like a key, so that it is not kept where it was typed by mistake."""
    return holds_a_key(_without_invisible(text))


def is_in_mixed_scripts(shown: str) -> bool:
    """Whether the host of an address that is called mixes scripts, so that it may pass for another one."""
    return scripts.is_mixed(shown.partition("/")[0])


def is_public_name(host: str) -> bool:
    """Whether a host is a name that a public server may have: no IP address, no local or reserved name."""
    try:
        _require_public_name(host)
    except HostRefused:
        return False
    return True


def _without_invisible(text: str) -> str:
    kept = (" " if character.isspace() else character for character in text)
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cf", "Cc", "Co")).strip()


def _trusted(text: str, origins: Collection[str]) -> str | None:
    match = re.match(r"^((?:https?://)?[^/?#\s]+)", text, re.IGNORECASE)
    typed = match.group(1).lower() if match else ""
    return next((origin for origin in origins if typed in (origin, origin.split("://", 1)[1])), None)


def _one_address(text: str) -> str:
    """The one address in a text that may have words around it."""
    text = text.strip(_QUOTES + " ").strip()
    if not text:
        raise HostRefused(HostRefusal.EMPTY)
    if not re.search(r"\s", text):
        return text
    found: dict[str, str] = {_authority(link): link for link in _LINK.findall(text)} or {
        name: name for name in _DOTTED.findall(text)
    }
    if len(found) > 1:
        raise HostRefused(HostRefusal.SEVERAL)
    if not found:
        raise HostRefused(HostRefusal.NOT_A_NAME)
    return found.popitem()[1]


def _require_no_key(address: str, authority: str) -> None:
    """A key in the wrong field would otherwise be asked of the internet's directory of names.

    It is judged as it was typed, before a name is completed: capitals tell Base64 from a name, and a
    slash in Base64 from the end of a host. Behind a colon only a port belongs.
    """
    labels, *behind = (_labels(part) for part in authority.split(":"))
    lone = len(labels) == 1 and not behind and authority != address and not _SCHEME.match(address)
    whole = re.sub(r"[/+=]", "", address) if lone else ""
    if is_jwt(authority) or host_holds_a_key(labels) or any(map(looks_like_a_key, (whole, *chain(*behind)))):
        raise HostRefused(HostRefusal.LOOKS_LIKE_A_KEY)


def _labels(typed: str) -> list[str]:
    return [label for label in _DOT.split(typed.strip(_QUOTES + _TRAILING + " ")) if label]


def _path_below(address: str, sub_path: SubPath) -> str:
    """The folder below the host, as far as its segments are plain."""
    rest = _SCHEME.sub("", address, count=1).removeprefix("//")
    _, _, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    segments = [segment for segment in path.rstrip(_QUOTES + _TRAILING + " ").split("/") if segment]
    plain = list(takewhile(_PLAIN_SEGMENT.fullmatch, segments))
    return "".join(f"/{segment}" for segment in sub_path(plain))


def _authority(text: str) -> str:
    if _EMAIL.match(text):
        raise HostRefused(HostRefusal.EMAIL)
    scheme = _SCHEME.match(text)
    if scheme and scheme.group(1).lower() not in ("http", "https"):
        raise HostRefused(HostRefusal.NOT_A_WEB_ADDRESS)
    rest = text[scheme.end() :] if scheme else text.removeprefix("//")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "\\" in authority or "%" in authority:
        raise HostRefused(HostRefusal.NOT_A_NAME)
    if "@" in authority:
        raise HostRefused(HostRefusal.USER_INFO)
    return authority


def _without_port(authority: str) -> str:
    if authority.startswith("[") or authority.count(":") > 1:
        raise HostRefused(HostRefusal.IP_ADDRESS)
    name, _, port = authority.partition(":")
    if port.strip(_TRAILING) not in ("", "443"):
        raise HostRefused(HostRefusal.OTHER_PORT if port.isdigit() else HostRefusal.NOT_A_NAME)
    return name.strip(_QUOTES + _TRAILING + " ")


def _ascii_name(name: str) -> str:
    if not name:
        raise HostRefused(HostRefusal.NOT_A_NAME)
    if _is_ip_address(name):
        raise HostRefused(HostRefusal.IP_ADDRESS)
    try:
        return idna.encode(name, uts46=True, std3_rules=True, transitional=False).decode("ascii").rstrip(".")
    except (idna.IDNAError, UnicodeError):
        raise HostRefused(HostRefusal.NOT_A_NAME) from None


def _is_ip_address(name: str) -> bool:
    try:
        ipaddress.ip_address(unicodedata.normalize("NFKC", name))
    except ValueError:
        return False
    return True


def _expanded(name: str, tenant_domain: str) -> str | None:
    if "." in name or not tenant_domain or name in SPECIAL_USE or _NUMBER.fullmatch(name):
        return None
    return f"{name}.{tenant_domain}"


def _require_public_name(host: str) -> None:
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        raise HostRefused(HostRefusal.IP_ADDRESS)
    if labels[-1] in SPECIAL_USE:
        raise HostRefused(HostRefusal.SPECIAL_USE)
    if len(labels) < 2:
        raise HostRefused(HostRefusal.SINGLE_LABEL)
    if len(host) > 253 or not all(_LABEL.match(label) for label in labels):
        raise HostRefused(HostRefusal.NOT_A_NAME)
