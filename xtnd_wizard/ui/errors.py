"""An unexpected error: a reference number on the screen, the same one in the log, no traceback."""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from xtnd_wizard.logs import location_of

_SECONDS = 60.0
_log = logging.getLogger("xtnd_wizard")


@dataclass(frozen=True)
class References:
    """The reference of each kind of error, which is the place that it came from.

    Whoever runs into the same one within a minute is told the same reference: a client that sends nonsense to
    a widget can cause as many as it likes, and each one on a screen has to be found in the log.
    """

    clock: Callable[[], float] = time.monotonic
    _given: dict[str, tuple[str, float]] = field(default_factory=dict)

    def of(self, error: Exception) -> str:
        """The reference for an error, which is in the log by then."""
        place, now = location_of(error), self.clock()
        reference, until = self._given.get(place, ("", now))
        if now >= until:
            reference = secrets.token_hex(4).upper()
            self._given[place] = reference, now + _SECONDS
            _log.error("reference %s: %s", reference, place)
        return reference


_references = References()


def show_error(error: Exception) -> bool:
    """Log where it happened, without the error's own text, which may hold what was typed."""
    from sqlalchemy.exc import SQLAlchemyError

    from xtnd_wizard.domain.errors import StorageFailed
    from xtnd_wizard.ui.brand import draw_support
    from xtnd_wizard.ui.i18n import t

    reference = _references.of(error)
    if isinstance(error, SQLAlchemyError | StorageFailed):
        advice = " ".join(t(f"problem.service_unavailable.{part}") for part in ("why", "do"))
        st.error(f"{advice} {t('error.reference', reference=reference)}", title=t("problem.service_unavailable.title"))
    else:
        st.error(t("error.body", reference=reference), title=t("error.title"))
    draw_support()
    return True
