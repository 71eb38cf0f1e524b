"""What a verification answers, and when that is a yes."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtnd_wizard.domain.findings import Account, Finding, Outcome, Report, failed, not_applicable, passed
from xtnd_wizard.domain.problems import ProblemCode

EXPECTED = ("address", "key", "orders", "shop")
ACCOUNT = Account("2041", "Träslottet", "OPEN", "SEK", "SWE", ("SE", "NO"), "2026-03-01T12:00:00+00:00")
GOOD = Report(
    system="a-channel",
    fingerprint="f" * 64,
    verified_at=datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC),
    expected=EXPECTED,
    findings=(passed("address", host="a.se"), passed("key", "200"), not_applicable("orders", "off"), passed("shop")),
    account=ACCOUNT,
)


def test_a_report_passes_where_every_check_answered_and_none_failed() -> None:
    assert GOOD.passed
    assert GOOD.primary_failure is None


def test_a_report_without_an_account_does_not_pass() -> None:
    assert not replace(GOOD, account=None).passed


@pytest.mark.parametrize("missing", range(len(EXPECTED)))
def test_a_report_with_an_unanswered_check_does_not_pass(missing: int) -> None:
    findings = GOOD.findings[:missing] + GOOD.findings[missing + 1 :]
    assert not replace(GOOD, findings=findings).passed


def test_a_report_with_a_failure_does_not_pass_though_everything_answered() -> None:
    assert not replace(GOOD, findings=(*GOOD.findings, failed("extra", ProblemCode.SLOW))).passed
    assert not replace(GOOD, findings=(*GOOD.findings, failed("shop", ProblemCode.SLOW))).passed


def test_an_empty_report_does_not_pass() -> None:
    assert not replace(GOOD, findings=()).passed


def test_the_guilty_finding_is_the_first_in_the_order_a_merchant_reads() -> None:
    late, early = failed("shop", ProblemCode.ACCOUNT_CLOSED), failed("key", ProblemCode.KEY_REJECTED)
    unknown = failed("another", ProblemCode.SLOW)
    report = replace(GOOD, findings=(unknown, late, passed("address"), early))
    assert report.primary_failure == early
    assert replace(GOOD, findings=(unknown, late)).primary_failure == late
    assert replace(GOOD, findings=(unknown,)).primary_failure == unknown


def test_a_report_comes_back_from_the_database_as_it_was() -> None:
    stored = json.loads(json.dumps(GOOD.to_json()))
    assert Report.from_json(stored) == GOOD


findings = st.builds(
    Finding,
    check=st.text(max_size=9),
    outcome=st.sampled_from(Outcome),
    problem_code=st.none() | st.sampled_from(ProblemCode) | st.text(max_size=9),
    facts=st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3),
    detail=st.text(max_size=20),
)
text = st.text(max_size=9)
accounts = st.builds(Account, text, text, text, text, text, st.lists(text, max_size=3).map(tuple), text)


@given(st.lists(findings, max_size=5).map(tuple), st.none() | accounts, st.datetimes(timezones=st.just(UTC)))
def test_any_report_comes_back_as_it_was(found: tuple[Finding, ...], account: Account | None, at: datetime) -> None:
    report = Report("s", "f", at, EXPECTED, found, account)
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report
