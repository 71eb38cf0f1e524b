"""What has to be true of database and key ring before the first visitor is let in."""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from xtnd_wizard.secret import Secret
from xtnd_wizard.settings import Settings
from xtnd_wizard.storage.engine import DatabaseError, writing
from xtnd_wizard.storage.models import Canary, Connection, Draft, now
from xtnd_wizard.storage.queries import purge_drafts
from xtnd_wizard.storage.schema import migrate
from xtnd_wizard.vault import KeyRing, Place, Unsealable, Vault, VaultError, make_key_ring, read_key_ring

_WORD = Secret("the key ring fits this database")


def open_vault(engine: Engine, settings: Settings) -> Vault:
    """Migrate the database, fit the key ring to it, and purge what expired.

    A key ring is made beside an empty database, and only then. Raises VaultError or DatabaseError,
    each with one sentence for the operator.
    """
    migrate(engine)
    try:
        return _fitted(engine, settings)
    except SQLAlchemyError as error:
        raise DatabaseError(f"The database can't be used ({type(error).__name__}); check XTND_DATABASE_URL.") from None


def _fitted(engine: Engine, settings: Settings) -> Vault:
    vault = Vault(_ring(engine, settings))
    with writing(engine) as session:
        canaries = session.exec(select(Canary)).all()
        tried = [canary for canary in canaries if canary.key_id in vault.ring.keys]
        if canaries and not (tried and all(_opens(vault, canary) for canary in tried)):
            raise VaultError(_foreign(settings))
        if vault.ring.current not in {canary.key_id for canary in canaries}:
            session.add(Canary(key_id=vault.ring.current, token=vault.seal(_WORD, _perch(vault.ring.current))))
        purge_drafts(session, now())
    return vault


def _ring(engine: Engine, settings: Settings) -> KeyRing:
    if settings.key_ring:
        return KeyRing.from_json(settings.key_ring)
    ring = read_key_ring(settings.key_ring_file)
    if ring:
        return ring
    if _holds_sealed_values(engine):
        raise VaultError(
            f"The database holds sealed values and the key ring {settings.key_ring_file} is missing; "
            "restore it from its backup."
        )
    try:
        return make_key_ring(settings.key_ring_file)
    except FileExistsError:
        return _made_by_another_process(settings.key_ring_file)
    except OSError as error:
        raise VaultError(f"The key ring {settings.key_ring_file} can't be written ({type(error).__name__}).") from None


def _made_by_another_process(file: Path) -> KeyRing:
    ring = read_key_ring(file)
    if ring is None:
        raise VaultError(f"The key ring {file} can't be read.")
    return ring


def _holds_sealed_values(engine: Engine) -> bool:
    with writing(engine) as session:
        tables = (select(Canary.key_id), select(Connection.id), select(Draft.id))
        return any(session.exec(query.limit(1)).first() for query in tables)


def _opens(vault: Vault, canary: Canary) -> bool:
    try:
        return vault.open(canary.token, _perch(canary.key_id)) == _WORD
    except Unsealable:
        return False


def _perch(key_id: str) -> Place:
    return Place("canary", "token", key_id, "", "")


def _foreign(settings: Settings) -> str:
    where = "XTND_KEY_RING" if settings.key_ring else str(settings.key_ring_file)
    return f"The key ring in {where} belongs to another database; restore the one that was used here."
