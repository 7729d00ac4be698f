"""How a name stands in a post, French or English: "chez Orange" is a company, "l'orange" a fruit, "M. Ponton" a man.

Only what language tells of any name: capitals, articles, what stands before and after. What that means for a brand is
learned from its marks; where nothing is learned yet, `EXPECTED` is what is usual.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import regex

from backend.understanding.vectors import fold

_TOKEN = regex.compile(r"[@#]?[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}@#]+|[@#]")
_APOSTROPHES = ("'", "’")
_INSIDE = frozenset("'’-,()&\"")  # signs that begin no sentence
_SHORTEST_IN_HANDLE = 4

# Words beside a name by what they do, so that what was learned of "à Orange" holds for "près d'Orange" too.
_KINDS = {
    word: kind
    for kind, words in {
        "place": "a in at near to around vers dans pres autour entre between from jusqu depuis sous devant",
        "contracted": "au aux du des",
        "of": "d de of",
        "article": "l le la les un une the an",
        "that": "ce cet cette ces this that these those some",
        "ours": "my our your mon ma mes notre nos votre vos his her their son sa ses leur leurs",
        "with": "chez with avec by par via on sur contre vs",
        "and": "and et or ou ni plus",
        "person": "m mr mrs ms mme mlle monsieur madame mademoiselle maitre me dr docteur doctor saint st sainte "
        "professeur prof",
        "is": "is est are was were sont etait has had ont have will va n ne t y nous vous",
        "business": "service services client clients boutique agence forfait customer customers support shop store app "
        "site company groupe group operateur",
        "colour": "rouge vert verte bleu bleue jaune noir noire blanc blanche violet rose red green blue yellow black "
        "white purple pink brown marron gris",
    }.items()
    for word in words.split()
}
_ARTICLES = frozenset(("l", "le", "la", "les", "the", "un", "une", "an"))

#: what is usual before anything was marked, in log-odds of meaning us
EXPECTED = {
    "looks: handle": 1.5, "domain": 1.5, "looks: small": -1.0, "looks: capital": 0.5, "name, capital before": -0.7,
    "before: person": -1.5, "before: business": 1.0, "before: colour": -1.0, "before, chez": 1.0, "before: with": 0.5,
    "after: business, small": 1.0, "after: colour, small": -1.0, "possessive": 0.5, "small, article, word": -0.5,
}  # fmt: skip


@dataclass
class Naming:
    """Marks of how the names stands there, and the words just before and after it."""

    names: tuple[str, ...]
    marks: set[str] = field(default_factory=set)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    @property
    def expected(self) -> float:
        """What is usual for such a naming, in log-odds; 0 where it says nothing."""
        return sum(EXPECTED.get(mark, 0.0) for mark in self.marks)


def leave_articles_out(names: Collection[str]) -> tuple[str, ...]:
    """Folded names without words like "le" and "of", unless there are no others."""
    own = {name for name in names if name not in _KINDS}
    return tuple(sorted(own or set(names)))


def find_naming(whole: str, names: tuple[str, ...]) -> Naming:
    """How any of `names` (folded) stands in a text; several times, and all of it counts together."""
    tokens = _TOKEN.findall(whole)
    words = [fold(token.lower().lstrip("@#")) for token in tokens]
    spoken = [token[-1].isalnum() for token in tokens]
    all_small = not any(token[:1].isupper() for token in tokens)
    found = Naming(names)
    for place, word in enumerate(words):
        if word in names:
            _read_place(found, tokens, words, spoken, place, all_small=all_small)
        elif tokens[place][0] in "@#" and any(name in word for name in names if len(name) >= _SHORTEST_IN_HANDLE):
            found.marks.add("looks: handle")
    return found


def _read_place(
    found: Naming, tokens: list[str], words: list[str], spoken: list[bool], place: int, *, all_small: bool
) -> None:
    titled = place > 1 and tokens[place - 1] == "." and _KINDS.get(words[place - 2]) == "person"  # "M. Ponton"
    look = _look(tokens[place], begins=not titled and _begins(tokens, spoken, place), all_small=all_small)
    article, at = _article(tokens, words, spoken, _over_apostrophe(tokens, place - 1 - titled))
    before = words[at] if at >= 0 else "the beginning"
    kind, capital = "sign", ""
    if at >= 0 and spoken[at]:
        kind, capital = _KINDS.get(before, "word"), _capital(tokens, spoken, at)
        found.before.append(tokens[at].lower())
    after_at = place + 1
    if after_at + 1 < len(tokens) and tokens[after_at] in _APOSTROPHES and words[after_at + 1] == "s":
        found.marks.add("possessive")
        after_at += 2
    after, after_kind, after_look = "the end", "sign", ""
    if after_at < len(tokens):
        after = words[after_at]
        if spoken[after_at]:
            after_kind = _KINDS.get(after, "word")
            first = tokens[after_at][0]
            after_look = "capital" if first.isupper() else "number" if first.isdigit() else "small"
            found.after.append(tokens[after_at].lower())
        elif tokens[after_at] == "." and after_at + 1 < len(tokens) and tokens[after_at + 1].islower():
            found.marks.add("domain")
    spelt = look if look.startswith("small") else "name"
    found.marks |= {
        f"looks: {look}", f"before, {before}", f"before: {kind}" + (f", {capital}" if kind == "word" else ""),
        f"after, {after}", f"after: {after_kind}, {after_look}", f"article: {article}",
        f"{spelt}, {article or 'no article'}, {kind}", f"{spelt}, {capital or 'nothing'} before",
        f"{spelt}, {after_look or 'nothing'} after", f"{spelt}, {kind}",
    }  # fmt: skip


def _look(token: str, *, begins: bool, all_small: bool) -> str:
    if token[0] in "@#":
        return "handle"
    if token.isupper():
        return "upper"
    if token[0].isupper():
        return "beginning" if begins else "capital"
    return "small among small" if all_small else "small"


def _article(tokens: list[str], words: list[str], spoken: list[bool], at: int) -> tuple[str, int]:
    """The article that ends at a place and how it is written, and where what is before it ends."""
    if at < 0 or not spoken[at] or words[at] not in _ARTICLES:
        return "", at
    written = "article"
    if tokens[at][0].isupper():
        begins = at == 0 or (not spoken[at - 1] and tokens[at - 1] not in (*_APOSTROPHES, ","))
        written = "article that begins" if begins else "article with a capital"
    return written, _over_apostrophe(tokens, at - 1)


def _capital(tokens: list[str], spoken: list[bool], at: int) -> str:
    if tokens[at][0] in "@#":
        return "tag"
    if not tokens[at][0].isupper():
        return "small"
    if len(tokens[at]) == 1:
        return "capital"
    begins = at == 0 or (not spoken[at - 1] and tokens[at - 1] not in (*_APOSTROPHES, "-"))
    return "beginning" if begins else "capital"


def _begins(tokens: list[str], spoken: list[bool], place: int) -> bool:
    return place == 0 or (not spoken[place - 1] and not set(tokens[place - 1]) & _INSIDE)


def _over_apostrophe(tokens: list[str], at: int) -> int:
    return at - 1 if at >= 0 and tokens[at] in _APOSTROPHES else at
