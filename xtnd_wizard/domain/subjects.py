"""What can be verified, by its id: a draft or a saved connection."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DraftRef:
    """A draft that is not saved yet."""

    id: str


@dataclass(frozen=True)
class ConnectionRef:
    """A saved connection."""

    id: str


SubjectRef = DraftRef | ConnectionRef
