"""A list of feeds out of an OPML file: any reader's, also one that is not quite XML. Pure.

1. Strictly. 2. Where that fails, by lxml's recovery: `&` that stands alone in a title and the like; `mended` says where
it first failed. Entities of the file's own are not resolved, nothing is fetched, depth and size are bounded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

OURS = "urn:entregent:opml:1"
MOST = 10_000  # outlines
MAX_NAME = 200  # characters
MAX_DEPTH = 30  # folders in folders; deeper ones count as the last


class NotOpml(Exception):
    """`line`: where reading ended, 0 = nowhere."""

    def __init__(self, code: str, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.code, self.line = code, line


@dataclass(frozen=True)
class Outline:
    """One line that names a feed, or means to (then `url` is ""). `kind`, `params`: as our own export says."""

    line: int
    title: str
    url: str
    site_url: str = ""
    folders: Sequence[str] = ()
    kind: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Opml:
    outlines: Sequence[Outline]
    mended: int = 0  # line from which it was read by guessing, 0 = it is well formed


def read_opml(text: str) -> Opml:
    """Raises NotOpml: `not_opml` or `too_many`."""
    body = text.lstrip("\ufeff \t\r\n").encode("utf-8", "replace")
    root, mended = _parse(body)
    if root is None or _name(root) != "opml":
        raise NotOpml("not_opml", "This file is no OPML: it has no <opml>.", mended or (1 if body else 0))
    outlines: list[Outline] = []
    for one in _outlines(root):
        if len(outlines) == MOST:
            raise NotOpml("too_many", f"This file names more than {MOST} feeds.", one.line)
        outlines.append(one)
    return Opml(outlines, mended)


def _parse(body: bytes) -> tuple[Any, int]:
    """The root (None where there is none) and the line where strict reading failed (0: it did not)."""
    try:
        return etree.fromstring(body, _parser(recover=False)), 0
    except etree.XMLSyntaxError as error:
        failed = max(1, error.position[0] if error.position else 1)
    except ValueError:
        return None, 1
    try:
        return etree.fromstring(body, _parser(recover=True)), failed
    except (etree.XMLSyntaxError, ValueError):
        return None, failed


def _parser(*, recover: bool) -> Any:
    # The text was decoded already, whatever encoding it declares.
    return etree.XMLParser(
        encoding="utf-8", recover=recover, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )


def _outlines(root: Any) -> Iterator[Outline]:
    """In the order of the file, without recursion: files are nested as deep as somebody likes."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(child, ()) for child in reversed(root)]
    while waiting:
        element, folders = waiting.pop()
        if not isinstance(element.tag, str):
            continue  # a comment
        inside = folders
        if _name(element) == "outline":
            said = {name.lower(): value.strip() for name, value in element.attrib.items()}
            title = " ".join((said.get("title") or said.get("text") or "").split())[:MAX_NAME]
            children = any(isinstance(child.tag, str) and _name(child) == "outline" for child in element)
            url = said.get("xmlurl") or said.get("url") or ""
            if url or not children:
                yield Outline(
                    line=element.sourceline or 0,
                    title=title,
                    url=url,
                    site_url=said.get("htmlurl", ""),
                    folders=(*folders, *_categories(said.get("category", ""))),
                    kind=said.get(f"{{{OURS}}}kind", ""),
                    params=_params(said.get(f"{{{OURS}}}params", "")),
                )
            if title and len(folders) < MAX_DEPTH:
                inside = (*folders, title)
        waiting += [(child, inside) for child in reversed(element)]


def _name(element: Any) -> str:
    tag: str = element.tag
    return tag.rpartition("}")[2].lower()


def _categories(text: str) -> list[str]:
    """`/Press/Local,/Sport` → Press, Local, Sport."""
    return [part.strip()[:MAX_NAME] for path in text.split(",") for part in path.split("/") if part.strip()]


def _params(text: str) -> dict[str, str]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(name, str) and isinstance(value, str)}
