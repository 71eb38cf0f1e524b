"""A choice of one thing, each on a card: a radio group, so that arrow keys and screen readers know it."""

from collections.abc import Mapping, Sequence
from functools import cache
from urllib.parse import quote

import streamlit as st

from xtnd_wizard.systems import all_systems, get_system
from xtnd_wizard.systems.contract import System
from xtnd_wizard.ui.i18n import guide, t
from xtnd_wizard.ui.plain import plain


def choose_card(label: str, cards: Mapping[str, tuple[str, str]], first: str | None, key: str) -> str | None:
    """The card that was chosen, by its key; each says a name and a few words more. `first` is chosen to begin with."""
    codes = list(cards)
    with st.container(key=f"cards_{key}"):
        return st.radio(
            label,
            codes,
            index=codes.index(first) if first is not None and first in cards else None,
            format_func=lambda code: plain(cards[code][0]),
            captions=[plain(more) for _, more in cards.values()],
            key=key,
            width="stretch",
        )


def choose_system(key: str, first: str) -> System:
    """The choice of a system, each with its mark."""
    systems = all_systems()
    st.html(f"<style>{_marks(f'.st-key-cards_{key}', tuple(found.code for found in systems))}</style>")
    with st.container(key=f"marked_{key}"):
        cards = {found.code: (found.name, guide(found.code)["kind"]) for found in systems}
        return get_system(choose_card(t("system.which"), cards, first, key) or first)


@cache
def _marks(place: str, codes: Sequence[str]) -> str:
    """The style that draws each system's mark on its card."""
    return "".join(
        f"{place} [role=radiogroup]>:nth-child({number})::before"
        f'{{mask-image:url("data:image/svg+xml,{quote(get_system(code).mark)}")}}'
        for number, code in enumerate(codes, start=1)
    )
