"""Drafts remember what a merchant was asked about a value, and whether it was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("draft", sa.Column("questions", sa.JSON(), nullable=False, server_default="{}"))
