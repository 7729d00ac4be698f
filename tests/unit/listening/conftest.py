"""What tests of listening share: a server of feeds, and what it says."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.peers.feeds import Said
from tests.peers.feeds import feeds as feeds


@pytest.fixture
def article(at: datetime) -> Said:
    return Said(
        "Le Café Lumière ouvre une terrasse",
        text="<p>Au soleil, rue des Lilas.</p>",
        url="https://journal.example/terrasse?utm_source=rss",
        at=at - timedelta(hours=2),
    )
