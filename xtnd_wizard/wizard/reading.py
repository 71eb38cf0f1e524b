"""Whole messages where single values are asked for: what they hold goes where it belongs, and they go nowhere."""

from collections.abc import Collection, Mapping

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.systems.messages import MessageReading
from xtnd_wizard.systems.pasted import read_pasted
from xtnd_wizard.wizard.steps import usable

_FEWEST_FIELDS_OF_A_MESSAGE = 2


def read_message(draft: Draft, message: Secret, trusted_origins: Collection[str]) -> MessageReading:
    """All that a message holds for a draft."""
    system = get_system(draft.system)
    known_address = draft.values[API_URL] if usable(draft, API_URL) else ""
    return read_pasted(
        system,
        message,
        known_address=known_address,
        trusted_origins=trusted_origins,
        auth_method=system.auth_method_of(draft.values),
    )


def without_messages(
    draft: Draft, typed: Mapping[str, Secret | str], trusted_origins: Collection[str]
) -> dict[str, Secret | str]:
    """What was typed, where a text with the values of several fields is replaced by those values.

    What it holds for other fields fills those that are empty, and replaces nothing.
    """
    taken: dict[str, Secret | str] = dict(typed)
    for name, pasted in typed.items():
        found = read_message(draft, pasted if isinstance(pasted, Secret) else Secret(pasted), trusted_origins).values
        if len(found) >= _FEWEST_FIELDS_OF_A_MESSAGE:
            nothing: Secret | str = Secret("") if isinstance(pasted, Secret) else ""
            taken[name] = found.get(name, nothing)
            for other, value in found.items():
                if not (taken.get(other) or other in draft.sealed or draft.values.get(other)):
                    taken[other] = value
    return taken
