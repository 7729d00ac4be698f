"""Posting to Bluesky exactly once: the record's key, its time and its bytes are ours, so sending again changes nothing.

createRecord with a key of ours answers 500 the second time; putRecord with `swapRecord: null` and the same bytes is a
no-op, and with other bytes it is refused (tried on PDS 0.4.217). An answer to a direct message is none of this: it is
another message in that conversation and can be nothing else (`sending.py`).
"""

# ruff: noqa: ARG002  # the parameters are the protocol's

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
from backend.connectors.bluesky import sending
from backend.connectors.bluesky.chat import MessageId
from backend.connectors.bluesky.client import BlueskyClient, LoginRefused, Sessions, error_name, parsed
from backend.connectors.bluesky.facets import facet, link_facets
from backend.connectors.bluesky.tid import make_tid
from backend.connectors.entities import find_bluesky_mentions, find_tags
from backend.connectors.outcomes import read_failed, read_refused, said, write_failed, write_refused
from backend.infra.http import HttpClient, HttpFailed

COLLECTION = "app.bsky.feed.post"
_POST_URL = re.compile(r"https://bsky\.app/profile/([^/]+)/post/([^/?#]+)")
_POST_URI = re.compile(r"at://([^/]+)/app\.bsky\.feed\.post/([^/?#]+)")


@dataclass(frozen=True)
class BlueskyPublisher:
    """See `Publisher` in connectors/base.py."""

    network: str = "bluesky"
    sessions: Sessions = field(default_factory=Sessions)

    def check(self, http: HttpClient, server: str, credentials: Mapping[str, str], *, now: datetime) -> AccountFacts:
        """Log in and tell who we are. Raises PublishFailed."""
        try:
            session = self.sessions.open(http, server, credentials, fresh=True)
        except HttpFailed as error:
            raise PublishFailed(read_failed(error)) from error
        except LoginRefused as refused:
            raise PublishFailed(read_refused(refused.answer)) from refused
        return AccountFacts(
            remote_id=session.did, handle=f"@{session.handle}", display_name=session.handle, server=server
        )

    def plan(self, post: Outgoing, account: AccountFacts, *, key: str, now: datetime) -> dict[str, Any]:
        """Frozen: the record with its time, links and tags, and its key. Mentions, images, replies need the network."""
        if (answered := MessageId.of(post.in_reply_to)) is not None:
            return {"message": sending.plan(post, answered)}
        record: dict[str, Any] = {
            "$type": COLLECTION,
            "text": post.text,
            "createdAt": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        if post.language:
            record["langs"] = [post.language]
        facets = link_facets(post.text)
        facets += [facet(post.text, s, "tag", tag=s.value) for s in find_tags(post.text)]
        if facets:
            record["facets"] = facets
        return {
            "repo": account.remote_id,
            "rkey": make_tid(now, key),
            "record": record,
            "mentions": [
                {"handle": s.value, "facet": facet(post.text, s, "mention")} for s in find_bluesky_mentions(post.text)
            ],
            "in_reply_to": post.in_reply_to,
            "media": [
                {
                    "path": one.path,
                    "content_type": one.content_type,
                    "alt": one.alt,
                    "width": one.width,
                    "height": one.height,
                }
                for one in post.media
            ],
        }

    def prepare(
        self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], payload: dict[str, Any]
    ) -> dict[str, Any] | Rejected | RetryLater | Unauthorized:
        """Resolve mentions and the answered post once; upload images each time (the same bytes give the same blob)."""
        client = BlueskyClient(http, account.server, self.sessions, credentials)
        if "message" in payload:
            prepared = sending.prepare(client, payload["message"])
            return {"message": prepared} if isinstance(prepared, dict) else prepared
        record = dict(payload["record"])
        try:
            client.session()
            if payload["mentions"]:
                record["facets"] = [*record.get("facets", ()), *self._mention_facets(client, payload["mentions"])]
            if payload["in_reply_to"]:
                reply = self._reply(client, payload["in_reply_to"])
                if not isinstance(reply, dict):
                    return reply
                record["reply"] = reply
            images = []
            for one in payload["media"]:
                image = self._upload(client, one)
                if not isinstance(image, dict):
                    return image
                images.append(image)
        except HttpFailed as error:
            return read_failed(error)
        except LoginRefused as refused:
            return read_refused(refused.answer)
        if images:
            record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        if not record.get("facets"):
            record.pop("facets", None)
        # What was resolved is frozen: a handle that moves tomorrow must not change the bytes.
        return {**payload, "record": record, "mentions": [], "in_reply_to": ""}

    def commit(
        self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], payload: dict[str, Any]
    ) -> Outcome:
        """The one call that creates, and that may be made again for a post; not for a message."""
        client = BlueskyClient(http, account.server, self.sessions, credentials)
        if "message" in payload:
            return sending.commit(client, payload["message"])
        try:
            client.session()  # a log-in that fails here has created nothing
        except HttpFailed as error:
            return read_failed(error)
        except LoginRefused as refused:
            return read_refused(refused.answer)
        try:
            answer = client.put_record(
                {
                    "repo": payload["repo"],
                    "collection": COLLECTION,
                    "rkey": payload["rkey"],
                    "record": payload["record"],
                    "swapRecord": None,
                }
            )
        except HttpFailed as error:
            return write_failed(error)
        except LoginRefused as refused:
            return read_refused(refused.answer)
        if answer.status == 200:
            return _published(payload, account)
        if error_name(answer) == "InvalidSwap":
            return Uncertain("there is a record under this key already, in other bytes")
        return write_refused(answer)

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
        """Ask for the record under our key. Absent: sending again is harmless, at any time."""
        client = BlueskyClient(http, account.server, self.sessions, credentials)
        if "message" in payload:
            looked_at = {**payload["message"], "not_these": payload.get("not_these", ())}
            return sending.reconcile(client, looked_at, account.remote_id)
        try:
            answer = client.read(
                "com.atproto.repo.getRecord",
                {"repo": payload["repo"], "collection": COLLECTION, "rkey": payload["rkey"]},
            )
        except HttpFailed as error:
            return RetryLater(str(error))
        except LoginRefused as refused:
            outcome = read_refused(refused.answer)
            return outcome if isinstance(outcome, RetryLater | Unauthorized) else Unauthorized(outcome.message)
        if answer.status == 200:
            return _published(payload, account)
        if error_name(answer) == "RecordNotFound":
            return NotThere()
        return Unauthorized(said(answer)) if answer.status == 401 else RetryLater(said(answer))

    # --- inside --------------------------------------------------------------------------------------------

    def _mention_facets(self, client: BlueskyClient, mentions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        facets = []
        for one in mentions:
            answer = client.read("com.atproto.identity.resolveHandle", {"handle": one["handle"]})
            did = parsed(answer).get("did")
            if answer.status == 200 and did:  # a handle that is nobody's stays plain text
                features = [{"$type": "app.bsky.richtext.facet#mention", "did": str(did)}]
                facets.append({**one["facet"], "features": features})
        return facets

    def _reply(self, client: BlueskyClient, wanted: str) -> dict[str, Any] | Rejected | RetryLater | Unauthorized:
        """`{root, parent}` with the addresses and hashes that a reply must carry."""
        match = _POST_URL.match(wanted) or _POST_URI.match(wanted)
        if match is None:
            return Rejected("reply_gone", "The post that is answered cannot be found.")
        answer = client.read(
            "com.atproto.repo.getRecord", {"repo": match[1], "collection": COLLECTION, "rkey": match[2]}
        )
        if answer.status == 400:
            return Rejected("reply_gone", "The post that is answered cannot be found.")
        if answer.status != 200:
            return read_refused(answer)
        found = parsed(answer)
        parent = {"uri": str(found.get("uri", "")), "cid": str(found.get("cid", ""))}
        root = (found.get("value") or {}).get("reply", {}).get("root") or parent
        return {"root": {"uri": str(root["uri"]), "cid": str(root["cid"])}, "parent": parent}

    def _upload(
        self, client: BlueskyClient, one: Mapping[str, Any]
    ) -> dict[str, Any] | Rejected | RetryLater | Unauthorized:
        try:
            content = Path(one["path"]).read_bytes()
        except OSError:
            return Rejected("media_missing", f"The file {Path(one['path']).name} is not there any more.")
        answer = client.upload(content, one["content_type"])
        blob = parsed(answer).get("blob")
        if answer.status != 200 or not blob:
            return read_refused(answer)
        image: dict[str, Any] = {"image": blob, "alt": one["alt"]}
        if one["width"] and one["height"]:
            image["aspectRatio"] = {"width": one["width"], "height": one["height"]}
        return image


def _published(payload: Mapping[str, Any], account: AccountFacts) -> Published:
    uri = f"at://{payload['repo']}/{COLLECTION}/{payload['rkey']}"
    return Published(uri, f"https://bsky.app/profile/{account.handle.lstrip('@')}/post/{payload['rkey']}")


PUBLISHER = BlueskyPublisher()
