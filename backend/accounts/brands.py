"""Brands: made, changed, removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Brand
from backend.infra.changes import record_change
from backend.infra.db import lock_row
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.text import one_line

KINDS = ("brand", "place", "person", "institution")
FIELDS = ("name", "kind", "languages", "countries", "time_zone", "voice", "address", "handles", "utm")


def list_brands(session: Session) -> list[Brand]:
    return list(session.scalars(select(Brand).where(Brand.removed_at.is_(None)).order_by(Brand.name, Brand.id)))


def brand_ids(session: Session) -> frozenset[int]:
    return frozenset(session.scalars(select(Brand.id).where(Brand.removed_at.is_(None))))


def get_brand(session: Session, brand_id: int, *, lock: bool = False) -> Brand:
    """Raises NotFound."""
    brand = lock_row(session, Brand, brand_id) if lock else session.get(Brand, brand_id)
    if brand is None or brand.removed_at is not None:
        raise NotFound("There is no such brand.")
    return brand


def create_brand(session: Session, values: Mapping[str, Any], *, now: datetime) -> Brand:
    """Raises Invalid."""
    brand = Brand(created_at=now, **_checked({"name": "", **values}))
    session.add(brand)
    session.flush()
    record_change(session, kind="brand.created", ref=brand.id, brand_id=brand.id, now=now)
    return brand


def change_brand(session: Session, brand_id: int, values: Mapping[str, Any], *, version: int, now: datetime) -> Brand:
    """Raises NotFound, Invalid, Conflict (somebody changed it since `version`)."""
    brand = get_brand(session, brand_id, lock=True)
    if brand.version != version:
        raise Conflict("Somebody else changed this brand in the meantime.")
    for name, value in _checked(values).items():
        setattr(brand, name, value)
    brand.version += 1
    record_change(session, kind="brand.changed", ref=brand.id, brand_id=brand.id, now=now)
    return brand


def remove_brand(session: Session, brand_id: int, *, now: datetime) -> Brand:
    """Put it away; nothing of it is deleted."""
    brand = get_brand(session, brand_id)
    brand.removed_at = now
    record_change(session, kind="brand.changed", ref=brand.id, brand_id=brand.id, now=now)
    return brand


def restore_brand(session: Session, brand_id: int, *, now: datetime) -> Brand:
    brand = session.get(Brand, brand_id)
    if brand is None:
        raise NotFound("There is no such brand.")
    brand.removed_at = None
    record_change(session, kind="brand.changed", ref=brand.id, brand_id=brand.id, now=now)
    return brand


def split_handles(names: str) -> list[str]:
    """`"@cafe, @cafe_jobs"` → both, each once: a brand may have several accounts on one network."""
    return list(dict.fromkeys(name for part in names.split(",") if (name := one_line(part))))


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    checked = {name: value for name, value in values.items() if name in FIELDS}
    wrong: dict[str, str] = {}
    if "name" in checked:
        checked["name"] = one_line(str(checked["name"]))
        if not checked["name"]:
            wrong["name"] = "A brand needs a name."
        elif len(checked["name"]) > 120:
            wrong["name"] = "At most 120 characters."
    if checked.get("kind", "brand") not in KINDS:
        wrong["kind"] = "brand, place, person or institution"
    if checked.get("address", "vous") not in ("tu", "vous"):
        wrong["address"] = "tu or vous"
    if "languages" in checked:
        checked["languages"] = [str(tag).strip().lower() for tag in checked["languages"]]
        if not all(2 <= len(tag) <= 3 and tag.isascii() and tag.isalpha() for tag in checked["languages"]):
            wrong["languages"] = "Two-letter languages: fr, en, de…"
    if "countries" in checked:
        checked["countries"] = [str(code).strip().upper() for code in checked["countries"]]
        if not all(len(code) == 2 and code.isascii() and code.isalpha() for code in checked["countries"]):
            wrong["countries"] = "Two-letter countries: FR, BE, CA…"
    if "handles" in checked:
        checked["handles"] = {
            name: joined
            for network, names in checked["handles"].items()
            if (name := one_line(network).lower()) and (joined := ", ".join(split_handles(names)))
        }
        if len(checked["handles"]) > 60 or any(len(network) > 100 for network in checked["handles"]):
            wrong["handles"] = "At most 60 networks."
        elif any(len(names) > 2000 for names in checked["handles"].values()):
            wrong["handles"] = "At most 2,000 characters for one network."
    if "time_zone" in checked:
        try:
            ZoneInfo(checked["time_zone"])
        except (ValueError, OSError, KeyError):
            wrong["time_zone"] = "A zone such as Europe/Paris."
    if wrong:
        raise Invalid("This brand cannot be saved like this.", fields=wrong)
    return checked
