"""feeds are read with secrets of their own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("secret", sa.Text(), server_default="", nullable=False))
    op.add_column("feeds", sa.Column("secret_mark", sa.String(length=64), server_default="", nullable=False))
    op.add_column("feeds", sa.Column("secret_names", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    # What is read with a secret cannot be read without one; two feeds of one address stay two.
    for name in ("secret_names", "secret_mark", "secret"):
        op.drop_column("feeds", name)
