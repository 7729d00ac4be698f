"""The few pages that people meet outside the app: plain HTML in the visitor's language, no script, nothing loaded."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import Response, request
from markupsafe import Markup, escape

from backend.infra.words import best_language, say

STATIC = Path(__file__).parent / "static"
MARK = Markup(
    '<svg viewBox="0 0 64 64" aria-hidden="true"><rect width="64" height="64" rx="15"/>'
    '<path d="M18 33h29.5A15.5 15.5 0 1 0 43 44M21.5 43.5 18 52l9.5-3.6"/></svg>'
)


class Say:
    """The words in the visitor's language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)


Body = Callable[[Say], Markup]


def paragraph(words: str) -> Markup:
    return Markup("<p>{}</p>").format(words)


def plain_page(status: int, title_key: str, body: Body) -> Response:
    words = Say(best_language(request.headers.get("Accept-Language", "")))
    style, policy = _style()
    title = escape(words(title_key))
    html = (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{title}</title><style>{style}</style></head>"
        f"<body><main>{MARK}<h1>{title}</h1>{body(words)}</main></body></html>"
    )
    response = Response(html, status=status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "Accept-Language"
    return response


@lru_cache(maxsize=1)
def _style() -> tuple[str, str]:
    """The style of these pages, and the policy that lets it in and nothing else."""
    style = "".join((STATIC / name).read_text("utf-8") for name in ("tokens.css", "link.css"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        style,
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
