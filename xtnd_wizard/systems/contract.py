"""What an external system brings along: its fields, its checks, its words and its sandbox.

One folder below `systems/` is one system. Its `__init__.py` has a `SYSTEM`; nothing outside the
folder names it.
"""

import tomllib
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

from xtnd_wizard.findings import Account, Finding
from xtnd_wizard.hosts import SECRET_INSIDE, ApiUrl, HostRefused, Reading, read_host
from xtnd_wizard.outbound import Answer
from xtnd_wizard.secret import Secret

API_URL = "api_url"


@dataclass(frozen=True)
class Cleaned:
    """A pasted value, ready to use, and what to tell the person who pasted it."""

    value: str
    notes: tuple[str, ...] = ()
    """Codes of what was removed, and of what looks odd but may still be tried."""
    refusal: str | None = None
    """Code of the reason why this can't be sent at all."""


@dataclass(frozen=True)
class CredentialField:
    """One value the merchant must fetch. Its words are in the system's guide under `fields.<name>`."""

    name: str
    """XTND's name for it: access_token, secret, api_url; or a name of the system's own."""
    clean: Callable[[str], Cleaned]
    sealed: bool = True
    required: bool = True
    """An optional field is folded away."""


@dataclass(frozen=True)
class Marketplace:
    """One operator's instance, with a host of its own."""

    name: str
    country: str
    host: str


@dataclass(frozen=True)
class HostRules:
    """How this system's hosts are read out of what people paste."""

    tenant_domain: str = ""
    not_for_sellers: Mapping[str, str] = field(default_factory=dict)
    """Known hosts that never are an API, each with the code of its explanation."""


@dataclass(frozen=True)
class Credentials:
    """A full set of values to check."""

    url: ApiUrl
    values: Mapping[str, Secret | str]

    def secret(self, name: str) -> Secret:
        """A sealed field's value."""
        value = self.values[name]
        if not isinstance(value, Secret):
            raise TypeError(f"{name} is not a sealed field")
        return value

    def text(self, name: str) -> str:
        """An open field's value, empty where it was left out."""
        value = self.values.get(name, "")
        if isinstance(value, Secret):
            raise TypeError(f"{name} is a sealed field")
        return value


class Probe(Protocol):
    """How a check asks the live channel. Provided by the verification."""

    credentials: Credentials

    async def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
        retry: bool = True,
    ) -> Answer:
        """Ask once, or with `retry` twice where the connection was dropped or a gateway stumbled.

        Raises CallFailed.
        """
        ...

    async def once_a_day(self, operation: str, of: Collection[str], ask: Callable[[], Awaitable[Account]]) -> Account:
        """The kept answer of the last 24 hours for the named fields' values at this host, or a new one."""
        ...


@dataclass(frozen=True)
class Opening:
    """What the first call told: its findings, and facts that the other checks need."""

    findings: tuple[Finding, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What one later check told."""

    findings: tuple[Finding, ...]
    account: Account | None = None


@dataclass(frozen=True)
class Checks:
    """A system's checks. The opening goes first and alone, so that a rejected key costs one call."""

    opening: Callable[[Probe], Awaitable[Opening]]
    opening_codes: tuple[str, ...]
    rest: Mapping[str, Callable[[Probe, Mapping[str, Any]], Awaitable[Result]]]
    """The checks that run side by side once the opening passed, by code, in the order they are shown."""
    shown: tuple[str, ...]
    """All codes in the order in which a merchant reads them."""


@dataclass(frozen=True)
class Scenario:
    """One way a demo can go. Its words are in the guide under `scenarios.<code>`."""

    code: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Sandbox:
    """The imitation of a system that ships with the product."""

    hosts: frozenset[str]
    app: Callable[[], Any]
    """Makes the ASGI app that answers for all of its hosts."""
    scenarios: tuple[Scenario, ...]


@dataclass(frozen=True)
class System:
    """A channel that XTND can connect to."""

    code: str
    name: str
    fields: tuple[CredentialField, ...]
    hosts: HostRules
    checks: Checks
    sandbox: Sandbox
    folder: Path
    marketplaces: Callable[[], tuple[Marketplace, ...]] = tuple
    key_page: Callable[[ApiUrl], str] | None = None
    """Where on the channel's own site a merchant gets the key."""

    @cached_property
    def sealed_fields(self) -> frozenset[str]:
        return frozenset(field.name for field in self.fields if field.sealed)

    def field(self, name: str) -> CredentialField:
        """A field by XTND's name. Raises KeyError for one that this system does not have."""
        return {field.name: field for field in self.fields}[name]

    def read_host(self, text: str, trusted_origins: Collection[str] = ()) -> Reading:
        """The API URL in a pasted text. Raises HostRefused with the reason."""
        return read_host(
            text,
            trusted_origins=trusted_origins,
            practice_hosts=self.sandbox.hosts,
            tenant_domain=self.hosts.tenant_domain,
        )

    def clean(self, name: str, text: str, trusted_origins: Collection[str] = ()) -> Cleaned:
        """A pasted value, cleaned by its field's rules. Nothing typed is lost by a refusal."""
        if name != API_URL:
            return self.field(name).clean(text)
        try:
            reading = self.read_host(text, trusted_origins)
        except HostRefused as refused:
            return Cleaned("" if refused.refusal in SECRET_INSIDE else text, refusal=refused.refusal)
        explanation = self.hosts.not_for_sellers.get(reading.url.host)
        if explanation:
            return Cleaned(text, refusal=explanation)
        return Cleaned(reading.url.host, (reading.note,) if reading.note else ())

    def guide(self, language: str) -> Mapping[str, Any]:
        """The system's words in a language, from its folder."""
        return _guide(self.folder / "guide" / f"{language}.toml")

    def picture(self, name: str) -> str:
        """A picture's SVG text."""
        return _text(self.folder / "pictures" / f"{name}.svg")


def keep_text(text: str) -> Cleaned:
    """A value that any text may be, less the line breaks around it."""
    return Cleaned(text.strip("\r\n"))


@cache
def _guide(file: Path) -> Mapping[str, Any]:
    return tomllib.loads(_text(file))


@cache
def _text(file: Path) -> str:
    return file.read_text("utf-8")
