"""A message as a letter: text for every reader, HTML for those who like it. Nothing in it comes from elsewhere: no
picture, no font, no script, and every text from outside is escaped.

What needs an answer stands first; then the rest by keyword. Colours follow the reader's light or dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from backend.connectors.notices.base import Line, Notice
from backend.connectors.notices.text import byline, excerpt, headline, tame, tame_lines
from backend.infra.words import say, short_moment

_STYLE = """
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;background:#f4f2ee;color:#1d2226;font-size:15px;line-height:1.5;
font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
.sheet{max-width:600px;margin:0 auto;padding:24px 16px}
.card{background:#fff;border:1px solid #e3dfd7;border-radius:12px;padding:20px 24px}
.brand{margin:0 0 4px;font-size:13px;color:#5b636a}
h1{margin:0 0 12px;font-size:20px;line-height:1.3}
h2{margin:24px 0 4px;font-size:13px;letter-spacing:.02em;color:#5b636a;font-weight:600}
h2.first{color:#8f3d08}
p{margin:0 0 12px}
.story{padding:12px 0;border-top:1px solid #e9e5de}
.story a.title{color:#0c6b66;font-weight:600;text-decoration:none}
.story p{margin:4px 0 0}
.foot{font-size:13px;color:#5b636a}
.foot a,.end a{color:#0c6b66}
.go{display:inline-block;margin:20px 0 4px;padding:9px 16px;border-radius:8px;background:#0c6b66;color:#fff;
font-weight:600;text-decoration:none}
.end{padding:16px 24px 0;font-size:12px;color:#5b636a}
.end p{margin:0 0 4px}
@media (prefers-color-scheme:dark){
body{background:#14181a;color:#e9e6df}
.card{background:#1d2226;border-color:#343b40}
.brand,h2,.foot,.end{color:#a4adb3}
h2.first{color:#f0a875}
.story{border-color:#343b40}
.story a.title,.foot a,.end a{color:#8fded6}
.go{background:#8fded6;color:#10312f}
}
"""


def html_letter(notice: Notice) -> str:
    language = notice.language
    parts = [f"<p>{escape(line)}</p>" for line in tame_lines(notice.body).splitlines() if line]
    for at, (section, lines) in enumerate(sections(notice.lines)):
        if section:
            first = ' class="first"' if at == 0 and any(line.why for line in lines) else ""
            parts.append(f"<h2{first}>{escape(tame(section))}</h2>")
        parts += [_story(line, notice) for line in lines]
    if is_web(notice.app_url):
        parts.append(f'<a class="go" href="{escape(notice.app_url)}">{escape(say(language, "alert_open_app"))}</a>')
    title = escape(tame(notice.title))
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f'<meta name="referrer" content="no-referrer"><title>{title}</title><style>{_STYLE}</style></head>'
        f'<body><div class="sheet"><div class="card"><p class="brand">{escape(tame(notice.brand))}</p>'
        f'<h1>{title}</h1>{"".join(parts)}</div><div class="end">{"".join(_end(notice))}</div></div></body></html>'
    )


def text_letter(notice: Notice) -> str:
    """The same for those who read text."""
    language = notice.language
    parts = [tame(notice.title), "=" * min(len(tame(notice.title)), 60)]
    if notice.body:
        parts += ["", tame_lines(notice.body)]
    for section, lines in sections(notice.lines):
        if section:
            parts += ["", tame(section).upper()]
        for line in lines:
            parts += ["", f"* {headline(line)}"]
            said, foot = excerpt(line), _foot_words(line, notice)
            parts += [f"  {words}" for words in (said, foot, line.url, line.app_url) if words]
    if notice.app_url:
        parts += ["", say(language, "alert_mail_link", words=say(language, "alert_open_app"), url=notice.app_url)]
    parts += ["", "-- ", say(language, "alert_mail_why", brand=tame(notice.brand))]
    if notice.manage_url:
        parts.append(say(language, "alert_mail_link", words=say(language, "alert_mail_manage"), url=notice.manage_url))
    if notice.leave_url:
        parts.append(say(language, "alert_mail_link", words=say(language, "alert_mail_leave"), url=notice.leave_url))
    return "\n".join(parts) + "\n"


def sections(lines: Iterable[Line]) -> list[tuple[str, Sequence[Line]]]:
    """Neighbours under one heading stand together."""
    return [(section, list(group)) for section, group in groupby(lines, key=lambda line: line.section)]


def is_web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _story(line: Line, notice: Notice) -> str:
    title, said = escape(headline(line)), escape(excerpt(line))
    words = f'<a class="title" href="{escape(line.url)}" rel="noreferrer">{title}</a>' if is_web(line.url) else title
    foot = escape(_foot_words(line, notice))
    if is_web(line.app_url):
        foot += f' · <a href="{escape(line.app_url)}">{escape(say(notice.language, "alert_in_app"))}</a>'
    return f'<div class="story">{words}{f"<p>{said}</p>" if said else ""}<p class="foot">{foot}</p></div>'


def _foot_words(line: Line, notice: Notice) -> str:
    at = short_moment(notice.language, line.at, notice.zone) if line.at else ""
    return " · ".join(part for part in (byline(line, notice.language), at) if part)


def _end(notice: Notice) -> Iterable[str]:
    language = notice.language
    yield f"<p>{escape(say(language, 'alert_mail_why', brand=tame(notice.brand)))}</p>"
    links = [
        f'<a href="{escape(url)}">{escape(say(language, key))}</a>'
        for url, key in ((notice.manage_url, "alert_mail_manage"), (notice.leave_url, "alert_mail_leave"))
        if is_web(url)
    ]
    if links:
        yield f"<p>{' · '.join(links)}</p>"
