"""Where sealed values are stored: what each token is bound to, and opens nowhere else."""

from xtnd_wizard.storage.models import Connection, Draft
from xtnd_wizard.vault.sealing import Place


def draft_place(draft: Draft, name: str, api_url: str) -> Place:
    """The place of a draft's value that was sealed for an API URL."""
    return Place("draft", name, draft.id, draft.owner, api_url)


def connection_place(connection: Connection, name: str) -> Place:
    """The place of a connection's sealed value."""
    return Place("connection", name, connection.id, connection.owner, connection.api_url)
