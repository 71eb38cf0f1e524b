"""Save: XTND's own form fields, the summary, and one button."""

import streamlit as st

from xtnd_wizard.domain.errors import AlreadyConnected, NotFound, NotVerified, StorageFailed, TooManyConnections
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.i18n import t, today
from xtnd_wizard.ui.page_context import require_step
from xtnd_wizard.ui.values import draw_values, summary_rows
from xtnd_wizard.wizard.connections import MOST_CONNECTIONS, XtndForm, proposed_name
from xtnd_wizard.wizard.steps import Step, report_of

page = require_step(Step.SAVE)
draft = page.open_draft
report = report_of(draft)
assert report is not None, "this page opens for a passing report only"
existing_connection = page.service.connections.existing_connection(page.actor, draft.id)
if existing_connection:
    # Another tab may have saved this very draft since it was read; what it became is no other connection to update.
    require_step(Step.SAVE)

st.title(t("save.title"))
st.markdown(t("save.lead"))
with st.container(border=True):
    st.subheader(t("save.summary"))
    draw_values(summary_rows(draft))
if existing_connection:
    st.info(t("save.twin_body"), title=t("save.twin_title"), icon=":material/sync:")
    st.text(existing_connection.name)

# The widgets belong to what is shown: a press for a draft that another tab changed has none to press.
shown = f"{report.fingerprint[:12]}_{existing_connection.id if existing_connection else 'new'}"
with st.form(f"save_{shown}", border=False):
    name = st.text_input(
        t("save.name"),
        value=existing_connection.name if existing_connection else proposed_name(draft, report),
        help=t("save.name_help"),
        key=f"save_name_{shown}",
    )
    order_start = st.date_input(
        t("save.order_start"),
        value=existing_connection.order_start if existing_connection else today(),
        help=t("save.order_start_help"),
        format="YYYY-MM-DD",
        key=f"save_date_{shown}",
    )
    left, right = st.columns(2)
    warehouse = left.text_input(
        t("save.warehouse"),
        value=existing_connection.warehouse if existing_connection else "",
        help=t("save.warehouse_help"),
        key=f"save_warehouse_{shown}",
    )
    company_group = right.text_input(
        t("save.company_group"),
        value=existing_connection.company_group if existing_connection else "",
        help=t("save.company_group_help"),
        key=f"save_company_group_{shown}",
    )
    pressed = st.form_submit_button(
        t("save.update") if existing_connection else t("save.save"), type="primary", icon=":material/save:"
    )

if pressed and not (name or "").strip():
    st.error(t("save.name_needed"), icon=":material/edit:")
elif pressed and not order_start:
    st.error(t("save.date_needed"), icon=":material/edit:")
elif pressed:
    form = XtndForm(name or "", order_start, warehouse or "", company_group or "")
    try:
        page.service.connections.save(
            page.actor, draft.id, form, report.fingerprint, existing_connection.id if existing_connection else None
        )
        go(Step.DONE)
    except StorageFailed:
        st.error(
            f"{t('problem.verified_not_saved.why')} {t('problem.verified_not_saved.do')}",
            title=t("problem.verified_not_saved.title"),
        )
    except TooManyConnections:
        st.error(t("save.too_many", most=str(MOST_CONNECTIONS)), icon=":material/list:")
    except AlreadyConnected:
        st.rerun()
    except NotVerified:
        page.service.drafts.void_report(page.actor, draft.id)
        go(Step.VERIFY, "changed")
    except NotFound:
        go(Step.SYSTEM, "draft_gone")
