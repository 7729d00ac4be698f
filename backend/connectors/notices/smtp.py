"""One mail to one server. Stands on `net.connect`, so that the addresses of mail servers are judged as all others are.

smtplib speaks the protocol (standard library); what it lacks is a deadline for the whole, and our way to connect.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType

from backend.connectors.notices.base import Outcome, Refused, Sent, TryLater
from backend.infra import net

SAFE_PORTS = frozenset({25, 465, 587, 2525})
DEADLINE_S = 30.0


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    security: str  # starttls | tls | none
    username: str = ""
    password: str = ""


def deliver_mail(
    server: MailServer,
    mail: EmailMessage,
    *,
    allow_private: frozenset[str] = frozenset(),
    trust: ssl.SSLContext | None = None,
    deadline_s: float = DEADLINE_S,
) -> Outcome:
    """Hand over one mail to its `To`. `trust`: whose certificates are believed; None: the system's (SSL_CERT_FILE)."""
    sender, recipient = mail["From"].addresses[0].addr_spec, mail["To"].addresses[0].addr_spec
    try:
        with _Talk(server, allow_private, trust, deadline_s) as smtp:
            if server.username:
                smtp.login(server.username, server.password)
            smtp.send_message(mail, sender, [recipient])
    except net.Refused as error:
        return Refused("blocked", str(error))
    except net.NameUnknown as error:
        return TryLater("unreachable", str(error))
    except ssl.SSLCertVerificationError as error:
        return Refused("tls", f"the server's certificate is not believed: {error.verify_message}")
    except UnicodeError:
        return Refused("unauthorized", "the user name or the password holds characters that cannot be sent")
    except smtplib.SMTPException as error:
        return outcome_of(error)
    except OSError as error:
        return TryLater("unreachable", str(error) or type(error).__name__)
    return Sent()


def outcome_of(error: smtplib.SMTPException) -> Outcome:
    """RFC 5321, 4.2.1: 4yz may go later, 5yz will not go at all."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _by_code(code, words, "address_refused", "address_later")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _by_code(error.smtp_code, error.smtp_error, "unauthorized")
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_code(error.smtp_code, error.smtp_error, "refused")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Refused("no_tls" if "STARTTLS" in str(error) else "unauthorized", str(error))
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return TryLater("timeout", str(error))
    return TryLater("http_error", str(error))


def _by_code(code: int, words: bytes | str, refused: str, later: str = "rate_limited") -> Outcome:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    message = f"{code} {said}"[:300]
    return TryLater(later, message) if 400 <= code < 500 else Refused(refused, message)


class _Talk:
    """A connection that has said hello, under one deadline: when that passes, the connection is cut."""

    def __init__(
        self, server: MailServer, allow_private: frozenset[str], trust: ssl.SSLContext | None, deadline_s: float
    ) -> None:
        self._server, self._allow, self._deadline_s = server, allow_private, deadline_s
        self._trust = trust or ssl.create_default_context()
        self._timer = threading.Timer(deadline_s, self._cut)
        self._timer.daemon = True
        self._smtp = _Smtp(server.host, deadline_s)

    def __enter__(self) -> smtplib.SMTP:
        server, smtp = self._server, self._smtp
        allowed = net.is_allowed(server.host, server.port, self._allow)
        opened = net.connect(server.host, server.port, timeout_s=self._deadline_s, allowed=allowed)
        smtp.sock = opened
        self._timer.start()
        try:
            opened.settimeout(self._deadline_s)
            if server.security == "tls":
                smtp.sock = self._trust.wrap_socket(opened, server_hostname=server.host)
            code, words = smtp.getreply()
            if code != 220:
                raise smtplib.SMTPConnectError(code, words)
            if server.security == "starttls":
                smtp.starttls(context=self._trust)
        except BaseException:
            self._end()
            raise
        return smtp

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()  # it was accepted: what happens to the good-bye does not matter
        self._end()

    def _end(self) -> None:
        self._timer.cancel()
        self._smtp.close()

    def _cut(self) -> None:
        with suppress(OSError, AttributeError):
            self._smtp.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


class _Smtp(smtplib.SMTP):
    """Without a connection at first; `_host` is what STARTTLS checks the certificate against."""

    def __init__(self, host: str, timeout_s: float) -> None:
        name = socket.gethostname()
        super().__init__(local_hostname=name if "." in name else "[127.0.0.1]", timeout=timeout_s)
        self._host = host
