"""The way a browser tells of what was clicked: from the root to the element."""

from __future__ import annotations

from typing import Any

from backend.connectors.page.derive import Step


def way_to(element: Any) -> list[Step]:
    above = [*reversed(list(element.iterancestors())), element]
    return [_step(one) for one in above]


def as_json(way: list[Step]) -> list[dict[str, Any]]:
    return [
        {"tag": s.tag, "nth": s.nth, "id": s.id, "classes": list(s.classes), "attributes": dict(s.attributes)}
        for s in way
    ]


def _step(element: Any) -> Step:
    nth = 1 + sum(1 for before in element.itersiblings(preceding=True) if before.tag == element.tag)
    names = {name: value for name, value in element.attrib.items() if name not in ("id", "class")}
    return Step(element.tag, nth, element.get("id") or "", (element.get("class") or "").split(), names)
