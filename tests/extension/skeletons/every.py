"""All skeletons of all sites, and pages whose classes got other names."""

from __future__ import annotations

import json
import random
import re
from typing import Any

from tests.extension.browser import ROOT
from tests.extension.skeletons import (
    bluesky,
    boxes_only,
    discord,
    discourse,
    facebook,
    forums,
    github,
    hackernews,
    instagram,
    lemmy,
    linkedin,
    mastodon,
    practice,
    reddit,
    reviews,
    stackexchange,
    threads,
    tumblr,
    x,
    youtube,
)
from tests.extension.skeletons.base import Say, Skeleton

#: What editors call themselves, by which they are known (extension/content/inserter/detect.ts).
_EDITORS = {"public-DraftEditor-content", "ProseMirror", "ql-editor"}
_MODULES = (
    bluesky,
    boxes_only,
    discord,
    discourse,
    facebook,
    forums,
    github,
    hackernews,
    instagram,
    lemmy,
    linkedin,
    mastodon,
    practice,
    reddit,
    reviews,
    stackexchange,
    threads,
    tumblr,
    x,
    youtube,
)


def skeletons(language: str = "en") -> list[Skeleton]:
    """All pages with their labels in this language."""
    say = Say(language)
    return [skeleton for module in _MODULES for skeleton in module.skeletons(say)]


def adapter(site: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "extension" / "sites" / f"{site}.json").read_text("utf-8"))
    return found


def rename(page: str, site: str, seed: int) -> str:
    """The page with every class and id that the adapter does not name called something else."""
    data = adapter(site)
    strings = json.dumps(
        {key: data[key] for key in ("variants", "composers", "submit", "account", "account_name", "test")}
    )
    # `data-id='x'` and the like name no id; words inside longer names (`[class*='Box']`) keep those that hold them.
    classes = _EDITORS | set(re.findall(r"\.([A-Za-z_][\w-]*)", strings))
    parts = set(re.findall(r"class\*='([^']+)'", strings))
    ids = set(re.findall(r"#([A-Za-z_][\w-]*)", strings)) | set(re.findall(r"\[id\^='([^']+)'", strings))
    reads_ids = '"@id"' in strings
    draw = random.Random(seed)  # noqa: S311 - a test's own, always the same
    names: dict[str, str] = {}

    def other(name: str) -> str:
        return names.setdefault(name, "n" + "".join(draw.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9)))

    def new_class(name: str) -> str:
        return name if name in classes or any(part in name for part in parts) else other(name)

    def new_id(name: str) -> str:
        return name if reads_ids or any(name == one or name.startswith(one) for one in ids) else other(name)

    page = re.sub(
        r' class="([^"]*)"', lambda found: f' class="{" ".join(new_class(name) for name in found[1].split())}"', page
    )
    # An empty id stays one: some sites ask only that there is an id.
    return re.sub(r' id="([^"]+)"', lambda found: f' id="{new_id(found[1])}"', page)
