"""Drafts that wait to be finished: what each is called, and where it was left."""

from dataclasses import dataclass

from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.wizard.steps import Step, resumed, usable
from xtnd_wizard.wizard.views import DraftView


@dataclass(frozen=True)
class Unfinished:
    """A draft as a list shows it."""

    draft: DraftView
    name: str
    """The marketplace where it is a listed one, else the host; the system's where no usable host tells anything."""
    system: str
    step: Step
    """Where it was left."""
    is_practice: bool


def as_listed(draft: DraftView) -> Unfinished:
    """What a list says of a draft."""
    system, host = get_system(draft.system), draft.values.get(API_URL, "") if usable(draft, API_URL) else ""
    listed = {place.host: place.name for place in system.marketplaces()}
    name = system.name if host in ("", system.hosts.fixed) else listed.get(host, host)
    return Unfinished(draft, name, system.name, resumed(draft), system.is_sandbox(host))
