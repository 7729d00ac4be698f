"""A page as a tree, and the words that a reader of it sees. What strangers wrote is parsed in the helper (`child`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

MAX_LINES = 5_000
MAX_LINE = 2_000  # code points
SCRIPT_PAGE_WORDS = 20  # a page with scripts and fewer words than this is drawn by them
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

#: elements whose inside nobody reads
_SILENT = frozenset(
    ("head", "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "select", "audio")
) | {"video", "datalist", "dialog"}
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins", "kbd")
) | {"label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
_CELLS = frozenset(("td", "th"))
#: advertisements and banners of consent, by what nearly all of them are called
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:adsbygoogle|google_ads\w*|advert\w*|adslot|ad-slot|sponsored|taboola|outbrain|"
    r"cookie-?(?:banner|consent|notice|bar)|onetrust\w*|didomi\w*|axeptio\w*|tarteaucitron\w*|cmpbox\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class NotAPage(Exception):
    """The bytes are no HTML."""


def parse_page(body: bytes, content_type: str = "") -> Any:
    """The root element. Raises NotAPage."""
    kind = content_type.split(";")[0].strip().lower()
    if kind and not (kind.startswith("text/") or kind.endswith(("html", "xml", "octet-stream"))):
        raise NotAPage(f"it is {kind[:60]}, no page")
    text = decode_page(body, content_type).replace("\0", "")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise NotAPage("nothing is written there") from error


def decode_page(body: bytes, content_type: str = "") -> str:
    """By its byte-order mark, else the charset of the header, else of the page, else UTF-8 or Windows-1252."""
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace")
    in_header, in_page = _HEADER_CHARSET.search(content_type), _META_CHARSET.search(body[:4_096])
    for charset in (in_header[1] if in_header else "", in_page[1].decode("ascii") if in_page else ""):
        try:
            # As browsers do: a page that could be read for its charset is not written in two bytes a sign.
            return body.decode("utf-8" if charset.lower().startswith("utf-16") else charset, "replace")
        except (LookupError, ValueError):
            continue
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("windows-1252", "replace")


def base_of(tree: Any, url: str) -> str:
    """What relative addresses of the page are relative to."""
    for base in tree.iter("base"):
        if href := (base.get("href") or "").strip():
            return href if "://" in href else html.urljoin(url, href)
    return url


def language_of(tree: Any) -> str:
    """Primary tag of the page's language, "" where it does not say."""
    said = (tree.get("lang") or "").split("-")[0].lower()
    return said if said.isalpha() and len(said) in (2, 3) else ""


def title_of(tree: Any) -> str:
    found = tree.find(".//title")
    return " ".join((found.text_content() if found is not None else "").split())[:200]


def lines_of(element: Any, *, asides: bool = True) -> list[str]:
    """What a reader sees, a line for each block, blanks tidied. `asides` False: without advertisements and banners."""
    lines: list[str] = []
    now: list[str] = []

    def end_line() -> None:
        if line := " ".join("".join(now).split()):
            lines.append(line[:MAX_LINE])
        now.clear()

    for kind, text in _pieces(element, asides):
        if kind == "line":
            end_line()
        else:
            now.append(text)
        if len(lines) >= MAX_LINES:
            return lines
    end_line()
    return lines


def _pieces(element: Any, asides: bool) -> Iterator[tuple[str, str]]:
    """("text", …) and ("line", ""), in order."""
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        tag = one.tag if isinstance(one.tag, str) else ""
        if event == "start":
            if one is not element and _is_unseen(one, tag, asides):
                walk.skip_subtree()
                continue  # its end comes all the same, and with it what follows it
            if tag in _CELLS:
                yield "text", " "
            elif tag == "br" or (tag not in _INLINE and one is not element):
                yield "line", ""
            if one.text:
                yield "text", one.text
        else:
            if tag not in _INLINE and tag not in _CELLS and one is not element:
                yield "line", ""
            if one.tail and one is not element:
                yield "text", one.tail


def _is_unseen(element: Any, tag: str, asides: bool) -> bool:
    if tag in _SILENT or element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style") or ""):
        return True
    return not asides and bool(_ASIDE.search(f"{element.get('id') or ''} {element.get('class') or ''}"))


def is_drawn_by_scripts(tree: Any) -> bool:
    """Whether there is next to nothing to read before scripts have run."""
    if next(tree.iter("script"), None) is None:
        return False
    body = tree.find("body")
    words = sum(len(line.split()) for line in lines_of(body if body is not None else tree))
    return words < SCRIPT_PAGE_WORDS
