"""Where sealed values are stored: what each token is bound to, and opens nowhere else."""

from xtnd_wizard.storage.models import Connection, Draft
from xtnd_wizard.vault import SealContext


def draft_seal_context(draft: Draft, name: str, api_url: str) -> SealContext:
    """The place of a draft's value that was sealed for an API URL."""
    return SealContext("draft", name, draft.id, draft.tenant, api_url)


def connection_seal_context(connection: Connection, name: str) -> SealContext:
    """The place of a connection's sealed value."""
    return SealContext("connection", name, connection.id, connection.tenant, connection.api_url)
