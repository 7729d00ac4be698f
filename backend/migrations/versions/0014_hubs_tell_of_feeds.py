"""hubs tell of feeds by themselves"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pushes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("feed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("working_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("worker", sa.String(80), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'working', 'broken', 'refused')", name=op.f("ck_pushes_state")),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_pushes_feed_id_feeds", ondelete="CASCADE"),
        sa.UniqueConstraint("feed_id", name="uq_pushes_feed_id"),
    )
    op.create_index("ix_pushes_due_at", "pushes", ["due_at"])


def downgrade() -> None:
    op.drop_table("pushes")
