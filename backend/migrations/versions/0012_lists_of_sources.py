"""sources come in lists, and go with them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "source_imports",
        sa.Column("brand_id", _ID, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("known", _ID, nullable=False),
        sa.Column("twice", _ID, nullable=False),
        sa.Column("mended", _ID, nullable=False),
        sa.Column("applied", _ID, nullable=False),
        sa.Column("created", _ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", _ID, nullable=False),
        sa.Column("attempts", _ID, nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('staged', 'running', 'done', 'undoing', 'undone')", name=op.f("ck_source_imports_state")
        ),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brands.id"], name=op.f("fk_source_imports_brand_id_brands"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_imports")),
    )
    op.create_index(op.f("ix_source_imports_brand_id"), "source_imports", ["brand_id"], unique=False)
    op.create_index(op.f("ix_source_imports_due_at"), "source_imports", ["due_at"], unique=False)
    op.add_column("sources", sa.Column("import_id", _ID, nullable=True))
    op.create_index(op.f("ix_sources_import_id"), "sources", ["import_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_sources_import_id"), table_name="sources")
    op.drop_column("sources", "import_id")
    op.drop_table("source_imports")
