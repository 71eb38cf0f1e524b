"""What a use case raises, grouped by what the caller does about it.

    WizardError
    ├── NotFound                  there is nothing with this id for this tenant; another tenant's counts as nothing
    │   ├── DraftNotFound
    │   ├── ConnectionNotFound
    │   └── SystemNotFound
    ├── Conflict                  something else happened meanwhile: read again, then decide
    │   ├── DraftChanged
    │   ├── ConnectionChanged
    │   ├── AlreadyConnected
    │   ├── Superseded
    │   └── Stopped
    ├── Rejected                  not as things stand; the same call again comes to the same
    │   ├── NotReady
    │   │   └── CredentialsLost
    │   ├── NotVerified
    │   ├── NotAsked
    │   └── TooManyConnections
    ├── TryLater                  the same call may succeed later, not before `again_at`
    ├── StorageFailed             the database did not take it or give it; nothing was changed
    └── ChannelFailed             the external system, or our registration there, stands in the way
        ├── OAuthClientMissing
        └── OAuthRefused

What the layers below raise is translated before it leaves a use case: `HostRefused` becomes NotReady,
`DecryptionError` CredentialsLost, and SQLAlchemy's errors StorageFailed. `RequestFailed` becomes a finding of a
report, or an outcome of an approval. `DatabaseError` and `VaultError` are raised at start only, before there is a use
case to call.

No text of an error holds a value that somebody entered.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum


class WizardError(Exception):
    """The root: whatever stands in the way of a use case."""


class NotFound(WizardError):
    """There is nothing with this id for the actor's tenant."""


class DraftNotFound(NotFound):
    """The draft expired, was discarded, makes way for another, or never was this tenant's."""


class ConnectionNotFound(NotFound):
    """The connection was deleted, expired, or never was this tenant's."""


class SystemNotFound(NotFound):
    """There is no external system with this code."""


class Conflict(WizardError):
    """Something else happened meanwhile."""


class DraftChanged(Conflict):
    """The draft was edited, approved anew or saved since the caller read it."""


class ConnectionChanged(Conflict):
    """The connection was saved anew, or edited, since the caller read it."""


class AlreadyConnected(Conflict):
    """The tenant has a connection to this account; updating it has to be asked for."""


class Superseded(Conflict):
    """The verification was ended, because its tenant has begun another of other values."""


class Stopped(Conflict):
    """The verification was ended, because its tenant pressed Stop."""


class Rejected(WizardError):
    """It can't be done as things stand."""


class NotReady(Rejected):
    """A host, a value or an answer to a question is missing, or the time when a saved access token ends."""


class CredentialsLost(NotReady):
    """Sealed values can't be opened any more, and have to be entered again."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__("sealed values can't be opened")
        self.names = frozenset(names)
        """The fields they were entered in."""


class NotVerified(Rejected):
    """There is no passing report on exactly what the draft holds now."""


class NotAsked(Rejected):
    """Nobody was asked this: the answer is from another sitting, about another host, or too late."""


class TooManyConnections(Rejected):
    """The tenant has as many connections as one tenant can have."""


class WaitReason(StrEnum):
    """Why something has to wait. The words are in the catalogue under `verify.later.<reason>`."""

    BUSY = "busy"
    OWNER = "owner"
    ADDRESS = "address"
    HOST = "host"


class TryLater(WizardError):
    """It may begin later, with nothing changed."""

    def __init__(self, reason: WaitReason, again_at: datetime) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.again_at = again_at


class StorageFailed(WizardError):
    """The database is locked for longer than it is waited for, full, or gone. Everything is as it was before."""


class ChannelFailed(WizardError):
    """The external system, or what the operator has registered there, stands in the way."""


class OAuthClientMissing(ChannelFailed):
    """The operator has no registration at this channel, so nobody can be sent there."""


class OAuthRefused(ChannelFailed):
    """The channel gave no tokens, for a reason of `systems.oauth.APPROVAL_OUTCOMES`."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome
