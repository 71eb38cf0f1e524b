"""The words of the screen in the visitor's language."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from xtnd_wizard.i18n import LANGUAGE_COOKIE, LANGUAGES, best_language, text
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.marketplace_search import country_of
from xtnd_wizard.wizard.problem_words import problem_text


def language() -> str:
    """The language that was switched to, or else the browser's."""
    switched_to = st.context.cookies.get(LANGUAGE_COOKIE, "")
    return switched_to if switched_to in LANGUAGES else best_language(st.context.locale)


def t(key: str, **values: str) -> str:
    """A text of the catalogue. For texts with a channel's facts in them, draw with `st.text`."""
    return text(language(), key, **values)


def guide(system_code: str, auth_method: str = "") -> Mapping[str, Any]:
    """A system's own words; with an authentication method, the words for that one."""
    return get_system(system_code).guide(language(), auth_method)


def field_label(system_code: str, name: str, auth_method: str = "") -> str:
    """What the channel calls a field."""
    return str(guide(system_code, auth_method)["fields"].get(name, {}).get("label", name))


def note(system_code: str, code: str, **figures: str) -> str:
    """The words of a note or a refusal; a system's own come first."""
    return str(guide(system_code)["notes"].get(code) or t(f"note.{code}", **figures))


def channel(system_code: str) -> str:
    """What a merchant calls the other side: the marketplace, your shop, or its name."""
    return str(guide(system_code)["channel"])


def check_words(system_code: str, code: str) -> Mapping[str, str]:
    """The words of a check: `doing`, `passed`, `failed`, and for some `not_applicable`."""
    own = guide(system_code)["checks"].get(code)
    return own or {state: t(f"check.{code}.{state}") for state in ("doing", "passed", "failed", "not_applicable")}


def problem_words(system_code: str, code: str, facts: Mapping[str, str]) -> tuple[str, str, str]:
    """What happened, why most likely, and what to do now. Holds a channel's facts: plain text only."""
    system = get_system(system_code)
    what, why, do = (problem_text(system, language(), code, part, facts) for part in ("title", "why", "do"))
    return what, why, do


def clock(moment: datetime) -> str:
    """The time of day where the visitor is."""
    from babel.dates import format_time

    return str(format_time(moment.astimezone(_zone()), format="short", locale=language()))


def clock_with_seconds(moment: datetime) -> str:
    """The same to the second, so that two tries in a row can be told apart: 20:31:04 in every language."""
    return f"{moment.astimezone(_zone()):%H:%M:%S}"


def day(moment: datetime | date) -> str:
    """A date as people write it."""
    from babel.dates import format_date

    local = moment.astimezone(_zone()) if isinstance(moment, datetime) else moment
    return str(format_date(local, format="long", locale=language()))


def today() -> date:
    """Today where the visitor is."""
    return datetime.now(_zone()).date()


def countries(codes: str) -> str:
    """The names of countries, by their codes."""
    from babel import Locale

    territories = Locale.parse(language()).territories
    return ", ".join(str(territories.get(code, code)) for code in codes.split())


def visitor_country() -> str:
    """The code of the country where the visitor seems to be; empty where the browser does not tell."""
    return country_of(st.context.locale, st.context.timezone)


def country(text: str) -> str:
    """The name of a country, by its code; a channel may give the name itself."""
    return countries(text) if len(text) == 2 else text


def currency(code: str) -> str:
    """The name of a currency and its code."""
    from babel.numbers import get_currency_name

    name = str(get_currency_name(code, locale=language()))
    return name if name == code else f"{name} ({code})"


def account_state(system_code: str, state: str) -> str:
    """What a channel calls an account's state, in the visitor's language where the system has words for it."""
    return str(guide(system_code).get("states", {}).get(state.lower(), state))


def _zone() -> Any:
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
