"""How the items of a list are found on a page: CSS selectors, one for the item and one for each part of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from backend.connectors.base import Item
from backend.connectors.feed.identity import identify_items, stable_id
from backend.connectors.feed.plain import MAX_TEXT, shorten, tidy
from backend.connectors.feed.unwrap import is_web_address, unwrap
from backend.connectors.page.times import read_time
from backend.connectors.page.tree import base_of, is_drawn_by_scripts, language_of, lines_of, title_of

MAX_SELECTOR = 300  # characters
MAX_ITEMS = 200
MAX_TITLE = 500


@dataclass(frozen=True)
class Recipe:
    """`item` picks each item of the list; the others look inside of one. "" = what is usual: the title is the item's
    heading or first link, the link is that of the title, date, author and text are not looked for."""

    item: str
    title: str = ""
    link: str = ""
    date: str = ""
    author: str = ""
    text: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> Recipe:
        return cls(**{name: params.get(name, "").strip() for name in PARTS})

    def params(self) -> dict[str, str]:
        """As parameters of a source; what is usual is left out."""
        return {name: value for name, value in asdict(self).items() if value}


PARTS = tuple(part.name for part in fields(Recipe))


@dataclass(frozen=True)
class Reason:
    """Why something is missing. `code`: bad_selector | nothing_picked | no_titles | no_links | no_dates | script_page |
    not_a_page | not_on_our_copy | same_element | inside_each_other | nothing_alike; `part`: of the recipe, "" =
    all of it."""

    code: str
    part: str = ""


@dataclass(frozen=True)
class Reading:
    """What a recipe finds. `picked`: how many elements the item's selector picks."""

    items: Sequence[Item] = ()
    picked: int = 0
    title: str = ""
    reasons: Sequence[Reason] = field(default_factory=list)


def bad_selectors(params: Mapping[str, str], names: Sequence[str] = PARTS) -> dict[str, str]:
    """What is wrong with the selectors among some parameters, by name."""
    wrong: dict[str, str] = {}
    for name in names:
        if (selector := params.get(name, "").strip()) and (problem := _problem(selector)):
            wrong[name] = problem
    return wrong


def _problem(selector: str) -> str:
    if len(selector) > MAX_SELECTOR:
        return f"at most {MAX_SELECTOR} characters"
    try:
        compile_selector(selector)
    except (SelectorError, etree.XPathError, RecursionError, ValueError) as error:
        return str(error)[:200] or "no CSS selector"
    return ""


def compile_selector(selector: str) -> etree.XPath:
    """Raises SelectorError, XPathError, ValueError."""
    return etree.XPath(HTMLTranslator().css_to_xpath(selector, prefix="descendant-or-self::"))


def pick(root: Any, selector: str) -> list[Any]:
    """The elements that a selector picks in `root`, in the order of the page; [] for a selector that is none."""
    try:
        found = compile_selector(selector)(root)
    except (SelectorError, etree.XPathError, ValueError):
        return []
    return [one for one in found if isinstance(one.tag, str)] if isinstance(found, list) else []


def read_page(tree: Any, recipe: Recipe, url: str, *, now: datetime) -> Reading:
    """The items of a page at `url`, in its order, and why there are none or not all of their parts."""
    if wrong := bad_selectors(asdict(recipe)):
        return Reading(reasons=[Reason("bad_selector", part) for part in wrong])
    base, language, title = base_of(tree, url), language_of(tree), title_of(tree)
    picked = pick(tree, recipe.item)
    found = [_read_item(one, recipe, url, base, language, now) for one in picked[:MAX_ITEMS]]
    read = [item for item in found if item is not None]
    items = identify_items(read, homes=(url, base))
    reasons: list[Reason] = []
    if not picked:
        reasons.append(Reason("script_page") if is_drawn_by_scripts(tree) else Reason("nothing_picked", "item"))
    elif not items:
        reasons.append(Reason("no_titles", "title"))
    else:
        if all(item.url.partition("#")[0] == url.partition("#")[0] for item in items):
            reasons.append(Reason("no_links", "link"))
        if recipe.date and all(item.published_at is None for item in items):
            reasons.append(Reason("no_dates", "date"))
    return Reading(items, len(picked), title, reasons)


def _read_item(element: Any, recipe: Recipe, url: str, base: str, language: str, now: datetime) -> Item | None:
    titled = _title_element(element, recipe)
    title = shorten(" ".join(lines_of(titled)), MAX_TITLE) if titled is not None else ""
    if titled is not None and not title:
        title = shorten(" ".join((titled.get("title") or titled.get("aria-label") or _alt(titled)).split()), MAX_TITLE)
    text = _text(element, recipe.text)
    if not title and not text:
        return None
    link = _link(element, titled, recipe.link, base)
    return Item(
        external_id=stable_id(link or f"{title}\n{text}"),
        url=link or url,
        title=title,
        text=text if text != title else "",
        author=shorten(" ".join(_text(element, recipe.author).split()), 200),
        published_at=_date(element, recipe.date, language, now),
        language=language,
    )


def _title_element(element: Any, recipe: Recipe) -> Any:
    if recipe.title:
        return next(iter(pick(element, recipe.title)), None)
    for usual in ("h1, h2, h3, h4, h5, h6", "a[href]"):
        for found in pick(element, usual):
            if lines_of(found):
                return found
    return element


def _text(element: Any, selector: str) -> str:
    """All that the selector picks in an item, what lies inside of another pick once."""
    if not selector:
        return ""
    found = pick(element, selector)
    inside = {below for one in found for below in one.iterdescendants()}
    lines = [line for one in found if one not in inside for line in lines_of(one)]
    return shorten(tidy("\n".join(lines)), MAX_TEXT)


def _link(element: Any, titled: Any, selector: str, base: str) -> str:
    """An absolute web address; "" where the item has none of its own."""
    if selector:
        places = pick(element, selector)
        places += [inner for one in places for inner in pick(one, "a[href]")]
    else:
        places = [*pick(titled, "a[href]")] if titled is not None else []
        if titled is not None:
            places += [one for one in titled.iterancestors("a") if one is element or element in one.iterancestors()]
        places += pick(element, "a[href]") + list(element.iterancestors("a"))
    for place in places:
        href = (place.get("href") or "").strip()
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
            continue
        try:
            link = unwrap(urljoin(base, href))
        except ValueError:
            continue
        if is_web_address(link):
            return link
    return ""


def _date(element: Any, selector: str, language: str, now: datetime) -> datetime | None:
    if not selector:
        return None
    for place in pick(element, selector):
        told = (place.get("datetime"), place.get("content"), " ".join(lines_of(place)), place.get("title"))
        for text in told:
            if text and (at := read_time(text, language=language, now=now)) is not None:
                return at
    return None


def _alt(element: Any) -> str:
    image = next(iter(pick(element, "img[alt]")), None)
    return image.get("alt") or "" if image is not None else ""
