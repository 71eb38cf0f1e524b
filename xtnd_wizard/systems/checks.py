"""What a system's checks are given, and what they answer."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from xtnd_wizard.domain.findings import Account, Finding
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.outbound import Answer, Auth, Body
from xtnd_wizard.domain.secret import Secret


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
        auth: Auth | None = None,
        retry: bool = True,
    ) -> Answer:
        """Ask once, or with `retry` twice where the connection was dropped or a gateway stumbled.

        Raises CallFailed.
        """
        ...

    async def post(
        self,
        path: str,
        body: Body,
        *,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
        auth: Auth | None = None,
        retry: bool = False,
    ) -> Answer:
        """The same with a body. Not asked twice unless that is harmless. Raises CallFailed."""
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
    closing: Callable[[Probe, Mapping[str, Any]], Awaitable[None]] | None = None
    """What ends a session that the opening began. It runs after all the rest, and says nothing."""
