"""The one place where tests of a system run its checks, and what such a run comes to."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.findings import Account, Finding, Outcome
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.contract import API_URL, AUTH_METHOD, System
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.wizard.check_runner import COMMON_CHECKS, Event, Identified, checks_of, run_checks

__all__ = ["COMMON_CHECKS", "Checked", "NoCache", "ReceivedRequest", "check", "checks_of", "credentials_of"]

SLOW_SECONDS = 0.4
"""What a verification gets in a scenario that is there to outlast it."""


@dataclass(frozen=True)
class ReceivedRequest:
    """One request as the channel received it. Header names are in lower case; `host` is left out."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class AnswerCache(Protocol):
    """What the runner needs of a cache."""

    async def cached(self, operation: str, credentials: Credentials, ask: Callable[[], Awaitable[Account]]) -> Account:
        """The kept answer, or a new one."""
        ...


@dataclass(frozen=True)
class NoCache:
    """A cache that keeps nothing."""

    async def cached(self, operation: str, credentials: Credentials, ask: Callable[[], Awaitable[Account]]) -> Account:
        return await ask()


@dataclass
class Checked:
    """The events of one verification, and the requests that the channel received during it."""

    events: list[Event]
    requests: list[ReceivedRequest] = field(default_factory=list)

    @property
    def findings(self) -> dict[str, Finding]:
        """Every finding by its check."""
        found = [event for event in self.events if isinstance(event, Finding)]
        assert len({finding.check for finding in found}) == len(found), f"a check answered twice: {found}"
        return {finding.check: finding for finding in found}

    @property
    def problems(self) -> dict[str, str]:
        """The code of every failed check."""
        return {check: str(found.problem_code) for check, found in self.findings.items() if found.problem_code}

    @property
    def proven(self) -> set[str]:
        """The checks that passed, less those that every system has."""
        passed = {check for check, found in self.findings.items() if found.outcome is Outcome.PASSED}
        return passed - set(COMMON_CHECKS)

    @property
    def account(self) -> Account | None:
        """The account that the credentials turned out to belong to."""
        return next((event.account for event in self.events if isinstance(event, Identified)), None)


def check(
    system: System,
    credentials: Credentials,
    outbound_client: OutboundClient,
    *,
    answer_cache: AnswerCache | None = None,
    seconds: float = 5,
) -> list[Event]:
    """Run a system's checks to their end, for at most `seconds`."""

    async def collected() -> list[Event]:
        events = run_checks(system, credentials, outbound_client, answer_cache or NoCache(), seconds)
        return [event async for event in events]

    return asyncio.run(collected())


def seconds_for(scenario: Scenario) -> float:
    """What a scenario's verification may take: little where the channel never answers."""
    return SLOW_SECONDS if scenario.code == "slow" else 5


def host_of(scenario: Scenario, **changed: str) -> str:
    """The host that a scenario's values name."""
    return {**scenario.values, **changed}[API_URL].partition("/")[0]


def credentials_of(system: System, scenario: Scenario, origin: str, **changed: str) -> Credentials:
    """A scenario's values as they are checked, some of them changed, at an origin of the test's own."""
    typed = {**scenario.values, **changed}
    auth_method = system.auth_method_of(typed)
    cleaned = {
        name: system.clean(name, text, auth_method=auth_method).value
        for name, text in typed.items()
        if name != AUTH_METHOD
    }
    _, _, folder = cleaned.pop(API_URL).partition("/")
    sealed = system.sealed_fields_of(auth_method)
    values: dict[str, Secret | str] = {name: Secret(text) if name in sealed else text for name, text in cleaned.items()}
    if auth_method:
        values[AUTH_METHOD] = auth_method
    return Credentials(ApiUrl(origin, f"/{folder}" if folder else ""), values)
