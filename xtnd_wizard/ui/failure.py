"""An unexpected error: a reference number on the screen, the same one in the log, no traceback."""

import logging
import secrets
import traceback

import streamlit as st

_log = logging.getLogger("xtnd_wizard")


def tell_of_failure(error: Exception) -> bool:
    """Log where it happened, without the error's own text, which may hold what was typed."""
    from sqlalchemy.exc import SQLAlchemyError

    from xtnd_wizard.ui.words import t

    reference = secrets.token_hex(4).upper()
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("reference %s: %s\n%s", reference, type(error).__name__, frames)
    if isinstance(error, SQLAlchemyError):
        said = " ".join(t(f"problem.service_unavailable.{part}") for part in ("why", "do"))
        st.error(f"{said} {t('error.reference', reference=reference)}", title=t("problem.service_unavailable.title"))
    else:
        st.error(t("error.body", reference=reference), title=t("error.title"))
    return True
