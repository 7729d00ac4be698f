"""After an upgrade that knows more places, keywords that are there ask those too."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from backend.infra.runtime import Runtime
from backend.listening import new_places
from backend.listening.models import Feed, Source
from tests.unit.listening.make import make_brand, make_keyword


def kinds_of(runtime: Runtime, keyword: int) -> set[str]:
    with runtime.db.read() as session:
        query = select(Feed.kind).join(Source).where(Source.keyword_id == keyword, Source.removed_at.is_(None))
        return set(session.scalars(query))


def test_a_keyword_asks_the_places_that_came_after_it(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    keyword = make_keyword(runtime, make_brand(runtime), "café lumière")
    all_kinds = kinds_of(runtime, keyword)
    with runtime.db.write() as session:  # as a release would have left it that knew no Wikipedia
        session.execute(delete(Source).where(Source.feed_id.in_(select(Feed.id).where(Feed.kind == "wikipedia"))))
    assert "wikipedia" not in kinds_of(runtime, keyword)
    assert new_places.ask_new_places(runtime, runtime.clock()) == 1
    assert kinds_of(runtime, keyword) == all_kinds
    assert new_places.ask_new_places(runtime, runtime.clock()) == 0
    fewer = {kind: one for kind, one in new_places.KINDS.items() if kind != "wikipedia"}
    monkeypatch.setattr(new_places, "KINDS", fewer)
    assert new_places.ask_new_places(runtime, runtime.clock()) == 1
