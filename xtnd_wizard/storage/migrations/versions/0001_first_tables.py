"""First tables: drafts, connections, kept answers, canaries."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("owner", sa.String(), nullable=False, index=True),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.JSON(), nullable=False),
        sa.Column("tails", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("refusals", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("connection_id", sa.String(), nullable=True),
        sa.Column("updated_at", _moment, nullable=False),
        sa.Column("expires_at", _moment, nullable=False, index=True),
    )
    op.create_table(
        "connection",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("api_url", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("account_name", sa.String(), nullable=False),
        sa.Column("sealed", sa.JSON(), nullable=False),
        sa.Column("tails", sa.JSON(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("order_start", sa.Date(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("company_group", sa.String(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("verified_at", _moment, nullable=False),
        sa.Column("saved_at", _moment, nullable=False),
        sa.UniqueConstraint("owner", "system", "api_url", "account_id", name="uq_connection_account"),
    )
    op.create_index("ix_connection_owner_saved", "connection", ["owner", "saved_at"])
    op.create_table(
        "keptanswer",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("asked_at", _moment, nullable=False, index=True),
        sa.Column("answer", sa.JSON(), nullable=True),
    )
    op.create_table(
        "canary",
        sa.Column("key_id", sa.String(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False),
    )
