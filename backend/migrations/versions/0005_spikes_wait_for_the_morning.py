"""spikes wait for the end of quiet hours"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("spikes", sa.Column("say_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("spikes", sa.Column("mention_id", sa.Integer(), nullable=True))
    op.create_index("ix_spikes_say_at", "spikes", ["say_at"])


def downgrade() -> None:
    op.drop_index("ix_spikes_say_at", table_name="spikes")
    op.drop_column("spikes", "mention_id")
    op.drop_column("spikes", "say_at")
