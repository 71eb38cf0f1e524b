"""Connections say when their tokens end, and take the lease of a renewal, as drafts do.

Digests need the key ring, so the start that runs this migration makes those of the rows that are there anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_EMPTY = sa.text("''")
_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("connection", sa.Column("tokens_expire_at", _moment, nullable=True))
    op.add_column("connection", sa.Column("lease_id", sa.String(), nullable=False, server_default=_EMPTY))
    op.add_column("connection", sa.Column("lease_until", _moment, nullable=True))
