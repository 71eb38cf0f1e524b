"""Rows carry a keyed digest; drafts know their values' host and open questions; sandbox connections expire.

Digests need the key ring, so the start that runs this migration makes them for the rows that are there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_EMPTY = sa.text("''")
_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("draft", sa.Column("sealed_for", sa.String(), nullable=False, server_default=_EMPTY))
    op.add_column("draft", sa.Column("entered_by", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("draft", sa.Column("set_aside", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("draft", sa.Column("set_aside_until", _moment, nullable=True))
    op.add_column("draft", sa.Column("questions", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("draft", sa.Column("digest", sa.String(), nullable=False, server_default=_EMPTY))
    op.create_index("ix_draft_set_aside_until", "draft", ["set_aside_until"])
    op.add_column("connection", sa.Column("expires_at", _moment, nullable=True))
    op.add_column("connection", sa.Column("digest", sa.String(), nullable=False, server_default=_EMPTY))
    op.create_index("ix_connection_expires_at", "connection", ["expires_at"])
