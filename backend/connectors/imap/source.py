"""A mail folder that alert mails come to: Google Alerts link by link, any other mail as one thing said."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from backend.connectors.imap.client import fetch
from backend.connectors.kind import SOME_PAGES_S, Param, Params, SourceKind
from backend.connectors.params import read_words


def read_server(value: str) -> str | None:
    """`imap.example.org` → `imaps://imap.example.org:993`; `imap://…` means STARTTLS on port 143."""
    text = value.strip().lower()
    if "://" not in text:
        text = f"imap://{text}" if text.endswith(":143") else f"imaps://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in ("imap", "imaps") or not host or "@" in parts.netloc or parts.path.strip("/"):
        return None
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}:{port or (993 if parts.scheme == 'imaps' else 143)}"


def read_password(value: str) -> str | None:
    return value if 0 < len(value) <= 500 and value.isprintable() else None


def address_of(params: Params) -> str:
    """RFC 5092."""
    folder, user = quote(params.get("folder", "INBOX"), safe="/"), quote(params["login"], safe="@")
    return f"{params['server']}/{folder};USER={user}"


KINDS = (
    SourceKind(
        "imap",
        "Mail folder",
        "page",
        fetch,
        address_of,
        params=(
            Param("server", read_server, "the mail server: imap.example.org", "imap.example.org"),
            Param("login", read_words, "the name you log in with", "alerts@example.org"),
            Param("folder", read_words, "a folder of the mailbox", "INBOX", optional=True),
            Param("mark", lambda value: value, "read, or nothing", choices=("read",), optional=True),
        ),
        secrets=(Param("password", read_password, "the password, or one made for programs"),),
        place="server",
        take="all",
        rank=40,
        takes_s=SOME_PAGES_S,
        least_s=5 * 60,
        most_s=30 * 60,
    ),
)
