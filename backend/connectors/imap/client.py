"""A mail folder, asked for what is new (RFC 3501): by UID, without marking anything as read.

imaplib speaks the protocol (standard library); what it lacks is our way to connect, a deadline for the whole, and an
end to what a server may send. The cursor is `UIDVALIDITY:UIDNEXT`; where a folder was made anew its mails are looked at
again, and known by their Message-ID.
"""

from __future__ import annotations

import base64
import imaplib
import os
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from backend.connectors.base import Fetched, FetchState, Item, PollFailed
from backend.connectors.imap.mail import read_mail
from backend.connectors.kind import Asking, Params
from backend.infra import net

DEADLINE_S = 60.0
FIRST_LOOK = timedelta(days=30)
MOST_MAILS = 100  # of one poll; the rest is read by the next
MAX_MAIL = 1_000_000  # bytes that are read of one
PORTS = frozenset({143, 993})
_CURSOR = re.compile(r"(\d{1,10}):(\d{1,10})")


def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """`params`: `server` (imaps://host:port, or imap:// for STARTTLS), `login`, and where given `folder` and `mark`
    (read: what was read is marked so). `credentials`: `password`. Raises PollFailed."""
    try:
        with _talk(asking, params) as imap:
            return _read_new(imap, asking, params, state)
    except net.Refused as error:
        raise PollFailed("blocked", str(error)) from error
    except ssl.SSLCertVerificationError as error:
        raise PollFailed("tls", f"the server's certificate is not believed: {error.verify_message}") from error
    except ssl.SSLError as error:
        raise PollFailed("tls", f"no secure connection: {error.reason or error}") from error
    except TimeoutError as error:
        raise PollFailed("timeout", str(error) or "no answer in time") from error
    except OSError as error:
        raise PollFailed("unreachable", str(error) or type(error).__name__) from error
    except imaplib.IMAP4.error as error:
        raise PollFailed("http_error", f"the server says: {error}"[:300]) from error


def _read_new(imap: _Imap, asking: Asking, params: Params, state: FetchState) -> Fetched:
    folder = params.get("folder", "INBOX")
    mark = params.get("mark") == "read"
    status, said = imap.select(quoted_folder(folder), readonly=not mark)
    if status != "OK":
        raise PollFailed("not_found", f"there is no folder {folder!r}: {_words(said)}")
    validity = _number(imap.response("UIDVALIDITY")[1])
    known = _CURSOR.fullmatch(state.cursor)
    since = int(known[2]) if known and int(known[1]) == validity else 0
    uids = _new_uids(imap, asking, since)
    items: list[Item] = []
    for uid in uids:
        items += _read_one(imap, uid, asking)
    if mark and uids:
        imap.uid("STORE", ",".join(map(str, uids)), "+FLAGS.SILENT", r"(\Seen)")
    following = uids[-1] + 1 if uids else since or _number(imap.response("UIDNEXT")[1]) or _last_uid(imap) + 1
    return Fetched(items, replace(state, cursor=f"{validity}:{following}"), title=f"{params['login']} · {folder}")


def _new_uids(imap: _Imap, asking: Asking, since: int) -> list[int]:
    """The oldest of what is new; at the first look the newest of the last month."""
    if since:
        _, said = imap.uid("SEARCH", "UID", f"{since}:*")
    else:
        first = (asking.now - FIRST_LOOK).date()
        _, said = imap.uid("SEARCH", "SINCE", f"{first.day}-{_MONTHS[first.month - 1]}-{first.year}")
    # "n:*" names the last mail even where n is beyond it.
    found = sorted(uid for uid in _numbers(said) if uid >= since)
    return found[:MOST_MAILS] if since else found[-MOST_MAILS:]


def _last_uid(imap: _Imap) -> int:
    """Of a server that does not say which will be the next."""
    _, said = imap.uid("SEARCH", "UID", "*")
    return max(_numbers(said), default=0)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _read_one(imap: _Imap, uid: int, asking: Asking) -> list[Item]:
    _, said = imap.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{MAX_MAIL}>)")
    raw = next((part[1] for part in said if isinstance(part, tuple) and len(part) > 1), None)
    return read_mail(raw, now=asking.now) if isinstance(raw, bytes) else []  # None: it was deleted meanwhile


@contextmanager
def _talk(asking: Asking, params: Params) -> Iterator[_Imap]:
    """A connection that is logged in, under one deadline: when that passes, the connection is cut."""
    parts = urlsplit(asking.base)
    host, port = parts.hostname or "", parts.port or (993 if parts.scheme == "imaps" else 143)
    opened = asking.http.connect(host, port, ports=PORTS, timeout_s=DEADLINE_S / 2)
    # Of its own: TLS takes the connection away from the socket that it was opened with.
    guard = socket.socket(fileno=os.dup(opened.fileno()))
    passed = threading.Event()
    timer = threading.Timer(DEADLINE_S, _cut, (guard, passed))
    timer.daemon = True
    timer.start()
    imap: _Imap | None = None
    try:
        if parts.scheme == "imaps":
            opened = asking.http.tls.wrap_socket(opened, server_hostname=host)
        imap = _Imap(opened)
        if parts.scheme != "imaps":
            imap.host = host  # whom the certificate is for
            if imap.starttls(asking.http.tls)[0] != "OK":
                raise PollFailed("tls", "the server offers no secure connection")
        try:
            imap.log_in(params["login"], asking.credentials.get("password", ""))
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, UnicodeError) as error:
            raise PollFailed("unauthorized", f"the server does not let us in: {error}"[:300]) from error
        yield imap
        with suppress(imaplib.IMAP4.error, OSError):
            imap.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        if passed.is_set():
            raise PollFailed("timeout", "the server did not come to an end in time") from error
        raise
    finally:
        timer.cancel()
        timer.join()  # it may be cutting just now
        guard.close()
        if imap is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                imap.shutdown()
        opened.close()


def _cut(guard: socket.socket, passed: threading.Event) -> None:
    passed.set()
    with suppress(OSError):
        guard.shutdown(socket.SHUT_RDWR)


class _Imap(imaplib.IMAP4):
    """On a connection that is there. No literal is longer than what we asked for."""

    def __init__(self, opened: socket.socket) -> None:
        self._opened = opened
        super().__init__("")

    def _create_socket(self, timeout: float | None) -> socket.socket:  # noqa: ARG002  # imaplib's
        return self._opened

    def log_in(self, user: str, password: str) -> None:
        """By SASL where the server has it, which carries any sign (RFC 4616). Raises IMAP4.error, UnicodeError."""
        if "AUTH=PLAIN" in self.capabilities:
            self.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
        else:
            self.login(user, password)

    def read(self, size: int) -> bytes:
        if size > MAX_MAIL + 1_000:
            raise self.abort(f"the server wants to send {size} bytes")
        return super().read(size)


def quoted_folder(folder: str) -> str:
    """The name of a folder as it is sent: modified UTF-7 (RFC 3501, 5.1.3), in quotes."""
    name = re.sub(
        r"&|[^\x20-\x7e]+",
        lambda found: "&-" if found[0] == "&" else f"&{_shifted(found[0])}-",
        folder,
    )
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")


def _numbers(said: Sequence[object]) -> list[int]:
    return [int(number) for line in said if isinstance(line, bytes) for number in line.split() if number.isdigit()]


def _number(said: Sequence[object]) -> int:
    return next(iter(_numbers(said)), 0)


def _words(said: Sequence[object]) -> str:
    return " ".join(line.decode("utf-8", "replace") for line in said if isinstance(line, bytes))[:200]
