"""feeds say what they wish, and where they moved"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("wishes", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("feeds", sa.Column("moved_to", sa.Text(), server_default="", nullable=False))
    op.add_column("feeds", sa.Column("moved_times", sa.Integer(), server_default="0", nullable=False))
    # "Gone for good" was tried once a week: now it rests until a person asks.
    op.execute("UPDATE feeds SET due_at = NULL WHERE state = 'gone'")


def downgrade() -> None:
    for name in ("moved_times", "moved_to", "wishes"):
        op.drop_column("feeds", name)
    op.execute("UPDATE feeds SET due_at = last_polled_at WHERE state = 'gone'")
