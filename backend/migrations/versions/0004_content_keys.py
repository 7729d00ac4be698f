"""content keys of items"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rows that are there keep "": what they are known by is computed from their address when it is asked. Not in batch
    # mode: a table that is made anew on SQLite loses the triggers of its full-text index.
    op.add_column("items", sa.Column("content_key", sa.String(length=64), server_default="", nullable=False))
    op.create_index("ix_items_feed_id_content_key", "items", ["feed_id", "content_key"])


def downgrade() -> None:
    op.drop_index("ix_items_feed_id_content_key", table_name="items")
    op.drop_column("items", "content_key")
