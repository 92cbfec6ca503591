"""The one translation between Discord's objects and core's plain messages."""

from __future__ import annotations

import re

import discord

from core.conversation.message import Attachment, Author, IncomingMessage, Place, Realm

_EMOTE = re.compile(r"<a?(:\w{2,32}:)\d{15,21}>")
_SPOKEN = (discord.MessageType.default, discord.MessageType.reply)


def is_talk(message: discord.Message, me: discord.abc.User) -> bool:
    """Did somebody else say something here (no joins, pins or boosts, nothing of the bot's own)?"""
    return message.type in _SPOKEN and message.author.id != me.id


def incoming(message: discord.Message, me: discord.abc.User) -> IncomingMessage:
    """A Discord message as core reads it."""
    answered = _answered(message)
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
        reply_to=message.reference.message_id if message.reference is not None else None,
        replies_to_me=answered is not None and answered.author.id == me.id,
        replies_to=answered.author.display_name
        if answered is not None and answered.author.id != me.id
        else "",
        attachments=tuple(
            Attachment(file.filename, file.content_type or "", file.size, file.url)
            for file in message.attachments
        ),
    )


def text_of(message: discord.Message) -> str:
    """The text as people read it: mentions and emotes by their names."""
    return _EMOTE.sub(r"\1", message.clean_content)


def place_of(message: discord.Message) -> Place:
    """Where a message was written."""
    channel = message.channel
    if message.guild is None:
        return Place(Realm.DISCORD, channel.id, message.author.display_name, is_direct=True)
    return Place(
        Realm.DISCORD,
        channel.id,
        getattr(channel, "name", str(channel.id)),
        guild_id=message.guild.id,
        guild_name=message.guild.name,
        parent_id=channel.parent_id if isinstance(channel, discord.Thread) else None,
    )


def _answered(message: discord.Message) -> discord.Message | None:
    resolved = message.reference.resolved if message.reference is not None else None
    return resolved if isinstance(resolved, discord.Message) else None


def _says(message: discord.Message, user_id: int) -> bool:
    """Is the user mentioned in the text itself? A reply alone also lists whom it answers."""
    return f"<@{user_id}>" in message.content or f"<@!{user_id}>" in message.content


def _says_my_role(message: discord.Message, my_id: int) -> bool:
    return any(role.tags is not None and role.tags.bot_id == my_id for role in message.role_mentions)
