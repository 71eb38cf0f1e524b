"""Rows from before they carried a digest: taken over once, by the very start that gives them one."""

from datetime import timedelta

from sqlmodel import Session, select

from xtnd_wizard.storage.integrity import seal
from xtnd_wizard.storage.models import Connection, Draft, now
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.vault import Vault

ADOPTED_BY = "0003"
"""The migration after which every row has a digest. A row without one is no older row then, but an edited one."""


def adopt(session: Session, vault: Vault, draft_days: int) -> None:
    """Seal the rows that are there, and give sandbox connections the end that they get since then."""
    systems = {found.code: found for found in all_systems()}
    for draft in session.exec(select(Draft)):
        draft.sealed_for = draft.values.get(API_URL, "")
        seal(draft, vault)
    for connection in session.exec(select(Connection)):
        system = systems.get(connection.system)
        if system and system.is_sandbox(connection.api_url):
            connection.expires_at = now() + timedelta(days=draft_days)
        seal(connection, vault)
