"""Short transactions on drafts and connections, for every use case."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from xtnd_wizard.domain.errors import StorageFailed
from xtnd_wizard.storage.integrity import guarded_reading, guarded_writing
from xtnd_wizard.vault import Vault

_log = logging.getLogger("xtnd_wizard")


@dataclass(frozen=True)
class Transactions:
    """Opens them. Never held open during HTTP, and never one within another."""

    engine: Engine
    vault: Vault

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One that writes: rows are judged as they are read, and given their digest as they are written.

        Raises StorageFailed, and so does whatever is done with the session; nothing of it is kept then.
        """
        with _translated(), guarded_writing(self.engine, self.vault) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One that only reads. Raises StorageFailed as `writing` does."""
        with _translated(), guarded_reading(self.engine, self.vault) as session:
            yield session


@contextmanager
def _translated() -> Iterator[None]:
    """A database's error in our own terms. Its text is left out: it may hold what was stored."""
    try:
        yield
    except SQLAlchemyError as error:
        _log.warning("the database failed: %s", type(error).__name__)
        raise StorageFailed(type(error).__name__) from None
