"""sources have a purpose, and alerts of Google are a kind of their own"""

from __future__ import annotations

import hashlib
import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ALERT = re.compile(r"https?://(?:www\.)?google\.[a-z.]+/alerts/feeds/(\d+)/(\d+)/?", re.IGNORECASE)
_FEEDS = sa.table(
    "feeds",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("params", sa.JSON),
    sa.column("address", sa.Text),
    sa.column("address_hash", sa.String),
)


def upgrade() -> None:
    op.add_column("sources", sa.Column("purpose", sa.String(12), server_default="press", nullable=False))
    op.execute(
        "UPDATE sources SET purpose = 'social' WHERE feed_id IN "
        "(SELECT id FROM feeds WHERE kind IN ('hackernews', 'mastodon'))"
    )
    op.execute(
        "UPDATE sources SET purpose = 'accounts' WHERE feed_id IN "
        "(SELECT id FROM feeds WHERE kind IN ('mastodon_account', 'bluesky_account'))"
    )
    taken: set[str] = set()
    for id, address in _alerts("feed"):
        found = _ALERT.fullmatch(address)
        if found is None:
            continue
        params = {"user": found[1], "alert": found[2]}
        digest = _hash("googlealerts", params)
        if digest in taken:  # the same alert by two doors: both are read, by their own address
            continue
        taken.add(digest)
        address = f"https://www.google.com/alerts/feeds/{found[1]}/{found[2]}"
        _write(id, "googlealerts", params, address, digest)


def downgrade() -> None:
    for id, address in _alerts("googlealerts"):
        _write(id, "feed", {"url": address}, address, _hash("feed", {"url": address}))
    op.drop_column("sources", "purpose")


def _alerts(kind: str) -> list[tuple[int, str]]:
    query = sa.select(_FEEDS.c.id, _FEEDS.c.address).where(
        _FEEDS.c.kind == kind, _FEEDS.c.address.like("%/alerts/feeds/%")
    )
    return [(row[0], row[1]) for row in op.get_bind().execute(query.order_by(_FEEDS.c.id)).all()]


def _write(id: int, kind: str, params: dict[str, str], address: str, digest: str) -> None:
    values = {"kind": kind, "params": params, "address": address, "address_hash": digest}
    op.get_bind().execute(sa.update(_FEEDS).where(_FEEDS.c.id == id).values(**values))


def _hash(kind: str, params: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps([kind, sorted(params.items())]).encode()).hexdigest()
