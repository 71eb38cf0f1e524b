"""The pieces of which each system's cleaning of pasted values is made."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtnd_wizard.systems.cleaning import (
    ANYTHING,
    EMAIL,
    LONGEST_TEXT,
    NUMBER,
    QUOTES,
    Remarks,
    TextCleaner,
    hints_for,
    joined,
    keep_text,
    label_remover,
    path_until,
    stripped,
    the_only_match,
    unquoted,
    visible,
)

SHAPE = re.compile(r"(?<!\w)[a-f]{8}(?!\w)")
LABEL = re.compile(r"^(?:key|token)\s*[:=]\s*", re.IGNORECASE)
clean = TextCleaner(
    tidied="tidied",
    without_label="without_label",
    empty="empty",
    impossible="impossible",
    remove_label=label_remover(LABEL),
    shapes_in_text=(SHAPE,),
    wrapped_shapes=(SHAPE,),
    repair=str.lower,
    hints=((SHAPE, ()), (NUMBER, ("number",)), (ANYTHING, ("unusual",))),
)
AROUND = st.text(alphabet=f" \t\n\u00a0\u200b\ufeff{QUOTES}", max_size=8)


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("abcdefab", ("abcdefab", Remarks())),
        (' "abcdefab"\n', ("abcdefab", Remarks(("tidied",)))),
        ("abcd\n  efab", ("abcdefab", Remarks(("tidied",)))),
        ("Key: abcdefab", ("abcdefab", Remarks(("without_label",)))),
        ("Key: “token = abcd\nefab”", ("abcdefab", Remarks(("without_label",)))),
        ("it is abcdefab, he said", ("abcdefab", Remarks(("without_label",)))),
        ("abcdefab and abcdefab", ("abcdefab", Remarks(("without_label",)))),
        ("abcdefab or fedcbaff", ("abcdefab or fedcbaff", Remarks(("unusual",)))),
        ("key=2041", ("2041", Remarks(("without_label", "number")))),
        ("Other", ("other", Remarks(("unusual",)))),
        ("\u200b «»\n", ("", Remarks(refusal="empty"))),
        ("key:", ("", Remarks(refusal="empty"))),
        (" nyckelån", ("nyckelån", Remarks(("tidied",), refusal="impossible"))),
    ],
)
def test_a_value_is_taken_out_of_what_was_pasted_with_a_word_on_what_was_done(
    pasted: str, expected: tuple[str, Remarks]
) -> None:
    assert clean(pasted) == expected


@given(AROUND, AROUND)
def test_what_stands_around_a_value_never_matters(before: str, after: str) -> None:
    assert clean(f"{before}abcdefab{after}")[0] == "abcdefab"
    assert stripped(visible(f"{before}x y{after}")) == "x y"


@given(st.text())
def test_what_was_cleaned_reads_the_same_when_it_is_read_again(text: str) -> None:
    value, remarks = clean(text)
    assert remarks.refusal or clean(value)[0] == value
    for step in (visible, stripped, unquoted, joined, label_remover(LABEL)):
        assert step(step(text)) == step(text)


@pytest.mark.parametrize(("text", "bare"), [('"a"', "a"), (" “a” ", "a"), ("6' 2", "6' 2"), ("'", "'"), ("«‹a›»", "a")])
def test_a_lone_quote_belongs_to_a_text_that_somebody_chose(text: str, bare: str) -> None:
    assert unquoted(text) == bare


def test_the_first_shape_that_occurs_counts() -> None:
    shapes = (re.compile("a+"), re.compile("b+"))
    assert the_only_match(shapes, "x aa bb") == "aa"
    assert the_only_match(shapes, "x bb") == "bb"
    assert the_only_match(shapes, "a aa bb") == ""
    assert the_only_match(shapes, "x") == the_only_match((), "aa") == ""


def test_the_first_hint_that_fits_a_whole_value_counts() -> None:
    hints = ((NUMBER, ("number",)), (EMAIL, ("email", "odd")))
    assert hints_for("12", hints) == ("number",)
    assert hints_for("anna@example.se", hints) == ("email", "odd")
    assert hints_for("12 anna@example.se", hints) == ()


@pytest.mark.parametrize(("text", "kept"), [("\r\n a \n", " a "), ("a\nb", "a\nb"), ("\u200b“a”", "\u200b“a”")])
def test_any_text_is_kept_but_for_line_breaks_around_it(text: str, kept: str) -> None:
    assert keep_text(text) == (kept, Remarks())


def test_a_path_ends_before_the_first_page() -> None:
    until = path_until("admin*", "*.php")
    assert until(["shop", "Admin_7", "x"]) == ("shop",)
    assert until(["shop", "en"]) == ("shop", "en")
    assert until(["index.php"]) == ()


PIECES = ("key: ", "key:", "token=", '"', "\" ' ", "a", "abcdefab ", "a@", "\u200b", "\n", "a b\n")


@pytest.mark.parametrize("piece", PIECES)
def test_the_longest_text_is_cleaned_once_and_for_all(piece: str) -> None:
    value, _ = clean((piece * LONGEST_TEXT)[:LONGEST_TEXT])
    assert clean(value)[0] == value
    assert LABEL.match(value) is None
