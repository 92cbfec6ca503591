"""The one translation between Discord's objects and core's plain messages."""

from __future__ import annotations

import logging
import re
from typing import Any

import discord

from bot.faults import DISCORD
from core.conversation.message import Attachment, Author, IncomingMessage, Place, Realm

log = logging.getLogger(__name__)

_EMOTE = re.compile(r"<a?(:\w{2,32}:)\d{15,21}>")
_SPOKEN = (discord.MessageType.default, discord.MessageType.reply)


def is_talk(message: discord.Message, me: discord.abc.User) -> bool:
    """Did somebody else say something here (no joins, pins or boosts, nothing of the bot's own)?"""
    return message.type in _SPOKEN and message.author.id != me.id


async def answered_by(message: discord.Message) -> discord.Message | None:
    """The message this one replies to, or None. Discord sends it along as a rule; else it is remembered,
    or asked for once."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None or reference.message_id is None:
        return None  # a forwarded message has a reference too, but answers nobody
    if isinstance(reference.resolved, discord.DeletedReferencedMessage):
        return None
    known = reference.resolved or reference.cached_message
    if known is not None:
        return known
    try:
        return await message.channel.fetch_message(reference.message_id)
    except DISCORD as error:
        log.info("what a message replies to could not be read: %s", type(error).__name__)
        return None


def incoming(
    message: discord.Message,
    me: discord.abc.User,
    answered: discord.Message | None,
    from_host: bool = False,
) -> IncomingMessage:
    """A Discord message as core reads it.

    Args:
        answered: the message it replies to, from `answered_by`.
        from_host: the bot belongs to who wrote.
    """
    return IncomingMessage(
        id=message.id,
        place=place_of(message),
        author=Author(
            message.author.id,
            message.author.display_name,
            is_bot=message.author.bot or message.webhook_id is not None,
        ),
        text=text_of(message),
        sent_at=message.created_at,
        mentions_me=_says(message, me.id) or _says_my_role(message, me.id),
        mentions=tuple(
            user.display_name for user in message.mentions if user.id != me.id and _says(message, user.id)
        ),
        reply_to=_reply_to(message),
        replies_to_me=answered is not None and answered.author.id == me.id,
        replies_to=answered.author.display_name
        if answered is not None and answered.author.id != me.id
        else "",
        attachments=tuple(
            Attachment(file.filename, file.content_type or "", file.size, file.url)
            for file in message.attachments
        ),
        from_host=from_host,
    )


def text_of(message: discord.Message) -> str:
    """The text as people read it: mentions and emotes by their names."""
    return _EMOTE.sub(r"\1", message.clean_content)


def place_of(message: discord.Message) -> Place:
    """Where a message was written."""
    if message.guild is None:
        return Place(Realm.DISCORD, message.channel.id, message.author.display_name, is_direct=True)
    return channel_place(message.channel, message.guild)


def places_of(guild: discord.Guild) -> list[Place]:
    """The channels and threads of a server as they are now."""
    return [
        channel_place(channel, guild)
        for channel in (*guild.text_channels, *guild.voice_channels, *guild.threads)
    ]


def channel_place(channel: Any, guild: discord.Guild) -> Place:
    """A channel or thread of a server."""
    return Place(
        Realm.DISCORD,
        channel.id,
        getattr(channel, "name", str(channel.id)),
        guild_id=guild.id,
        guild_name=guild.name,
        parent_id=channel.parent_id if isinstance(channel, discord.Thread) else None,
        is_public=_everybody_reads(channel, guild),
    )


def _everybody_reads(channel: Any, guild: discord.Guild) -> bool:
    """Can whoever is on the server read it? What is not known for sure counts as no."""
    if isinstance(channel, discord.Thread) and (channel.is_private() or channel.parent is None):
        return False
    everybody = guild.get_role(guild.id)
    if everybody is None or not hasattr(channel, "permissions_for"):
        return False
    may = channel.permissions_for(everybody)
    return bool(may.view_channel and may.read_message_history)


def _reply_to(message: discord.Message) -> int | None:
    if message.type is not discord.MessageType.reply or message.reference is None:
        return None
    return message.reference.message_id


def _says(message: discord.Message, user_id: int) -> bool:
    """Is the user mentioned in the text itself? A reply alone also lists whom it answers."""
    return f"<@{user_id}>" in message.content or f"<@!{user_id}>" in message.content


def _says_my_role(message: discord.Message, my_id: int) -> bool:
    return any(role.tags is not None and role.tags.bot_id == my_id for role in message.role_mentions)
