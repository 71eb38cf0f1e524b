"""Drafts remember an approval at the channel; connections remember that their values were shown."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("draft", sa.Column("consent", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("connection", sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
