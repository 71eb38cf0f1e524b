"""The few rules of style that the theme can't express. They touch our own elements only."""

import streamlit as st

_DARK = {"accent": "#5fd6c8", "on": "#0b1a19", "quiet": "#a5b4c6", "line": "#37475c"}
_LIGHT = {"accent": "#0b6b62", "on": "#ffffff", "quiet": "#526274", "line": "#cfd8e3"}

_RULES = """
.steps { margin: 0 0 .75rem; }
.steps p { display: none; margin: 0; font-size: .9rem; color: {quiet}; }
.steps ol { display: flex; gap: .5rem; margin: 0; padding: 0; list-style: none; }
.steps li { flex: 1; padding: .5rem 0 0; border-top: 3px solid {line}; color: {quiet}; font-size: .875rem; white-space: nowrap; margin: 0; }
.steps li span { display: inline-block; min-width: 1.1rem; }
.steps li.done, .steps li.now { border-color: {accent}; }
.steps li.done { color: inherit; }
.steps li.now { color: {accent}; font-weight: 650; }
.st-key-frame_header { border-bottom: 1px solid {line}; padding-bottom: .5rem; }
.languages { display: flex; gap: .25rem; }
.languages a { padding: .3rem .55rem; border-radius: .5rem; color: {quiet}; text-decoration: none; font-size: .875rem; }
.languages a:hover { text-decoration: underline; }
.languages a[aria-current] { color: {on}; background: {accent}; }
.st-key-problem { border-color: {accent}; }
.st-key-problem_what { font-size: 1.25rem; font-weight: 650; }
.st-key-problem_do { font-weight: 600; }
@media (max-width: 640px) {
  .steps p { display: block; }
  .steps ol { gap: .25rem; }
  .steps li { font-size: 0; padding: 0; }
  .steps li.now { font-size: .875rem; flex: 3; padding-top: .4rem; }
}
@media (prefers-reduced-motion: reduce) { * { animation-duration: .01ms !important; transition-duration: .01ms !important; } }
"""


def is_dark() -> bool:
    """Whether the visitor sees the dark theme."""
    return bool(st.context.theme.type == "dark")


def put_on() -> None:
    """Add the rules to the page."""
    rules = _RULES
    for name, colour in (_DARK if is_dark() else _LIGHT).items():
        rules = rules.replace(f"{{{name}}}", colour)
    st.html(f"<style>{rules}</style>")
