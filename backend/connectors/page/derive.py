"""A recipe from two clicks: the same part of two items, each as its way from the root of the page. Pure.

What is written by hand lasts (`itemprop`, `data-testid`, `article`, a class called `news-item`); what a tool made up
(`css-1q2w3e`, `sc-bdVaJa`, `mt-4`) changes with the next build, and is used only where there is nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import combinations
from typing import Any

from backend.connectors.page.recipe import Reason, Recipe, pick, read_page
from backend.connectors.page.times import read_time
from backend.connectors.page.tree import is_drawn_by_scripts, language_of, lines_of

MOST_STEPS = 100
_STABLE = ("itemprop", "itemtype", "data-testid", "data-test", "data-qa", "data-component", "property", "rel", "role")
_TELLING_TAGS = frozenset(("article", "main", "section", "time", "h1", "h2", "h3", "h4", "figure", "li", "tr"))
_BY_TOOL = re.compile(r"^(?:css|sc|jss\d*|jsx|emotion|styled|svelte|_ngcontent|chakra|mui|tss|astro)-", re.IGNORECASE)
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_UTILITY = re.compile(
    r"^-?(?:m|p|w|h|mt|mb|ml|mr|mx|my|pt|pb|pl|pr|px|py|gap|z|top|left|order|col|row|flex|grid|text|bg|font|border|"
    r"rounded|shadow|leading|tracking|opacity|items|justify|space|min|max)-[\w.-]+$"
    r"|^(?:flex|grid|block|inline|hidden|relative|absolute|row|col|clearfix|active|first|last|odd|even|selected|"
    r"visited|open|new|left|right|pull-left|pull-right|container|wrapper|inner|hover|focus)$"
)
_IDENT = re.compile(r"-?[A-Za-z_][\w-]*")
_DATES = ("time[datetime]", "[itemprop=datePublished]", "time", ".date", ".published", ".time", "[class*=date]")
_AUTHORS = ("[itemprop=author]", "[rel=author]", ".author", ".byline", "[class*=author]")
_TEXTS = ("[itemprop=description]", ".summary", ".excerpt", ".description", ".teaser", "blockquote", "p")


@dataclass(frozen=True)
class Step:
    """One element on the way from the root to what was clicked. `nth`: among its siblings of the same tag, from 1."""

    tag: str
    nth: int = 1
    id: str = ""
    classes: Sequence[str] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Derived:
    """`recipe` None: none could be found, and `reasons` say why."""

    recipe: Recipe | None
    reasons: Sequence[Reason] = ()


def derive_recipe(tree: Any, first: Sequence[Step], second: Sequence[Step], url: str, *, now: datetime) -> Derived:
    """The recipe whose items hold both clicks. The ways are those of a browser: they may differ from this copy."""
    fork = _fork(first, second)
    if isinstance(fork, Reason):
        return Derived(None, [fork])
    best: tuple[tuple[float, ...], Recipe] | None = None
    clicked = [one for one in (locate(tree, first), locate(tree, second)) if one is not None]
    for level in range(fork, min(len(first), len(second))):
        if first[level].tag != second[level].tag:
            break
        found = _recipe_at(tree, level, first, second, clicked)
        if found is None:
            continue
        recipe, items, sure = found
        # More items first; of two that find as many, the outer one, whose elements hold dates and authors too.
        rank = (float(sure), float(items), float(-level))
        if best is None or rank > best[0]:
            best = rank, recipe
    if best is None:
        return Derived(None, [Reason("script_page" if is_drawn_by_scripts(tree) else _why(clicked))])
    return Derived(_with_parts(tree, best[1], url, now))


def _why(clicked: Sequence[Any]) -> str:
    return "nothing_alike" if len(clicked) == 2 else "not_on_our_copy"


def is_made_up(name: str) -> bool:
    """Whether a class looks as if a tool had made it: another build gives it another name."""
    if _BY_TOOL.match(name):
        return True
    last = re.split(r"__|--|[_-]", name)[-1]
    if len(last) >= 4 and re.search(r"\d", last) and re.search(r"[A-Za-z]", last):
        return re.fullmatch(r"[a-z]+\d{1,3}", last) is None
    words = _CAMEL.findall(last)
    return len(words) >= 2 and len(last) >= 5 and sum(map(len, words)) / len(words) < 3


def _fork(first: Sequence[Step], second: Sequence[Step]) -> int | Reason:
    """Where two ways part."""
    for level, (one, other) in enumerate(zip(first, second, strict=False)):
        if (one.tag, one.nth) != (other.tag, other.nth):
            return level
    return Reason("same_element" if len(first) == len(second) else "inside_each_other")


def locate(tree: Any, way: Sequence[Step]) -> Any:
    """The element at the end of a way, None where this copy of the page has none."""
    steps = list(way[1:] if way and way[0].tag == "html" else way)
    at = tree
    for step in steps:
        children = [child for child in at if child.tag == step.tag]
        if step.nth <= len(children):
            at = children[step.nth - 1]
        elif step.tag != "tbody":  # browsers add one
            return None
    return at


def _recipe_at(
    tree: Any, level: int, first: Sequence[Step], second: Sequence[Step], clicked: Sequence[Any]
) -> tuple[Recipe, int, bool] | None:
    """The recipe whose item is the element at this level, how many items it reads, and whether it holds the clicks."""
    inner = list(_inner_selectors(first[level + 1 :], second[level + 1 :]))
    for selector in _item_selectors(first, second, level):
        elements = pick(tree, selector)
        if len(elements) < 2:
            continue
        held = {id(one) for one in elements}
        if any(id(above) in held for one in elements for above in one.iterancestors()):
            continue  # an item inside of an item is none
        sure = len(clicked) == 2 and all(
            any(id(above) in held for above in (one, *one.iterancestors())) for one in clicked
        )
        if len(clicked) == 2 and not sure:
            continue
        for title in inner:
            good = sum(1 for one in elements if _says_something(one, title))
            if good >= 2 and good >= 0.6 * len(elements):
                return Recipe(selector, title=title), good, sure
    return None


def _says_something(element: Any, title: str) -> bool:
    found = pick(element, title)[:1] if title else [element]
    return bool(found) and bool(lines_of(found[0]))


def _item_selectors(first: Sequence[Step], second: Sequence[Step], level: int) -> Iterator[str]:
    """From the most telling to the least."""
    names = list(_names(first[level], second[level]))
    around = list(_around(first[:level]))
    plain = first[level].tag
    for name in names:
        yield name
    for place in around:
        for name in (*names, plain):
            yield f"{place} > {name}"
        for name in (*names, plain):
            yield f"{place} {name}"
    for depth in range(3, 1, -1):
        yield " > ".join(step.tag for step in first[max(0, level - depth) : level + 1])
    yield from _last_names(first[level], second[level])
    yield plain


def _inner_selectors(first: Sequence[Step], second: Sequence[Step]) -> Iterator[str]:
    """What was clicked, as seen from its item; "" where the item itself was clicked."""
    if not first:
        yield ""
        return
    last, other = first[-1], second[-1] if second else first[-1]
    if last.tag == other.tag:
        yield from _names(last, other)
        for step in reversed(first[:-1]):
            if step.tag in _TELLING_TAGS or any(_names(step, step)):
                for name in (*_names(step, step), step.tag):
                    yield f"{name} {last.tag}"
                break
        yield last.tag
        yield from _last_names(last, other)


def _names(one: Step, other: Step) -> Iterator[str]:
    """Selectors for what two elements have in common, without their tag alone."""
    for name in _STABLE:
        value = one.attributes.get(name, "")
        if value and value == other.attributes.get(name) and len(value) <= 100 and '"' not in value:
            yield f'{one.tag}[{name}="{value}"]' if "\\" not in value else one.tag
    shared = [name for name in one.classes if name in other.classes and _IDENT.fullmatch(name)]
    telling = [name for name in shared if not is_made_up(name) and not _UTILITY.search(name)]
    for name in telling:
        yield f"{one.tag}.{name}"
    for pair in combinations(telling[:4], 2):
        yield f"{one.tag}.{pair[0]}.{pair[1]}"
    if one.tag in ("article", "time"):
        yield one.tag


def _last_names(one: Step, other: Step) -> Iterator[str]:
    """As `_names`, of what a tool made: where nothing else tells."""
    for name in one.classes:
        if name in other.classes and _IDENT.fullmatch(name) and is_made_up(name) and not _UTILITY.search(name):
            yield f"{one.tag}.{name}"


def _around(above: Sequence[Step]) -> Iterator[str]:
    """The three nearest ancestors that have a name of their own."""
    given = 0
    for step in reversed(above):
        if step.id and _IDENT.fullmatch(step.id) and not re.search(r"\d{3,}", step.id) and not is_made_up(step.id):
            yield f"#{step.id}"
            given += 1
        elif name := next(iter(_names(step, step)), "" if step.tag != "main" else "main"):
            yield name
            given += 1
        if given >= 3:
            return


def _with_parts(tree: Any, recipe: Recipe, url: str, now: datetime) -> Recipe:
    """With date, author and text where at least half of the items have one."""
    elements = pick(tree, recipe.item)
    language = language_of(tree)

    def usual(places: Sequence[str], holds: Any) -> str:
        for selector in places:
            if sum(1 for one in elements if any(holds(place) for place in pick(one, selector))) * 2 >= len(elements):
                return selector
        return ""

    def is_date(place: Any) -> bool:
        told = (place.get("datetime"), place.get("content"), " ".join(lines_of(place)))
        return any(text and read_time(text, language=language, now=now) is not None for text in told)

    def is_name(place: Any) -> bool:
        return 0 < len(" ".join(lines_of(place))) <= 100

    def is_text(place: Any) -> bool:
        return len(" ".join(lines_of(place)).split()) >= 5

    full = replace(recipe, date=usual(_DATES, is_date), author=usual(_AUTHORS, is_name), text=usual(_TEXTS, is_text))
    read = read_page(tree, replace(full, text=""), url, now=now)
    alone = read_page(tree, full, url, now=now)
    # A text that only repeats the title says nothing more.
    return full if any(item.text for item in alone.items) else replace(full, text="") if read.items else full
