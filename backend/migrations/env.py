"""Alembic's entry: runs on the connection that `backend.migrations.upgrade` opened."""

from __future__ import annotations

from alembic import context

from backend.models import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
