"""Alembic's entry: runs on the connection that `backend.migrations.steps` opened."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from backend.infra.db import UtcDateTime
from backend.models import metadata


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """A migration must not depend on today's code: our own types are written as what they are in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(_context: Any, _inspected: Any, _column: Any, inspected: Any, ours: Any) -> bool | None:
    """Our type for times is a DateTime to the database."""
    return False if isinstance(ours, UtcDateTime) and "DATETIME" in str(inspected).upper() else None


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render_item,
    compare_type=compare_type,
)
with context.begin_transaction():
    context.run_migrations()
