"""What an adapter is: flat data that says where things stand on a site's pages, never logic.

The same shape as `extension/sites/schema.json` (a test holds both to the same samples). The extension checks again
whatever a server gives it, and more closely: here a wrong file is told in words before it is stored.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from backend.infra.errors import Invalid

LARGEST = 40_000  # characters as JSON; the largest of ours has some 9,000

Css = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^{};<]+$")]
Finds = Literal["one", "maybe", "some"]
Host = Annotated[str, Field(max_length=253, pattern=r"^(?:[*][.][a-z0-9-]+[.])?[a-z0-9-]+(?:[.][a-z0-9-]+)*$")]
Template = Annotated[
    str, Field(max_length=200, pattern=r'^(?:(?:https?://[a-z0-9.-]+)?/|[.]/)(?:[^ <>"\\/][^ <>"\\]*)?$')
]
Limit = Annotated[str, Field(max_length=40, pattern=r"^[a-z_]+$")]  # a row of the table of lengths
Sentence = Annotated[str, Field(min_length=1, max_length=500)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Hook(_Part):
    css: Css
    finds: Finds


class Read(Hook):
    from_: str = Field(alias="from", max_length=42, pattern=r"^(?:text|location|address|@[a-z][a-z0-9-]*)$")
    keep: str | None = Field(default=None, min_length=1, max_length=120)


class Between(_Part):
    between: list[Css] = Field(min_length=2, max_length=2)


Reads = Annotated[list[Read], Field(max_length=6)]


class Variant(_Part):
    name: str = Field(max_length=40, pattern=r"^[a-z][a-z0-9_-]*$")
    post: Hook
    inner: bool | None = None
    next: int | None = Field(default=None, ge=1, le=5)
    continues: bool | None = None
    quotes: Css | None = None
    skip: Css | None = None
    author: Reads
    handle: Reads
    id: Reads
    thread: Reads | None = None
    text: Reads
    time: Reads
    url: Template
    author_url: Template | Literal[""]
    rows: list[Hook | Between] = Field(min_length=1, max_length=6)
    reply: Hook | None = None


class Attached(_Part):
    picture: Css
    described: Css | None = None
    missing: Css | None = None
    describe: Css | None = None


class Composer(Hook):
    editor: Literal[
        "field", "draft", "lexical", "slate", "quill", "prosemirror", "plain", "ckeditor", "codemirror", "trix"
    ]
    owner: list[Literal["form", "inside", "dialog", "before", "first", "any", "pressed"]] = Field(max_length=6)
    parent: Read | None = None
    answering: Css | None = None
    limit: Limit | None = None
    left: Hook | None = None
    attached: Attached | None = None


class Adapter(_Part):
    id: str = Field(max_length=60, pattern=r"^[a-z0-9][a-z0-9._-]*$")
    name: str = Field(min_length=1, max_length=60)
    version: str = Field(pattern=r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}$")
    tier: Literal["checked", "unchecked", "taught"]
    checked: list[Sentence] = Field(max_length=8)
    notes: list[Sentence] = Field(max_length=12)
    hosts: list[Host] = Field(max_length=120)
    test: Hook | None
    composer_only: bool | None = None
    variants: list[Variant] = Field(max_length=8)
    composers: list[Composer] = Field(max_length=8)
    submit: list[Hook] = Field(max_length=8)
    account: Reads
    account_name: Reads
    limit: Limit | None

    @model_validator(mode="after")
    def _is_whole(self) -> Adapter:
        if bool(self.composer_only) == bool(self.variants):
            raise ValueError("either composer_only, or at least one variant")
        if any(("form" in one.owner) != (one.parent is not None) for one in self.composers):
            raise ValueError("the owner of a box is read from its form where `parent` says so, and only there")
        return self


def read_adapter(data: Any) -> Adapter:
    """Raises Invalid, with the place of each fault."""
    if len(json.dumps(data, ensure_ascii=False)) > LARGEST:
        raise Invalid("This is too large for an adapter.", fields={"adapter": f"at most {LARGEST} characters"})
    try:
        return Adapter.model_validate(data)
    except ValidationError as error:
        faults = {_place(one["loc"]): one["msg"] for one in error.errors(include_url=False)[:20]}
        raise Invalid("This is no adapter.", fields=faults) from None


def names_host(hosts: list[str], host: str) -> bool:
    """Whether `host` is one of them, or below one that begins with "*."."""
    return any(
        host == one or (one.startswith("*.") and re.fullmatch(rf".+{re.escape(one[1:])}", host)) for one in hosts
    )


def _place(parts: tuple[int | str, ...]) -> str:
    return ".".join(["adapter", *map(str, parts)])
