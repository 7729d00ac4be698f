"""Mails in the shapes of alerts, written by us."""

from __future__ import annotations

import html
from collections.abc import Sequence
from email.message import EmailMessage
from urllib.parse import quote


def mail(subject: str, text: str = "", markup: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = headers.pop("From", "Maud Müller <maud@alerts.example>")
    message["Message-ID"] = headers.pop("Message_ID", f"<{quote(subject)}@alerts.example>")
    message["Date"] = headers.pop("Date", "Mon, 23 Nov 2026 08:00:00 +0100")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if text or not markup:
        message.set_content(text or " ")
    if markup:
        (message.add_alternative if text else message.set_content)(markup, subtype="html")
    return message.as_bytes()


def google_alert(results: Sequence[tuple[str, str, str, str]], *, marked: bool = True) -> bytes:
    """(title, address, publisher, snippet); `marked`: with schema.org, as Google writes it."""

    def wrapped(url: str) -> str:
        return html.escape(f"https://www.google.com/url?rct=j&sa=t&url={quote(url, safe='')}&ct=ga&cd=CAEY&usg=AOv")

    def scope(of: str) -> str:
        return f' itemscope itemtype="http://schema.org/{of}"' if marked else ""

    def prop(name: str) -> str:
        return f' itemprop="{name}"' if marked else ""

    rows = "".join(
        f'<tr{scope("Article")}><td><a href="{wrapped(url)}"{prop("url")}><img src="x.png"></a>'
        f'<a href="{wrapped(url)}"{prop("url")}><span{prop("name")}>{title}</span></a>'
        f"<div{prop('publisher')}{scope('Organization')}><span{prop('name')}>{publisher}</span></div>"
        f"<div{prop('description')}>{snippet}</div>"
        f'<a href="https://www.google.com/alerts/feedback?ffu={quote(url, safe="")}">Signaler</a></td></tr>'
        for title, url, publisher, snippet in results
    )
    foot = '<a href="https://www.google.com/alerts/remove?s=AB2">Se désabonner</a>'
    return mail(
        "Alerte Google – café lumière",
        "=== Actualités ===\n",
        f"<html><body><table>{rows}</table>{foot}</body></html>",
        From="Google Alerts <googlealerts-noreply@google.com>",
    )
