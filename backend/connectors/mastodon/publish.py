"""Posting to Mastodon exactly once: a key of ours that lives an hour on the server, and the own timeline after that."""

# ruff: noqa: ARG002  # the parameters are the protocol's

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from backend.connectors.base import (
    AccountFacts,
    NotThere,
    Outcome,
    Outgoing,
    Published,
    PublishFailed,
    Rejected,
    RetryLater,
    Unauthorized,
    Uncertain,
)
from backend.connectors.mastodon.client import MastodonClient, fingerprint, parsed, plain_text
from backend.connectors.outcomes import http_date, read_failed, read_refused, said, write_failed, write_refused
from backend.infra.http import HttpClient, HttpFailed, HttpResponse

#: Mastodon keeps an Idempotency-Key for 3,600 s; a margin for clocks and for the way there.
KEY_LIVES = timedelta(minutes=50)
#: how far the server's clock may be from ours when we look for our status
CLOCKS_DIFFER = timedelta(seconds=60)
MOST_PAGES = 5
PAGE = 40
NARROWER = ("unlisted", "private", "direct")
#: how long an upload may be worked on before we come back later, in seconds
PROCESSING_S = 15.0


@dataclass(frozen=True)
class MastodonPublisher:
    """See `Publisher` in connectors/base.py."""

    network: str = "mastodon"
    sleep: Callable[[float], None] = time.sleep

    def check(self, http: HttpClient, server: str, credentials: Mapping[str, str], *, now: datetime) -> AccountFacts:
        """Who the token belongs to, and the limits that this server publishes. Raises PublishFailed."""
        client = MastodonClient(http, server, credentials.get("access_token", ""))
        me = _read(client, "/api/v1/accounts/verify_credentials")
        instance = _read(client, "/api/v2/instance", or_else={})
        if not me.get("id"):
            raise PublishFailed(Rejected("not_this_network", "This server does not speak Mastodon's API."))
        host = str(instance.get("domain") or server.split("://", 1)[-1])
        return AccountFacts(
            remote_id=str(me["id"]),
            handle=f"@{me.get('username', '')}@{host}",
            display_name=str(me.get("display_name") or me.get("username", "")),
            avatar_url=str(me.get("avatar_static") or me.get("avatar") or ""),
            server=server,
            limits=read_limits(instance),
        )

    def plan(self, post: Outgoing, account: AccountFacts, *, key: str, now: datetime) -> dict[str, Any]:
        """Frozen: the body of the call and its Idempotency-Key."""
        body: dict[str, Any] = {"status": post.text, "visibility": "public"}
        if post.language:
            body["language"] = post.language
        return {
            "key": key,
            "body": body,
            "in_reply_to": post.in_reply_to,
            "media": [{"path": one.path, "content_type": one.content_type, "alt": one.alt} for one in post.media],
        }

    def prepare(
        self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], payload: dict[str, Any]
    ) -> dict[str, Any] | Rejected | RetryLater | Unauthorized:
        """Upload what is attached, find what is answered."""
        client = MastodonClient(http, account.server, credentials.get("access_token", ""))
        body = dict(payload["body"])
        try:
            if payload["in_reply_to"]:
                found = self._find_status(client, payload["in_reply_to"])
                if not isinstance(found, dict):
                    return found
                body["in_reply_to_id"] = str(found["id"])
                if found.get("visibility") in NARROWER:  # what was said among few is not answered before all
                    body["visibility"] = found["visibility"]
            ids = []
            for one in payload["media"]:
                uploaded = self._upload(client, one)
                if not isinstance(uploaded, str):
                    return uploaded
                ids.append(uploaded)
        except HttpFailed as error:
            return read_failed(error)
        if ids:
            body["media_ids"] = ids
        return {**payload, "body": body}

    def commit(
        self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], payload: dict[str, Any]
    ) -> Outcome:
        """The one call that creates."""
        client = MastodonClient(http, account.server, credentials.get("access_token", ""))
        try:
            answer = client.create_status(payload["body"], payload["key"])
        except HttpFailed as error:
            return write_failed(error)
        if not 200 <= answer.status < 300:
            return write_refused(answer)
        made = parsed(answer)
        if not isinstance(made, dict) or not made.get("id"):
            return Uncertain("the server said yes, in words that cannot be read")
        return _published(made)

    def reconcile(
        self,
        http: HttpClient,
        account: AccountFacts,
        credentials: Mapping[str, str],
        payload: dict[str, Any],
        *,
        armed_at: datetime,
        now: datetime,
    ) -> Published | NotThere | Uncertain | RetryLater | Unauthorized:
        """Look through the own statuses since `armed_at`, the first moment at which it may have been made.

        Not found: while the key lives, sending again is harmless. Later it is only certain when no status that could
        be ours in other words (other text, same media count) was made around the time of any call.
        `payload["not_these"]` lists ids of statuses that are known to be other posts.
        """
        client = MastodonClient(http, account.server, credentials.get("access_token", ""))
        try:
            statuses = _statuses_since(client, account.remote_id, now - armed_at + CLOCKS_DIFFER, now=now)
        except HttpFailed as error:
            return RetryLater(str(error))
        if isinstance(statuses, RetryLater | Unauthorized | Uncertain):
            return statuses
        known = set(payload.get("not_these", ()))
        candidates = [one for one in statuses if str(one.get("id")) not in known]
        wanted = fingerprint(payload["body"]["status"])
        same = [one for one in candidates if fingerprint(plain_text(str(one.get("content", "")))) == wanted]
        if len(same) == 1 or (same and now - armed_at >= KEY_LIVES):
            return _published(same[-1])
        if now - armed_at < KEY_LIVES:
            return NotThere()
        if candidates:
            return Uncertain("posts were made at that time, none of them reads like this one")
        return NotThere()

    # --- inside --------------------------------------------------------------------------------------------

    def _upload(self, client: MastodonClient, one: Mapping[str, Any]) -> str | Rejected | RetryLater | Unauthorized:
        path = Path(one["path"])
        try:
            content = path.read_bytes()
        except OSError:
            return Rejected("media_missing", f"The file {path.name} is not there any more.")
        answer = client.upload(path.name, content, one["content_type"], one["alt"])
        if answer.status not in (200, 202):
            return read_refused(answer)
        media_id = str(parsed(answer).get("id", ""))
        if not media_id:
            return RetryLater("the upload was answered in words that cannot be read")
        waited = 0.0
        while answer.status in (202, 206):
            if waited >= PROCESSING_S:
                return RetryLater("the server still works on the image", 10)
            self.sleep(0.5)
            waited += 0.5
            answer = client.get(f"/api/v1/media/{media_id}")
            if answer.status not in (200, 206):
                return read_refused(answer)
        return media_id

    def _find_status(
        self, client: MastodonClient, wanted: str
    ) -> dict[str, Any] | Rejected | RetryLater | Unauthorized:
        """By its id on this server, or by its address anywhere."""
        gone = Rejected("reply_gone", "The post that is answered cannot be found.")
        if wanted.isascii() and wanted.isdigit():
            answer = client.get(f"/api/v1/statuses/{wanted}")
            if answer.status == 404:
                return gone
            found = [parsed(answer)]
        else:
            answer = client.get("/api/v2/search", {"q": wanted, "resolve": "true", "type": "statuses", "limit": "1"})
            found = parsed(answer).get("statuses") or []
        if answer.status != 200:
            return read_refused(answer)
        return found[0] if found and isinstance(found[0], dict) and found[0].get("id") else gone


def read_limits(instance: Mapping[str, Any]) -> dict[str, Any]:
    """`configuration` of /api/v2/instance in the names of our manifests."""
    configuration = instance.get("configuration") or {}
    statuses, media = configuration.get("statuses") or {}, configuration.get("media_attachments") or {}
    limits = {
        "limit": statuses.get("max_characters"),
        "url_length": statuses.get("characters_reserved_per_url"),
        "images": statuses.get("max_media_attachments"),
        "image_bytes": media.get("image_size_limit"),
        "types": media.get("supported_mime_types"),
    }
    return {name: value for name, value in limits.items() if value}


def _read(client: MastodonClient, path: str, or_else: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        answer: HttpResponse = client.get(path)
    except HttpFailed as error:
        raise PublishFailed(read_failed(error)) from error
    if answer.status == 200:
        body = parsed(answer)
        return body if isinstance(body, dict) else {}
    if or_else is not None and answer.status == 404:
        return or_else  # older servers and relatives have no v2: the manifest's limits hold
    raise PublishFailed(read_refused(answer))


def _statuses_since(
    client: MastodonClient, account_id: str, age: timedelta, *, now: datetime
) -> list[dict[str, Any]] | RetryLater | Unauthorized | Uncertain:
    """Own statuses that are at most `age` old by the server's own clock (a laptop's may be hours off), newest first."""
    found: list[dict[str, Any]] = []
    params = {"limit": str(PAGE), "exclude_reblogs": "true"}
    for _ in range(MOST_PAGES):
        answer = client.get(f"/api/v1/accounts/{account_id}/statuses", params)
        if answer.status == 401:
            return Unauthorized(said(answer))
        if answer.status != 200:
            return RetryLater(said(answer))
        page = parsed(answer)
        if not isinstance(page, list):
            return RetryLater("the timeline cannot be read")
        since = (http_date(answer.headers.get("date", "")) or now) - age
        recent = [one for one in page if _made_at(one) >= since]
        found += recent
        if len(page) < PAGE or len(recent) < len(page):
            return found
        params["max_id"] = str(page[-1]["id"])
    return Uncertain("too many posts since then to look through")


def _made_at(status: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(status["created_at"]))


def _published(status: Mapping[str, Any]) -> Published:
    return Published(str(status["id"]), str(status.get("url") or status.get("uri") or ""))


PUBLISHER = MastodonPublisher()
