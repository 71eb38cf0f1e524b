"""What a system's checks are given, and what they answer."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.findings import Account, Finding
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import Auth, Body, Request, Response

State = TypeVar("State")
"""What a system's sign-in found out that its other checks need: a token, a session, what the shop can do."""


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


class CheckContext(ABC):
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
        return await self.send(Request(path, params or {}, secret_headers=secret_headers or {}, auth=auth), retry=retry)

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
        return await self.send(Request(path, params or {}, body, secret_headers or {}, auth=auth), retry=retry)

    @abstractmethod
    async def send(self, request: Request, *, retry: bool) -> Response:
        """Ask as `get` and `post` do. Raises RequestFailed."""

    @abstractmethod
    async def cached(self, operation: str, of: Collection[str], ask: Callable[[], Awaitable[Account]]) -> Account:
        """The kept answer of the last 24 hours for the named fields' values at this host, or a new one."""


@dataclass(frozen=True)
class SignInResult(Generic[State]):
    """What the sign-in found: one finding for each of its codes, up to the first that failed.

    One answer may hold both: `recognise` passed, since it is the channel that refuses, and `key` failed. Whether the
    later checks run depends on the findings alone: they do where none failed, and then `state=None` is handed to them.
    """

    findings: tuple[Finding, ...]
    state: State | None = None
    """For the checks that follow. Where a finding failed, none do."""


@dataclass(frozen=True)
class SignIn(Generic[State]):
    """The first question. It goes alone, so that a rejected key costs one call and locks nobody out."""

    codes: tuple[str, ...]
    """The checks that it answers, in the order in which a merchant reads them."""
    run: Callable[[CheckContext], Awaitable[SignInResult[State]]]


@dataclass(frozen=True)
class Result:
    """What a check found, where that is more or less than one finding."""

    findings: tuple[Finding, ...]
    account: Account | None = None
    """The account behind the credentials. One check of every system has to name it."""


@dataclass(frozen=True)
class Check(Generic[State]):
    """One question that is asked after the sign-in, beside the others."""

    code: str
    run: Callable[[CheckContext, State], Awaitable[Finding | Result]]
    also: tuple[str, ...] = ()
    """Checks that the same call answers besides. A merchant reads them after all the others."""

    async def result(self, context: CheckContext, state: State) -> Result:
        """Ask, and say what was found."""
        found = await self.run(context, state)
        return Result((found,)) if isinstance(found, Finding) else found


@dataclass(frozen=True)
class Checks(Generic[State]):
    """A system's checks, in the order in which a merchant reads them."""

    sign_in: SignIn[State]
    parallel: tuple[Check[State], ...]
    """The checks that run side by side once the sign-in passed."""
    teardown: Callable[[CheckContext, State], Awaitable[None]] | None = None
    """What ends a session that the sign-in began. It runs after all the rest, and says nothing."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Every check that has to have an answer, in the order in which a merchant reads them."""
        besides = (code for check in self.parallel for code in check.also)
        return (*self.sign_in.codes, *(check.code for check in self.parallel), *besides)


@dataclass(frozen=True)
class Retirement:
    """A part of the channel's API that is spoken here and ends on a known day."""

    what: str
    on: date

    def is_near(self, today: date) -> bool:
        """Whether it is time to say so: from half a year before."""
        return today >= self.on - timedelta(days=183)
