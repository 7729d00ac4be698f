"""Pages are parsed in a helper with limits: a stranger's page and somebody's selectors may together take for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from backend.connectors.base import Item, PollFailed
from backend.connectors.page.recipe import Reading, Reason, Recipe
from backend.infra.child import Child, ChildFailed, Limits, serve

LIMITS = Limits(memory_bytes=1024 * 1024 * 1024, cpu_s=3.0, deadline_s=15.0)
_TEXTS = ("external_id", "url", "title", "text", "author", "language")
_helper = Child("backend.connectors.page.child", LIMITS)


@dataclass(frozen=True)
class Page:
    """An answer as it came. `url`: where it lives, after redirects."""

    body: bytes
    content_type: str
    url: str


@dataclass(frozen=True)
class Lines:
    """What a reader of a page sees. `reasons`: why there is nothing."""

    lines: Sequence[str]
    title: str
    reasons: Sequence[Reason]


def read_items(page: Page, recipe: Recipe, *, now: datetime) -> Reading:
    """As `recipe.read_page`. Raises PollFailed (`not_a_page`, `too_much`)."""
    return _reading(_ask("read", page, recipe.params(), now))


def derive(page: Page, ways: Sequence[Sequence[Mapping[str, Any]]], *, now: datetime) -> tuple[Recipe | None, Reading]:
    """As `derive.derive_recipe` (`ways`: two lists of `Step` as JSON), and what the recipe finds; where there is none,
    the reading says why. Raises PollFailed as `read_items`."""
    answer = _ask("derive", page, {"ways": ways}, now)
    found = answer.get("recipe")
    return Recipe.of(found) if found else None, _reading(answer)


def read_lines(page: Page, selector: str, *, now: datetime) -> Lines:
    """The lines of what `selector` picks, "" = of the whole page. Raises PollFailed as `read_items`."""
    answer = _ask("lines", page, {"selector": selector}, now)
    lines = [str(line) for line in answer.get("lines", [])]
    return Lines(lines, str(answer.get("title", "")), _reasons(answer))


def stop_helper() -> None:
    """End the helper of this process, if one runs; the next page starts another."""
    _helper.close()


def _ask(do: str, page: Page, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    head = {"do": do, "content_type": page.content_type[:200], "url": page.url, "now": now.timestamp(), **values}
    try:
        answer: dict[str, Any] = json.loads(_helper.ask(json.dumps(head).encode() + b"\n" + page.body))
    except (ChildFailed, ValueError, RecursionError) as error:
        raise PollFailed("too_much", f"the page takes too much to be read: {error}") from error
    if "not_a_page" in answer:
        raise PollFailed("not_a_page", str(answer["not_a_page"]))
    return answer


def _reasons(answer: Mapping[str, Any]) -> list[Reason]:
    return [Reason(str(one.get("code", "")), str(one.get("part", ""))) for one in answer.get("reasons", [])]


def _reading(answer: Mapping[str, Any]) -> Reading:
    items = [_item(values) for values in answer.get("items", [])]
    return Reading(items, int(answer.get("picked", 0)), str(answer.get("title", "")), _reasons(answer))


def _item(values: Mapping[str, Any]) -> Item:
    at = values.get("published_at")
    texts: dict[str, Any] = {name: str(values.get(name, "")) for name in _TEXTS}
    return Item(**texts, published_at=datetime.fromtimestamp(at, UTC) if isinstance(at, (int, float)) else None)


# --- in the helper -----------------------------------------------------------------------------------------


def _answer(question: bytes) -> bytes:
    from backend.connectors.page.derive import Step, derive_recipe
    from backend.connectors.page.recipe import bad_selectors, pick, read_page
    from backend.connectors.page.tree import NotAPage, is_drawn_by_scripts, lines_of, parse_page, title_of

    line, _, body = question.partition(b"\n")
    head = json.loads(line)
    now = datetime.fromtimestamp(head["now"], UTC)
    try:
        tree = parse_page(body, head["content_type"])
    except NotAPage as error:
        return json.dumps({"not_a_page": str(error)[:300]}).encode()
    if head["do"] == "lines":
        places = [tree]
        reasons: list[Reason] = [Reason("bad_selector", part) for part in bad_selectors(head, ("selector",))]
        if head["selector"] and not reasons:
            places = pick(tree, head["selector"])
        inside = {below for one in places for below in one.iterdescendants()}
        lines = [text for one in places if one not in inside for text in lines_of(one, asides=False)]
        if not reasons and is_drawn_by_scripts(tree) and not (head["selector"] and lines):
            reasons = [Reason("script_page")]
        elif not reasons and not lines:
            reasons = [Reason("nothing_picked", "selector" if head["selector"] else "")]
        seen = {"lines": lines, "title": title_of(tree), "reasons": [asdict(one) for one in reasons]}
        return json.dumps(seen).encode()
    recipe: Recipe | None = Recipe.of(head)
    reading = Reading()
    if head["do"] == "derive":
        first, second = ([Step(**step) for step in way] for way in head["ways"])
        derived = derive_recipe(tree, first, second, head["url"], now=now)
        recipe, reading = derived.recipe, replace(reading, reasons=derived.reasons)
    if recipe is not None:
        reading = read_page(tree, recipe, head["url"], now=now)
    items = [asdict(item) for item in reading.items]
    for item in items:
        item["published_at"] = item["published_at"].timestamp() if item["published_at"] else None
    found = {"items": items, "picked": reading.picked, "title": reading.title}
    found |= {"reasons": [asdict(one) for one in reading.reasons], "recipe": recipe.params() if recipe else None}
    return json.dumps(found).encode()


if __name__ == "__main__":
    # Before limits are set, and before anybody waits.
    import backend.connectors.page.derive  # noqa: F401  # imported to be there already

    serve(_answer)
