"""A page without a feed, looked at before it is listened to. Network: never in a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

from backend.connectors.base import PollFailed
from backend.connectors.kind import WrongParams, read_params
from backend.connectors.page.client import Watched, preview_list, preview_watch
from backend.connectors.page.recipe import Reading, Recipe
from backend.infra.errors import Invalid
from backend.infra.http import HttpClient
from backend.listening.kinds import KINDS


def look_at_list(
    http: HttpClient,
    url: str,
    recipe: Mapping[str, str] | None,
    ways: Sequence[Sequence[Mapping[str, Any]]],
    *,
    now: datetime,
) -> tuple[Recipe | None, Reading]:
    """What a recipe finds on a page now; without one, the recipe of two clicks. Raises Invalid, with the reason as its
    code."""
    params = _kept("page", {"url": url, **(recipe or {"item": "body"})}, "recipe")
    try:
        return preview_list(http, params["url"], Recipe.of(params) if recipe else None, ways, now=now)
    except PollFailed as error:
        _refuse(error)


def look_at_changes(http: HttpClient, params: Mapping[str, str], *, now: datetime) -> Watched:
    """What of a page would be watched. Raises Invalid, with the reason as its code."""
    try:
        return preview_watch(http, _kept("watch", params, "params"), now=now)
    except PollFailed as error:
        _refuse(error)


def _kept(kind: str, params: Mapping[str, str], inside: str) -> dict[str, str]:
    try:
        return read_params(KINDS[kind], params)
    except WrongParams as wrong:
        fields = {name if name == "url" else f"{inside}.{name}": fits for name, fits in wrong.fields.items()}
        raise Invalid("This page cannot be read like this.", fields=fields) from None


def _refuse(error: PollFailed) -> NoReturn:
    raise Invalid(error.message, code=error.code, fields={"url": error.message}) from error
