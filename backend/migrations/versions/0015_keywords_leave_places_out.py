"""keywords may leave places out"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("keywords", sa.Column("not_asked", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("keywords", "not_asked")
