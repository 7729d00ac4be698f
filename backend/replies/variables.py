"""Variables in saved replies: checked when a reply is saved, filled when it is offered.

{{author.name}}              the first name of who is answered, where it is one
{{author.name|there}}        the same, "there" when there is no sensible name
{{brand.name}}
{{link:https://cafe.example/menu}}    a link, shortened where that is possible
{{ask:Order number}}         a blank that the person fills: [Order number]
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from backend.infra.errors import Invalid
from backend.query.words import fold

VARIABLES = ("author.name", "brand.name", "link:https://…", "ask:What to fill in")
MAX_LABEL = 80
MAX_NAME = 60

_BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
# A name that is not there takes its space along ("Bonjour {{author.name}}," → "Bonjour,"), and at the beginning of a
# sentence the comma behind it too ("{{author.name}}, merci" → "Merci").
_MISSING = "\0"
_MISSING_FIRST = re.compile(r"(^|\n|[.!?…]\s+)\0[\s,;:]*(\w?)")
_MISSING_LATER = re.compile(r"[ \t\u00a0\u202f]*\0")

# First words that show that the name is not a person's: a reply that begins "Bonjour Les," is worse than none.
_TITLES = "mr mrs ms mme mlle m dr prof sir lady l d"
_ARTICLES = "le la les un une des the a an mon ma mes my super"
_PLACES = "cafe bar hotel restaurant maison chez mairie ville city office agence agency studio boutique shop store"
_GROUPS = "team equipe club radio tv collectif association asso groupe group journal blog service support contact info"
_NOBODY = "user anonyme anonymous deleted utilisateur client customer compte page official officiel"
_NOT_FIRST_NAMES = frozenset(" ".join((_TITLES, _ARTICLES, _PLACES, _GROUPS, _NOBODY)).split())


@dataclass(frozen=True)
class Variable:
    """One `{{…}}`: its name (`author.name`, `brand.name`, `link`, `ask`), argument and fallback, and where it is."""

    name: str
    argument: str
    fallback: str
    start: int
    end: int


@dataclass(frozen=True)
class Values:
    """What is known when a reply is filled."""

    brand_name: str = ""
    author: str = ""  # the display name as the page gave it: untrusted


@dataclass(frozen=True)
class Filled:
    """A text ready for the editor. Each blank stands in it as `[label]`."""

    text: str
    blanks: list[str]


def check_variables(text: str) -> None:
    """Raises Invalid for a variable that does not exist, is not written out, or does not make sense."""
    for variable in read_variables(text):
        if variable.name == "link":
            _check_link(variable)
        elif variable.name == "ask":
            _check_label(variable)


def read_variables(text: str) -> Iterator[Variable]:
    """Every variable, in order. Raises Invalid."""
    rest = _BRACES.sub("", text)
    if "{{" in rest or "}}" in rest:
        raise _wrong("A variable has two braces on each side: {{author.name}}.")
    for found in _BRACES.finditer(text):
        inside = found[1].strip()
        head, _, behind = inside.partition(":")
        if head.strip().lower() in ("link", "ask"):
            yield Variable(head.strip().lower(), behind.strip(), "", found.start(), found.end())
            continue
        name, _, fallback = inside.partition("|")
        name = name.strip().lower()
        if name not in ("author.name", "brand.name"):
            known = ", ".join(f"{{{{{variable}}}}}" for variable in VARIABLES)
            raise _wrong(f"{found[0]} is not known. There are {known}.", found[0])
        yield Variable(name, "", fallback.strip(), found.start(), found.end())


def fill(text: str, values: Values, shorten: Callable[[str], str] = str) -> Filled:
    """Fill a saved text. `shorten` turns the address of a link into what shall stand in the text.

    A name that is not known and has no fallback leaves no gap. Raises Invalid.
    """
    text = text.replace(_MISSING, "")
    pieces: list[str] = []
    blanks: list[str] = []
    at = 0
    for variable in read_variables(text):
        value = _value(variable, values, shorten) or _MISSING
        if variable.name == "ask" and variable.argument not in blanks:
            blanks.append(variable.argument)
        pieces += [text[at : variable.start], value]
        at = variable.end
    filled = "".join([*pieces, text[at:]])
    filled = _MISSING_FIRST.sub(lambda found: found[1] + found[2].upper(), filled)
    return Filled(_MISSING_LATER.sub("", filled), blanks)


def plain_words(text: str) -> str:
    """A saved text without its variables, what a blank asks for kept: for search and suggestions."""
    return _BRACES.sub(lambda found: found[1].partition(":")[2] if found[1].lstrip().startswith("ask") else " ", text)


def friendly_name(display_name: str) -> str:
    """How a person would be addressed: "Camille" of "Camille Durand 🌿"; "" where that would be a guess.

    Handles, shouted or numbered names and names of places and teams are none; a name of one word stays.
    """
    name = "".join(sign for sign in unicodedata.normalize("NFC", display_name) if _belongs_to_name(sign))
    name = re.split(r"[|/(\[,;·•—–]| - ", " ".join(name.split()))[0].strip(" .-'’")
    words = name.split()
    if not words or len(words) > 4 or len(name) > MAX_NAME or display_name.strip().startswith("@"):
        return ""
    first = words[0]
    letters = first.replace("-", "").replace("’", "").replace("'", "")
    if not letters.isalpha() or len(letters) < 2 or first[0].islower():
        return ""
    if len(letters) > 2 and first.isupper():
        return ""
    if _bare(first) in _NOT_FIRST_NAMES or any(_bare(word) in _NOT_FIRST_NAMES for word in words[1:] if len(word) > 3):
        return ""
    return first


def _value(variable: Variable, values: Values, shorten: Callable[[str], str]) -> str:
    match variable.name:
        case "author.name":
            return friendly_name(values.author) or variable.fallback
        case "brand.name":
            return values.brand_name or variable.fallback
        case "link":
            _check_link(variable)
            return shorten(variable.argument)
        case _:
            _check_label(variable)
            return f"[{variable.argument}]"


def _check_link(variable: Variable) -> None:
    try:
        parts = urlsplit(variable.argument)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", variable.argument)
    except ValueError:
        good = False
    if not good:
        raise _wrong("A link needs a whole address: {{link:https://…}}.", f"{{{{link:{variable.argument}}}}}")


def _check_label(variable: Variable) -> None:
    if not variable.argument or len(variable.argument) > MAX_LABEL or re.search(r"[\[\]{}\n]", variable.argument):
        message = f"A blank says what to fill in, in at most {MAX_LABEL} characters: {{{{ask:Order number}}}}."
        raise _wrong(message, f"{{{{ask:{variable.argument}}}}}")


def _wrong(message: str, variable: str = "") -> Invalid:
    return Invalid(message, code="variable", fields={"text": message}, extra={"variable": variable})


def _belongs_to_name(sign: str) -> bool:
    """Letters, marks, digits and the punctuation of names; no pictures, no direction marks, no control characters."""
    return unicodedata.category(sign)[0] in "LMNZP"


def _bare(word: str) -> str:
    return "".join(fold(word).words)
