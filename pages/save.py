"""Save: XTND's own form fields, the summary, and one button."""

import streamlit as st

from xtnd_wizard.domain.errors import WizardError
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import t, today
from xtnd_wizard.ui.page_context import require_report, require_step
from xtnd_wizard.ui.remarks import draw_field_error
from xtnd_wizard.ui.values import draw_values, summary_rows
from xtnd_wizard.wizard.connections import MOST_CONNECTIONS, XtndForm
from xtnd_wizard.wizard.saving import FormMistake, Obstacle, Setback, after_refusal, proposed_form, read_form
from xtnd_wizard.wizard.steps import Step
from xtnd_wizard.wizard.views import ConnectionView

page = require_step(Step.SAVE)
report = require_report(page)
row = page.service.connections.existing_connection(page.actor, page.draft.id)
existing = ConnectionView.of(row) if row else None
if existing:
    # Another tab may have saved this very draft since it was read; what it became is no other connection to update.
    require_step(Step.SAVE)
proposed = proposed_form(page.draft, report, existing, today())


def save(form: XtndForm) -> None:
    """Save, and go on to the last page; or say why not."""
    update = existing.id if existing else None
    try:
        page.service.connections.save(page.actor, page.draft.id, form, report.fingerprint, update)
    except WizardError as error:
        draw_refusal(error)
    else:
        go(Step.DONE)


def draw_refusal(error: WizardError) -> None:
    """Why nothing was saved, here or on the page where that is mended."""
    match after_refusal(error):
        case Setback() as setback:
            if setback.voids_report:
                page.service.drafts.void_report(page.actor, page.draft.id)
            go(setback.leads_to, setback.notice)
        case Obstacle.NOT_STORED:
            st.error(
                f"{t('problem.verified_not_saved.why')} {t('problem.verified_not_saved.do')}",
                title=t("problem.verified_not_saved.title"),
            )
        case Obstacle.TOO_MANY:
            st.error(t("save.too_many", most=str(MOST_CONNECTIONS)), icon=":material/list:")
        case Obstacle.ALREADY_CONNECTED:
            st.rerun()


st.title(t("save.title"))
st.markdown(t("save.lead"))
if existing:
    st.info(t("save.twin_body"), title=t("save.twin_title"), icon=":material/sync:")
    st.text(existing.name)

# The widgets belong to what is shown: a press for a draft that another tab changed has none to press.
shown = f"{report.fingerprint[:12]}_{existing.id if existing else 'new'}"
with st.form(f"save_{shown}", border=False):
    name = st.text_input(
        t("save.name"),
        value=proposed.name,
        help=t("save.name_help"),
        key=f"save_name_{shown}",
    )
    order_start = st.date_input(
        t("save.order_start"),
        value=proposed.order_start,
        help=t("save.order_start_help"),
        format="YYYY-MM-DD",
        key=f"save_date_{shown}",
    )
    optional = st.expander(t("save.optional"), expanded=bool(proposed.warehouse or proposed.company_group))
    warehouse = optional.text_input(
        t("save.warehouse"),
        value=proposed.warehouse,
        help=t("save.warehouse_help"),
        key=f"save_warehouse_{shown}",
    )
    company_group = optional.text_input(
        t("save.company_group"),
        value=proposed.company_group,
        help=t("save.company_group_help"),
        key=f"save_company_group_{shown}",
    )
    pressed = st.form_submit_button(
        t("save.update") if existing else t("save.save"), type="primary", icon=":material/save:"
    )

if pressed:
    form = read_form(name or "", order_start, warehouse or "", company_group or "")
    if isinstance(form, FormMistake):
        widget, label = {
            FormMistake.NAME: (f"save_name_{shown}", t("save.name")),
            FormMistake.DATE: (f"save_date_{shown}", t("save.order_start")),
        }[form]
        draw_field_error(widget, label, t(f"save.{form}"))
    else:
        save(form)

with st.container(border=True):
    st.subheader(t("save.summary"))
    draw_values(summary_rows(page.draft))
