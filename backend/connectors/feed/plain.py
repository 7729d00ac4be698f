"""Markup of other people as plain text: nothing of it is ever shown as markup."""

from __future__ import annotations

import html
import re
from typing import overload
from unicodedata import normalize

import nh3

MAX_TEXT = 10_000  # code points that are kept of one post or article
MAX_MARKUP = 400_000  # code points of markup that are read at all
MAX_TAGS = 5_000  # a browser's parser takes seconds over tens of thousands of elements inside each other
MAX_LINKS = 50  # addresses that are kept of one text
MAX_LINK = 2_000

_LINE = "\x02"  # stands for "a new line, unless one has just begun"; no text keeps it
_BLOCKS = (
    *("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "article", "section", "figure"),
    *("figcaption", "ul", "ol"),
)
_OTHER_BLOCKS = ("pre", "dl", "dd", "dt", "table", "header", "footer", "main", "nav", "aside")
_INLINE = (
    *("a", "b", "i", "em", "strong", "span", "img", "code", "small", "sub", "sup", "u", "s", "del", "ins", "cite", "q"),
    *("abbr", "picture", "font", "center", "time", "mark", "kbd", "video", "audio", "source"),
)
#: What a tag of ordinary markup leaves of itself. Elements that change nothing of the text around them wherever they
#: stand; a table does (what is not in a cell moves out of it), and so do `pre`, forms and all that hides its inside.
_LEAVES = {
    **dict.fromkeys(_INLINE, ""),
    **{f"/{name}": "" for name in _INLINE},
    **dict.fromkeys(_BLOCKS, _LINE),
    **{f"/{name}": "\n" for name in _BLOCKS},
    **dict.fromkeys(("br", "hr"), "\n"),
}
# One tag, written in the one way that leaves no doubt where it ends. No branch can match what another one can, and
# nothing is given back (++, *+): each sign is read once. Without flags, so that the search leaps from < to <.
_TAG = re.compile(
    r"<(/?+[A-Za-z][A-Za-z0-9]*+)"
    r"((?:[ \t\n\r\f]++[A-Za-z_:][A-Za-z0-9_:.-]*+(?:=(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^ \t\n\r\f\"'<>=`]++))?+)*+)"
    r"[ \t\n\r\f]*+/?+>"
)
_HREF = re.compile(r"""(?i)\bhref\s*+=\s*+(?:"([^"<>]*+)"|'([^'<>]*+)'|([^\s"'<>]++))""")
_HREF_FIRST = ' href="'
_NUMBERED = re.compile(r"&#(?:[xX]([0-9a-fA-F]++)|([0-9]++))")

# The same for markup that a browser's parser reads.
_ENDS_LINE = re.compile(rf"(?i)<[bh]r(?=[\s/>])[^<>]*+>|</(?:{'|'.join(_BLOCKS + _OTHER_BLOCKS)}|tr)(?=[\s/>])[^<>]*+>")
# Not before a row: what is no blank between two rows moves out of the table.
_BEGINS_LINE = re.compile(rf"(?i)<(?:{'|'.join(_BLOCKS + _OTHER_BLOCKS)})(?=[\s/>])")
_ENDS_CELL = re.compile(r"(?i)</t[dh](?=[\s/>])[^<>]*+>")
_LINK = re.compile(r"(?i)<a\s[^<>]*+")
_ANY_TAG = re.compile(r"<[^<>]*+>")
_NOT_TEXT = {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "head", "select"}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0\ufffe\uffff]")


def plain_text(markup: str, *, limit: int = MAX_TEXT) -> str:
    """HTML (or text that may hold some) as text: blocks are lines, scripts vanish, entities are read once."""
    return read_markup(markup, limit=limit)[0]


def read_markup(markup: str, *, limit: int = MAX_TEXT) -> tuple[str, list[str]]:
    """The text, and where its links lead, as it writes them, each once.

    Ordinary markup is read here; a browser's parser (ammonia, by nh3) reads the rest, so that what is broken is read as
    a browser would. Both give the same text: `tests/connectors/feed/test_plain.py`.
    """
    markup = markup[:MAX_MARKUP].replace(_LINE, "").lstrip("\ufeff")
    if "<" not in markup:
        return shorten(tidy(html.unescape(markup) if "&" in markup else markup), limit), []
    if markup.count("<") > MAX_TAGS:
        return shorten(tidy(html.unescape(_ANY_TAG.sub(" ", markup))), limit), links_in(markup)
    ordinary = _read_ordinary(markup)
    text, links = ordinary if ordinary is not None else (_read_as_browser(markup), links_in(markup))
    return shorten(tidy(text), limit), links


def one_line(markup: str, *, limit: int = 500) -> str:
    """A title or a name: as `plain_text`, on one line."""
    if "<" not in markup and "&" not in markup and len(markup) <= limit and markup.isprintable():
        return " ".join((markup if markup.isascii() else normalize("NFC", markup)).split())  # most titles
    return shorten(" ".join(plain_text(markup).split()), limit)


def links_in(markup: str) -> list[str]:
    """Where the links of a text lead, as it writes them, each once."""
    found: dict[str, None] = {}
    for link in _LINK.finditer(markup[:MAX_MARKUP]):
        _add_link(found, link[0])
    return list(found)


def tidy(text: str) -> str:
    """Text without control characters, runs of blanks and gaps of many lines; letters and accents composed (NFC), so
    that what looks alike is alike to whoever looks for its very characters."""
    if not text.isascii():
        text = normalize("NFC", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\xa0", " ")
    is_tidy = "  " not in text and text.replace("\n", "").replace(_LINE, "").isprintable()
    clean = str.strip if is_tidy else _line
    lines: list[str] = []
    for written in text.split("\n"):
        if _LINE in written:
            here = [line for line in map(clean, written.split(_LINE)) if line]
            if here:
                lines += here
                continue
        elif line := clean(written):
            lines.append(line)
            continue
        if lines and lines[-1]:
            lines.append("")  # of several empty lines one
    return "\n".join(lines).rstrip()


def _line(text: str) -> str:
    """Without blanks at the ends, with single ones inside, without controls."""
    if text.isprintable() and "  " not in text:  # most are; the only blank that is printable is the space
        return text.strip()
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(_CONTROL.sub("", text).split())


def shorten(text: str, limit: int) -> str:
    """At most `limit` code points, cut between words where there is a blank near the end."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, blank, _ = cut.rpartition(" ")
    return (head if blank and len(head) > limit * 0.8 else cut).rstrip() + "…"


def _read_ordinary(markup: str) -> tuple[str, list[str]] | None:
    """Text and links of ordinary markup; None where it is not."""
    parts = _TAG.split(markup)
    if len(parts) // 3 != markup.count("<") or "\0" in markup:
        return None
    names = parts[1::3]
    leaves = [leaf for leaf in map(_LEAVES.get, names) if leaf is not None]
    if len(leaves) < len(names):  # some are in capitals
        leaves = [leaf for name in names if (leaf := _LEAVES.get(name.lower())) is not None]
        if len(leaves) < len(names):
            return None
    links: dict[str, None] = {}
    for name, attributes in zip(names, parts[2::3], strict=True):
        if name in ("a", "A"):
            _add_link(links, attributes)
    # What is between two tags is apart: a reference does not reach over one.
    mixed = [""] * (2 * len(names) + 1)
    mixed[0::2], mixed[1::2] = parts[0::3], leaves
    text = _unescape("\0".join(mixed), ordinary=True)
    return None if text is None else (text.replace("\0", ""), list(links))


# As html.unescape finds them, which reads each anew; the texts of a feed repeat a few.
_REFERENCE = re.compile(r"(&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;\0]{1,32};?))")
_references: dict[str, str] = {}  # none of which is odd


@overload
def _unescape(text: str) -> str: ...
@overload
def _unescape(text: str, *, ordinary: bool) -> str | None: ...
def _unescape(text: str, *, ordinary: bool = False) -> str | None:
    """`ordinary`: None where a reference is one that browsers read otherwise."""
    if "&" not in text:
        return text
    parts = _REFERENCE.split(text)
    references = parts[1::2]
    if ordinary and any(map(_is_odd, set(references).difference(_references))):
        return None
    parts[1::2] = [_references.get(reference) or _read_reference(reference) for reference in references]
    return "".join(parts)


def _read_reference(reference: str) -> str:
    sign = html.unescape(reference)
    if len(_references) < 2_000 and not _is_odd(reference):  # who makes up references shall not fill our memory
        _references[reference] = sign
    return sign


def _add_link(links: dict[str, None], attributes: str) -> None:
    if len(links) >= MAX_LINKS:
        return
    if attributes.startswith(_HREF_FIRST):  # most links; quotes are in pairs, or it would be no tag
        written = attributes[len(_HREF_FIRST) : attributes.index('"', len(_HREF_FIRST))]
    else:
        found = _HREF.search(attributes)
        written = found[1] or found[2] or found[3] or "" if found else ""
    ampersands = written.count("&")
    if ampersands and ampersands == written.count("&amp;"):  # as nearly all are written
        target = written.replace("&amp;", "&").strip()
    else:
        target = _unescape(written).strip()
    if target and len(target) <= MAX_LINK:
        links[target] = None


def _is_odd(reference: str) -> bool:
    """A number that Python leaves out and browsers do not: a control or a code point that is no character."""
    number = _NUMBERED.match(reference)
    if number is None:
        return False
    hexadecimal, decimal = number.groups()
    if len(hexadecimal or decimal) > 8:
        return True
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return code < 32 or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def _read_as_browser(markup: str) -> str:
    markup = _BEGINS_LINE.sub(_LINE + r"\g<0>", markup)
    markup = _ENDS_LINE.sub("\\g<0>\n", markup)
    markup = _ENDS_CELL.sub("\\g<0> ", markup)
    return html.unescape(nh3.clean(markup, tags=set(), clean_content_tags=_NOT_TEXT))
