"""Articles on dev.to with a tag, by its feed: its API has no search for words (developers.forem.com/api)."""

from __future__ import annotations

from backend.connectors.kind import Params, Rate, SourceKind
from backend.connectors.params import TAG
from backend.connectors.reading import feed_at, like

BASE = "https://dev.to"


def _path(params: Params) -> str:
    return f"/feed/tag/{params['tag'].lower()}"


KINDS = (
    SourceKind(
        "devto",
        "Dev.to",
        "press",
        feed_at(_path),
        lambda params: f"{BASE}/t/{params['tag'].lower()}",
        params=(TAG,),
        base=BASE,
        service="dev.to",
        rate=Rate(every_s=1, burst=3),  # 3 a second (forem, config/initializers/rack_attack.rb)
        network="devto",
        type="article",
        article=True,
        recognise=like(r"dev\.to/(?:t|feed/tag)/(?P<tag>\w+)(?:/latest)?"),
        examples=("https://dev.to/t/python",),
        rank=60,
    ),
)
