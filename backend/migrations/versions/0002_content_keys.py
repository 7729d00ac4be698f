"""content keys of items"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rows that are there keep "": what they are known by is computed from their address when it is asked.
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content_key", sa.String(length=64), server_default="", nullable=False))
        batch_op.create_index("ix_items_feed_id_content_key", ["feed_id", "content_key"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index("ix_items_feed_id_content_key")
        batch_op.drop_column("content_key")
