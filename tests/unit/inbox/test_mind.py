"""What was learned of a brand is read as long as it fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from backend.accounts.brands import create_brand
from backend.inbox.hints import Said, judge, read_mind
from backend.inbox.models import BrandMind
from backend.infra.db import Database
from backend.understanding.heads import shipped_heads


def test_heads_that_another_release_learned_are_left_aside(sqlite_db: Database, at: datetime) -> None:
    fits = shipped_heads()["mood", "en"]
    fits_no_more = replace(shipped_heads()["complaint", "fr"], weights=shipped_heads()["complaint", "fr"].weights[1:])
    with sqlite_db.write() as session:
        brand = create_brand(session, {"name": "Café", "languages": ["fr"]}, now=at)
        learned = {"heads": [fits.to_plain(), fits_no_more.to_plain(), {"name": "mood"}]}
        session.add(BrandMind(brand_id=brand.id, revision="r1", learned=learned))
        session.flush()
        mind = read_mind(session, brand.id)
        assert list(mind.heads) == [("mood", "en")]
        assert judge(mind, Said("Je veux être remboursé, c'est une honte !"), languages=["fr"])
