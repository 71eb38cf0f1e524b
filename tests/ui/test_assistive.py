"""What pages tell a screen reader: in hidden marks, each with a number by which it is heard once."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from xtnd_wizard.ui import assistive


def marks(page: Callable[[], None], runs: int = 1) -> list[str]:
    """The marks that a page leaves in its last run."""
    app = AppTest.from_function(page, default_timeout=30)
    for _ in range(runs):
        app.run()
    assert not app.exception
    return [html.proto.body for html in app.get("html")]


def saying_twice() -> None:
    import streamlit as st

    from xtnd_wizard.ui import assistive
    from xtnd_wizard.ui.session import ANNOUNCED

    assistive.draw("enter", "Enter")
    assistive.announce("<b>done</b>")
    st.session_state["heard"] = [*st.session_state.get("heard", []), ANNOUNCED.get()["<b>done</b>"]]


def numbers(page: Callable[[], None]) -> list[str]:
    app = AppTest.from_function(page, default_timeout=30)
    for _ in range(2):
        app.run()
    heard: list[str] = app.session_state["heard"]
    return heard


def test_what_a_page_says_again_when_it_is_drawn_anew_keeps_its_number() -> None:
    first, second = numbers(saying_twice)
    assert first == second


def saying_anew() -> None:
    import streamlit as st

    from xtnd_wizard.ui import assistive
    from xtnd_wizard.ui.session import ANNOUNCED

    assistive.draw("verify", "Verify")
    assistive.announce("Checking", again=True)
    st.session_state["heard"] = [*st.session_state.get("heard", []), ANNOUNCED.get()["Checking"]]


def test_what_happened_anew_gets_a_new_number() -> None:
    first, second = numbers(saying_anew)
    assert first != second


def test_what_is_said_is_never_markup() -> None:
    (said,) = [mark for mark in marks(saying_twice) if "data-announce" in mark]
    assert "&lt;b&gt;done&lt;/b&gt;" in said
    assert "<b>" not in said


def test_streamlits_own_words_come_along_where_ours_are_others() -> None:
    assert assistive._streamlit_strings("en") == "{}"
    assert '"Show password": "Visa' in assistive._streamlit_strings("sv")
