"""A list of feeds as OPML 2.0: folders by purpose; what is no plain feed says its kind, for whoever reads it as us."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from backend.connectors.opml.read import OURS, Outline


def write_opml(folders: Mapping[str, Sequence[Outline]], *, title: str, now: datetime) -> str:
    """By the name of the folder."""
    root = etree.Element("opml", version="2.0", nsmap={"entregent": OURS})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _sayable(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    for name, outlines in folders.items():
        folder = etree.SubElement(body, "outline", text=_sayable(name), title=_sayable(name))
        for one in outlines:
            said = {"type": "rss", "text": one.title or one.url, "title": one.title or one.url, "xmlUrl": one.url}
            if one.site_url:
                said["htmlUrl"] = one.site_url
            if one.kind:
                said[f"{{{OURS}}}kind"] = one.kind
                said[f"{{{OURS}}}params"] = json.dumps(dict(one.params), ensure_ascii=False, sort_keys=True)
            etree.SubElement(folder, "outline", {name: _sayable(value) for name, value in said.items()})
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return text.decode()


def _sayable(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(letter for letter in text if letter in "\t\n\r" or " " <= letter <= "\ufffd" or letter > "\uffff")
