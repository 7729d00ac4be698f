"""Small things the tests of saved replies are made with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.accounts.brands import create_brand
from backend.infra.db import Database
from backend.replies.models import SavedReply
from backend.replies.saved import create_reply


def make_brand(db: Database, at: datetime, name: str = "Café Lumière") -> int:
    with db.write() as session:
        return create_brand(session, {"name": name, "languages": ["fr", "en"]}, now=at).id


def make_reply(session: Session, brand_id: int, at: datetime, text: str = "Merci à vous.", **values: Any) -> SavedReply:
    return create_reply(session, brand_id, {"text": text, **values}, now=at)
