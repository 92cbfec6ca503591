"""What the bot may do in a place: looked up before Discord is asked, because too many refused requests
get a computer's address shut out."""

from __future__ import annotations

import discord

from core.conversation.message import Place
from core.words import T, Text


def granted(client: discord.Client, place: Place) -> discord.Permissions | None:
    """The bot's permissions in a channel or thread; None where that cannot be known (a direct chat,
    a thread whose channel is hidden)."""
    channel = client.get_channel(place.channel_id)
    if isinstance(channel, discord.Thread):
        if channel.parent is None:
            return None
    elif not isinstance(channel, discord.abc.GuildChannel):
        return None
    me = channel.guild.get_member(client.user.id) if client.user is not None else None
    return channel.permissions_for(me) if me is not None else None


def lacking(allowed: discord.Permissions | None, place: Place) -> Text | None:
    """The permission that is missing to speak there, by the name in Discord's settings, or None."""
    if allowed is None:
        return None
    if not allowed.view_channel:
        return T("View Channel")
    if place.parent_id is not None:
        return None if allowed.send_messages_in_threads else T("Send Messages in Threads")
    return None if allowed.send_messages else T("Send Messages")
