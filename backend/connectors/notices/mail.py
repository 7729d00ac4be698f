"""Mail by SMTP, to a server of the person's own choice. Each address gets a mail of its own: it can leave alone.

The Message-ID is made of the message's key: a second copy, sent because nobody knows whether the first arrived, has the
same, and mail programs show it once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime
from typing import Any

from backend.config import Settings
from backend.connectors.notices.base import Field, Notice, Outcome, Setup, WayOut
from backend.connectors.notices.letter import html_letter, text_letter
from backend.connectors.notices.smtp import SAFE_PORTS, MailServer, deliver_mail
from backend.connectors.notices.text import clip, tame
from backend.infra.errors import Invalid
from backend.infra.net import is_allowed
from backend.infra.words import say

MOST_ADDRESSES = 30
# One at-sign, a dotted domain, ASCII: what every mail server takes. Quoted local parts are nobody's address.
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,253}")


class Email:
    kind = "email"
    fields = (
        Field("host"),
        Field("port", kind="number", default="587"),
        Field("security", kind="choice", default="starttls", choices=("starttls", "tls", "none")),
        Field("username", needed=False),
        Field("password", secret=True, needed=False),
        Field("sender"),
        Field("to", kind="list"),
    )

    def set_up(self, given: Mapping[str, Any], settings: Settings) -> Setup:
        host, wrong = str(given.get("host", "")).strip().lower(), dict[str, str]()
        if not HOST.fullmatch(host):
            wrong["host"] = "The name of a mail server: mail.example.org."
        port = _port(given.get("port") or 587)
        security = str(given.get("security") or "starttls")
        named = is_allowed(host, port or 0, settings.allow_private_hosts)
        if port is None or (port not in SAFE_PORTS and not named):
            wrong["port"] = ", ".join(map(str, sorted(SAFE_PORTS)))
        if security not in ("starttls", "tls", "none"):
            wrong["security"] = "starttls, tls or none"
        elif security == "none" and not named:
            wrong["security"] = "Without encryption only to a host in ENTREGENT_ALLOW_PRIVATE_HOSTS."
        sender = str(given.get("sender", "")).strip()
        if not is_address(sender):
            wrong["sender"] = "An address such as alerts@example.org."
        to = addresses(given.get("to") or [])
        if not to or len(to) > MOST_ADDRESSES or not all(map(is_address, to)):
            wrong["to"] = f"One to {MOST_ADDRESSES} addresses."
        if wrong:
            raise Invalid("This mail server cannot be used like this.", fields=wrong)
        username = str(given.get("username") or "").strip()
        password = str(given.get("password") or "")
        params = {"host": host, "port": port, "security": security, "username": username, "sender": sender, "to": to}
        return Setup(params, {"password": password} if password else {})

    def send(self, way: WayOut, setup: Setup, notice: Notice) -> Outcome:
        params = setup.params
        server = MailServer(
            host=str(params["host"]),
            port=int(params["port"]),
            security=str(params["security"]),
            username=str(params["username"]),
            password=setup.secrets.get("password", ""),
        )
        mail = write_mail(notice, str(params["sender"]))
        return deliver_mail(server, mail, allow_private=way.settings.allow_private_hosts)


def addresses(given: object) -> list[str]:
    """A list, or a text with commas, semicolons, blanks or line ends between; each once, whatever its case."""
    parts = re.split(r"[\s,;]+", given) if isinstance(given, str) else [str(one) for one in given]  # type: ignore[attr-defined]
    return list({part.strip().lower(): part.strip() for part in parts if part.strip()}.values())


def is_address(text: str) -> bool:
    return len(text) <= 254 and ADDRESS.fullmatch(text) is not None and ".." not in text


def _port(given: object) -> int | None:
    text = str(given)
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536 else None


def write_mail(notice: Notice, sender: str) -> EmailMessage:
    """Headers, a text part, an HTML part. Nothing in it is loaded from anywhere."""
    mail = EmailMessage(policy=POLICY)
    name, domain = clip(tame(notice.brand), 60), sender.rpartition("@")[2]
    mail["From"] = Address(display_name=say(notice.language, "alert_mail_from", brand=name), addr_spec=sender)
    mail["To"] = notice.recipient
    mail["Subject"] = clip(tame(notice.title), 200)
    mail["Date"] = format_datetime(notice.made_at)
    mail["Message-ID"] = f"<{notice.key}@{domain}>"
    # Answers by machines (holidays, robots) shall not come back to the sender: RFC 3834.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if notice.leave_url:
        mail["List-Unsubscribe"] = f"<{notice.leave_url}>"
        if notice.leave_url.startswith("https://"):  # RFC 8058 wants it, and mail services look for it
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text_letter(notice))
    mail.add_alternative(html_letter(notice), subtype="html")
    return mail
