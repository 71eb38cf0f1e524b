"""Who asks for something: every use case is told."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What an actor is."""

    VISITOR = "visitor"
    """A browser that we know by its cookie only; its tenant is a digest of that cookie's token."""


@dataclass(frozen=True)
class Actor:
    """Who asks, and for which tenant. Every row belongs to one tenant, and no other can reach it."""

    tenant: str
    kind: ActorKind = ActorKind.VISITOR
    network: str = ""
    """The address they come from, or for IPv6 the /64 that one subscriber has; empty where nobody knows it."""

    @property
    def counted_as(self) -> str:
        """What to count them by: a cookie is made anew at will, an address is not."""
        return self.network or self.tenant
