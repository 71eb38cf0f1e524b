"""States of approvals are rows, and what is known of a draft's tokens are columns, instead of words in a JSON text.

Digests were made over that text and need the key ring. So it is put aside, and the start that runs this migration
judges each row by it, moves what it says, and drops it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_EMPTY = sa.text("''")
_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("draft", sa.Column("tokens_expire_at", _moment, nullable=True))
    op.add_column("draft", sa.Column("lease_id", sa.String(), nullable=False, server_default=_EMPTY))
    op.add_column("draft", sa.Column("lease_until", _moment, nullable=True))
    op.create_table(
        "approvalstate",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("draft_id", sa.String(), sa.ForeignKey("draft.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("api_url", sa.String(), nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("expires_at", _moment, nullable=False, index=True),
        sa.Column("used_at", _moment, nullable=True),
        sa.Column("digest", sa.String(), nullable=False, server_default=_EMPTY),
    )
    if op.get_bind().execute(sa.text("SELECT id FROM draft LIMIT 1")).first():
        op.execute("CREATE TABLE draft_consent AS SELECT id, consent FROM draft")
    op.drop_column("draft", "consent")
