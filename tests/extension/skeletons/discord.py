# ruff: noqa: E501 - markup in long lines
"""Discord: a channel with a thread beside it. Only the first of several messages in a row names its author."""

from __future__ import annotations

from tests.extension.skeletons.base import (
    NEW_TEXT,
    NEWCOMER,
    Box,
    Expected,
    Say,
    Skeleton,
    moment,
    page,
    said,
    who,
)

SERVER, CHANNEL, THREAD = "11000000", "12000000", "13000000"
URL = f"https://discord.com/channels/{SERVER}/{CHANNEL}"
_SPACE = "position:relative;padding:2px 48px 2px 72px;border:0"


def message(
    say: Say, n: int, text: str, name: str = "", *, channel: str = CHANNEL, reply: str = "", edited: bool = False
) -> str:
    """One message; without a name it goes on with the one before. `reply` is whom it answers."""
    number = place_id(n)
    time = f'<time id="message-timestamp-{number}" datetime="{moment(n)}">{say("3 hours ago")}</time>'
    context = (
        f'<div id="message-reply-context-{number}" class="repliedMessage_c19a55" data-test-quote><span class="username_c19a55">{reply}</span><div class="repliedTextPreview_c19a55"><div id="message-content-66000000" class="messageContent_c19a55"><span>Who was that?</span></div></div></div>'
        if reply
        else ""
    )
    if name:
        row, words = f'data-test-row="{n}"', ""
        head = f'<img alt="" src="data:,"><h3 class="header_c19a55" {row}><span id="message-username-{number}" class="headerText_c19a55"><span class="username_c19a55" role="button">{name}</span><span class="botTag_c19a55"> APP</span></span><span class="timestamp_c19a55">{time}</span></h3>'
    else:
        words = f'data-test-row="{n}" style="display:block;min-height:0"'
        head = f'<span class="timestamp_c19a55 timestampVisibleOnHover_c19a55" style="position:absolute;left:0;width:56px;opacity:0;overflow:hidden;white-space:nowrap">{time}</span>'
    changed = f' <span class="timestamp_c19a55"><time datetime="{moment(59)}"><span class="edited_c19a55">({say("Save")})</span></time></span>'
    return f'<li id="chat-messages-{channel}-{number}" class="messageListItem_c19a55" data-test-post="{n}" style="{_SPACE}"><div class="message_c19a55 cozy_c19a55" role="article">{context}<div class="contents_c19a55">{head}<div id="message-content-{number}" class="markup_c19a55 messageContent_c19a55" {words}>{text}{changed if edited else ""}</div></div><div id="message-accessories-{number}"></div></div></li>'


def system(n: int, name: str) -> str:
    """Somebody came: nobody speaks, and the next one to speak is named."""
    return f'<li id="chat-messages-{CHANNEL}-770000{n:02}" class="messageListItem_c19a55" data-test-ad><div class="message_c19a55 systemMessage_c19a55" role="article"><div class="content_c19a55"><a class="username_c19a55" role="button">{name}</a> is here now.<time datetime="{moment(n)}">.</time></div></div></li>'


def channel(say: Say, messages: str, beside: str = "") -> str:
    """The page around `messages`, and around those of a thread `beside` them."""
    user = '<section class="panels_c48"><div class="nameTag_f9"><div class="panelTitle_f9">Café Lumière</div><div class="hovered_f9">cafelumiere</div></div></section>'
    editor = '<div role="textbox" contenteditable="true" data-slate-editor="true" data-slate-node="value"><div data-slate-node="element"><span data-slate-leaf="true"><br></span></div></div>'
    aside = f"<section><ol style='padding:0'>{beside}</ol></section>" if beside else ""
    return page(say, "Discord", f"<main><ol style='padding:0'>{messages}</ol><form>{editor}</form></main>{aside}{user}")


def _read(n: int, by: int, place: str = CHANNEL, text: str = "") -> Expected:
    return Expected(
        who(by)[0].name,
        text or said(n),
        f"https://discord.com/channels/{SERVER}/{place}/{place_id(n)}",
        "",
        moment(n),
    )


def place_id(n: int) -> str:
    """The id of the n-th message."""
    return f"770000{n:02}"


def skeletons(say: Say) -> list[Skeleton]:
    """The channel and a thread beside it."""

    def text(n: int) -> str:
        return f"<span>{who(n)[1]}</span>"

    def name(n: int) -> str:
        return who(n)[0].name

    divider = '<div class="divider_c19a55" role="separator"></div>'
    link = f'<span>{who(3)[1]} </span><a href="https://quai.example/">quai.example</a><span> {"and so on " * 20}</span>'
    messages = [
        message(say, 0, text(0), name(0), reply=name(5)),
        message(say, 1, text(1)),
        message(say, 2, text(2), name(2), edited=True),
        divider,
        message(say, 3, link),
        system(30, name(6)),
        message(say, 4, f"<blockquote data-test-quote><span>{who(0)[1]}</span></blockquote>{text(4)}", name(4)),
        message(say, 5, text(5), edited=True),
    ]
    beside = [
        message(say, 6, text(6), name(6), channel=THREAD),
        message(say, 7, text(7), channel=THREAD),
    ]
    return [
        Skeleton(
            "discord",
            "channel",
            URL,
            channel(say, "".join(messages), "".join(beside)),
            posts=(
                _read(0, 0),
                _read(1, 0),
                _read(2, 2),
                _read(3, 2, text=f"{said(3)} quai.example {'and so on ' * 20}".strip()),
                _read(4, 4),
                _read(5, 4),
                _read(6, 6, THREAD),
                _read(7, 6, THREAD),
            ),
            boxes=(Box("slate"),),
            account="cafelumiere",
            another=message(say, 0, NEW_TEXT, NEWCOMER.name),
            another_read=Expected(NEWCOMER.name, NEW_TEXT, f"{URL}/{place_id(0)}", "", moment(0)),
            broken=(("message-username-", "x-"), ("username_", "who_")),
            missing="author",
            submit=False,
        )
    ]
