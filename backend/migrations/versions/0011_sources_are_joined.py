"""several sources may be parts of one feed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OWN = "uq_sources_feed_id_brand_id_own"


def upgrade() -> None:
    op.add_column("sources", sa.Column("part", sa.String(1500), server_default="", nullable=False))
    _index("feed_id", "brand_id", "part")
    # Searches of Reddit that were made one by one are joined when their keywords make them anew.
    op.execute(
        "DELETE FROM sources WHERE keyword_id IS NOT NULL AND feed_id IN (SELECT id FROM feeds WHERE kind = 'reddit_search')"
    )
    op.execute("DELETE FROM remembered WHERE name = 'places that keywords ask'")
    op.execute(
        "UPDATE sources SET part = (SELECT substr(f.address, 26, length(f.address) - 30) FROM feeds f WHERE f.id = feed_id) "
        "WHERE feed_id IN (SELECT id FROM feeds WHERE kind = 'reddit')"
    )


def downgrade() -> None:
    op.execute("DELETE FROM sources WHERE part != ''")  # which feed they would be of alone, nobody knows
    _index("feed_id", "brand_id")
    op.drop_column("sources", "part")


def _index(*columns: str) -> None:
    op.drop_index(_OWN, "sources")
    own = sa.text("keyword_id IS NULL")
    op.create_index(_OWN, "sources", list(columns), unique=True, sqlite_where=own, postgresql_where=own)
