# ruff: noqa: E501 - markup in long lines
"""What every skeleton page is made of, and the table of what must be read from it.

Skeletons say of themselves what the tests look for: `data-test-post` and `data-test-row` number the posts and their rows
of buttons, `data-test-quote` and `data-test-ad` name what must have no mark, `data-test-reply` is the site's own reply
button. No adapter knows these names.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from tests.extension.skeletons import ICON, Person, post

NEWCOMER = Person("Nora Quint", "nora")
NEW_TEXT = "Rain tomorrow, so the tables stay inside."
LANGUAGES = ("en", "fr", "ar")
_WORDS = {
    "Reply": ("Répondre", "رد"),
    "Share": ("Partager", "مشاركة"),
    "Like": ("J’aime", "أعجبني"),
    "Comment": ("Commenter", "تعليق"),
    "More": ("Plus", "المزيد"),
    "Send": ("Envoyer", "إرسال"),
    "Advertisement": ("Publicité", "إعلان"),
    "Write an answer": ("Écrire une réponse", "اكتب ردًا"),
    "3 hours ago": ("il y a 3 heures", "قبل ٣ ساعات"),
    "Save": ("Enregistrer", "حفظ"),
    "Report": ("Signaler", "إبلاغ"),
    "says:": ("dit :", "يقول:"),
    "Comment as": ("Commenter en tant que", "تعليق باسم"),
    "Search": ("Rechercher", "بحث"),
}


@dataclass(frozen=True)
class Say:
    """Labels in the reader's language, as a localised network shows them."""

    language: str

    def __call__(self, words: str) -> str:
        others = _WORDS[words]
        return {"en": words, "fr": others[0], "ar": others[1]}[self.language]


@dataclass(frozen=True)
class Expected:
    """One post as it must be read. `at` is what `published_at` must be."""

    author: str
    text: str
    url: str
    author_url: str
    at: str | None = None


@dataclass(frozen=True)
class Box:
    """A box one writes in: its editor, and the address of the post it answers ("" = none, or not known).

    `pictures` attached to it: how many, how many without a description (None = the page does not say), and the
    `data-test-alt` of the site's own way to the first description that is missing.
    """

    kind: str
    owner: str = ""
    pictures: tuple[int, int | None, str] | tuple[()] = ()


@dataclass(frozen=True)
class Skeleton:
    """A page and all that must be seen on it. Lists are in the order of the page."""

    site: str
    name: str
    url: str
    html: str
    posts: tuple[Expected, ...] = ()
    boxes: tuple[Box, ...] = ()
    account: str = ""
    account_name: str = ""
    #: The boxes once the reply button of the post with this number was pressed.
    pressed: int | None = None
    boxes_pressed: tuple[Box, ...] = ()
    #: What the site puts into the element of the first post instead, and how that is read.
    another: str = ""
    another_read: Expected | None = None
    #: Hooks taken away: what stands in the page, what instead; and what is said to be missing then.
    broken: tuple[tuple[str, str], ...] = ()
    missing: str = ""
    submit: bool = True

    @property
    def id(self) -> str:
        return f"{self.site} {self.name}"


def who(n: int) -> tuple[Person, str]:
    """The n-th invented person and what they say, escaped."""
    person, text = post(n)
    return person, html.escape(text)


def said(n: int) -> str:
    return post(n)[1]


def moment(n: int) -> str:
    """When the n-th post was written: "2026-11-20T09:05:00.000Z"."""
    return f"2026-11-20T09:{n:02}:00.000Z"


def buttons(say: Say, *words: str, tag: str = "button") -> str:
    """Plain labelled buttons with a picture."""
    return "".join(f'<{tag} type="button" aria-label="{say(word)}">{ICON}</{tag}>' for word in words)


_STYLE = """body{margin:0 auto;max-width:700px;font:15px/1.4 sans-serif}[data-test-post]:not(tr,table){display:block;padding:10px;border-bottom:1px solid #ccc}
[data-test-row]{display:flex;flex-wrap:wrap;gap:14px;min-height:26px;align-items:center;list-style:none;margin:0;padding:0}
[data-test-row] button,[data-test-row] [role=button]{border:0;background:none;padding:2px}ul,ol{list-style:none;padding-inline-start:20px}[contenteditable]{border:1px solid #999;min-height:50px;display:block}textarea{width:90%;min-height:50px;display:block}
[data-test-quote]{border:1px solid #ccc;margin:6px}[role=dialog]{border:2px solid #666;padding:8px}svg{width:18px;height:18px}"""
_SCRIPT = """document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-test-reply]");
  if (!button) return;
  event.preventDefault();
  const late = document.querySelector("template[data-test-late]");
  if (!late) return;
  const post = button.closest("[data-test-post]");
  const place = late.dataset.testLate === "post" ? post : document.body;
  place.append(late.content.cloneNode(true));
  place.lastElementChild.querySelector("textarea, [contenteditable]").focus();
});"""


def page(
    say: Say,
    title: str,
    body: str,
    *,
    head: str = "",
    html_is: str = "",
    body_is: str = "",
    late: str = "",
    to: str = "",
) -> str:
    """A whole page. `late` is what the site's reply button adds: to the post (`to="post"`) or at the end of the page."""
    template = f'<template data-test-late="{to}">{late}</template>' if late else ""
    direction = ' dir="rtl"' if say.language == "ar" else ""
    return (
        f'<!doctype html><html lang="{say.language}"{direction} {html_is}><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"<style>{_STYLE}</style></head><body {body_is}>{body}{template}<script>{_SCRIPT}</script></body></html>"
    )


def draft_editor(attributes: str = "") -> str:
    return f'<div class="DraftEditor-root"><div class="public-DraftEditor-content" contenteditable="true" role="textbox" {attributes}><div data-contents="true"><br></div></div></div>'


def lexical_editor(attributes: str = "") -> str:
    return f'<div contenteditable="true" role="textbox" data-lexical-editor="true" {attributes}><p><br></p></div>'


def prosemirror_editor(attributes: str = "", extra: str = "") -> str:
    return f'<div contenteditable="true" class="tiptap ProseMirror {extra}" {attributes}><p><br></p></div>'
