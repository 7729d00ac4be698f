"""Pages of a round under their real addresses: a feed whose posts a test chooses, a log-in, a page of videos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Request, Route

BLUESKY = "https://bsky.app/search?q=caf%C3%A9"
INSTAGRAM = "https://www.instagram.com/cafelumiere/"
TIKTOK = "https://www.tiktok.com/@cafelumiere"
FACEBOOK = "https://www.facebook.com/cafelumiere/reviews"
#: 240 px a post and 16 px above the first: in a window of 800 px, four are in sight and the fifth is not
POST_PX = 240

_STYLE = (
    "body{font:15px sans-serif;margin:0;background:Canvas;color:CanvasText;color-scheme:light dark}"
    "#feed{max-width:600px;margin:16px auto}"
    f".post{{height:{POST_PX}px;box-sizing:border-box;border-bottom:1px solid #8886;padding:12px;overflow:hidden}}"
    ".row{display:flex;gap:40px;margin-top:12px}"
)
#: What the page itself counts: scrolls that happened, and keys that reached it.
_WATCH = "window.scrolls = 0; addEventListener('scroll', () => scrolls++, true)"


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f"<script>{_WATCH}</script>{body}</html>"
    )


def bluesky_post(n: int, attributes: str = "") -> str:
    handle = f"user{n}.example"
    return (
        f'<div role="link" tabindex="0" data-testid="feedItem-by-{handle}" class="post" data-n="{n}" {attributes}>'
        f'<a href="/profile/{handle}" aria-label="x"></a><a href="/profile/{handle}">User {n}</a>'
        f'<a href="/profile/{handle}/post/3k{n}" aria-label="3 hours ago">3h</a>'
        f'<div dir="auto" data-word-wrap="1">Message number {n}: is the café open on Sunday?</div>'
        '<div class="row"><button data-testid="replyBtn">Reply</button>'
        '<button data-testid="postDropdownBtn">More</button></div></div>'
    )


def instagram_post(n: int) -> str:
    return (
        f'<article class="post"><a role="link" href="/user{n}/"><span dir="auto">user{n}</span></a>'
        f'<a role="link" href="/p/D{n:05}x/"><time datetime="2026-11-2{n}T09:00:00Z">3h</time></a>'
        '<section class="row">'
        + "".join(f'<div role="button" tabindex="0"><svg role="img" aria-label="{word}"></svg></div>' for word in "LCS")
        + f'</section><div><a role="link" href="/user{n}/"><span dir="auto">user{n}</span></a>'
        f'<span dir="auto">Picture number {n} of the café</span></div></article>'
    )


@dataclass
class Web:
    """What the pages show now, and every request that left them."""

    posts: Sequence[int] = ()
    #: after these: one that is not displayed, one that is moved out of sight, one that is see-through
    hidden: bool = True
    requests: list[str] = field(default_factory=list)

    def serve(self, context: BrowserContext) -> None:
        for pattern in ("https://bsky.app/**", "https://www.instagram.com/**", "https://www.tiktok.com/**"):
            context.route(pattern, self._answer)
        context.route("https://www.facebook.com/**", self._answer)

    def _answer(self, route: Route, request: Request) -> None:
        self.requests.append(request.url)
        if request.resource_type != "document":
            route.abort()
            return
        route.fulfill(body=self._body(request.url), content_type="text/html; charset=utf-8")

    def _body(self, url: str) -> str:
        if "/accounts/login" in url:
            return _page("Log in", "<h1>Log in</h1><form><input aria-label=Name><button>Log in</button></form>")
        if url.startswith("https://bsky.app/"):
            ways = ("hidden", 'style="position:absolute;left:-9999px"', 'style="opacity:0;position:absolute;top:20px"')
            more = "".join(bluesky_post(900 + n, way) for n, way in enumerate(ways)) if self.hidden else ""
            feed = "".join(bluesky_post(n) for n in self.posts)
            return _page("Search", f'<div id="root"><div id="feed">{more}{feed}</div></div>')
        if url.startswith("https://www.instagram.com/"):
            return _page("Instagram", f'<main id="feed">{"".join(instagram_post(n) for n in (3, 2, 1))}</main>')
        return _page("Somewhere", "<main><h1>Videos</h1><button>Play</button></main>")
