"""What stands below warnings, and what is an error of WordPress's."""

import pytest

from tests.deadline import within_reason
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.outbound import RequestFailed, Response
from xtnd_wizard.systems.woocommerce.wordpress import WarningsPrinted, data_after_text, wordpress_code


@pytest.mark.parametrize(
    ("body", "data"),
    [
        ('Notice: x\n{"a": 1}', {"a": 1}),
        ('Notice: [8] $x {y} in f.php\n[{"id": 5}]\n', [{"id": 5}]),
        ('\ufeff\ufeff{"a": 1}', {"a": 1}),
        ('{"a": 1}', None),
        ('  {"a": 1}', None),
        ('Notice: x {"a": 1} y', None),
        ("Notice: x 5", None),
        ("Notice: x", None),
        ("<html><script>{}</script></html>", None),
        ("", None),
    ],
)
def test_only_json_that_ends_the_body_and_does_not_begin_it_is_below_text(body: str, data: object) -> None:
    assert data_after_text(body.encode()) == data


@pytest.mark.parametrize("body", ["x" + "[" * 260_000, 'x{"a":' * 40_000, "x" + "[1]" * 80_000, "x[" + "1," * 130_000])
def test_nonsense_of_any_length_is_given_up_soon(body: str) -> None:
    with within_reason():
        assert data_after_text(body.encode()) is None


def refused(status: int, body: bytes) -> RequestFailed:
    answer = Response("https://a.example/", status, {}, body, 5)
    return RequestFailed(ProblemCode.KEY_REJECTED, answer.summary, key_sent=True, answer=answer)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"code":"rest_x","message":"m","data":{"status":401}}', "rest_x"),
        (b'{"code":"rest_x","message":"m","data":{"status":403}}', ""),
        (b'{"code":"rest_x","message":"m","data":{"status":"401"}}', ""),
        (b'{"code":"rest_x","message":"m","data":null}', ""),
        (b'{"code":5,"message":"m","data":{"status":401}}', ""),
        (b'{"code":"rest_x","data":{"status":401}}', ""),
        (b'["rest_x"]', ""),
        (b"rest_x", ""),
    ],
)
def test_only_an_error_in_wordpress_own_shape_has_a_code(body: bytes, code: str) -> None:
    assert wordpress_code(refused(401, body)) == code


def test_below_warnings_the_status_is_the_one_that_wordpress_meant() -> None:
    answer = Response("https://a.example/", 200, {}, b"", 5)
    refusal = WarningsPrinted(answer, {"code": "rest_x", "message": "m", "data": {"status": 401}})
    assert (refusal.status, wordpress_code(refusal)) == (401, "rest_x")
    assert WarningsPrinted(answer, [{"id": 1}]).status == 200
