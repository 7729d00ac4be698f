"""the round"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_pages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_key", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("remind_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_visited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brands.id"], name=op.f("fk_round_pages_brand_id_brands"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_pages")),
        sa.UniqueConstraint("brand_id", "url_key", name=op.f("uq_round_pages_brand_id_url_key")),
    )
    op.create_table(
        "round_visits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fresh", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_round_visits_member_id_members"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["page_id"], ["round_pages.id"], name=op.f("fk_round_visits_page_id_round_pages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_visits")),
        sa.UniqueConstraint("page_id", "key", name=op.f("uq_round_visits_page_id_key")),
    )
    with op.batch_alter_table("round_visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_visits_member_id"), ["member_id"], unique=False)
        batch_op.create_index("ix_round_visits_page_id_finished_at", ["page_id", "finished_at"], unique=False)

    op.create_table(
        "round_finds",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mention_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["mentions.id"], name=op.f("fk_round_finds_mention_id_mentions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["round_visits.id"], name=op.f("fk_round_finds_visit_id_round_visits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("visit_id", "mention_id", name=op.f("pk_round_finds")),
    )
    with op.batch_alter_table("round_finds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_finds_act"), ["act"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_finds_mention_id"), ["mention_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("round_finds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_finds_mention_id"))
        batch_op.drop_index(batch_op.f("ix_round_finds_act"))

    op.drop_table("round_finds")
    with op.batch_alter_table("round_visits", schema=None) as batch_op:
        batch_op.drop_index("ix_round_visits_page_id_finished_at")
        batch_op.drop_index(batch_op.f("ix_round_visits_member_id"))

    op.drop_table("round_visits")
    op.drop_table("round_pages")
