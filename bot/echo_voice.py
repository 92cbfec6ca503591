"""How an echo is heard: by a webhook under its labelled name, so that nobody takes it for the person."""

from __future__ import annotations

import logging
import re
from typing import Any

import discord

from bot.faults import DISCORD, named

log = logging.getLogger(__name__)

_WEBHOOK = "Echodeck"
_LONGEST_NAME = 80
_REFUSED_NAMES = re.compile("discord|clyde", re.IGNORECASE)  # Discord takes no webhook that is called so


class Voice:
    """Posts for echoes. The person's picture is not shown: they lent their manner, not their face."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._webhooks: dict[int, discord.Webhook] = {}

    def is_mine(self, message: discord.Message) -> bool:
        """Was this posted by an echo?"""
        if message.webhook_id is None:
            return False
        if message.webhook_id in {webhook.id for webhook in self._webhooks.values()}:
            return True
        return message.application_id is not None and message.application_id == self._client.application_id

    async def say(self, channel: Any, name: str, text: str) -> int:
        """Post a text as `name`; where the bot may have no webhook, as itself with the name in front.

        Returns:
            The message's id.

        Raises:
            core.errors.DiscordError
        """
        try:
            for fresh in (False, True):
                webhook = await self._webhook(channel, fresh=fresh)
                if webhook is None:
                    break
                try:
                    return await self._through(webhook, channel, name, text)
                except discord.NotFound:
                    if fresh:
                        raise
                    log.info("the echoes' webhook was deleted; another one is made")
            message = await channel.send(
                f"**{discord.utils.escape_markdown(name)}:** {text}"[:2000],
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except DISCORD as error:
            raise named(error, f"#{channel}") from error
        return int(message.id)

    async def _through(self, webhook: discord.Webhook, channel: Any, name: str, text: str) -> int:
        more: dict[str, Any] = {"thread": channel} if isinstance(channel, discord.Thread) else {}
        posted = await webhook.send(
            text,
            username=allowed(name),
            allowed_mentions=discord.AllowedMentions.none(),
            wait=True,
            **more,
        )
        return int(posted.id)

    async def _webhook(self, channel: Any, *, fresh: bool) -> discord.Webhook | None:
        """The bot's own webhook there, made when there is none; None where it may not have one."""
        home = channel.parent if isinstance(channel, discord.Thread) else channel
        if home is None or not hasattr(home, "create_webhook"):
            return None
        if fresh:
            self._webhooks.pop(home.id, None)
        known = self._webhooks.get(home.id)
        if known is not None:
            return known
        if not home.permissions_for(home.guild.me).manage_webhooks:
            return None
        try:
            mine = [each for each in await home.webhooks() if each.token and each.user == self._client.user]
            webhook = mine[0] if mine else await home.create_webhook(name=_WEBHOOK)
        except discord.HTTPException as error:
            # Fifteen webhooks are the most a channel has; the name in front does as well.
            log.info("there can be no webhook in %s: %s", home.id, type(error).__name__)
            return None
        self._webhooks[home.id] = webhook
        return webhook


def allowed(name: str) -> str:
    """A name as Discord takes it of a webhook."""
    return _REFUSED_NAMES.sub(lambda found: f"{found[0][0]}…", name)[:_LONGEST_NAME]
