"""What to do in XTND as one page to keep, to print or to pass on. It holds no secret."""

from collections.abc import Iterable, Sequence
from html import escape

from xtnd_wizard.domain.findings import Report
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import System
from xtnd_wizard.ui.i18n import clock, day, guide, language, t, today
from xtnd_wizard.ui.values import form_label, form_source, form_value
from xtnd_wizard.wizard.by_hand import Preparation
from xtnd_wizard.wizard.handover import form_fields
from xtnd_wizard.wizard.views import ConnectionView

_STYLE = """
@page{size:A4;margin:16mm}
body{font:15px/1.45 system-ui,sans-serif;color:#16263a;background:#fff;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:1.4rem 0 .4rem}
p{margin:.25rem 0}.quiet{color:#526274}
table{border-collapse:collapse;width:100%}
th,td{text-align:start;vertical-align:top;padding:.4rem .6rem .4rem 0;border-bottom:1px solid #cfd8e3;font-weight:400}
th{font-weight:650;width:32%}td{overflow-wrap:anywhere}
.practice{border:2px solid #b3401f;color:#b3401f;font-weight:650;padding:.5rem .75rem}
li{margin:.2rem 0}ul.tick{list-style:none;padding:0}ul.tick li::before{content:"☐  "}
ul.tick li.done::before{content:"☑  "}
@media print{body{margin:0;padding:0}}
"""


def steps(system_code: str) -> tuple[str, ...]:
    """What to do in XTND, in order. Where XTND fetches an approval of its own, that is one of them."""
    own = guide(system_code)["handover"].get("approve")
    return t("done.next_1"), own or t("done.next_2"), t("done.next_3"), t("done.next_4")


def html(connection: ConnectionView, report: Report) -> str:
    """The checklist of a connection as a document of its own: no script, nothing to load."""
    words = guide(connection.system)["handover"]
    verified = f"{day(connection.verified_at)}, {clock(connection.verified_at)}"
    account = report.account.name if report.account else ""
    sandbox = ""
    if get_system(connection.system).is_sandbox(connection.api_url):
        sandbox = f'<p class="practice">{escape(t("handover.practice"))}</p>'
    heads = "".join(
        f'<td class="quiet">{escape(head)}</td>'
        for head in (t("handover.in_xtnd"), t("handover.value"), get_system(connection.system).name)
    )
    heads = f"<tr>{heads}</tr>"
    handed_over = "" if get_system(connection.system).oauth else f'<p class="quiet">{escape(t("handover.secrets"))}</p>'
    rows = "".join(
        f"<tr><th>{escape(form_label(connection, field))}</th><td>{escape(form_value(field))}</td>"
        f'<td class="quiet">{escape(form_source(connection, field))}</td></tr>'
        for field in form_fields(connection)
    )
    return _document(
        connection.name,
        f"<h1>{escape(t('handover.title'))}</h1>"
        f'<p class="quiet">{escape(connection.name)} · {escape(account)} · {escape(t("connections.verified_at"))} '
        f"{escape(verified)}</p>"
        f"{sandbox}<h2>{escape(t('handover.form_title'))}</h2><table>{heads}{rows}</table>"
        f"{handed_over}"
        f"<h2>{escape(t('done.next_title'))}</h2>{_list(steps(connection.system), 'ul', 'tick')}"
        f"<h2>{escape(t('handover.entities_title'))}</h2><p>{escape(words['known'])}</p>"
        f"{_list(words['entities'], 'ul', 'tick')}",
    )


def by_hand_html(system: System, found: Preparation) -> str:
    """What has to be in place and what to do inside XTND, as a document to keep, to print or to pass on."""
    words = guide(system.code)["by_hand"]
    title = t("by_hand.checklist", system=system.name)
    left = "".join(
        f'<li>{escape(need.label)}<br><span class="quiet">{escape(need.cure)}</span></li>' for need in found.left
    )
    items = "".join(f'<li class="done">{escape(need.label)}</li>' for need in found.in_place) + left
    clicks = "".join(f"<li><b>{escape(step['title'])}</b><br>{escape(step['text'])}</li>" for step in words["steps"])
    return _document(
        title,
        f'<h1>{escape(title)}</h1><p class="quiet">{escape(day(today()))}</p>'
        f'<h2>{escape(words["needs_title"])}</h2><ul class="tick">{items}</ul>'
        f"<h2>{escape(words['steps_title'])}</h2><ol>{clicks}</ol>",
    )


def _document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{language()}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)} – XTND</title><style>{_STYLE}</style>{body}</html>"
    )


def _list(texts: Sequence[str] | Iterable[str], kind: str, style: str = "") -> str:
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f'<{kind} class="{style}">{items}</{kind}>' if items else ""
