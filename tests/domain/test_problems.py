"""The list of problems is closed and complete."""

import re

import pytest

from xtnd_wizard.domain.problems import PROBLEMS, ProblemCode, ResponsibleParty, Stage


def test_every_code_is_listed_exactly_once() -> None:
    assert [problem.code for problem in PROBLEMS.values()] == list(PROBLEMS)
    assert set(PROBLEMS) == set(ProblemCode)
    assert len(PROBLEMS) == len(ProblemCode.__members__)


@pytest.mark.parametrize("code", ProblemCode)
def test_a_problem_knows_its_own_code_and_where_it_belongs(code: ProblemCode) -> None:
    problem = PROBLEMS[code]
    assert problem.code is code
    assert problem.stage in Stage
    assert problem.responsible_party in ResponsibleParty
    assert problem.field in (None, "api_url", "access_token", "secret")


@pytest.mark.parametrize("code", ProblemCode)
def test_a_code_is_a_stable_word_and_no_sentence(code: ProblemCode) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code.value)
    assert code.name == code.value.upper()


@pytest.mark.parametrize(
    "code", [code for code in ProblemCode if PROBLEMS[code].responsible_party is ResponsibleParty.WAIT]
)
def test_what_only_time_cures_may_be_tried_again_and_blames_no_field(code: ProblemCode) -> None:
    assert PROBLEMS[code].retryable
    assert PROBLEMS[code].field is None


@pytest.mark.parametrize(
    "code", [code for code in ProblemCode if PROBLEMS[code].stage in (Stage.ADDRESS, Stage.SECURE)]
)
def test_before_the_key_was_sent_the_key_is_never_blamed(code: ProblemCode) -> None:
    assert PROBLEMS[code].field != "access_token"


def test_the_list_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PROBLEMS[ProblemCode.SLOW] = PROBLEMS[ProblemCode.DROPPED]  # type: ignore[index]
