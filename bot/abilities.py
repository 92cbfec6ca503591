"""What the bot can do in Discord beside writing: emotes, polls, and what there is to know of a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord

from bot.commands.speech import language_of
from bot.faults import DISCORD, named
from bot.permissions import granted
from bot.quiet import quiet_view
from core.conversation.emotes import Emote
from core.conversation.message import Place
from core.errors import PermissionMissing
from core.figures import day_for_a_model
from core.words import T, speaking


class Abilities:
    """Part of the door to Discord. `_client` and `_deliver` are the door's."""

    _client: discord.Client

    async def _deliver(
        self, place: Place, text: str | None, nonce: str, answers: int | None, **more: Any
    ) -> int:
        raise NotImplementedError

    def emotes(self, place: Place) -> tuple[Emote, ...]:
        """The server's own emotes that the bot may use there; none in a direct chat."""
        guild = self._guild(place)
        if guild is None:
            return ()
        return tuple(
            Emote(emote.name, emote.id, emote.animated) for emote in guild.emojis if emote.is_usable()
        )

    def server(self, place: Place) -> dict[str, Any]:
        """What everybody on the server can see of it."""
        guild = self._guild(place)
        if guild is None:
            return {}
        told: dict[str, Any] = {"members": guild.member_count, "since": day_for_a_model(guild.created_at)}
        return {key: value for key, value in told.items() if value is not None}

    async def poll(self, place: Place, question: str, options: Sequence[str], hours: int, nonce: str) -> int:
        """Post a poll of Discord's own and answer its id.

        Raises:
            core.errors.DiscordError
        """
        allowed = granted(self._client, place)
        if allowed is not None and not allowed.send_polls:
            raise PermissionMissing(place=place.title, permission=T("Create Polls"))
        poll = discord.Poll(question, timedelta(hours=hours))
        for option in options:
            poll.add_answer(text=option)
        return await self._deliver(place, None, nonce, None, poll=poll)

    async def post_unasked(self, place: Place, text: str, nonce: str) -> int:
        """Post what nobody asked for, with a button that ends it for a while.

        Raises:
            core.errors.DiscordError
        """
        with speaking(language_of(self._guild(place))):
            view = quiet_view()
        return await self._deliver(place, text, nonce, None, view=view)

    async def open_thread(self, place: Place, message_id: int, title: str) -> Place:
        """Open a thread at a message and answer where that is.

        Raises:
            core.errors.DiscordError
        """
        allowed = granted(self._client, place)
        if allowed is not None and not (allowed.create_public_threads and allowed.send_messages_in_threads):
            raise PermissionMissing(place=place.title, permission=T("Create Public Threads"))
        channel = self._client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        try:
            thread = await channel.get_partial_message(message_id).create_thread(name=title[:100])
        except DISCORD as error:
            raise named(error, place.title) from error
        return replace(place, channel_id=thread.id, channel_name=thread.name, parent_id=place.channel_id)

    async def retract(self, place: Place, message_id: int) -> None:
        """Delete a message of the bot's own; nothing happens when it is gone already.

        Raises:
            core.errors.DiscordError
        """
        channel = self._client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        try:
            await channel.get_partial_message(message_id).delete()
        except discord.NotFound:
            return
        except DISCORD as error:
            raise named(error, place.title) from error

    def _guild(self, place: Place) -> discord.Guild | None:
        return self._client.get_guild(place.guild_id) if place.guild_id is not None else None
