"""Save: XTND's own form fields, the summary, and one button."""

import streamlit as st

from xtnd_wizard.wizard.drafts import DraftGone
from xtnd_wizard.wizard.connections import (
    MOST_CONNECTIONS,
    AlreadyConnected,
    NotSaved,
    NotVerified,
    TooManyConnections,
    XtndForm,
    proposed_name,
)
from xtnd_wizard.wizard.steps import Step, report_of
from xtnd_wizard.ui.frame import go
from xtnd_wizard.ui.values import draw_values, summary_rows
from xtnd_wizard.ui.page_context import walk_at
from xtnd_wizard.ui.i18n import t, today

current = walk_at(Step.SAVE)
draft = current.open_draft
report = report_of(draft)
assert report is not None, "this page opens for a passing report only"
twin = current.service.connections.twin(draft)
if twin:
    # Another tab may have saved this very draft since it was read; what it became is no other connection to update.
    walk_at(Step.SAVE)

st.title(t("save.title"))
st.markdown(t("save.lead"))
with st.container(border=True):
    st.subheader(t("save.summary"))
    draw_values(summary_rows(draft))
if twin:
    st.info(t("save.twin_body"), title=t("save.twin_title"), icon=":material/sync:")
    st.text(twin.name)

# The widgets belong to what is shown: a press for a draft that another tab changed has none to press.
shown = f"{report.fingerprint[:12]}_{twin.id if twin else 'new'}"
with st.form(f"save_{shown}", border=False):
    name = st.text_input(
        t("save.name"),
        value=twin.name if twin else proposed_name(draft, report),
        help=t("save.name_help"),
        key=f"save_name_{shown}",
    )
    order_start = st.date_input(
        t("save.order_start"),
        value=twin.order_start if twin else today(),
        help=t("save.order_start_help"),
        format="YYYY-MM-DD",
        key=f"save_date_{shown}",
    )
    left, right = st.columns(2)
    warehouse = left.text_input(
        t("save.warehouse"),
        value=twin.warehouse if twin else "",
        help=t("save.warehouse_help"),
        key=f"save_warehouse_{shown}",
    )
    company_group = right.text_input(
        t("save.company_group"),
        value=twin.company_group if twin else "",
        help=t("save.company_group_help"),
        key=f"save_company_group_{shown}",
    )
    pressed = st.form_submit_button(
        t("save.update") if twin else t("save.save"), type="primary", icon=":material/save:"
    )

if pressed and not (name or "").strip():
    st.error(t("save.name_needed"), icon=":material/edit:")
elif pressed and not order_start:
    st.error(t("save.date_needed"), icon=":material/edit:")
elif pressed:
    form = XtndForm(name or "", order_start, warehouse or "", company_group or "")
    try:
        current.service.connections.save(current.owner, form, report.fingerprint, twin.id if twin else None)
        go(Step.DONE)
    except NotSaved:
        st.error(
            f"{t('problem.verified_not_saved.why')} {t('problem.verified_not_saved.do')}",
            title=t("problem.verified_not_saved.title"),
        )
    except TooManyConnections:
        st.error(t("save.too_many", most=str(MOST_CONNECTIONS)), icon=":material/list:")
    except AlreadyConnected:
        st.rerun()
    except NotVerified:
        current.service.drafts.void_report(current.owner)
        go(Step.VERIFY, "changed")
    except DraftGone:
        go(Step.SYSTEM, "draft_gone")
