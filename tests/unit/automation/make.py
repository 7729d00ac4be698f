"""Brands, keywords, channels and mentions for tests of this package."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.accounts.brands import create_brand
from backend.automation.models import MESSAGE_KINDS, Channel
from backend.inbox.mentions import Hit, NewMention, add_mention
from backend.inbox.models import Mention
from backend.listening.models import Keyword


def make_brand(session: Session, *, now: datetime, name: str = "Café Lumière", language: str = "en") -> int:
    values = {"name": name, "languages": [language], "countries": ["FR"], "time_zone": "Europe/Paris"}
    return create_brand(session, values, now=now).id


def make_channel(session: Session, brand_id: int, kind: str = "webhook", *, now: datetime, **values: Any) -> Channel:
    values.setdefault("takes", list(MESSAGE_KINDS))
    channel = Channel(brand_id=brand_id, kind=kind, name=kind, created_at=now, **values)
    session.add(channel)
    session.flush()
    return channel


def make_keyword(session: Session, brand_id: int, *, now: datetime, name: str = "lumiere") -> Keyword:
    keyword = Keyword(brand_id=brand_id, name=name, query=name, created_at=now)
    session.add(keyword)
    session.flush()
    return keyword


def words_of(number: int) -> str:
    """Sixteen words that no other number has, so that no two of them are one story."""
    draw = random.Random(number)  # noqa: S311  # no secret
    return " ".join("".join(draw.choices("abdeilmnorstu", k=draw.randint(4, 9))) for _ in range(16))


def make_mention(
    session: Session,
    brand_id: int,
    number: int = 1,
    *,
    now: datetime,
    keyword: Keyword | None = None,
    title: str = "",
    text: str = "",
    published_at: datetime | None = None,
    **values: Any,
) -> Mention:
    """Each number says something of its own, unless a text is given."""
    said = NewMention(
        url=f"https://somewhere.example/{number}",
        title=title,
        text=text or words_of(number),
        author="Alice",
        published_at=published_at or now,
        hits=[Hit(keyword.id)] if keyword else [],
        values=values,
    )
    mention, _created = add_mention(session, brand_id, said, now=now)
    return mention
