"""feeds that shall be asked before the others or stand in line, and when their latest items were published"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("feeds", sa.Column("in_line", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("budgets", sa.Column("reserved_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("feeds", sa.Column("latest", sa.JSON(), server_default="[]", nullable=False))
    op.create_index("ix_feeds_urgent", "feeds", ["urgent", "due_at"])


def downgrade() -> None:
    op.drop_index("ix_feeds_urgent", "feeds")
    op.drop_column("budgets", "reserved_until")
    for name in ("latest", "in_line", "urgent"):
        op.drop_column("feeds", name)
