"""`/mentions/{id}/answer` and `/mentions/{id}/thread`: answering where a mention stands, and what was said before."""

from __future__ import annotations

from apiflask import APIBlueprint
from pydantic import Field

from backend.api.base import (
    Id,
    In,
    MaybeMoment,
    Out,
    caller,
    create_once,
    make_blueprint,
    now,
    parse_id,
    runtime,
)
from backend.api.mention_changes import actor
from backend.api.networks import CountingOut, counting_out
from backend.api.posts import PostOut, post_out
from backend.connectors.base import PollFailed
from backend.inbox.mentions import get_mention
from backend.infra.errors import NotFound, Unavailable
from backend.listening.accounts import find_conversation, read_conversation
from backend.publishing import answers
from backend.publishing.checks import MOST_CHARACTERS


class AnswerIn(In):
    model_config = In.model_config | {"str_strip_whitespace": False}

    text: str = Field(max_length=MOST_CHARACTERS)
    account_id: str | None = Field(default=None, description="who answers; left out: the account that was spoken to")
    again: bool = Field(default=False, description="send although there is an answer already")


class VoiceOut(Out):
    """`opening`: how an answer has to begin to reach its reader; it is put there where it is missing. `counting`: how
    long it may be."""

    account_id: Id
    network: str
    handle: str
    opening: str
    counting: CountingOut


class VoiceList(Out):
    items: list[VoiceOut]


class SaidOut(Out):
    """One post of the conversation; `this_one`: the mention itself, `ours`: by the account that was spoken to."""

    url: str
    author: str
    author_handle: str
    text: str
    published_at: MaybeMoment
    ours: bool
    this_one: bool


class ThreadOut(Out):
    items: list[SaidOut]


def answers_blueprint() -> APIBlueprint:
    bp = make_blueprint("answers")

    @bp.get("/mentions/<id>/voices")
    @bp.output(VoiceList)
    def get_voices(id: str) -> VoiceList:
        with runtime().db.read() as session:
            mention = get_mention(session, parse_id(id, "mention"))
            caller().need(mention.brand_id, "contributor")
            voices = answers.voices_for(session, mention.id)
            return VoiceList(
                items=[
                    VoiceOut(
                        account_id=str(one.account.id),
                        network=one.account.network,
                        handle=one.account.handle,
                        opening=one.opening,
                        counting=counting_out(one.counting),
                    )
                    for one in voices
                ]
            )

    @bp.post("/mentions/<id>/answer")
    @bp.input(AnswerIn)
    @bp.output(PostOut, status_code=201)
    def post_answer(id: str, json_data: AnswerIn) -> object:
        account_id = parse_id(json_data.account_id, "account") if json_data.account_id is not None else None
        with runtime().db.write() as session:
            mention = get_mention(session, parse_id(id, "mention"))
            caller().need(mention.brand_id, "editor")  # it publishes
            return create_once(
                session,
                json_data,
                lambda: post_out(
                    answers.answer_mention(
                        session,
                        mention.id,
                        json_data.text,
                        account_id=account_id,
                        again=json_data.again,
                        by=actor(),
                        now=now(),
                    )
                ),
            )

    @bp.get("/mentions/<id>/thread")
    @bp.output(ThreadOut)
    def get_thread(id: str) -> ThreadOut:
        with runtime().db.read() as session:
            mention = get_mention(session, parse_id(id, "mention"))
            caller().need(mention.brand_id, "viewer")
            account_id, remote_id = mention.account_id, mention.remote_id
            brand_id, network, url = mention.brand_id, mention.network, mention.url
        try:
            if account_id is not None and remote_id:
                said = read_conversation(runtime(), account_id, remote_id)
            else:
                found = find_conversation(runtime(), brand_id, network, url)
                if found is None:
                    return ThreadOut(items=[])
                said, remote_id = found.said, found.remote_id
        except PollFailed as failed:
            if failed.code == "gone":
                raise NotFound("The post is not there any more.", code="post_gone") from failed
            raise Unavailable(f"The network does not tell: {failed}", code="network_away", retry_after_s=30) from failed
        return ThreadOut(
            items=[
                SaidOut(
                    url=one.url,
                    author=one.author,
                    author_handle=one.author_handle,
                    text=one.text,
                    published_at=one.published_at,
                    ours=one.ours,
                    this_one=_last(one.remote_id) == _last(remote_id),
                )
                for one in said
            ]
        )

    return bp


def _last(remote_id: str) -> str:
    """What stays the same of a post's id, whether its author is a name or a number in it."""
    return remote_id.rpartition("/")[2]
