"""What has to be true of database and key ring before the first visitor is let in."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.settings import Settings
from xtnd_wizard.storage import queries
from xtnd_wizard.storage.adoption import adopt
from xtnd_wizard.storage.engine import DatabaseError
from xtnd_wizard.storage.integrity import fits
from xtnd_wizard.storage.models import Canary, Connection, Draft, now
from xtnd_wizard.storage.schema import migrate
from xtnd_wizard.storage.seal_contexts import connection_seal_context, draft_seal_context
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.vault import DecryptionError, KeyRing, SealContext, Vault, VaultError, make_key_ring, read_key_ring

_WORD = Secret("the key ring fits this database")


def open_vault(engine: Engine, settings: Settings) -> Vault:
    """Migrate the database, fit the key ring to it, and purge what expired, all in one transaction.

    A key ring is made beside an empty database, and only then. Processes that start together take turns
    where the database lets one writer in at a time. Raises VaultError or DatabaseError, each with one
    sentence for the operator; the database is then as it was.
    """
    try:
        with engine.begin() as connection:
            before = migrate(connection)
            with Session(connection) as session:
                vault = _fitted(session, settings)
                if before is not None:
                    adopt(session, vault, settings.draft_days, before)
                queries.purge_drafts(session, now())
                queries.purge_approval_states(session, now())
                queries.purge_connections(session, now())
                session.flush()
        return vault
    except SQLAlchemyError as error:
        raise DatabaseError(f"The database can't be used ({type(error).__name__}); check XTND_DATABASE_URL.") from None


def _fitted(session: Session, settings: Settings) -> Vault:
    vault = Vault(_ring(session, settings))
    canaries = session.exec(select(Canary)).all()
    if not (_fits_canaries(canaries, vault) if canaries else _fits_rows(session, vault)):
        raise VaultError(_foreign(settings))
    if vault.ring.current not in {canary.key_id for canary in canaries}:
        session.add(Canary(key_id=vault.ring.current, token=vault.seal(_WORD, _canary_context(vault.ring.current))))
    return vault


def _fits_canaries(canaries: Sequence[Canary], vault: Vault) -> bool:
    tried = [canary for canary in canaries if canary.key_id in vault.ring.keys]
    return bool(tried) and all(_opens(vault, canary.token, _canary_context(canary.key_id)) for canary in tried)


def _fits_rows(session: Session, vault: Vault) -> bool:
    """Whether a ring belongs to a database that has no canary: one of its rows says so, or it has none."""
    proofs = _proofs(session, vault)
    return next(proofs, True) or any(proofs)


def _proofs(session: Session, vault: Vault) -> Iterator[bool]:
    """For each row whether it was sealed by this ring."""
    for connection in session.exec(select(Connection)):
        contexts = ((token, connection_seal_context(connection, name)) for name, token in connection.sealed.items())
        yield fits(connection, vault) or any(_opens(vault, token, context) for token, context in contexts)
    for draft in session.exec(select(Draft)):
        host = draft.sealed_for or draft.values.get(API_URL, "")
        contexts = ((token, draft_seal_context(draft, name, host)) for name, token in draft.sealed.items())
        yield fits(draft, vault) or any(_opens(vault, token, context) for token, context in contexts)


def _ring(session: Session, settings: Settings) -> KeyRing:
    if settings.key_ring:
        return KeyRing.from_json(settings.key_ring)
    file = settings.key_ring_file
    ring = read_key_ring(file)
    if ring is None and queries.holds_rows(session):
        # Rows are written after their ring: another process may have made both since we looked.
        ring = read_key_ring(file)
        if ring is None:
            raise VaultError(
                f"The database holds sealed values and the key ring {file} is missing; restore it from its backup."
            )
    return ring or _new_ring(file)


def _new_ring(file: Path) -> KeyRing:
    try:
        return make_key_ring(file)
    except FileExistsError:
        return _made_by_another_process(file)
    except OSError as error:
        raise VaultError(f"The key ring {file} can't be written ({type(error).__name__}).") from None


def _made_by_another_process(file: Path) -> KeyRing:
    ring = read_key_ring(file)
    if ring is None:
        raise VaultError(f"The key ring {file} can't be read.")
    return ring


def _opens(vault: Vault, token: str, context: SealContext) -> bool:
    try:
        return bool(vault.open(token, context))
    except DecryptionError:
        return False


def _canary_context(key_id: str) -> SealContext:
    return SealContext("canary", "token", key_id, "", "")


def _foreign(settings: Settings) -> str:
    where = "XTND_KEY_RING" if settings.key_ring else str(settings.key_ring_file)
    return f"The key ring in {where} belongs to another database; restore the one that was used here."
