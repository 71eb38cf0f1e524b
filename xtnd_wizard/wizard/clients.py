"""The outbound client, on behalf of an actor."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.storage.threads import in_thread

if TYPE_CHECKING:
    from xtnd_wizard.outbound.client import OutboundClient

ClientFactory = Callable[[], "OutboundClient"]


async def client_for(actor: Actor, client_factory: ClientFactory) -> "OutboundClient":
    """The outbound client whose look-ups count for this actor."""
    return replace(await in_thread(_made_ready, client_factory), caller=actor.counted_as)


def _made_ready(client_factory: ClientFactory) -> "OutboundClient":
    """The first client of a process imports libraries and reads certificates: not on the loop."""
    outbound_client = client_factory()
    outbound_client.ssl_context  # noqa: B018  # kept from here on
    return outbound_client
