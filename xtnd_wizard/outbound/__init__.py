"""The only door to the internet, and the one table of what goes wrong on the way."""

from xtnd_wizard.outbound.answers import Answer, CallFailed
from xtnd_wizard.outbound.door import Door, Visit

__all__ = ["Answer", "CallFailed", "Door", "Visit"]
