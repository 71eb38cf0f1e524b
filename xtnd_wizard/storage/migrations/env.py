"""Alembic's entry point: runs the migrations on the connection it is handed."""

from alembic import context
from sqlmodel import SQLModel

from xtnd_wizard.storage import models

assert models.Draft.metadata is SQLModel.metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
