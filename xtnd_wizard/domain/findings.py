"""What a verification answers: findings, the account it identified, and the report of both.

Nothing here can hold a secret: every value is a code, a number or a short text from the channel.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """A check's answer."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Finding:
    """One check's answer."""

    check: str
    outcome: Outcome
    problem_code: str | None = None
    """A code of the list that all systems share, or of the system's own (`System.problem_of`)."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Short texts that the words of the check or the problem may mention.

    A check that knows better than the problem which field is at fault names it as `field`; empty means none.
    """
    detail: str = ""
    """The technical detail for support: operation, HTTP status, milliseconds. Never a body."""


def passed(check: str, detail: str = "", **facts: str) -> Finding:
    """A finding that says yes."""
    return Finding(check, Outcome.PASSED, facts=facts, detail=detail)


def failed(check: str, code: str, detail: str = "", **facts: str) -> Finding:
    """A finding that says no, and why."""
    return Finding(check, Outcome.FAILED, code, facts, detail)


def not_applicable(check: str, detail: str = "") -> Finding:
    """A finding that says the question does not arise at this channel."""
    return Finding(check, Outcome.NOT_APPLICABLE, detail=detail)


@dataclass(frozen=True)
class Account:
    """The account behind the credentials, as the channel names it."""

    id: str
    name: str
    state: str = ""
    currency: str = ""
    country: str = ""
    channels: tuple[str, ...] = ()
    as_of: str = ""
    """When the channel said so, in ISO format, where the answer was kept from an earlier call."""


@dataclass(frozen=True)
class Report:
    """All findings of one verification, bound to a fingerprint of exactly what was checked."""

    system: str
    fingerprint: str
    verified_at: datetime
    expected: tuple[str, ...]
    """Every check that has to have an answer before anything may be called verified."""
    findings: tuple[Finding, ...]
    account: Account | None = None

    @property
    def passed(self) -> bool:
        """Whether every expected check answered, none failed, and the account is known."""
        answered = {finding.check for finding in self.findings}
        return (
            self.account is not None
            and answered >= set(self.expected)
            and all(finding.outcome is not Outcome.FAILED for finding in self.findings)
        )

    @property
    def primary_failure(self) -> Finding | None:
        """The failed finding to show first: the earliest stage, in the order of the checks."""
        order = {check: place for place, check in enumerate(self.expected)}
        failures = [finding for finding in self.findings if finding.outcome is Outcome.FAILED]
        return min(failures, key=lambda finding: order.get(finding.check, len(order)), default=None)

    def to_json(self) -> dict[str, Any]:
        """Plain values for the database."""
        return {**asdict(self), "verified_at": self.verified_at.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Report":
        """Read what `to_json` wrote."""
        account = stored["account"]
        return cls(
            system=stored["system"],
            fingerprint=stored["fingerprint"],
            verified_at=datetime.fromisoformat(stored["verified_at"]),
            expected=tuple(stored["expected"]),
            findings=tuple(_finding(row) for row in stored["findings"]),
            account=Account(**{**account, "channels": tuple(account["channels"])}) if account else None,
        )


def _finding(row: Mapping[str, Any]) -> Finding:
    """A stored finding. Its problem may be one that only another version of this program knows."""
    return Finding(row["check"], Outcome(row["outcome"]), row["problem_code"], row["facts"], row["detail"])
