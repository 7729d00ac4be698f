"""Adapters that people taught by pointing: their author's alone, until an owner approves one for the whole brand."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.adapter_shape import LARGEST, names_host, read_adapter
from backend.accounts.models import TaughtAdapter
from backend.infra.changes import record_change
from backend.infra.errors import Conflict, Invalid, NotFound

log = logging.getLogger("entregent.adapters")

MAX_ADAPTERS = 300  # of one brand
FOLDER = "adapters"  # in the data folder: what an administrator puts there is served


def list_adapters(session: Session, brand_ids: Collection[int], *, host: str = "") -> list[TaughtAdapter]:
    """Every one that is not removed, by host, oldest first."""
    query = select(TaughtAdapter).where(TaughtAdapter.brand_id.in_(brand_ids), TaughtAdapter.removed_at.is_(None))
    if host:
        query = query.where(TaughtAdapter.host == host)
    return list(session.scalars(query.order_by(TaughtAdapter.host, TaughtAdapter.id)))


def counts_for(adapter: TaughtAdapter, member_id: int | None) -> bool:
    """Whether this member's pages are read by it: approved ones by everybody, others by their author alone."""
    return adapter.approved_at is not None or (member_id is not None and adapter.created_by == member_id)


def get_adapter(session: Session, adapter_id: int) -> TaughtAdapter:
    """Raises NotFound, also for one that was removed."""
    adapter = session.get(TaughtAdapter, adapter_id)
    if adapter is None or adapter.removed_at is not None:
        raise NotFound("There is no such adapter.")
    return adapter


def teach(
    session: Session, brand_id: int, host: str, data: Mapping[str, Any], *, by: int | None, now: datetime
) -> TaughtAdapter:
    """A new one for `host`, or its author's one there, changed: then it waits for approval again. Raises Invalid."""
    checked = _checked(host, data)
    found = session.scalars(
        select(TaughtAdapter).where(
            TaughtAdapter.brand_id == brand_id,
            TaughtAdapter.host == host,
            TaughtAdapter.created_by == by,
            TaughtAdapter.removed_at.is_(None),
        )
    ).first()
    if found is not None:
        return _replace(session, found, checked, now=now)
    count = select(func.count(TaughtAdapter.id)).where(
        TaughtAdapter.brand_id == brand_id, TaughtAdapter.removed_at.is_(None)
    )
    if (session.scalar(count) or 0) >= MAX_ADAPTERS:
        raise Invalid(f"There are {MAX_ADAPTERS} adapters already.", code="too_many_adapters")
    adapter = TaughtAdapter(brand_id=brand_id, host=host, data=checked, created_by=by, created_at=now)
    session.add(adapter)
    session.flush()
    _tell(session, adapter, now)
    return adapter


def approve_adapter(session: Session, adapter_id: int, *, by: int | None, now: datetime) -> TaughtAdapter:
    """For everybody of the brand; another one for the same host is its author's alone again."""
    adapter = get_adapter(session, adapter_id)
    others = select(TaughtAdapter).where(
        TaughtAdapter.brand_id == adapter.brand_id,
        TaughtAdapter.host == adapter.host,
        TaughtAdapter.id != adapter.id,
        TaughtAdapter.approved_at.is_not(None),
    )
    for other in session.scalars(others):
        withdraw_adapter(session, other.id, now=now)
    adapter.approved_by, adapter.approved_at = by, now
    _touch(session, adapter, now)
    return adapter


def withdraw_adapter(session: Session, adapter_id: int, *, now: datetime) -> TaughtAdapter:
    """Its author's alone from now on."""
    adapter = get_adapter(session, adapter_id)
    adapter.approved_by, adapter.approved_at = None, None
    _touch(session, adapter, now)
    return adapter


def remove_adapter(session: Session, adapter_id: int, *, now: datetime) -> TaughtAdapter:
    """Put it away; `restore_adapter` brings it back."""
    adapter = get_adapter(session, adapter_id)
    adapter.removed_at = now
    _touch(session, adapter, now)
    return adapter


def restore_adapter(session: Session, adapter_id: int, *, now: datetime) -> TaughtAdapter:
    """Raises NotFound, and Conflict where its author taught another one for the host meanwhile."""
    adapter = session.get(TaughtAdapter, adapter_id)
    if adapter is None:
        raise NotFound("There is no such adapter.")
    if adapter.removed_at is None:
        return adapter
    live = list_adapters(session, [adapter.brand_id], host=adapter.host)
    if any(one.created_by == adapter.created_by for one in live):
        raise Conflict("There is a newer one for this site.", code="adapter_replaced")
    if any(one.approved_at for one in live):
        adapter.approved_by, adapter.approved_at = None, None
    adapter.removed_at = None
    _touch(session, adapter, now)
    return adapter


def read_served(data_dir: Path) -> list[dict[str, Any]]:
    """The adapters that an administrator put into the data folder, each the JSON of one site; bad files are passed over
    and said in the log."""
    folder = data_dir / FOLDER
    if not folder.is_dir():
        return []
    paths = sorted(folder.glob("*.json"))[:200]
    return [found for path in paths if (found := _read_file(path, path.stat().st_mtime_ns)) is not None]


@lru_cache(maxsize=400)
def _read_file(path: Path, _changed_at: int) -> dict[str, Any] | None:
    try:
        if path.stat().st_size > 4 * LARGEST:
            raise Invalid("This is too large for an adapter.")
        data = json.loads(path.read_text("utf-8"))
        read_adapter(data)
    except (OSError, ValueError, Invalid) as error:
        log.warning("%s is no adapter: %s %s", path.name, error, getattr(error, "fields", ""))
        return None
    found: dict[str, Any] = data
    return found


def _checked(host: str, data: Mapping[str, Any]) -> dict[str, Any]:
    adapter = read_adapter(dict(data))
    if adapter.tier != "taught":
        raise Invalid("This adapter is not one that was taught.", fields={"adapter.tier": "taught"})
    if not names_host(adapter.hosts, host):
        raise Invalid("This adapter is for another site.", fields={"adapter.hosts": host})
    return dict(data)


def _replace(session: Session, adapter: TaughtAdapter, data: dict[str, Any], *, now: datetime) -> TaughtAdapter:
    if adapter.data != data:
        adapter.data = data
        adapter.approved_by, adapter.approved_at = None, None
        _touch(session, adapter, now)
    return adapter


def _touch(session: Session, adapter: TaughtAdapter, now: datetime) -> None:
    adapter.version += 1
    session.flush()
    _tell(session, adapter, now)


def _tell(session: Session, adapter: TaughtAdapter, now: datetime) -> None:
    record_change(session, kind="adapter.changed", ref=adapter.id, brand_id=adapter.brand_id, now=now)
