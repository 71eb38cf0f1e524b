"""Which draft a tab works on: its id stands in the page's address, so that reload, Back and a restored tab keep it.

The id opens nothing by itself: a draft is found for its own visitor only.
"""

import streamlit as st

from xtnd_wizard.ui.session import OPEN_DRAFT

PARAMETER = "draft"


def open_draft_id() -> str:
    """The draft that the address names; where a link left it out, the one that this tab had open before."""
    return st.query_params.get(PARAMETER, "") or OPEN_DRAFT.get()


def set_open_draft(draft_id: str) -> None:
    """Work on this draft from here on; on none with an empty id. The address says so as well."""
    OPEN_DRAFT.set(draft_id)
    if draft_id and st.query_params.get(PARAMETER) != draft_id:
        st.query_params[PARAMETER] = draft_id
    elif not draft_id:
        st.query_params.pop(PARAMETER, None)


def address_of_open_draft() -> dict[str, str]:
    """What another page's address says of the draft that is open."""
    return {PARAMETER: OPEN_DRAFT.get()} if OPEN_DRAFT.get() else {}
