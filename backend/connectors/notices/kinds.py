"""Every way out that a server sends by itself, by kind. (`browser` is fetched by the browsers themselves.)"""

from __future__ import annotations

from collections.abc import Mapping

from backend.connectors.notices.base import NoticeChannel
from backend.connectors.notices.discord import Discord
from backend.connectors.notices.mail import Email
from backend.connectors.notices.ntfy import Ntfy
from backend.connectors.notices.slack import Slack
from backend.connectors.notices.telegram import Telegram
from backend.connectors.notices.webhook import Webhook

SENDERS: Mapping[str, NoticeChannel] = {
    one.kind: one for one in (Email(), Webhook(), Slack(), Discord(), Telegram(), Ntfy())
}
