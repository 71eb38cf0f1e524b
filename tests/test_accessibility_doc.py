"""The evidence for accessibility: every criterion is there, and every test that it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOC = (ROOT / "docs" / "accessibility.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in DOC.splitlines() if re.match(r"\| \d", line)]
_LISTED = """
    1.1.1 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.3.3 1.3.4 1.3.5
    1.4.1 1.4.2 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13
    2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4 2.4.5 2.4.6 2.4.7 2.4.11
    2.5.1 2.5.2 2.5.3 2.5.4 2.5.7 2.5.8 3.1.1 3.1.2 3.2.1 3.2.2 3.2.3 3.2.4 3.2.6
    3.3.1 3.3.2 3.3.3 3.3.4 3.3.7 3.3.8 4.1.2 4.1.3
"""
CRITERIA = _LISTED.split()


def test_every_criterion_of_level_a_and_aa_has_its_row_and_its_evidence() -> None:
    assert [row[0].split()[0] for row in ROWS] == CRITERIA
    assert len(CRITERIA) == 55
    for criterion, level, state, shown_by in ROWS:
        assert level in {"A", "AA"}, criterion
        assert state in {"met", "not applicable"}, criterion
        assert state == "not applicable" or "[test_" in shown_by or "look: " in shown_by, criterion


def test_every_test_that_is_named_as_evidence_exists() -> None:
    tests = "\n".join(file.read_text("utf-8") for file in ROOT.glob("tests/**/test_*.py"))
    written = set(re.findall(r"^(?:async )?def (test_\w+)", tests, re.MULTILINE))
    named = set(re.findall(r"\[(test_\w+)\]", DOC))
    assert named
    assert named - written == set()
