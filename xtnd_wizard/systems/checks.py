"""What a system's checks are given, and what they answer."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.findings import Account, Finding
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import Auth, Body, Response


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


class CheckContext(Protocol):
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
    ) -> Response:
        """Ask once, or with `retry` twice where the connection was dropped or a gateway stumbled.

        Raises RequestFailed.
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
    ) -> Response:
        """The same with a body. Not asked twice unless that is harmless. Raises RequestFailed."""
        ...

    async def cached(self, operation: str, of: Collection[str], ask: Callable[[], Awaitable[Account]]) -> Account:
        """The kept answer of the last 24 hours for the named fields' values at this host, or a new one."""
        ...


@dataclass(frozen=True)
class SignInResult:
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

    sign_in: Callable[[CheckContext], Awaitable[SignInResult]]
    sign_in_codes: tuple[str, ...]
    parallel: Mapping[str, Callable[[CheckContext, Mapping[str, Any]], Awaitable[Result]]]
    """The checks that run side by side once the opening passed, by code, in the order they are shown."""
    shown: tuple[str, ...]
    """All codes in the order in which a merchant reads them."""
    teardown: Callable[[CheckContext, Mapping[str, Any]], Awaitable[None]] | None = None
    """What ends a session that the opening began. It runs after all the rest, and says nothing."""
